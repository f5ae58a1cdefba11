//! What is handed in, and what stands in the register.
//!
//! ```text
//! ⟨the act's two lines⟩
//!
//! — ⟨origin⟩/⟨signer⟩ …        each signer, in order
//! — ⟨origin⟩/⟨signer⟩ …        passkey lines of signers with custody `node`, in order
//! — ⟨origin⟩/⟨node⟩/⟨label⟩ …  intakes, if any
//! — ⟨origin⟩/receipt …         the receipt: with it, it is the entry, and the leaf of the tree
//! ```

use std::fmt;

use note::{Note, NoteError, Receipt, SignatureLine};
use terms::{Hash, SignerName};

use crate::body::Body;
use crate::form::{Act, FormFault, GENESIS_SIGNERS_MAX, SIGNERS_MAX};

/// The longest entry, in bytes: C2SP tlog-tiles gives an entry's length 16 bits.
pub const ENTRY_BYTES_MAX: usize = 65_535;

/// What is handed in: an act, its signatures, and the stamps of who took it in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submission {
    act: Act,
    signatures: Vec<SignatureLine>,
    assertions: Vec<SignatureLine>,
    intakes: Vec<SignatureLine>,
}

/// A submission with the receipt for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    submission: Submission,
    submission_hash: Hash,
    receipt: Receipt,
    receipt_line: SignatureLine,
}

/// Why bytes are no submission, or no entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EntryFault {
    /// More than [`ENTRY_BYTES_MAX`] bytes, with the receipt.
    TooLong,
    /// No signed note.
    Note(NoteError),
    /// No act.
    Form(FormFault),
    /// The signature lines are not those of `signers` in order, then passkeys, then intakes.
    Lines {
        /// Which signature line, from 1.
        line: usize,
    },
    /// The last line is no receipt.
    NoReceipt,
}

impl EntryFault {
    /// A stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            EntryFault::TooLong => "act::entry_too_long",
            EntryFault::Note(_) => "act::no_note",
            EntryFault::Form(fault) => fault.what.code(),
            EntryFault::Lines { .. } => "act::signature_lines",
            EntryFault::NoReceipt => "act::no_receipt",
        }
    }
}

impl fmt::Display for EntryFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            EntryFault::TooLong => {
                write!(f, "an entry has at most {ENTRY_BYTES_MAX} bytes, its receipt included")
            }
            EntryFault::Note(error) => error.fmt(f),
            EntryFault::Form(fault) => fault.fmt(f),
            EntryFault::Lines { line } => write!(
                f,
                "signature line {line}: expected the keys of `signers` in order, then their passkeys, then intakes"
            ),
            EntryFault::NoReceipt => f.write_str("the last signature line is not the registrar's receipt"),
        }
    }
}

impl std::error::Error for EntryFault {}

impl From<NoteError> for EntryFault {
    fn from(error: NoteError) -> EntryFault {
        EntryFault::Note(error)
    }
}

impl From<FormFault> for EntryFault {
    fn from(fault: FormFault) -> EntryFault {
        EntryFault::Form(fault)
    }
}

impl Submission {
    /// An act with its signatures, as its author hands it in.
    ///
    /// # Errors
    ///
    /// The lines are not those that the act asks for, or it is too long.
    pub fn new(
        act: Act,
        signatures: Vec<SignatureLine>,
        assertions: Vec<SignatureLine>,
        intakes: Vec<SignatureLine>,
    ) -> Result<Submission, EntryFault> {
        let lines = [signatures, assertions, intakes].concat();
        Submission::from_lines(act, lines)
    }

    /// Reads what was handed in.
    ///
    /// # Errors
    ///
    /// It is no signed note, no act, or its lines are not those that the act asks for.
    pub fn parse(bytes: &[u8]) -> Result<Submission, EntryFault> {
        if bytes.len() > ENTRY_BYTES_MAX {
            return Err(EntryFault::TooLong);
        }
        let (text, lines) = Note::parse(bytes, GENESIS_SIGNERS_MAX)?.into_parts();
        Submission::from_lines(Act::read(text)?, lines)
    }

    fn from_lines(act: Act, mut lines: Vec<SignatureLine>) -> Result<Submission, EntryFault> {
        let most = if matches!(act.body(), Body::Genesis(_)) { GENESIS_SIGNERS_MAX } else { SIGNERS_MAX };
        if lines.len() > most {
            return Err(EntryFault::Lines { line: most + 1 });
        }
        let origin = act.origin();
        let signers = &act.head().signers;
        let mut named = lines.iter().map(|line| SignerName::from_key_name(origin, line.name.as_str()));
        let mut line = 0;
        for signer in signers {
            line += 1;
            if named.next().flatten().as_ref() != Some(signer) {
                return Err(EntryFault::Lines { line });
            }
        }
        // A second line of a signer is its passkey's; these keep the order of `signers`.
        let mut waiting = signers.iter();
        let mut assertions = 0;
        let mut intakes = 0;
        for name in named {
            line += 1;
            match name {
                Some(name) if signers.contains(&name) => {
                    if intakes > 0 || !waiting.any(|signer| *signer == name) {
                        return Err(EntryFault::Lines { line });
                    }
                    assertions += 1;
                }
                Some(SignerName::Key { .. }) => intakes += 1,
                Some(SignerName::Registrar) | None => return Err(EntryFault::Lines { line }),
            }
        }
        let signed: usize = lines.iter().map(line_bytes).sum();
        if act.text().len() + 1 + signed + receipt_line_bytes(&act) > ENTRY_BYTES_MAX {
            return Err(EntryFault::TooLong);
        }
        let intakes = lines.split_off(signers.len() + assertions);
        let assertions = lines.split_off(signers.len());
        Ok(Submission { act, signatures: lines, assertions, intakes })
    }

    /// The act.
    #[must_use]
    pub const fn act(&self) -> &Act {
        &self.act
    }

    /// The line of each signer, in the order of `signers`.
    #[must_use]
    pub fn signatures(&self) -> &[SignatureLine] {
        &self.signatures
    }

    /// The passkey lines beside them.
    #[must_use]
    pub fn assertions(&self) -> &[SignatureLine] {
        &self.assertions
    }

    /// The stamps of those who took the act in.
    #[must_use]
    pub fn intakes(&self) -> &[SignatureLine] {
        &self.intakes
    }

    /// The same with one more stamp.
    ///
    /// # Errors
    ///
    /// There is no room for it, or its name is that of a signer.
    pub fn with_intake(mut self, line: SignatureLine) -> Result<Submission, EntryFault> {
        self.intakes.push(line);
        Submission::new(self.act, self.signatures, self.assertions, self.intakes)
    }

    /// The bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = self.act.text().as_bytes().to_vec();
        bytes.push(b'\n');
        for line in self.signatures.iter().chain(&self.assertions).chain(&self.intakes) {
            bytes.extend_from_slice(format!("{line}\n").as_bytes());
        }
        bytes
    }

    /// SHA-256 of the bytes: what a receipt or a refusal is given for.
    #[must_use]
    pub fn hash(&self) -> Hash {
        Hash::of(&self.to_bytes())
    }
}

/// A line as it is written, with its line feed.
fn line_bytes(line: &SignatureLine) -> usize {
    "— ".len() + line.name.as_str().len() + 1 + (4 + line.payload.len()).div_ceil(3) * 4 + 1
}

/// `— ORIGIN/receipt BASE64\n`, with 4 bytes of key id and 112 of payload.
fn receipt_line_bytes(act: &Act) -> usize {
    "— ".len() + act.origin().as_str().len() + "/receipt".len() + 1 + (4_usize + 112).div_ceil(3) * 4 + 1
}

fn read_receipt(act: &Act, line: &SignatureLine) -> Result<Receipt, EntryFault> {
    let named = line.name.as_str().strip_prefix(act.origin().as_str()) == Some("/receipt");
    let read = Receipt::parse(&line.payload).filter(|_| named);
    read.map(|(receipt, _)| receipt).ok_or(EntryFault::NoReceipt)
}

impl Entry {
    /// A submission with its receipt's line.
    ///
    /// # Errors
    ///
    /// The line is not a receipt of this register.
    pub fn new(submission: Submission, receipt_line: SignatureLine) -> Result<Entry, EntryFault> {
        let receipt = read_receipt(&submission.act, &receipt_line)?;
        Ok(Entry { submission_hash: submission.hash(), submission, receipt, receipt_line })
    }

    /// Reads an entry.
    ///
    /// # Errors
    ///
    /// It is no submission with a receipt as its last line.
    pub fn parse(bytes: &[u8]) -> Result<Entry, EntryFault> {
        if bytes.len() > ENTRY_BYTES_MAX {
            return Err(EntryFault::TooLong);
        }
        let (text, mut lines) = Note::parse(bytes, GENESIS_SIGNERS_MAX + 1)?.into_parts();
        let act = Act::read(text)?;
        let receipt_line = lines.pop().ok_or(EntryFault::NoReceipt)?;
        let receipt = read_receipt(&act, &receipt_line)?;
        let submission = Submission::from_lines(act, lines)?;
        // A note has one spelling, so what was handed in are the bytes before the last line.
        let submission_hash = Hash::of(&bytes[..bytes.len() - line_bytes(&receipt_line)]);
        Ok(Entry { submission, submission_hash, receipt, receipt_line })
    }

    /// The act.
    #[must_use]
    pub const fn act(&self) -> &Act {
        &self.submission.act
    }

    /// What was handed in.
    #[must_use]
    pub const fn submission(&self) -> &Submission {
        &self.submission
    }

    /// Its hash.
    #[must_use]
    pub const fn submission_hash(&self) -> Hash {
        self.submission_hash
    }

    /// What the registrar promised. Its signature is not checked here.
    #[must_use]
    pub const fn receipt(&self) -> &Receipt {
        &self.receipt
    }

    /// The receipt as a line.
    #[must_use]
    pub const fn receipt_line(&self) -> &SignatureLine {
        &self.receipt_line
    }

    /// The bytes: the leaf of the tree.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = self.submission.to_bytes();
        bytes.extend_from_slice(format!("{}\n", self.receipt_line).as_bytes());
        bytes
    }
}
