//! What convicts the registrar by its own signatures and by witnesses' times (C1–C6).

use act::form::By;
use act::{Act, Body, Entry};
use note::{Algorithm, KeyName, Receipt, SignatureLine};
use terms::{Hash, Instant, SignerName};
use tlog::CosignedCheckpoint;

use super::anchor::{Anchor, Median, entry, forked, stands};
use super::file::{DatedAfter, DatedBefore, Fork, ReceiptNotKept, TwoReceipts};
use super::unconfirmed::Unconfirmed;
use super::{Convict, Shown};

/// C1.
pub(super) fn fork(anchor: &Anchor, shows: &Fork) -> Shown {
    let a = anchor.checkpoint(&shows.a, "a")?;
    let b = anchor.checkpoint(&shows.b, "b")?;
    let (a, b) = (a.checkpoint(), b.checkpoint());
    forked(a, b, shows.prefix.as_ref())?;
    let deed = if a.size == b.size {
        format!("two checkpoints of size {} with different roots", a.size)
    } else {
        format!(
            "a checkpoint of size {} that is not the beginning of its checkpoint of size {}",
            a.size, b.size
        )
    };
    let facts = vec![
        ("size of a", a.size.to_string()),
        ("root of a", a.root.to_string()),
        ("size of b", b.size.to_string()),
        ("root of b", b.root.to_string()),
    ];
    Ok((registrar(anchor), deed, facts))
}

/// C2.
pub(super) fn double_index(anchor: &Anchor, shows: &TwoReceipts) -> Shown {
    let (a, b) = two_receipts(anchor, shows)?;
    if a.index != b.index {
        return Err(Unconfirmed::NothingShown("the receipts are for two indexes"));
    }
    if a == b {
        return Err(Unconfirmed::NothingShown("the receipts say the same"));
    }
    let deed = format!("two receipts for the index {} that differ in time or submission", a.index);
    Ok((registrar(anchor), deed, receipt_facts(&a, &b)))
}

/// C3.
pub(super) fn receipt_not_kept(anchor: &Anchor, shows: &ReceiptNotKept) -> Shown {
    let receipt = anchor.receipt(&shows.receipt, "receipt")?;
    let (checkpoint, _) = anchor.final_checkpoint(&shows.checkpoint)?;
    stands(&shows.leaf, &checkpoint, "leaf")?;
    if shows.leaf.index != receipt.index {
        return Err(Unconfirmed::NothingShown("the receipt is for another index than the leaf's"));
    }
    let found = what_stands(anchor, &shows.leaf.entry.0);
    if found == Some((receipt.time, receipt.submission)) {
        return Err(Unconfirmed::NothingShown("what the receipt promised stands at its index"));
    }
    let deed = format!(
        "a receipt for the index {}, and a checkpoint of size {} in which something else stands there",
        receipt.index,
        checkpoint.checkpoint().size
    );
    let mut facts = vec![
        ("index", receipt.index.to_string()),
        ("time promised", receipt.time.to_string()),
        ("submission promised", receipt.submission.to_string()),
    ];
    if let Some((time, submission)) = found {
        facts.push(("time found", time.to_string()));
        facts.push(("submission found", submission.to_string()));
    }
    Ok((registrar(anchor), deed, facts))
}

/// Time and submission hash of a leaf, whatever else it is: an entry is a submission, and a receipt's
/// line after it.
fn what_stands(anchor: &Anchor, leaf: &[u8]) -> Option<(Instant, Hash)> {
    let lines = leaf.strip_suffix(b"\n")?;
    let cut = lines.iter().rposition(|byte| *byte == b'\n')? + 1;
    let line = SignatureLine::parse(std::str::from_utf8(&lines[cut..]).ok()?).ok()?;
    let (receipt, _) =
        Receipt::parse(&line.payload).filter(|_| line.name == KeyName::receipt(&anchor.origin))?;
    Some((receipt.time, Hash::of(&leaf[..cut])))
}

/// C4.
pub(super) fn time_backwards(anchor: &Anchor, shows: &TwoReceipts) -> Shown {
    let (a, b) = two_receipts(anchor, shows)?;
    if a.index >= b.index {
        return Err(Unconfirmed::NothingShown("the receipt with the lower index stands first"));
    }
    if a.time <= b.time {
        return Err(Unconfirmed::NothingShown("the lower index has no later time"));
    }
    let deed =
        format!("a receipt for the index {} with a later time than its receipt for {}", a.index, b.index);
    Ok((registrar(anchor), deed, receipt_facts(&a, &b)))
}

/// C5.
pub(super) fn dated_after(anchor: &Anchor, shows: &DatedAfter) -> Shown {
    let tolerance = anchor.instrument()?.calendar.tolerance;
    let (checkpoint, median) = anchor.final_checkpoint(&shows.checkpoint)?;
    let registered = registered(anchor, &entry(&shows.entry, &checkpoint, "entry")?, shows.entry.index)?;
    if registered <= median.time.plus(tolerance) {
        return Err(Unconfirmed::NothingShown("the entry's time is within the tolerance of the witnesses'"));
    }
    let Median { time, witnesses } = median;
    let deed = format!(
        "the time {registered} for the entry {}, which had been seen at {time} by the clocks of {witnesses} \
         witnesses",
        shows.entry.index
    );
    let holds = format!("at most {} of these clocks are behind", median.may_be_behind());
    Ok((registrar(anchor), deed, dating(shows.entry.index, registered, time, tolerance.0, holds)))
}

/// C6.
pub(super) fn dated_before(anchor: &Anchor, shows: &DatedBefore) -> Shown {
    let tolerance = anchor.instrument()?.calendar.tolerance;
    let (checkpoint, _) = anchor.final_checkpoint(&shows.checkpoint)?;
    let registered = registered(anchor, &entry(&shows.entry, &checkpoint, "entry")?, shows.entry.index)?;
    let mark = entry(&shows.mark, &checkpoint, "mark")?;
    if shows.mark.index >= shows.entry.index {
        return Err(Unconfirmed::NothingShown("the mark does not stand before the entry"));
    }
    let median = mark_median(anchor, &mark)?;
    if registered.plus(tolerance) >= median.time {
        return Err(Unconfirmed::NothingShown("the entry's time is within the tolerance of the mark's"));
    }
    let Median { time, witnesses } = median;
    let deed = format!(
        "the time {registered} for the entry {}, which stands after the mark {} of {time} by the clocks of \
         {witnesses} witnesses",
        shows.entry.index, shows.mark.index
    );
    let holds = format!("at most {} of these clocks are ahead", median.may_be_ahead());
    Ok((registrar(anchor), deed, dating(shows.entry.index, registered, time, tolerance.0, holds)))
}

/// The lower median in a mark that the registrar signed.
fn mark_median(anchor: &Anchor, mark: &Entry) -> Result<Median, Unconfirmed> {
    let unreadable = |why: String| Unconfirmed::Unreadable("mark", why);
    let act: &Act = mark.act();
    let Body::Mark(body) = act.body() else {
        return Err(Unconfirmed::NothingShown("what is called a mark is none"));
    };
    if !anchor.owns(act) || act.head().by != By::Registrar {
        return Err(Unconfirmed::OtherRegisterQuoted("mark"));
    }
    let key = anchor
        .registrar_under(KeyName::signer(&anchor.origin, &SignerName::Registrar), Algorithm::Ed25519)?;
    if !mark.submission().signatures().iter().any(|line| key.verify(act.text(), line).is_ok()) {
        return Err(Unconfirmed::Unsigned("mark"));
    }
    let cosigned = CosignedCheckpoint::parse(body.checkpoint.as_str().as_bytes())
        .map_err(|fault| unreadable(fault.to_string()))?;
    anchor.median(&cosigned)
}

/// Registered time of an entry whose receipt the registrar signed for this index.
fn registered(anchor: &Anchor, entry: &Entry, index: u64) -> Result<Instant, Unconfirmed> {
    if !anchor.owns(entry.act()) {
        return Err(Unconfirmed::OtherRegisterQuoted("entry"));
    }
    let receipt = anchor.receipt_line(entry.receipt_line()).ok_or(Unconfirmed::Unsigned("entry"))?;
    if receipt.index != index || receipt.submission != entry.submission_hash() {
        return Err(Unconfirmed::NothingShown("the entry's receipt is for something else"));
    }
    Ok(receipt.time)
}

fn two_receipts(anchor: &Anchor, shows: &TwoReceipts) -> Result<(Receipt, Receipt), Unconfirmed> {
    Ok((anchor.receipt(&shows.a, "a")?, anchor.receipt(&shows.b, "b")?))
}

pub(super) fn registrar(anchor: &Anchor) -> Convict {
    Convict::Registrar(anchor.registrar().clone())
}

fn receipt_facts(a: &Receipt, b: &Receipt) -> Vec<(&'static str, String)> {
    vec![
        ("index of a", a.index.to_string()),
        ("time of a", a.time.to_string()),
        ("submission of a", a.submission.to_string()),
        ("index of b", b.index.to_string()),
        ("time of b", b.time.to_string()),
        ("submission of b", b.submission.to_string()),
    ]
}

fn dating(
    index: u64,
    registered: Instant,
    witness_time: Instant,
    tolerance_s: u64,
    holds_while: String,
) -> Vec<(&'static str, String)> {
    vec![
        ("index", index.to_string()),
        ("registered", registered.to_string()),
        ("witness time", witness_time.to_string()),
        ("tolerance", format!("{tolerance_s} s")),
        ("holds while", holds_while),
    ]
}
