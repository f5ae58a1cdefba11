//! In which words a chart is drawn.

use terms::Code;

use super::{Chart, How, Move, Station};
use crate::procedure::StateKind;

/// What stands in a picture, in the words of those who look at it.
pub trait Tongue {
    /// Whether its lines run from the right: then the picture does.
    fn is_from_right(&self) -> bool;
    /// What the procedure is called.
    fn title(&self, chart: &Chart) -> String;
    /// What a state, a step or a choice is called.
    fn word(&self, code: &Code) -> String;
    /// What a state's page says first.
    fn says(&self, station: &Station) -> String;
    /// How a matter stands in a state.
    fn stands(&self, station: &Station) -> String;
    /// That a finding stands against the bearer.
    fn against(&self) -> String;
    /// By whom it is opened, and where it begins.
    fn opened(&self, chart: &Chart) -> String;
    /// By whom a step is taken, and until when.
    fn who(&self, it: &Move) -> String;
    /// By what a state is left.
    fn how(&self, how: &How) -> String;
    /// What led somewhere, and where to.
    fn leads(&self, words: &str, to: &Code) -> String;
    /// Parts of a line, one after the other.
    fn series(&self, parts: &[String]) -> String;
    /// A line, and what else is to be known.
    fn also(&self, words: &str, more: &str) -> String;
    /// That a step changes no state, and that a choice of one does not.
    fn changes_nothing(&self) -> String;
    /// See [`Tongue::changes_nothing`].
    fn stays(&self) -> String;
    /// What stands above the steps that are possible in every state.
    fn anywhere(&self) -> String;
    /// What the forms of boxes and lines mean, a line each.
    fn key(&self) -> Vec<String>;
    /// What the picture is, for those who do not see it.
    fn about(&self, chart: &Chart) -> String;
}

/// In English, with the codes as the instrument has them.
#[derive(Clone, Copy, Debug)]
pub struct English;

impl Tongue for English {
    fn is_from_right(&self) -> bool {
        false
    }

    fn title(&self, chart: &Chart) -> String {
        chart.title.clone()
    }

    fn word(&self, code: &Code) -> String {
        code.to_string()
    }

    fn says(&self, station: &Station) -> String {
        station.says.clone()
    }

    fn stands(&self, station: &Station) -> String {
        station.stands().to_owned()
    }

    fn against(&self) -> String {
        "a finding stands against the bearer".to_owned()
    }

    fn opened(&self, chart: &Chart) -> String {
        self.leads(&format!("opened by {}", chart.opened_by), &chart.begins)
    }

    fn who(&self, it: &Move) -> String {
        let mut who = format!("by {}", it.by);
        if let Some(clock) = &it.clock {
            who.push_str(&format!(", {clock}"));
        }
        if let Some(state) = &it.stops_in {
            who.push_str(&format!(" (no clock in {state})"));
        }
        if it.is_late {
            who.push_str(", late, and taken as what it is");
        }
        who
    }

    fn how(&self, how: &How) -> String {
        match how {
            How::Act(choices) if choices.is_empty() => "done".to_owned(),
            How::Act(choices) => choices.iter().map(Code::as_str).collect::<Vec<_>>().join(", "),
            How::Split => "nothing else can come".to_owned(),
            How::Silence(promise) => format!("silence: {}", promise.as_str()),
            How::Noted => "silence: noted".to_owned(),
        }
    }

    fn leads(&self, words: &str, to: &Code) -> String {
        format!("{words} → {to}")
    }

    fn series(&self, parts: &[String]) -> String {
        parts.join(", ")
    }

    fn also(&self, words: &str, more: &str) -> String {
        format!("{words}; {more}")
    }

    fn changes_nothing(&self) -> String {
        "changes no state".to_owned()
    }

    fn stays(&self) -> String {
        "stays".to_owned()
    }

    fn anywhere(&self) -> String {
        "anywhere, until it is over".to_owned()
    }

    fn key(&self) -> Vec<String> {
        [
            "square: waits; round: rests; double edge: is over; thick edge: a finding stands against the bearer",
            "whole line: by an act; dashed line: by silence, which admits nothing; dot: lines join",
        ]
        .map(str::to_owned)
        .to_vec()
    }

    fn about(&self, chart: &Chart) -> String {
        format!(
            "State chart: {} waiting, {} resting, {} ends. Begins in {}.",
            chart.number(StateKind::Waiting),
            chart.number(StateKind::Rest),
            chart.number(StateKind::End),
            chart.begins
        )
    }
}
