//! Which witnesses count, and how many of them are enough.

mod fault;
mod read;

use std::fmt;

use note::VerifierKey;
use terms::Origin;

pub use fault::{PolicyError, PolicyFault};

/// One log, its witnesses, and the number of them that makes a quorum.
///
/// ```text
/// log register.example/river-accord+…+…
/// witness doha doha.example/witness+…+…
/// witness istanbul istanbul.example/witness+…+…
/// group all-of-them 2 doha istanbul
/// quorum all-of-them
/// ```
///
/// A profile of C2SP tlog-policy: exactly one `log`, of kind `0x01`, called as its origin; witnesses of
/// kind `0x04`, up to [`WITNESSES_MAX`]; one `group` with every one of them in it; `quorum` names that
/// group, never `none`. An ML-DSA witness (`0x06`) is refused: this version can't check what it signs,
/// and a witness that is in a quorum and never counts would mislead. Each key must be one that may be
/// enrolled, and stands once, the log's included: who signs the log must not vouch for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    origin: Origin,
    log: VerifierKey,
    witnesses: Vec<Witness>,
    group: String,
    quorum: usize,
}

/// A witness, as a policy has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Witness {
    /// What the policy calls it; means nothing elsewhere.
    pub name: String,
    /// Its key, of kind `0x04`.
    pub key: VerifierKey,
    /// Where to reach it, if the policy says so.
    pub url: Option<String>,
}

/// A note may have 16 signatures that every reader must accept, and one is the registrar's.
pub const WITNESSES_MAX: usize = 15;

impl Policy {
    /// Reads a policy.
    ///
    /// # Errors
    /// All that is wrong with it, from the top.
    pub fn parse(bytes: &[u8]) -> Result<Policy, Vec<PolicyError>> {
        read::policy(bytes)
    }

    /// The policy of these parts.
    ///
    /// # Errors
    /// All that would be wrong with it as a file.
    pub fn new(
        log: VerifierKey,
        witnesses: Vec<(String, VerifierKey)>,
        quorum: usize,
    ) -> Result<Policy, Vec<PolicyError>> {
        let names: Vec<&str> = witnesses.iter().map(|(name, _)| name.as_str()).collect();
        let mut text = format!("log {log}\n");
        for (name, key) in &witnesses {
            text.push_str(&format!("witness {name} {key}\n"));
        }
        text.push_str(&format!("group witnesses {quorum} {}\nquorum witnesses\n", names.join(" ")));
        Policy::parse(text.as_bytes())
    }

    /// Whose log it is.
    #[must_use]
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// The log's key.
    #[must_use]
    pub fn log(&self) -> &VerifierKey {
        &self.log
    }

    /// The witnesses, in the file's order.
    #[must_use]
    pub fn witnesses(&self) -> &[Witness] {
        &self.witnesses
    }

    /// How many of them must cosign.
    #[must_use]
    pub fn quorum(&self) -> usize {
        self.quorum
    }

    /// How many witnesses may lie, and any two quorums still share an honest one.
    #[must_use]
    pub fn liars_max(&self) -> usize {
        (2 * self.quorum).saturating_sub(self.witnesses.len() + 1)
    }
}

impl fmt::Display for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "log {}", self.log)?;
        for Witness { name, key, url } in &self.witnesses {
            write!(f, "witness {name} {key}")?;
            if let Some(url) = url {
                write!(f, " {url}")?;
            }
            writeln!(f)?;
        }
        write!(f, "group {} {}", self.group, self.quorum)?;
        for witness in &self.witnesses {
            write!(f, " {}", witness.name)?;
        }
        writeln!(f, "\nquorum {}", self.group)
    }
}
