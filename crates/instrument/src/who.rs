//! Who may do something, and how many of them it takes (PROCEDURE §2, *Who*).

use std::collections::BTreeMap;
use std::fmt;

use terms::{Code, ParticipantId};

/// Who decides: every item must be met. One participant who may act alone is the case of one item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deciders(pub Vec<Item>);

/// So many of a set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// How many.
    pub count: Count,
    /// Of whom.
    pub of: Group,
}

/// How many of a set it takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Count {
    /// One of them.
    Any,
    /// Each of them.
    All,
    /// More than half.
    Most,
    /// That many.
    Number(u32),
    /// A body by its own rule.
    Rule,
    /// A body's quorum; every member of it may speak.
    Quorum,
    /// The one who chairs a body.
    Chair,
}

/// A set of participants, but for some.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// These.
    pub set: Set,
    /// But not these.
    pub but: Option<Set>,
}

/// A set of participants.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Set {
    /// Every participant but observers.
    Everyone,
    /// Every party.
    Parties,
    /// Every guarantor.
    Guarantors,
    /// Every monitor.
    Monitors,
    /// Every observer.
    Observers,
    /// A participant by name.
    Participant(ParticipantId),
    /// The members of a body.
    Body(Code),
    /// Who opened the matter.
    Opener,
    /// The values of a field; in a strand named after it, the strand's own.
    Field(Code),
}

impl Set {
    /// The sets that have a word of their own.
    pub(crate) const WORDS: [(&'static str, Set); 6] = [
        ("everyone", Set::Everyone),
        ("parties", Set::Parties),
        ("guarantors", Set::Guarantors),
        ("monitors", Set::Monitors),
        ("observers", Set::Observers),
        ("opener", Set::Opener),
    ];

    /// The body that it is, if it is one.
    #[must_use]
    pub const fn body(&self) -> Option<&Code> {
        match self {
            Set::Body(name) => Some(name),
            Set::Everyone
            | Set::Parties
            | Set::Guarantors
            | Set::Monitors
            | Set::Observers
            | Set::Participant(_)
            | Set::Opener
            | Set::Field(_) => None,
        }
    }

    /// The field that it is, if it is one.
    #[must_use]
    pub const fn field(&self) -> Option<&Code> {
        match self {
            Set::Field(name) => Some(name),
            Set::Everyone
            | Set::Parties
            | Set::Guarantors
            | Set::Monitors
            | Set::Observers
            | Set::Participant(_)
            | Set::Body(_)
            | Set::Opener => None,
        }
    }
}

impl fmt::Display for Set {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Set::Participant(id) => f.write_str(id.as_str()),
            Set::Body(name) | Set::Field(name) => f.write_str(name.as_str()),
            set => match Set::WORDS.iter().find(|(_, word)| word == set) {
                Some((word, _)) => f.write_str(word),
                None => Ok(()),
            },
        }
    }
}

impl fmt::Display for Group {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.but {
            Some(but) => write!(f, "{} other than {but}", self.set),
            None => write!(f, "{}", self.set),
        }
    }
}

impl fmt::Display for Item {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.count {
            // A bare set means any of it; a bare body means by its own rule.
            Count::Any if !matches!(self.of.set, Set::Body(_)) => {}
            Count::Any => f.write_str("any of ")?,
            Count::All => f.write_str("all of ")?,
            Count::Most => f.write_str("most of ")?,
            Count::Number(number) => write!(f, "{number} of ")?,
            Count::Rule => {}
            Count::Quorum => f.write_str("quorum of ")?,
            Count::Chair => f.write_str("chair of ")?,
        }
        write!(f, "{}", self.of)
    }
}

impl fmt::Display for Deciders {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, item) in self.0.iter().enumerate() {
            if place > 0 {
                f.write_str(" and ")?;
            }
            write!(f, "{item}")?;
        }
        Ok(())
    }
}

impl Deciders {
    /// Whether nobody but whoever says it has a voice in it, or any voice is enough: any of a set, one of it, a chair, a
    /// participant, or a body of which any one member decides. Of a body that decides by a rule of items, or whose quorum
    /// is asked for, every member may speak, so that it is never said to be enough.
    #[must_use]
    pub fn takes_one(&self, bodies: &BTreeMap<Code, Body>) -> bool {
        let [item] = self.0.as_slice() else { return false };
        let is_one = |count| matches!(count, Count::Any | Count::Chair | Count::Number(1));
        let is_person = matches!(item.of.set, Set::Opener | Set::Participant(_));
        match (item.count, item.of.set.body().and_then(|name| bodies.get(name))) {
            (Count::Rule, Some(body)) => matches!(body.decides, Rule::Members(count) if is_one(count)),
            (Count::All | Count::Most, _) => is_person,
            (Count::Quorum | Count::Rule, _) => false,
            (count, _) => is_one(count),
        }
    }
}

/// Several participants who decide together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Body {
    /// Who belongs to it; at least one.
    pub members: Vec<ParticipantId>,
    /// Who chairs it.
    pub chair: Option<ParticipantId>,
    /// What it takes to decide.
    pub decides: Rule,
    /// Who has to be there; none says all.
    pub quorum: Option<Deciders>,
    /// Where it comes from.
    pub basis: crate::Basis,
}

/// How a body decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rule {
    /// So many of its members.
    Members(Count),
    /// Each of these.
    Items(Deciders),
}
