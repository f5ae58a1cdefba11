//! What can be wrong with a policy.

use std::fmt;
use std::ops::Range;

use note::{KeyFault, VkeyError};
use terms::{Diagnostic, Label};

use crate::policy::WITNESSES_MAX;

/// One thing that is wrong with a policy, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyError {
    /// Line of the file, counted from 1.
    pub line: usize,
    /// Bytes of the file.
    pub span: Range<usize>,
    /// What is wrong there.
    pub fault: PolicyFault,
}

/// What can be wrong with a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PolicyFault {
    /// Not UTF-8.
    Utf8,
    /// A control character other than tab and newline.
    Control(u8),
    /// The file does not end in a newline.
    Unfinished,
    /// A line begins with a word that policies have not.
    Word(String),
    /// Too few or too many items on the line; this is how it should look.
    Items(&'static str),
    /// A key can't be read.
    Vkey(VkeyError),
    /// A key must not be trusted.
    Key(KeyFault),
    /// The log's key is not of kind `0x01`.
    LogKind,
    /// The log's key is not called as an origin of ours.
    LogName,
    /// A witness's key is not of kind `0x04`.
    WitnessKind,
    /// A witness's key is of kind `0x06`.
    MlDsa,
    /// The key stands on an earlier line, whatever it is called there.
    SameKey,
    /// Another key with the same name has the same id, by chance or on purpose: their lines could not be
    /// told apart, and one witness could spoil what the other signs.
    SameId,
    /// The name stands on an earlier line, or is `none`.
    NameTaken(String),
    /// No line before defines this name.
    Undefined(String),
    /// A group has this member already.
    MemberTwice(String),
    /// Not a number from 1 to the number of members, nor `all`, nor `any`.
    Threshold(String),
    /// A second line of a kind of which there is one.
    Second(&'static str),
    /// More than [`WITNESSES_MAX`] witnesses.
    TooMany,
    /// `quorum none`.
    QuorumNone,
    /// `quorum` names a witness instead of the group.
    QuorumWitness(String),
    /// There is no line of this kind.
    Missing(&'static str),
    /// A witness that is in no group.
    Idle(String),
}

impl PolicyError {
    /// The same as a diagnostic, to be drawn in the file.
    #[must_use]
    pub fn diagnostic(&self) -> Diagnostic {
        let label = Label::at(self.span.clone(), "");
        let diagnostic = Diagnostic::error(self.fault.code(), self.fault.to_string(), label);
        match self.fault.help() {
            Some(help) => diagnostic.help(help),
            None => diagnostic,
        }
    }
}

impl fmt::Display for PolicyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.fault)
    }
}

impl std::error::Error for PolicyError {}

impl PolicyFault {
    const fn code(&self) -> &'static str {
        match self {
            PolicyFault::Utf8 => "policy::utf8",
            PolicyFault::Control(_) => "policy::control",
            PolicyFault::Unfinished => "policy::unfinished",
            PolicyFault::Word(_) => "policy::word",
            PolicyFault::Items(_) => "policy::items",
            PolicyFault::Vkey(_) => "policy::vkey",
            PolicyFault::Key(_) => "policy::key",
            PolicyFault::LogKind => "policy::log_kind",
            PolicyFault::LogName => "policy::log_name",
            PolicyFault::WitnessKind => "policy::witness_kind",
            PolicyFault::MlDsa => "policy::ml_dsa",
            PolicyFault::SameKey => "policy::same_key",
            PolicyFault::SameId => "policy::same_id",
            PolicyFault::NameTaken(_) => "policy::name_taken",
            PolicyFault::Undefined(_) => "policy::undefined",
            PolicyFault::MemberTwice(_) => "policy::member_twice",
            PolicyFault::Threshold(_) => "policy::threshold",
            PolicyFault::Second(_) => "policy::second",
            PolicyFault::TooMany => "policy::too_many",
            PolicyFault::QuorumNone => "policy::quorum_none",
            PolicyFault::QuorumWitness(_) => "policy::quorum_witness",
            PolicyFault::Missing(_) => "policy::missing",
            PolicyFault::Idle(_) => "policy::idle",
        }
    }

    fn help(&self) -> Option<String> {
        Some(match self {
            PolicyFault::MlDsa => "list the witness's Ed25519 key, of kind 0x04".to_owned(),
            PolicyFault::WitnessKind => "a witness has a key pair of its own, of kind 0x04".to_owned(),
            PolicyFault::SameKey => {
                "each key stands once: nobody vouches twice, nor for its own log".to_owned()
            }
            PolicyFault::QuorumNone => "without witnesses nothing is ever final: name a group".to_owned(),
            PolicyFault::QuorumWitness(name) => {
                format!("write `group witnesses 1 {name}`, and `quorum witnesses`")
            }
            PolicyFault::Second("group") => "a policy of ours is one flat group, k of n".to_owned(),
            PolicyFault::Missing("log") => "add `log VKEY`".to_owned(),
            PolicyFault::Missing("group") => {
                "add `group NAME NUMBER WITNESS...`, after the witnesses".to_owned()
            }
            PolicyFault::Missing("quorum") => "add `quorum NAME` as the last line".to_owned(),
            PolicyFault::Idle(_) => "add it to the group, or take its line out".to_owned(),
            PolicyFault::Word(_) => {
                "a line begins with `log`, `witness`, `group`, `quorum` or `#`".to_owned()
            }
            _ => return None,
        })
    }
}

impl fmt::Display for PolicyFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PolicyFault::Utf8 => f.write_str("not UTF-8"),
            PolicyFault::Control(byte) => write!(f, "control character {byte:#04x}"),
            PolicyFault::Unfinished => f.write_str("the last line does not end in a newline"),
            PolicyFault::Word(word) => write!(f, "no line of a policy begins with `{}`", word.escape_debug()),
            PolicyFault::Items(shape) => write!(f, "too few or too many items; expected `{shape}`"),
            PolicyFault::Vkey(error) => error.fmt(f),
            PolicyFault::Key(fault) => write!(f, "a key that must not be trusted: {fault}"),
            PolicyFault::LogKind => f.write_str("a log's key is of kind 0x01"),
            PolicyFault::LogName => f.write_str("the log's key is not called as a register's origin"),
            PolicyFault::WitnessKind => f.write_str("a witness's key is of kind 0x04"),
            PolicyFault::MlDsa => f.write_str("this version can't check ML-DSA witnesses (kind 0x06)"),
            PolicyFault::SameKey => f.write_str("this key stands on an earlier line"),
            PolicyFault::SameId => f.write_str("another key has this vkey's name and id"),
            PolicyFault::NameTaken(name) => write!(f, "the name `{}` is taken", name.escape_debug()),
            PolicyFault::Undefined(name) => write!(f, "no line before defines `{}`", name.escape_debug()),
            PolicyFault::MemberTwice(name) => write!(f, "`{}` is in the group twice", name.escape_debug()),
            PolicyFault::Threshold(text) => {
                write!(
                    f,
                    "`{}` is neither `all`, `any` nor a number up to that of the members",
                    text.escape_debug()
                )
            }
            PolicyFault::Second(word) => write!(f, "a second line `{word}`; a policy of ours has one"),
            PolicyFault::TooMany => write!(f, "more than {WITNESSES_MAX} witnesses"),
            PolicyFault::QuorumNone => f.write_str("`quorum none` asks for no witness at all"),
            PolicyFault::QuorumWitness(name) => {
                write!(f, "`quorum {}` names a witness, not a group", name.escape_debug())
            }
            PolicyFault::Missing(word) => write!(f, "there is no line `{word}`"),
            PolicyFault::Idle(name) => write!(f, "the witness `{}` is not in the group", name.escape_debug()),
        }
    }
}
