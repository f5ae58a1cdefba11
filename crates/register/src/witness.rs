//! How far a witness has cosigned one registrar's key.

use std::sync::Arc;

use act::freeze::{FreezeBody, FreezeNote};
use act::value::Vkey;
use note::{KeyName, Note, SignatureLine, SigningKey, VerifierKey};
use terms::{Hash, Instant, Origin};
use tlog::cosigned::CosignedCheckpoint;
use tlog::witness::Seen;
use tlog::{EMPTY_ROOT, cosignature};

use crate::disk::Disk;
use crate::fault::{Fault, KnownBy};
use crate::folder::Folder;
use crate::kept::key_hash;
use crate::twin::Twin;

/// What a witness remembers of one registrar's key, durable before each cosignature is given out: it
/// never cosigns two pasts, nor a smaller size at a later time (TIME C11, C12), nor anything after a
/// freeze (C10).
pub struct Witness<D: Disk> {
    twin: Twin<D>,
    key: SigningKey,
    name: KeyName,
    state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct State {
    seen: Seen,
    time: Instant,
    frozen: bool,
}

impl<D: Disk> Witness<D> {
    /// Opens what the witness of this name and key remembers of a registrar's key; `log` is that key
    /// under its checkpoint name. A state in one place only
    /// is [`Fault::Lost`]; in neither, this is the first time.
    ///
    /// # Errors
    /// [`Fault::Lost`], [`Fault::Stopped`], [`Fault::Garbled`], [`Fault::Disk`].
    pub fn open(
        folder: &Arc<Folder<D>>,
        log: &VerifierKey,
        key: SigningKey,
        name: KeyName,
    ) -> Result<Witness<D>, Fault> {
        let twin = Twin::open(folder, "witness", &of(log, &name), key_hash(&key.public()))?;
        let state = match twin.value() {
            None => State {
                seen: Seen { size: 0, root: EMPTY_ROOT },
                time: Instant::from_secs(0).ok_or_else(|| twin.unreadable())?,
                frozen: false,
            },
            Some(value) => State::read(value).ok_or_else(|| twin.unreadable())?,
        };
        Ok(Witness { twin, key, name, state })
    }

    /// The largest that was cosigned; nothing before the first.
    pub fn seen(&self) -> Option<Seen> {
        self.twin.value().map(|_| self.state.seen)
    }

    /// Whether it cosigns no more.
    pub fn is_frozen(&self) -> bool {
        self.state.frozen
    }

    /// Cosigns a checkpoint that follows on the last one. That it does, `tlog::witness` has shown from
    /// its proof; that its entries and annexes are in hand, and that the registrar signed it, the caller
    /// has. The time is `now`, or that of the last cosignature if `now` is earlier.
    ///
    /// # Errors
    /// [`Fault::Frozen`]; [`Fault::Backwards`] if it is smaller than the last, or of the same size with
    /// another root; [`Fault::Disk`]: nothing was signed.
    pub fn cosign(&mut self, cosigned: &CosignedCheckpoint, now: Instant) -> Result<SignatureLine, Fault> {
        if self.state.frozen {
            return Err(Fault::Frozen);
        }
        let checkpoint = cosigned.checkpoint();
        let done = self.state.seen;
        if checkpoint.size < done.size || (checkpoint.size == done.size && checkpoint.root != done.root) {
            return Err(Fault::Backwards { done });
        }
        let seen = Seen { size: checkpoint.size, root: checkpoint.root };
        let time = now.max(self.state.time);
        self.set(State { seen, time, frozen: false })?;
        Ok(cosignature::sign(checkpoint, time, &self.key, &self.name))
    }

    /// Freezes the registrar's key: this witness never cosigns it again. Asked once more, it says the
    /// same.
    ///
    /// `registrar` is the key under its name `ORIGIN/registrar`.
    ///
    /// # Errors
    /// [`Fault::Disk`]: nothing was signed.
    pub fn freeze(&mut self, origin: &Origin, genesis: Hash, registrar: Vkey) -> Result<Note, Fault> {
        if !self.state.frozen {
            self.set(State { frozen: true, ..self.state })?;
        }
        let Seen { size, root } = self.state.seen;
        let freeze =
            FreezeNote { origin: origin.clone(), genesis, body: FreezeBody { registrar, size, root } };
        Ok(freeze.sign(&self.key, &self.name).expect(
            "an origin, a vkey, hashes and numbers hold no control character, and the text ends its lines",
        ))
    }

    /// Checks what others know of this witness's cosignatures: if one is larger, this state is older
    /// than it can be.
    ///
    /// # Errors
    /// [`Fault::Behind`] or [`Fault::OtherPast`]; the witness's key must not sign again.
    pub fn check_against(&self, others: &[Seen]) -> Result<(), Fault> {
        let mine = self.state.seen;
        for known in others {
            if known.size > mine.size {
                return Err(Fault::Behind { known_by: KnownBy::Witness, known: *known, size: mine.size });
            }
            if known.size == mine.size && known.root != mine.root {
                return Err(Fault::OtherPast { known_by: KnownBy::Witness, known: *known, root: mine.root });
            }
        }
        Ok(())
    }

    fn set(&mut self, state: State) -> Result<(), Fault> {
        self.twin.set(state.write())?;
        self.state = state;
        Ok(())
    }
}

impl State {
    fn write(&self) -> String {
        let State { seen, time, frozen } = self;
        let word = if *frozen { "frozen" } else { "open" };
        format!("{} {} {} {word}", seen.size, seen.root, time.secs())
    }

    fn read(value: &str) -> Option<State> {
        let mut words = value.split(' ');
        let size = words.next()?.parse().ok()?;
        let root = Hash::from_base64(words.next()?)?;
        let time = Instant::from_secs(words.next()?.parse().ok()?)?;
        let frozen = match words.next()? {
            "frozen" => true,
            "open" => false,
            _ => return None,
        };
        words.next().is_none().then_some(State { seen: Seen { size, root }, time, frozen })
    }
}

/// Under which name a witness remembers a registrar's key.
pub(crate) fn of(log: &VerifierKey, witness: &KeyName) -> String {
    format!("{}\n{}\n{witness}", log.name(), Hash::of(log.raw()))
}

/// What was cosigned last, by a record's value.
pub(crate) fn parse(value: &str) -> Option<Seen> {
    State::read(value).map(|state| state.seen)
}
