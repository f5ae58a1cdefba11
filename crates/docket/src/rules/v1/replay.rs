//! Replay: entries in, in index order; the docket out.

mod genesis;
mod prospect;
mod receipts;
mod stamps;

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use act::form::By;
use act::{Body, Entry, EntryFault, Submission};
use instrument::Instrument;
use note::{Check, Intake};
use terms::{ActId, Hash, Instant, Kind, RefusalGround, SignerName};
use tlog::{CosignedCheckpoint, Frontier};

use super::attic::{Attic, Rooms};
use super::event::{Event, What};
use super::law::Law;
use super::ledger::{KeyState, Ledger, Obligation};
use super::marks::Timeline;
use super::settle::{Context, Queued, Settlement};
use super::void::VoidReason;
use genesis::{check_genesis_signatures, read_instrument, read_library, read_policy};
use stamps::{IntakeChains, counts, read_intake};

pub use prospect::{Foreseen, Prospect};
pub use stamps::{Broken, FalseStamp};

/// The plain texts that replay needs, by hash.
pub type Annexes = BTreeMap<Hash, Vec<u8>>;

/// Roots of earlier sizes, from tiles that were checked against the entries: what `seen` is held to.
pub trait Past {
    /// The root of the first `size` entries, for sizes up to the entry that is being entered.
    fn root_at(&self, size: u64) -> Option<Hash>;
}

/// Who says whether a signature holds. One checks each at once; another gathers them for a batch,
/// answers yes, and replays anew with what it found if a batch fails.
pub trait Verifier {
    /// Whether this check of the entry at `index` passes.
    fn holds(&mut self, index: u64, check: Check) -> bool;
}

/// An entry's bytes, read: what can be known of it alone, and so on any thread.
#[derive(Clone, Debug)]
pub struct Read {
    /// The entry, or why it is none.
    pub entry: Result<Box<Entry>, EntryFault>,
    /// The bytes' hash as a leaf of the tree.
    pub leaf: Hash,
}

impl Read {
    /// Reads an entry's bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Read {
        Read { entry: Entry::parse(bytes).map(Box::new), leaf: tlog::tree::leaf_hash(bytes) }
    }
}

/// Checks each signature when it is asked.
#[derive(Clone, Copy, Debug, Default)]
pub struct Singly;

impl Verifier for Singly {
    fn holds(&mut self, _: u64, check: Check) -> bool {
        check.passes()
    }
}

/// Why a register can't be replayed at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// Entry 0 founds nothing.
    Genesis(String),
    /// An annex is not at hand: nothing can be said, and nobody is to blame.
    MissingAnnex(Hash),
    /// The rules version is not one that this program has.
    UnknownRules(u32),
    /// The instrument has errors.
    Instrument(Vec<String>),
    /// The witness policy has errors.
    Policy(Vec<String>),
}

impl Unfit {
    /// A stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Unfit::Genesis(_) => "docket::genesis",
            Unfit::MissingAnnex(_) => "docket::missing_annex",
            Unfit::UnknownRules(_) => "docket::unknown_rules",
            Unfit::Instrument(_) => "docket::instrument",
            Unfit::Policy(_) => "docket::policy",
        }
    }
}

impl std::fmt::Display for Unfit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Unfit::Genesis(why) => write!(f, "entry 0: {why}"),
            Unfit::MissingAnnex(hash) => write!(f, "the annex {} is missing", hash.to_hex()),
            Unfit::UnknownRules(version) => {
                write!(f, "rules version {version} is not known to this program; a newer release may know it")
            }
            Unfit::Instrument(errors) => write!(f, "the instrument: {}", errors.join("; ")),
            Unfit::Policy(errors) => write!(f, "the witness policy: {}", errors.join("; ")),
        }
    }
}

impl std::error::Error for Unfit {}

/// What an entry is, as judged at its index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Judged {
    /// A well-formed act; its effect comes when it settles.
    Act(Kind),
    /// A mark, which settled all below its size.
    Mark {
        /// What it covers.
        size: u64,
        /// Its witness time.
        witness_time: Instant,
    },
    /// What the registrar had to refuse: it changes nothing, and convicts the registrar.
    Malformed {
        /// On which ground.
        ground: RefusalGround,
        /// What is wrong, in a sentence.
        why: String,
    },
    /// Past the time up to which marks are read.
    Beyond,
}

/// A register that is being replayed.
#[derive(Clone, Debug)]
pub struct Replay {
    pub(super) rules: u32,
    pub(super) exercise: bool,
    pub(super) ledger: Ledger,
    pub(super) timeline: Timeline,
    pub(super) settlement: Settlement,
    pub(super) malformed: u64,
    annexes: Annexes,
    as_of: Option<Instant>,
    beyond: bool,
    missing: Option<Hash>,
    /// The tree up to the last mark's size, and the leaves after it.
    marked_tree: Frontier,
    leaves: Vec<Hash>,
    queue: VecDeque<Queued>,
    chains: IntakeChains,
}

impl Replay {
    /// Begins with entry 0. `as_of` leaves out the first mark past it and all that follows (T9).
    /// `keep_events` holds events for [`Replay::take_events`].
    ///
    /// # Errors
    ///
    /// Why this register can't be replayed.
    pub fn begin(
        genesis: &[u8],
        annexes: &Annexes,
        as_of: Option<Instant>,
        keep_events: bool,
        verifier: &mut dyn Verifier,
    ) -> Result<Replay, Unfit> {
        let unfit = |why: String| Unfit::Genesis(why);
        let entry = Entry::parse(genesis).map_err(|fault| unfit(fault.to_string()))?;
        let act = entry.act();
        let Body::Genesis(body) = act.body() else {
            return Err(unfit("it is not a genesis".to_owned()));
        };
        if !crate::rules::KNOWN.contains(&body.rules) {
            return Err(Unfit::UnknownRules(body.rules));
        }
        let annex = |hash: &Hash| annexes.get(hash).ok_or(Unfit::MissingAnnex(*hash));
        let library = read_library(annex(&body.annexes.library.sha256)?)?;
        let named = body.annexes.instrument.sha256;
        let law = Arc::new(Law::new(1, named, read_instrument(annex(&named)?, &library)?));
        let policy = read_policy(annex(&body.annexes.policy.sha256)?)?;
        let named = [body.annexes.instrument, body.annexes.library, body.annexes.policy];
        if let Some(other) = named
            .iter()
            .find(|named| annexes.get(&named.sha256).is_none_or(|bytes| bytes.len() as u64 != named.size))
        {
            return Err(unfit(format!("the annex {} has another size than it says", other.sha256.to_hex())));
        }
        if policy.origin() != act.origin() || policy.log().raw() != body.registrar.0.raw() {
            return Err(unfit("the policy names another log, or another key of it".to_owned()));
        }
        let ledger = Ledger::begin(act, &law.instrument, policy).map_err(unfit)?;
        check_genesis_signatures(&entry, &ledger, verifier).map_err(unfit)?;
        let timeline = Timeline::new(law.instrument.calendar.heartbeat);
        let settlement = Settlement::new(law, library, keep_events);
        Ok(Replay {
            rules: body.rules,
            exercise: body.exercise,
            ledger,
            timeline,
            settlement,
            malformed: 0,
            annexes: annexes.clone(),
            as_of,
            beyond: false,
            missing: None,
            marked_tree: Frontier::new(),
            leaves: vec![tlog::tree::leaf_hash(genesis)],
            queue: VecDeque::new(),
            chains: IntakeChains::default(),
        })
    }

    /// The time beyond which no mark is read, if one was asked for and is not past.
    #[must_use]
    pub const fn as_of(&self) -> Option<Instant> {
        self.as_of
    }

    /// Reads on past the time that was asked for: the mark that closed it is to be entered anew.
    pub const fn read_on(&mut self) {
        if self.is_closed() {
            self.as_of = None;
            self.beyond = false;
        }
    }

    /// From now on matters that nothing has changed for a while lie in an attic, but for about so many. What is copied from
    /// this puts its own there too.
    pub fn rest_in(&mut self, attic: Arc<dyn Attic>, keep: usize) {
        self.settlement.matters.rest_in(Rooms::new(attic), keep);
    }

    /// Puts into the attic what rests, and lets go of what was only brought back to be read: as each mark does.
    pub fn rest(&mut self) {
        self.settlement.matters.rest();
    }

    /// More annexes have come: what amendments bring is read from them.
    pub fn know(&mut self, annexes: &Annexes) {
        self.annexes.extend(annexes.iter().map(|(hash, bytes)| (*hash, bytes.clone())));
    }

    /// Takes in the next entry.
    pub fn enter(&mut self, bytes: &[u8], past: &dyn Past, verifier: &mut dyn Verifier) -> Judged {
        self.enter_read(Read::of(bytes), past, verifier)
    }

    /// Takes in the next entry, which was read before.
    pub fn enter_read(&mut self, read: Read, past: &dyn Past, verifier: &mut dyn Verifier) -> Judged {
        let Read { entry, leaf } = read;
        if self.beyond {
            return Judged::Beyond;
        }
        let index = self.ledger.size();
        match self.judge(index, entry, verifier) {
            Ok(Good::Mark { entry, size, witness_time }) => {
                if self.as_of.is_some_and(|as_of| witness_time > as_of) {
                    self.beyond = true;
                    return Judged::Beyond;
                }
                self.leaves.push(leaf);
                self.ledger.enter(entry.submission(), entry.receipt().time);
                self.mark(index, size, witness_time);
                Judged::Mark { size, witness_time }
            }
            Ok(Good::Act { entry, begins_succession }) => {
                if begins_succession && let Body::Succeed(body) = entry.act().body() {
                    self.ledger.begin_succession(body);
                }
                self.leaves.push(leaf);
                let kind = entry.act().kind();
                self.queue_act(index, entry, past);
                Judged::Act(kind)
            }
            Err(Bad { ground, why, missing: Some(annex) }) => {
                // Nothing signed proves that an annex is withheld: nobody is to blame, and replay goes
                // no further.
                self.missing = Some(annex);
                self.beyond = true;
                let _: (RefusalGround, String) = (ground, why);
                Judged::Beyond
            }
            Err(Bad { ground, why, missing: None }) => {
                self.leaves.push(leaf);
                self.ledger.skip();
                self.malformed += 1;
                self.settlement.happened_here(Some(index), What::Malformed(ground));
                Judged::Malformed { ground, why }
            }
        }
    }

    fn judge(
        &mut self,
        index: u64,
        entry: Result<Box<Entry>, EntryFault>,
        verifier: &mut dyn Verifier,
    ) -> Result<Good, Bad> {
        let entry = entry.map_err(|fault| Bad {
            ground: RefusalGround::Form,
            why: fault.to_string(),
            missing: None,
        })?;
        let registered = entry.receipt().time;
        let bad = |ground, why: &str| Bad { ground, why: why.to_owned(), missing: None };
        if entry.receipt().index != index {
            return Err(bad(RefusalGround::Form, "the receipt is for another index"));
        }
        if entry.receipt().submission != entry.submission_hash() {
            return Err(bad(RefusalGround::Form, "the receipt is for another submission"));
        }
        let begins_succession = self.check_receipt(index, &entry, verifier).map_err(|refused| Bad {
            missing: refused.missing,
            ..bad(refused.ground, "the receipt is not signed by the registrar's key")
        })?;
        let obligations = self
            .ledger
            .judge(entry.submission(), registered)
            .map_err(|ground| bad(ground, ground_sentence(ground, self.has_passkeys(entry.submission()))))?;
        for Obligation { line, check } in obligations {
            if !verifier.holds(index, check) {
                let why = format!("signature line {} does not hold", line + 1);
                return Err(bad(RefusalGround::Signature, &why));
            }
        }
        let Body::Mark(mark) = entry.act().body() else {
            return Ok(Good::Act { entry, begins_succession });
        };
        let (size, witness_time) = self
            .check_mark(index, mark.checkpoint.as_str(), verifier)
            .map_err(|(ground, why)| bad(ground, &why))?;
        Ok(Good::Mark { entry, size, witness_time })
    }

    /// Whether a passkey is to sign.
    fn has_passkeys(&self, submission: &Submission) -> bool {
        let keys = self.ledger.keys();
        let is = |signer| keys.get(signer).is_some_and(|key: &KeyState| key.passkey.is_some());
        submission.act().head().signers.iter().any(is)
    }

    /// T5, but for the witness time that only the accepted mark has.
    fn check_mark(
        &self,
        index: u64,
        note: &str,
        verifier: &mut dyn Verifier,
    ) -> Result<(u64, Instant), (RefusalGround, String)> {
        let form = |why: String| (RefusalGround::Form, why);
        let cosigned = CosignedCheckpoint::parse(note.as_bytes()).map_err(|fault| form(fault.to_string()))?;
        let claims = cosigned.claims(self.ledger.policy()).map_err(|fault| form(fault.to_string()))?;
        let checks: Vec<Check> = claims.checks().cloned().collect();
        let cosigners = claims.proven();
        if !cosigners.unknown.is_empty() {
            return Err(form("a line of the checkpoint is by a key that the policy has not".to_owned()));
        }
        if !cosigners.is_quorum() {
            return Err(form("too few witnesses have cosigned the checkpoint".to_owned()));
        }
        let size = cosigned.checkpoint().size;
        if size > index || size < self.timeline.settled() {
            return Err(form(
                "the checkpoint's size is not between the mark before it and its own index".to_owned(),
            ));
        }
        let mut tree = self.marked_tree.clone();
        let more = size - self.marked_tree.size();
        tree.extend(self.leaves.iter().copied().take(usize::try_from(more).unwrap_or(usize::MAX)));
        if tree.root() != cosigned.checkpoint().root {
            return Err(form("the checkpoint's root is not that of the entries".to_owned()));
        }
        if !checks.into_iter().all(|check| verifier.holds(index, check)) {
            return Err((RefusalGround::Signature, "a line of the checkpoint does not hold".to_owned()));
        }
        let median = cosigners.median().ok_or_else(|| form("nobody has cosigned".to_owned()))?;
        Ok((size, self.timeline.witness_time(median)))
    }

    fn queue_act(&mut self, index: u64, entry: Box<Entry>, past: &dyn Past) {
        let act = entry.act();
        let registered = entry.receipt().time;
        let author = match &act.head().by {
            By::Participant(by) => Some(by.clone()),
            By::Registrar => None,
        };
        let stamps: Vec<(SignerName, Intake)> = entry
            .submission()
            .intakes()
            .iter()
            .filter_map(|line| read_intake(self.ledger.origin(), line, act.id()))
            .filter(|(key, intake)| {
                let intact = self.chains.take(index, key, intake);
                intact && counts(&self.ledger, key.participant(), author.as_ref())
            })
            .collect();
        let stamp_counts = match act.body() {
            Body::Intake(body) => {
                let intake = Intake { act: body.act, time: body.time, previous: body.previous };
                let intact = self.chains.take(index, &body.key, &intake);
                intact && counts(&self.ledger, body.key.participant(), None)
            }
            _ => false,
        };
        let seen_fits = act
            .head()
            .seen
            .is_some_and(|seen| seen.size <= index && past.root_at(seen.size) == Some(seen.root));
        let low = self.timeline.low(index);
        let mut entered = self.ledger.enter(entry.submission(), registered);
        if let (Body::Succeed(body), Some(by)) = (act.body(), &author) {
            // Under a living registrar's key nothing succeeds it.
            let policy = self.policy_after(body).ok_or(VoidReason::WrongState);
            match policy.and_then(|policy| self.ledger.succeed(policy, body, by)) {
                Ok(succeeded) => entered.succeeded = succeeded,
                Err(reason) => entered.void = Some(reason),
            }
        }
        self.queue.push_back(Queued {
            index,
            entry,
            registered,
            low,
            seen_fits,
            stamps,
            stamp_counts,
            entered,
        });
    }

    fn mark(&mut self, index: u64, size: u64, witness_time: Instant) {
        let more =
            usize::try_from(size - self.marked_tree.size()).unwrap_or(usize::MAX).min(self.leaves.len());
        self.marked_tree.extend(self.leaves.drain(..more));
        let dead = self.timeline.add(index, size, witness_time);
        if let Some((from, to)) = dead {
            let first = self.queue.front().map_or(index, |queued| queued.index);
            self.settlement.happened_here(Some(index), What::Dead(from, to));
            let here = self.settlement.here();
            // What is before the first that waits has settled, and no more.
            let index = first.saturating_sub(1);
            let context = context(&self.ledger, &self.timeline, &self.annexes, index);
            self.settlement.remeasure(here, witness_time, context);
        }
        while self.settlement.missing.is_none()
            && let Some(queued) = self.queue.pop_front_if(|queued| queued.index < size)
        {
            let context = context(&self.ledger, &self.timeline, &self.annexes, queued.index);
            self.settlement.settle(&queued, witness_time, context);
        }
        let unsettled = self.queue.front().map_or(index + 1, |queued| queued.index);
        let reached = self.timeline.advance(unsettled);
        let settled = size.saturating_sub(1);
        let context = context(&self.ledger, &self.timeline, &self.annexes, settled);
        if let Some(reached) = reached {
            self.settlement.run_until(reached, context);
        }
        self.settlement.forget_before(witness_time, context);
        // What changes keys has force from the index after the mark at which it took effect (T21).
        for seat in self.settlement.recovered() {
            self.ledger.recover(&seat, index + 1);
        }
        if let Some(brought) = self.settlement.take_amended() {
            let changed = self.ledger.amend(&brought.law.instrument, brought.policy);
            self.timeline.beats(brought.law.instrument.calendar.heartbeat);
            let context =
                Context { ledger: &self.ledger, timeline: &self.timeline, annexes: &self.annexes, index };
            for who in changed {
                // What waited for them waits no more, as if they had taken their seats; or it waits for that.
                if context.is_vacant(&who) {
                    self.settlement.seat_was_left(&who, witness_time, context);
                } else {
                    self.settlement.seat_was_taken(&who, witness_time, context);
                }
            }
        }
        self.rest();
        if let Some(annex) = self.settlement.missing {
            // Nothing signed proves that it is withheld: replay goes no further, and nobody is to blame.
            self.missing = Some(annex);
            self.beyond = true;
        }
    }

    /// From now on no events are held; those that are, are gone.
    pub fn keep_no_events(&mut self) {
        self.settlement.events.keep_none();
    }

    /// The events since the last call, if they are kept.
    pub fn take_events(&mut self) -> Vec<Event> {
        self.settlement.events.take()
    }

    /// Keys, seats and chains.
    #[must_use]
    pub const fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// Marks and time.
    #[must_use]
    pub const fn timeline(&self) -> &Timeline {
        &self.timeline
    }

    /// Matters and exhibits.
    #[must_use]
    pub const fn settlement(&self) -> &Settlement {
        &self.settlement
    }

    /// The agreement, as it stands now.
    #[must_use]
    pub fn instrument(&self) -> &Instrument {
        &self.settlement.law.instrument
    }

    /// The stamps that have no effect, since their keys contradict themselves.
    #[must_use]
    pub fn false_stamps(&self) -> &[FalseStamp] {
        &self.chains.broken
    }

    /// Whether it is an exercise.
    #[must_use]
    pub const fn is_exercise(&self) -> bool {
        self.exercise
    }

    /// How many entries were read.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.ledger.size()
    }

    /// The root over the entries that were read.
    #[must_use]
    pub fn root(&self) -> Hash {
        let mut tree = self.marked_tree.clone();
        tree.extend(self.leaves.iter().copied());
        tree.root()
    }

    /// Whether a mark past the time that was asked for has been read: then this never changes (T9).
    #[must_use]
    pub const fn is_closed(&self) -> bool {
        self.beyond && self.missing.is_none()
    }

    /// The annex for want of which nothing more can be said: the register is incomplete, and nobody is
    /// to blame.
    #[must_use]
    pub const fn missing_annex(&self) -> Option<&Hash> {
        self.missing.as_ref()
    }

    /// How many entries the registrar had to refuse and did not.
    #[must_use]
    pub const fn malformed(&self) -> u64 {
        self.malformed
    }

    /// The indexes of acts that wait to settle.
    pub fn pending(&self) -> impl Iterator<Item = (u64, ActId, Kind)> + '_ {
        self.queue.iter().map(|queued| (queued.index, queued.entry.act().id(), queued.entry.act().kind()))
    }
}

const fn context<'a>(
    ledger: &'a Ledger,
    timeline: &'a Timeline,
    annexes: &'a Annexes,
    index: u64,
) -> Context<'a> {
    Context { ledger, timeline, annexes, index }
}

enum Good {
    Act { entry: Box<Entry>, begins_succession: bool },
    Mark { entry: Box<Entry>, size: u64, witness_time: Instant },
}

struct Bad {
    ground: RefusalGround,
    why: String,
    /// An annex without which nothing can be said.
    missing: Option<Hash>,
}

const fn ground_sentence(ground: RefusalGround, passkeys: bool) -> &'static str {
    match ground {
        RefusalGround::Form => "the act is of another register",
        RefusalGround::Signature if passkeys => "a passkey's assertion does not hold, or a line is cut",
        RefusalGround::Signature => "a signature line, or a stamp, has not the length of its kind",
        RefusalGround::Key => "a key is not enrolled, is over, may not do this, or is not enough",
        RefusalGround::Number => "`n` does not rise",
        RefusalGround::Previous => "`prev` is not the key's last act",
        RefusalGround::Duplicate => "the act is in the register already",
        RefusalGround::Quota => "the participant is over its quota for the day",
    }
}

/// A submission as a registrar judges it, before it gives it an index.
///
/// # Errors
///
/// The ground on which it must be refused. Beside what convicts, whatever a cofactorless verifier
/// would refuse: so that stock tools agree on every entry.
pub fn judge_submission(ledger: &Ledger, submission: &Submission, now: Instant) -> Result<(), RefusalGround> {
    let obligations = ledger.judge(submission, now)?;
    let holds = |check: &Check| check.passes() && check.passes_cofactorless();
    if obligations.iter().all(|o| holds(&o.check)) { Ok(()) } else { Err(RefusalGround::Signature) }
}
