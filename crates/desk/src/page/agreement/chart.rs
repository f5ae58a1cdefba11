//! A state chart in the reader's language.

use instrument::Procedure;
use instrument::chart::{Chart, How, Move, Station, Tongue};
use instrument::procedure::{Promise, StateKind};
use lang::{Arg, Direction};
use terms::Code;

use crate::words::Reader;
use crate::words::decides::{by_whom, deciders};

/// The words of a procedure's chart.
pub(super) struct Words<'r> {
    pub(super) reader: Reader<'r>,
    pub(super) procedure: &'r Procedure,
}

impl Words<'_> {
    /// A picture has no marks of isolation: it is laid out line by line, and letters are counted in it.
    fn say(&self, id: &str, args: &[(&str, Arg<'_>)]) -> String {
        plain(&self.reader.texts.say(id, args))
    }
}

fn plain(text: &str) -> String {
    text.replace(['\u{2068}', '\u{2069}', '\u{200f}'], "")
}

impl Tongue for Words<'_> {
    fn is_from_right(&self) -> bool {
        self.reader.texts.language().direction == Direction::RightToLeft
    }

    fn title(&self, _: &Chart) -> String {
        self.reader.title(self.procedure)
    }

    fn word(&self, code: &Code) -> String {
        self.reader.word(self.procedure, code)
    }

    fn says(&self, station: &Station) -> String {
        self.reader.state_says(self.procedure, &station.name).words
    }

    fn stands(&self, station: &Station) -> String {
        let id = match station.kind {
            StateKind::Waiting => "state-waits",
            StateKind::Rest if station.has_clock => "state-rests-clock",
            StateKind::Rest => "state-rests",
            StateKind::End => "state-over",
        };
        self.say(id, &[])
    }

    fn against(&self) -> String {
        self.say("chart-against", &[])
    }

    fn opened(&self, chart: &Chart) -> String {
        let who = deciders(self.reader, Some(self.procedure), &chart.opened_by);
        self.leads(&self.say("chart-opened", &[("who", Arg::Text(&who))]), &chart.begins)
    }

    fn who(&self, it: &Move) -> String {
        let mut who = plain(&by_whom(self.reader, self.procedure, &it.by, it.clock.as_ref()));
        if let Some(state) = &it.stops_in {
            let stops = self.say("chart-stops", &[("state", Arg::Text(&self.word(state)))]);
            who = self.also(&who, &stops);
        }
        if it.is_late {
            who = self.also(&who, &self.say("chart-late", &[]));
        }
        who
    }

    fn how(&self, how: &How) -> String {
        let id = match how {
            How::Act(choices) if !choices.is_empty() => {
                return self.series(&choices.iter().map(|choice| self.word(choice)).collect::<Vec<_>>());
            }
            How::Act(_) => "how-done",
            How::Split => "how-split",
            How::Silence(Promise::Proceed) => "how-silence-proceed",
            How::Silence(Promise::Escalate) => "how-silence-escalate",
            How::Silence(Promise::Adopt) => "how-silence-adopt",
            How::Silence(Promise::Lapse) => "how-silence-lapse",
            How::Noted => "how-silence-noted",
        };
        self.say(id, &[])
    }

    fn leads(&self, words: &str, to: &Code) -> String {
        let args = [("words", Arg::Text(words)), ("state", Arg::Text(&self.word(to)))];
        self.say("chart-leads", &args)
    }

    fn series(&self, parts: &[String]) -> String {
        parts.join(self.reader.texts.language().comma)
    }

    fn also(&self, words: &str, more: &str) -> String {
        self.say("chart-also", &[("words", Arg::Text(words)), ("more", Arg::Text(more))])
    }

    fn changes_nothing(&self) -> String {
        self.stays()
    }

    fn stays(&self) -> String {
        self.say("stays", &[])
    }

    fn anywhere(&self) -> String {
        self.say("anywhere", &[])
    }

    fn key(&self) -> Vec<String> {
        vec![self.say("chart-forms", &[]), self.say("chart-lines", &[])]
    }

    fn about(&self, chart: &Chart) -> String {
        let number =
            |kind| Arg::Number(chart.stations.iter().filter(|station| station.kind == kind).count() as u64);
        let args = [
            ("waiting", number(StateKind::Waiting)),
            ("resting", number(StateKind::Rest)),
            ("ends", number(StateKind::End)),
            ("state", Arg::Text(&self.word(&chart.begins))),
        ];
        self.say("chart-about", &args)
    }
}
