//! A mirror follows the register: entries are held, a witness cosigns, what a quorum cosigned is served.
//! In this order, so that nothing is cosigned that is not in hand.

use act::{Entry, Submission};
use note::SignatureLine;
use register::{RealDisk, Witness};
use terms::Instant;
use tlog::witness::{AddCheckpoint, Seen};
use tlog::{CosignedCheckpoint, Policy};

use super::import::Imported;
use super::read::Brought;
use crate::node::Store;
use crate::{Fault, Node};

impl Node {
    /// Everybody else: new entries are held, checked and replayed; a witness cosigns; what a quorum cosigned
    /// is served; a guarantor stamps.
    pub(super) fn absorb_as_mirror(
        &mut self,
        brought: &Brought,
        now: Instant,
        imported: &mut Imported,
    ) -> Result<(), Fault> {
        let checkpoints = self.checkpoints(brought, imported)?;
        self.look_for_forks(&checkpoints, brought.ask.as_ref(), imported)?;
        self.hold(brought, &checkpoints, imported)?;
        let complete = self.take_annexes(brought, imported)?;
        self.read_missing()?;
        for cosigned in &checkpoints {
            let Seen { size, root } = seen(cosigned);
            if size > self.cosigned()? && self.store.root_at(size) == Some(root) {
                self.notes().put(&cosigned.to_bytes())?;
            }
        }
        // What others began to cosign is a question too.
        let ask = match (&brought.ask, self.shown_by_own_witness()?) {
            (Some(ask), _) => Some(ask.clone()),
            (None, Some(old)) => {
                let begun = self.begun_above(old)?;
                begun.map(|checkpoint| AddCheckpoint { old: 0, proof: Vec::new(), checkpoint })
            }
            (None, None) => None,
        };
        if let Some(ask) = ask {
            self.cosign(&ask, complete, now, imported)?;
        }
        if self.serve_quorum()?.is_none() && self.cosigned()? < self.size() {
            let what = "entries are held that no quorum has cosigned yet: they wait for more cosigners";
            imported.remarks.push(what.to_owned());
        }
        self.keep_notes(brought, imported)?;
        imported.refused.extend(self.sweep_queue()?);
        for spot in &brought.submissions {
            let bytes = brought.spool.get(*spot)?;
            // A registrar could not let it in.
            if let Ok(submission) = Submission::parse(&bytes)
                && let Err(fault @ Fault::Annex { found: Some(_), .. }) = self
                    .check_annexes(&submission.act().body().annexes(), |hash| {
                        brought.annexes.get(hash).map(|spot| spot.size)
                    })
            {
                imported.remarks.push(format!("a submission was left aside: {fault}"));
                continue;
            }
            self.stamp(&bytes, now, imported)?;
        }
        self.take_stamped_annexes(brought)
    }

    /// A checkpoint of this registrar's that is not what is here: one of the two pasts is a lie.
    fn look_for_forks(
        &self,
        checkpoints: &[CosignedCheckpoint],
        ask: Option<&AddCheckpoint>,
        imported: &mut Imported,
    ) -> Result<(), Fault> {
        let log = self.policy().log();
        let signed = |ask: &&AddCheckpoint| ask.checkpoint.examine(self.policy()).is_ok();
        let asked = ask.filter(signed).map(|ask| ask.checkpoint.clone());
        for cosigned in checkpoints.iter().chain(&asked) {
            let Seen { size, root } = seen(cosigned);
            if self.store.root_at(size).is_some_and(|own| size <= self.size() && own != root) {
                imported.wrongs.push(format!(
                    "the registrar `{}` signed another past at size {size} than it showed here",
                    log.name()
                ));
                // Both are here now: `verify` finds it, and it convicts (TIME C1).
                self.notes().put(&cosigned.to_bytes())?;
            }
        }
        Ok(())
    }

    /// Brings new entries into tiles, up to the largest checkpoint that is signed and that they reach.
    fn hold(
        &mut self,
        brought: &Brought,
        checkpoints: &[CosignedCheckpoint],
        imported: &mut Imported,
    ) -> Result<(), Fault> {
        let size = self.size();
        let witness = self.settings.witness.is_some();
        let Reached { target, in_part } = reached(brought, checkpoints, self.policy(), witness, size)?;
        imported.in_part |= in_part;
        if in_part {
            imported.remarks.push(format!(
                "entries from {} on are missing: ask for a bundle from there",
                target.as_ref().map_or(size, |mark| mark.checkpoint().size)
            ));
        }
        let Some(target) = target else { return Ok(()) };
        let Store::Mirror(mirror) = &mut self.store else { return Ok(()) };
        let foreign = |fault: Fault| match fault {
            Fault::Register(fault) => fault,
            other => register::Fault::Garbled { path: "the bundle".into(), what: other.to_string() },
        };
        let entries = brought.entries(size, target.checkpoint().size).map(|entry| entry.map_err(foreign));
        match mirror.hold(entries, target.checkpoint()) {
            Ok(()) => {}
            Err(register::Fault::OtherEntries { .. }) => {
                let what = "the checkpoint's root is not that of the entries that came with it";
                imported.wrongs.push(what.to_owned());
                return Ok(());
            }
            Err(
                fault @ (register::Fault::OutOfRange { .. }
                | register::Fault::Length { .. }
                | register::Fault::Garbled { .. }),
            ) => {
                imported.remarks.push(format!("the entries were left aside: {fault}"));
                return Ok(());
            }
            Err(fault) => return Err(fault.into()),
        }
        imported.entries += self.size() - size;
        let malformed = self.replay.malformed();
        self.follow(size)?;
        if self.replay.malformed() > malformed {
            let new = self.replay.malformed() - malformed;
            imported
                .wrongs
                .push(format!("the registrar let {new} in that it had to refuse (`verify` names them)"));
        }
        Ok(())
    }

    /// Puts annexes on the shelf that entries name, or what waits here. Gives whether none is missing now. What
    /// a submission names that came along waits until that is taken in: [`Node::take_stamped_annexes`].
    fn take_annexes(&self, brought: &Brought, imported: &mut Imported) -> Result<bool, Fault> {
        let shelf = self.annexes();
        let mut named = self.known.annexes.clone();
        for submission in self.queued()? {
            for annex in submission.act().body().annexes() {
                named.entry(annex.sha256).or_default().insert(annex.size);
            }
        }
        let mut carried = Vec::new();
        for spot in &brought.submissions {
            if let Ok(submission) = Submission::parse(&brought.spool.get(*spot)?) {
                carried.extend(submission.act().body().annexes().iter().map(|annex| annex.sha256));
            }
        }
        for (hash, spot) in &brought.annexes {
            match named.get(hash) {
                Some(sizes) if sizes.contains(&spot.size) => drop(shelf.put(&brought.spool.get(*spot)?)?),
                Some(_) => imported.wrongs.push(format!(
                    "the annex {} was left aside: it has {} bytes, and no act that names it says so",
                    hash.to_hex(),
                    spot.size
                )),
                None if carried.contains(hash) => {}
                None => imported
                    .remarks
                    .push(format!("the annex {} was left aside: no act names it", hash.to_hex())),
            }
        }
        let mut complete = true;
        for hash in self.known.annexes.keys() {
            if !shelf.has(hash)? {
                complete = false;
                imported.remarks.push(format!("the annex {} is missing: ask for it", hash.to_hex()));
            }
        }
        Ok(complete)
    }

    /// Puts annexes on the shelf that came with submissions which were stamped: any other would lie there
    /// with no act that names it.
    fn take_stamped_annexes(&self, brought: &Brought) -> Result<(), Fault> {
        for submission in self.queued()? {
            for annex in submission.act().body().annexes() {
                if let Some(spot) = brought.annexes.get(&annex.sha256).filter(|spot| spot.size == annex.size)
                {
                    self.annexes().put(&brought.spool.get(*spot)?)?;
                }
            }
        }
        Ok(())
    }

    /// This node's witness cosigns what it was asked, if all of it is held here.
    pub(crate) fn cosign(
        &mut self,
        ask: &AddCheckpoint,
        complete: bool,
        now: Instant,
        imported: &mut Imported,
    ) -> Result<(), Fault> {
        let Some(mut witness) = self.cosigner()? else { return Ok(()) };
        let asked = seen(&ask.checkpoint);
        let done = witness.seen();
        if asked.size <= self.cosigned()? || done.is_some_and(|done| done.size > asked.size) {
            return Ok(());
        }
        let again = done == Some(asked);
        if again && self.collected()?.values().any(|cosigned| self.known.witnessed(cosigned) == done) {
            return Ok(());
        }
        let mut refuse = |why: String| {
            imported.wrongs.push(format!("this node's witness does not cosign: {why}"));
        };
        // What it cosigns follows on what it cosigned before, as the entries here show: they need no proof.
        if self.store.root_at(asked.size) != Some(asked.root) || asked.size > self.size() {
            if self.size() >= asked.size {
                refuse("the checkpoint is not of the entries that are here".to_owned());
            }
            return Ok(());
        }
        if let Some(done) = done
            && self.store.root_at(done.size) != Some(done.root)
        {
            refuse(format!("it cosigned another past at size {}", done.size));
            return Ok(());
        }
        match tlog::witness::admit(done.as_ref(), ask, self.policy().log()) {
            // The registrar did not know yet what this witness cosigned last, as happens by stick.
            Ok(_) | Err(tlog::witness::Refusal::OtherOld { .. }) => {}
            Err(tlog::witness::Refusal::BadProof(_)) if ask.proof.is_empty() => {}
            Err(refusal) => {
                refuse(refusal.to_string());
                return Ok(());
            }
        }
        if !complete {
            imported
                .remarks
                .push("this node's witness waits with its cosignature for the annexes".to_owned());
            return Ok(());
        }
        match self.cosign_held(&mut witness, ask, now) {
            Ok(_) => imported.cosigned = Some(asked.size),
            Err(Fault::Register(
                fault @ (register::Fault::Frozen
                | register::Fault::Behind { .. }
                | register::Fault::OtherPast { .. }),
            )) => imported.remarks.push(format!("this node's witness cosigns no more: {fault}")),
            Err(fault) => return Err(fault),
        }
        Ok(())
    }

    /// The witness cosigns what is held here, and what came of it lies in `note/`.
    pub(crate) fn cosign_held(
        &mut self,
        witness: &mut Witness<RealDisk>,
        ask: &AddCheckpoint,
        now: Instant,
    ) -> Result<SignatureLine, Fault> {
        witness.check_against(&self.others_know()?)?;
        let line = witness.cosign(&ask.checkpoint, now)?;
        if ask.checkpoint.checkpoint().size > self.cosigned()? {
            let merged = ask.checkpoint.merge(std::slice::from_ref(&line), self.policy());
            let merged = merged.map_err(|fault| Fault::Foreign(format!("the checkpoint: {fault}")))?;
            self.notes().put(&merged.to_bytes())?;
        }
        Ok(line)
    }

    /// What this node's witness has cosigned, as the register and the checkpoints here show.
    fn others_know(&self) -> Result<Vec<Seen>, Fault> {
        let served = self.checkpoint()?.and_then(|cosigned| self.known.witnessed(&cosigned));
        let collected = self.collected()?;
        let collected = collected.values().filter_map(|cosigned| self.known.witnessed(cosigned));
        Ok(self.known.cosigned.into_iter().chain(served).chain(collected).collect())
    }
}

pub(crate) fn seen(cosigned: &CosignedCheckpoint) -> Seen {
    Seen { size: cosigned.checkpoint().size, root: cosigned.checkpoint().root }
}

/// How far a bundle brings a mirror.
pub(super) struct Reached {
    /// The checkpoint up to which its entries are to be held, if there is one.
    pub(super) target: Option<CosignedCheckpoint>,
    /// Whether larger ones are signed, and their entries did not come.
    pub(super) in_part: bool,
}

/// The largest checkpoint that is signed and that the entries of a bundle reach from `size` on.
pub(super) fn reached(
    brought: &Brought,
    checkpoints: &[CosignedCheckpoint],
    policy: &Policy,
    witness: bool,
    size: u64,
) -> Result<Reached, Fault> {
    let reach = brought.reach(size);
    let asked = brought.ask.as_ref().map(|ask| &ask.checkpoint);
    // Only a witness has a reason to hold what no quorum has cosigned.
    let due = |cosigned: &&CosignedCheckpoint| {
        cosigned.checkpoint().size > size
            && match cosigned.examine(policy) {
                Ok(cosigners) => witness || cosigners.is_quorum(),
                Err(_) => false,
            }
    };
    let due: Vec<&CosignedCheckpoint> = checkpoints.iter().chain(asked).filter(due).collect();
    let within = due.iter().filter(|cosigned| cosigned.checkpoint().size <= reach);
    let target = within.max_by_key(|cosigned| cosigned.checkpoint().size).copied().cloned();
    let in_part = due.iter().any(|cosigned| cosigned.checkpoint().size > reach);
    if target.is_some() || due.is_empty() {
        return Ok(Reached { target, in_part });
    }
    // Of a large register a bundle may bring a part: it ends at a mark, whose checkpoint is good.
    Ok(Reached { target: last_mark(brought, policy, size, reach)?, in_part })
}

/// The checkpoint of the last mark among entries that came, that a quorum cosigned.
fn last_mark(
    brought: &Brought,
    policy: &Policy,
    start: u64,
    reach: u64,
) -> Result<Option<CosignedCheckpoint>, Fault> {
    let mut last = None;
    for entry in brought.entries(start, reach) {
        let Ok(entry) = Entry::parse(&entry?) else { continue };
        let act::Body::Mark(mark) = entry.act().body() else { continue };
        let Ok(cosigned) = CosignedCheckpoint::parse(mark.checkpoint.as_str().as_bytes()) else {
            continue;
        };
        if cosigned.checkpoint().size > start && cosigned.verify_quorum(policy).is_ok() {
            last = Some(cosigned);
        }
    }
    Ok(last)
}
