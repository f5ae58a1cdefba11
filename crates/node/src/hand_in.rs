//! Acts that programs hand in, each by itself, at the node that keeps the register: what a bundle would be answered, at once.

use act::{Entry, Submission};
use note::Note;
use register::Answer;
use terms::Instant;

use crate::node::Store;
use crate::{Fault, Node};

/// The most bytes of what is handed in: no entry is longer.
pub const SUBMISSION_BYTES_MAX: usize = tlog::bundle::ENTRY_BYTES_MAX;

/// What one is answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HandedIn {
    /// It stands in the register: the registrar's receipt, as a note. The same bytes get the same one.
    Registered(Note),
    /// It was not let in: the registrar's signed refusal. It says how many entries there were when it was judged; handed
    /// in again behind more of them, it is judged again.
    Refused(Note),
    /// It was not judged: an annex that it names is not here, or has another size. In a sentence.
    Lacks(String),
}

impl Node {
    /// Hands in what programs bring, in this order: one batch is durable at once, before any of it is answered. Gives an
    /// answer for each.
    ///
    /// # Errors
    ///
    /// [`Fault::Role`] if this node does not keep the register; or the disk failed, and nothing was answered: what is handed
    /// in again then gets its one receipt.
    pub fn hand_in(&mut self, brought: &[Vec<u8>], now: Instant) -> Result<Vec<HandedIn>, Fault> {
        if matches!(self.store, Store::Mirror(_)) {
            return Err(Fault::Role("this node does not keep the register".to_owned()));
        }
        let lacks: Vec<Option<String>> =
            brought.iter().map(|bytes| self.lacks(bytes)).collect::<Result<_, Fault>>()?;
        let whole = brought.iter().zip(&lacks).filter(|(_, lacks)| lacks.is_none());
        let whole: Vec<Vec<u8>> = whole.map(|(bytes, _)| bytes.clone()).collect();
        let mut answers = self.register(&whole, now)?.into_iter();
        let mut handed = Vec::new();
        for lacks in lacks {
            handed.push(match lacks {
                Some(why) => HandedIn::Lacks(why),
                None => match answers.next() {
                    Some(Answer::Registered { index, .. }) => HandedIn::Registered(self.receipt(index)?),
                    Some(Answer::Refused { note, .. }) => HandedIn::Refused(note),
                    None => return Err(Fault::Unknown("the registrar gave no answer".to_owned())),
                },
            });
        }
        Ok(handed)
    }

    /// Which annex it names that is not here, in a sentence; nothing of what is no submission: that is refused.
    fn lacks(&self, bytes: &[u8]) -> Result<Option<String>, Fault> {
        let Ok(submission) = Submission::parse(bytes) else { return Ok(None) };
        match self.check_annexes(&submission.act().body().annexes(), |_| None) {
            Ok(()) => Ok(None),
            Err(fault @ Fault::Annex { .. }) => Ok(Some(fault.to_string())),
            Err(other) => Err(other),
        }
    }

    /// The receipt of an entry, as a note of its own.
    fn receipt(&self, index: u64) -> Result<Note, Fault> {
        let entry = Entry::parse(&self.entry(index)?)?;
        let note = entry.receipt().to_note(entry.receipt_line().clone(), self.origin(), &self.genesis());
        note.map_err(|error| Fault::Foreign(error.to_string()))
    }
}
