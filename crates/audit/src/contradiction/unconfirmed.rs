//! Why a file convicts nobody.

use std::fmt;

/// The reasons, closed. None of them says that whoever is accused is honest: only that this file does
/// not show the contrary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unconfirmed {
    /// More bytes than a contradiction has; or more than 16 KiB beside what it quotes.
    TooLong,
    /// Not one line of strict JSON that ends in a line feed.
    NotOneLine(String),
    /// JSON, and not a contradiction as this version has it: a later format, an unknown kind, a field
    /// too few or too many.
    Shape(String),
    /// It says what it says in other bytes than those there is one choice of.
    Spelling,
    /// What it quotes as the genesis founds nothing.
    Genesis(String),
    /// It is about another register than the one asked for.
    OtherRegister,
    /// The register follows rules that this program does not have.
    UnknownRules(u32),
    /// It accuses a registrar's key that came by succession; this version knows the genesis' key only.
    LaterRegistrar,
    /// An annex that is needed is not quoted.
    AnnexMissing(&'static str),
    /// What is quoted as an annex is not the one that the genesis names, or can't be read.
    Annex(&'static str),
    /// Something quoted can't be read as what it should be.
    Unreadable(&'static str, String),
    /// Something quoted belongs to another register.
    OtherRegisterQuoted(&'static str),
    /// Something quoted is not signed by the key that it is held against.
    Unsigned(&'static str),
    /// The checkpoint that the proofs lead to is not cosigned by a quorum.
    NotFinal(String),
    /// An inclusion proof does not lead to the checkpoint.
    NotIncluded(&'static str),
    /// The consistency proof does not lead to the larger checkpoint.
    NotConsistent,
    /// Whose key it is, the file does not show.
    KeyUnproven(&'static str),
    /// The witness is not one of the policy.
    UnknownWitness,
    /// All of it may be true at once.
    NothingShown(&'static str),
}

impl Unconfirmed {
    /// A stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Unconfirmed::TooLong => "contradiction::too_long",
            Unconfirmed::NotOneLine(_) => "contradiction::not_one_line",
            Unconfirmed::Shape(_) => "contradiction::shape",
            Unconfirmed::Spelling => "contradiction::spelling",
            Unconfirmed::Genesis(_) => "contradiction::genesis",
            Unconfirmed::OtherRegister => "contradiction::other_register",
            Unconfirmed::UnknownRules(_) => "contradiction::unknown_rules",
            Unconfirmed::LaterRegistrar => "contradiction::later_registrar",
            Unconfirmed::AnnexMissing(_) => "contradiction::annex_missing",
            Unconfirmed::Annex(_) => "contradiction::annex",
            Unconfirmed::Unreadable(..) => "contradiction::unreadable",
            Unconfirmed::OtherRegisterQuoted(_) => "contradiction::other_register_quoted",
            Unconfirmed::Unsigned(_) => "contradiction::unsigned",
            Unconfirmed::NotFinal(_) => "contradiction::not_final",
            Unconfirmed::NotIncluded(_) => "contradiction::not_included",
            Unconfirmed::NotConsistent => "contradiction::not_consistent",
            Unconfirmed::KeyUnproven(_) => "contradiction::key_unproven",
            Unconfirmed::UnknownWitness => "contradiction::unknown_witness",
            Unconfirmed::NothingShown(_) => "contradiction::nothing_shown",
        }
    }
}

impl fmt::Display for Unconfirmed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unconfirmed::TooLong => f.write_str("the file is longer than any contradiction"),
            Unconfirmed::NotOneLine(why) => write!(f, "not one line of strict JSON: {why}"),
            Unconfirmed::Shape(why) => write!(f, "not a contradiction that this program knows: {why}"),
            Unconfirmed::Spelling => {
                f.write_str("the file says in other bytes what can be said in one way only")
            }
            Unconfirmed::Genesis(why) => write!(f, "the quoted genesis founds nothing: {why}"),
            Unconfirmed::OtherRegister => f.write_str("the file is about another register"),
            Unconfirmed::UnknownRules(version) => {
                write!(f, "rules version {version} is not known to this program; a newer release may know it")
            }
            Unconfirmed::LaterRegistrar => f.write_str(
                "the file accuses a registrar's key that came by succession; this program knows the \
                 genesis' key only",
            ),
            Unconfirmed::AnnexMissing(which) => write!(f, "the {which} is needed and not quoted"),
            Unconfirmed::Annex(which) => {
                write!(f, "what is quoted as the {which} is not the one that the genesis names")
            }
            Unconfirmed::Unreadable(what, why) => write!(f, "`{what}` can't be read: {why}"),
            Unconfirmed::OtherRegisterQuoted(what) => write!(f, "`{what}` belongs to another register"),
            Unconfirmed::Unsigned(what) => write!(f, "`{what}` is not signed by the key it is held against"),
            Unconfirmed::NotFinal(why) => write!(f, "the checkpoint is not final: {why}"),
            Unconfirmed::NotIncluded(what) => {
                write!(f, "`{what}` is not shown to stand in the register: its proof leads elsewhere")
            }
            Unconfirmed::NotConsistent => {
                f.write_str("the consistency proof does not lead to the larger checkpoint")
            }
            Unconfirmed::KeyUnproven(why) => write!(f, "whose key it is is not shown: {why}"),
            Unconfirmed::UnknownWitness => f.write_str("the witness is not one of the register's policy"),
            Unconfirmed::NothingShown(why) => write!(f, "no contradiction: {why}"),
        }
    }
}

impl std::error::Error for Unconfirmed {}
