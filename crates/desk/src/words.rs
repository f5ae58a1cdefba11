//! What is on the docket, in a reader's language.

pub(crate) mod camera;
pub mod clock;
pub(crate) mod content;
pub(crate) mod decides;
pub(crate) mod deed;
pub mod event;
pub(crate) mod lack;
pub mod matter;
pub(crate) mod place;
pub(crate) mod procedure;
pub(crate) mod void;
pub mod when;

use docket::v1::Replay;
use instrument::Instrument;
use instrument::model::{Order, Participant};
use lang::Texts;
use serde::Serialize;
use terms::{Code, Instant, ParticipantId, Role};

use crate::index::Index;
use crate::page::record::alarm::Level;
use crate::people::May;
pub(crate) use decides::{Takes, takes};
pub(crate) use procedure::Speech;

/// For whom something is put in words: in which language, at what time, of which docket.
#[derive(Clone, Copy)]
pub(crate) struct Reader<'r> {
    pub(crate) texts: &'static Texts,
    pub(crate) replay: &'r Replay,
    /// What that has, by what pages ask for.
    pub(crate) index: &'r Index,
    pub(crate) me: &'r ParticipantId,
    pub(crate) agreement: &'r str,
    pub(crate) now: Instant,
    /// How many drafts are not signed, and how many tasks not done.
    pub(crate) waiting: u64,
    pub(crate) tasks: u64,
    /// How many forms wait that were sent while the desk was locked.
    pub(crate) held: u64,
    /// How many alerts nobody has taken, and the place of the newest.
    pub(crate) alerts: u64,
    pub(crate) newest_alert: u64,
    /// What whoever works here may see and do of the private side.
    pub(crate) may: May,
    /// Whether the record, or the last check of everything, is an alarm.
    pub(crate) alarm: Option<Level>,
}

impl<'r> Reader<'r> {
    pub(crate) fn instrument(self) -> &'r Instrument {
        self.replay.instrument()
    }

    /// How far ahead of UTC the instrument's clocks are.
    pub(crate) fn offset(self) -> i32 {
        self.instrument().calendar.zone_offset_minutes
    }

    pub(crate) fn who(self, id: &ParticipantId) -> Who {
        Who::of(self.instrument(), self.texts, id)
    }

    /// The title under which a participant's role is shown: the instrument's, else what the role is called.
    pub(crate) fn titled(self, known: &Participant) -> String {
        known.titled.clone().unwrap_or_else(|| {
            let id = match known.role {
                Role::Party => "role-party",
                Role::Guarantor => "role-guarantor",
                Role::Monitor => "role-monitor",
                Role::Observer => "role-observer",
            };
            self.texts.say(id, &[])
        })
    }

    /// Participants in the order that the instrument names: by the reader's alphabet; under *alternat* a party's own
    /// stands first (PRACTICE N4).
    pub(crate) fn sorted<'i>(
        self,
        all: impl IntoIterator<Item = &'i ParticipantId>,
    ) -> Vec<&'i ParticipantId> {
        let mut all: Vec<(Who, &ParticipantId)> = all.into_iter().map(|id| (self.who(id), id)).collect();
        let law = self.instrument();
        let own_first = law.order == Order::Alternat && law.role(self.me) == Some(Role::Party);
        let is_behind = |id: &ParticipantId| own_first && id != self.me;
        let alphabet = self.texts.alphabet();
        all.sort_by(|(a, x), (b, y)| {
            is_behind(x).cmp(&is_behind(y)).then_with(|| alphabet.compare(&a.label, &b.label))
        });
        all.into_iter().map(|(_, id)| id).collect()
    }

    /// The same, as they stand on a page.
    pub(crate) fn in_order<'i>(self, all: impl IntoIterator<Item = &'i ParticipantId>) -> Vec<Who> {
        self.sorted(all).into_iter().map(|id| self.who(id)).collect()
    }

    /// All who take part, in that order.
    pub(crate) fn everyone(self) -> Vec<Who> {
        self.in_order(self.instrument().participants.keys())
    }
}

/// A participant on a page: its label, and the pattern that goes with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Who {
    pub(crate) id: String,
    pub(crate) label: String,
    /// `p1` to `p5`, in the order of the instrument; none for a sixth.
    pub(crate) pattern: &'static str,
}

impl Who {
    pub(crate) fn of(instrument: &Instrument, texts: &Texts, id: &ParticipantId) -> Who {
        let known = instrument.participants.get(id);
        let label = known.map_or(id.as_str(), |who| who.label_in(texts.language().tag)).to_owned();
        let place = instrument.participants.keys().position(|known| known == id);
        let pattern = match place {
            Some(0) => "p1",
            Some(1) => "p2",
            Some(2) => "p3",
            Some(3) => "p4",
            Some(4) => "p5",
            _ => "",
        };
        Who { id: id.to_string(), label, pattern }
    }
}

/// A code as people write it, where nothing says what it is called: `Submit report` for `submit-report`.
fn word(code: &Code) -> String {
    sentence(&code.as_str().replace('-', " "))
}

/// With a capital at the beginning.
pub(crate) fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
