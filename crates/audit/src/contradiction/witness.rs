//! What convicts a witness (C10–C12).
//!
//! A cosignature's message names the origin and no genesis. Each checkpoint here must carry the line
//! of this register's registrar too, so that a witness of two registers of one origin is not held to
//! both at once; the registrar that adds its line to another register's checkpoint forks itself.

use act::freeze::FreezeNote;

use super::anchor::{Anchor, entry, forked};
use super::file::{FreezeBroken, WitnessBackwards, WitnessFork};
use super::unconfirmed::Unconfirmed;
use super::{Convict, Shown};

/// C11.
pub(super) fn fork(anchor: &Anchor, shows: &WitnessFork) -> Shown {
    let witness = anchor.witness(&shows.witness)?;
    let (a, _) = anchor.cosigned_by(witness, &shows.a, "a")?;
    let (b, _) = anchor.cosigned_by(witness, &shows.b, "b")?;
    forked(&a, &b, shows.prefix.as_ref())?;
    let deed = if a.size == b.size {
        format!("two checkpoints of size {} with different roots", a.size)
    } else {
        format!(
            "a checkpoint of size {} that is not the beginning of one of size {} that it signed too",
            a.size, b.size
        )
    };
    let facts = vec![
        ("size of a", a.size.to_string()),
        ("root of a", a.root.to_string()),
        ("size of b", b.size.to_string()),
        ("root of b", b.root.to_string()),
    ];
    Ok((convict(witness), deed, facts))
}

/// C12.
pub(super) fn backwards(anchor: &Anchor, shows: &WitnessBackwards) -> Shown {
    let tolerance = anchor.instrument()?.calendar.tolerance;
    let witness = anchor.witness(&shows.witness)?;
    let (a, a_time) = anchor.cosigned_by(witness, &shows.a, "a")?;
    let (b, b_time) = anchor.cosigned_by(witness, &shows.b, "b")?;
    if a.size >= b.size {
        return Err(Unconfirmed::NothingShown("the smaller checkpoint stands first"));
    }
    if a_time <= b_time.plus(tolerance) {
        return Err(Unconfirmed::NothingShown(
            "the smaller checkpoint is not later by more than the tolerance",
        ));
    }
    let deed =
        format!("a checkpoint of size {} at {a_time}, later than one of size {} at {b_time}", a.size, b.size);
    let facts = vec![
        ("size of a", a.size.to_string()),
        ("time of a", a_time.to_string()),
        ("size of b", b.size.to_string()),
        ("time of b", b_time.to_string()),
        ("tolerance", format!("{} s", tolerance.0)),
    ];
    Ok((convict(witness), deed, facts))
}

/// C10.
///
/// The registrar that was replaced can put its line under any checkpoint that its successor shows,
/// beside cosignatures that were given to the successor. So the last entry below the checkpoint is
/// asked for, with the frozen key's receipt: below the successor's checkpoints stands its own.
pub(super) fn freeze_broken(anchor: &Anchor, shows: &FreezeBroken) -> Shown {
    let witness = anchor.witness(&shows.witness)?;
    let freeze =
        FreezeNote::verify(&shows.freeze.0, &witness.key).map_err(|_| Unconfirmed::Unsigned("freeze"))?;
    if freeze.origin != anchor.origin || freeze.genesis != anchor.genesis {
        return Err(Unconfirmed::OtherRegisterQuoted("freeze"));
    }
    if freeze.body.registrar.0.raw() != anchor.registrar().raw() {
        return Err(Unconfirmed::NothingShown("the freeze is of another registrar's key"));
    }
    let (checkpoint, _) = anchor.cosigned_by(witness, &shows.checkpoint, "checkpoint")?;
    if checkpoint.size <= freeze.body.size {
        return Err(Unconfirmed::NothingShown("the checkpoint is not larger than what was frozen"));
    }
    let cosigned = anchor.checkpoint(&shows.checkpoint, "checkpoint")?;
    let last = entry(&shows.last, &cosigned, "last")?;
    if Some(shows.last.index) != checkpoint.size.checked_sub(1) {
        return Err(Unconfirmed::NothingShown("`last` is not the last entry below the checkpoint"));
    }
    if anchor.receipt_line(last.receipt_line()).is_none_or(|receipt| receipt.index != shows.last.index) {
        return Err(Unconfirmed::Unsigned("last"));
    }
    let deed = format!(
        "a freeze at size {}, and a checkpoint of size {} under the frozen key",
        freeze.body.size, checkpoint.size
    );
    let facts =
        vec![("frozen size", freeze.body.size.to_string()), ("cosigned size", checkpoint.size.to_string())];
    Ok((convict(witness), deed, facts))
}

fn convict(witness: &tlog::policy::Witness) -> Convict {
    Convict::Witness { name: witness.name.clone(), key: witness.key.clone() }
}
