//! The chain of an intake key.

use std::sync::Arc;

use note::{Intake, KeyName, SignatureLine, SigningKey};
use terms::{ActId, Hash, Instant};

use crate::disk::Disk;
use crate::fault::Fault;
use crate::folder::Folder;
use crate::kept::key_hash;
use crate::twin::Twin;

/// What an intake key remembers: its last stamp, durable before it is given out. Each stamp has the
/// hash of the one before, so that two with one *previous* convict the key (TIME T14, C13), and times
/// never fall (C14).
pub struct IntakeChain<D: Disk> {
    twin: Twin<D>,
    key: SigningKey,
    name: KeyName,
    last: Option<Intake>,
}

impl<D: Disk> IntakeChain<D> {
    /// Opens the chain of this key. A state in one place only is [`Fault::Lost`]; in neither, the next
    /// stamp is the key's first.
    ///
    /// # Errors
    /// [`Fault::Lost`], [`Fault::Stopped`], [`Fault::Garbled`], [`Fault::Disk`].
    pub fn open(folder: &Arc<Folder<D>>, key: SigningKey, name: KeyName) -> Result<IntakeChain<D>, Fault> {
        let twin = Twin::open(folder, "intake", name.as_str(), key_hash(&key.public()))?;
        let last = match twin.value() {
            None => None,
            Some(value) => Some(parse(value).ok_or_else(|| twin.unreadable())?),
        };
        Ok(IntakeChain { twin, key, name, last })
    }

    /// The name of its key.
    pub const fn name(&self) -> &KeyName {
        &self.name
    }

    /// The last stamp.
    pub fn last(&self) -> Option<&Intake> {
        self.last.as_ref()
    }

    /// Stamps an act. For the act that was stamped last, the same stamp: a crash may have come before it
    /// was given out. The time is `now`, or that of the stamp before if `now` is earlier.
    ///
    /// # Errors
    /// [`Fault::Disk`]: no stamp was given out; if a sync failed the key is stopped. [`Fault::Halted`]
    /// after that.
    pub fn stamp(&mut self, act: ActId, now: Instant) -> Result<SignatureLine, Fault> {
        let intake = match self.last {
            Some(last) if last.act == act => last,
            Some(last) => Intake { act, time: now.max(last.time), previous: last.hash() },
            None => Intake { act, time: now, previous: Hash::ZERO },
        };
        if self.last != Some(intake) {
            self.twin.set(write(&intake))?;
            self.last = Some(intake);
        }
        Ok(intake.sign(&self.key, &self.name))
    }
}

fn write(intake: &Intake) -> String {
    format!("{} {} {}", intake.act, intake.time.secs(), intake.previous)
}

/// The last stamp, by a record's value.
pub(crate) fn parse(value: &str) -> Option<Intake> {
    let mut words = value.split(' ');
    let act = ActId(Hash::from_base64(words.next()?)?);
    let time = Instant::from_secs(words.next()?.parse().ok()?)?;
    let previous = Hash::from_base64(words.next()?)?;
    words.next().is_none().then_some(Intake { act, time, previous })
}
