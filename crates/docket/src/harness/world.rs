//! The register, and what can be done to it.

use std::collections::BTreeMap;
use std::sync::Arc;

use act::body::{Body, Enrol, Genesis, GenesisAnnexes, KeyEnrolment, Mark, Recover, Seat};
use act::form::{By, Draft, Head, Seen};
use act::value::{AnnexRef, File, KeySet, NoteText, Office, Vkey};
use act::{Act, Entry, Submission};
use note::{Algorithm, Check, Intake, KeyName, Note, Receipt, SignatureLine, SigningKey, VerifierKey};
use terms::{
    ActId, Capacity, Claimed, Custody, Hash, Instant, Origin, ParticipantId, RefusalGround, Role, Seconds,
    SignerName,
};
use tlog::{Checkpoint, Frontier, Policy};

use super::setup::Setup;
use super::{code, participant, signer};
use crate::v1::attic::InMemory;
use crate::v1::replay::{Annexes, Judged, Past, Replay, Singly, Unfit, Verifier, judge_submission};

/// A verifier that believes everything: for what is not about signatures.
#[derive(Clone, Copy, Debug, Default)]
pub struct Unchecked;

impl Verifier for Unchecked {
    fn holds(&mut self, _: u64, _: Check) -> bool {
        true
    }
}

/// Roots of all sizes.
#[derive(Clone, Debug, Default)]
pub struct Roots(pub Vec<Hash>);

impl Past for Roots {
    fn root_at(&self, size: u64) -> Option<Hash> {
        self.0.get(usize::try_from(size).ok()?).copied()
    }
}

/// What an author has in hand when it signs.
#[derive(Clone, Debug, Default)]
pub struct Hand {
    /// Up to which size it has seen the register.
    pub seen: Option<Seen>,
    /// Stamps on the submission: by whose intake key, and when.
    pub stamps: Vec<(String, Instant)>,
}

/// A register in memory.
#[derive(Clone, Debug)]
pub struct World {
    /// Its name.
    pub origin: Origin,
    /// Its genesis hash.
    pub genesis: Hash,
    /// The plain texts.
    pub annexes: Annexes,
    /// The entries.
    pub entries: Vec<Vec<u8>>,
    /// The roots of all sizes.
    pub roots: Roots,
    /// What time it is.
    pub now: Instant,
    /// Whose key the registrar uses now; its name in the key box.
    pub registrar: String,
    /// Names of the witnesses' keys.
    pub witnesses: Vec<String>,
    /// Seconds by which each witness's clock is ahead (or behind).
    pub skews: Vec<i64>,
    /// Size and time of the last mark.
    pub last_mark: Option<(u64, Instant)>,
    /// Those of every mark.
    pub marks: Vec<(u64, Instant)>,
    /// The register as replay sees it, entry by entry.
    pub live: Replay,
    /// Where each key's chain stands, as its author knows.
    pub chains: BTreeMap<SignerName, (u64, ActId)>,
    /// The last stamp of each intake key.
    pub last_stamp: BTreeMap<SignerName, Hash>,
    tree: Frontier,
    keys: BTreeMap<String, (SigningKey, VerifierKey)>,
    signed: bool,
    heartbeat: Seconds,
    root_keys: u32,
}

/// The seed of a key: everybody knows it.
fn seed(name: &str) -> [u8; 32] {
    *Hash::of(format!("mithaq harness key {name}").as_bytes()).as_bytes()
}

/// The key of this name.
#[must_use]
pub fn key(name: &str) -> SigningKey {
    SigningKey::from_seed(&seed(name))
}

fn origin() -> Origin {
    Origin::new("register.example/river-accord").expect("an origin")
}

/// The verifier key of a signer's own key; `suffix` makes it another one under the same name.
#[must_use]
pub fn vkey(name: &str, suffix: &str) -> VerifierKey {
    let name_of = KeyName::signer(&origin(), &signer(name));
    VerifierKey::plain(name_of, key(&format!("{name}{suffix}")).public())
}

/// The set of keys with these labels of a participant.
#[must_use]
pub fn key_set(who: &str, label: &str, k: u32, n: u32, first: u32) -> KeySet {
    let keys = (first..first + n).map(|at| Vkey(vkey(&format!("{who}/{label}-{at}"), ""))).collect();
    KeySet { k, keys }
}

/// A seat with `k` of `n` roots, the labels counted from `first`, and one recovery key.
#[must_use]
pub fn seat(who: &str, k: u32, n: u32, first: u32) -> Seat {
    Seat {
        participant: participant(who),
        roots: key_set(who, "root", k, n, first),
        recovery: Some(key_set(who, "recovery", 1, 1, first)),
    }
}

fn annex(annexes: &mut Annexes, text: &str) -> AnnexRef {
    let sha256 = Hash::of(text.as_bytes());
    annexes.insert(sha256, text.as_bytes().to_vec());
    AnnexRef { sha256, size: text.len() as u64 }
}

/// The policy of these witnesses over a registrar's key.
#[must_use]
pub fn policy(registrar: &str, witnesses: &[String], quorum: usize) -> Policy {
    let log = VerifierKey::plain(KeyName::checkpoint(&origin()), key(registrar).public());
    let witnesses = witnesses
        .iter()
        .map(|name| (name.clone(), VerifierKey::cosigner(witness_name(name), key(name).public())))
        .collect();
    Policy::new(log, witnesses, quorum).expect("a policy")
}

/// The key name of a witness.
#[must_use]
pub fn witness_name(name: &str) -> KeyName {
    KeyName::new(&format!("{name}.example/witness")).expect("a name")
}

impl World {
    /// Founds a register; then each founder enrols a desk, and each guarantor an intake node.
    ///
    /// # Panics
    ///
    /// If the setup founds nothing.
    #[must_use]
    pub fn found(setup: &Setup) -> World {
        let witnesses: Vec<String> = (1..=setup.witnesses).map(|n| format!("w{n}")).collect();
        let mut annexes = Annexes::new();
        let instrument = annex(&mut annexes, &setup.instrument());
        let library = annex(&mut annexes, &instrument::library::shipped());
        let policy = annex(&mut annexes, &policy("registrar", &witnesses, setup.quorum).to_string());
        let (k, n) = setup.roots;
        let founders = setup.founders();
        let body = Body::Genesis(Genesis {
            origin: origin(),
            rules: 1,
            exercise: true,
            annexes: GenesisAnnexes { instrument, library, policy },
            registrar: Vkey(vkey("registrar", "")),
            founders: founders.iter().map(|who| seat(who, k, n, 1)).collect(),
        });
        let signers: Vec<SignerName> = std::iter::once("registrar".to_owned())
            .chain(founders.iter().flat_map(|who| (1..=k).map(move |at| format!("{who}/root-{at}"))))
            .map(|name| signer(&name))
            .collect();
        let head =
            Head { by: By::Registrar, signers, n: 1, prev: None, seen: None, at: Claimed(setup.start) };
        let act = Draft { origin: origin(), genesis: None, head, body }.write().expect("a genesis");
        let mut keys = BTreeMap::new();
        let lines = act.head().signers.iter().map(|s| line(&mut keys, true, act.text(), s)).collect();
        let submission = Submission::new(act, lines, Vec::new(), Vec::new()).expect("a submission");
        let genesis = submission.act().register();
        let bytes = receipted(&submission, 0, setup.start, &genesis, "registrar", true);
        let mut live = Replay::begin(&bytes, &annexes, None, true, &mut Singly)
            .expect("a register that can be replayed");
        // What is replayed beside it has no attic, and comes to the same.
        live.rest_in(Arc::new(InMemory::default()), 1);
        let mut world = World {
            origin: origin(),
            genesis,
            annexes,
            entries: Vec::new(),
            roots: Roots(vec![tlog::EMPTY_ROOT]),
            now: setup.start,
            registrar: "registrar".to_owned(),
            skews: vec![0; witnesses.len()],
            witnesses,
            last_mark: None,
            marks: Vec::new(),
            heartbeat: live.instrument().calendar.heartbeat,
            live,
            chains: BTreeMap::from([(SignerName::Registrar, (1, submission.act().id()))]),
            last_stamp: BTreeMap::new(),
            tree: Frontier::new(),
            keys,
            signed: setup.signed,
            root_keys: k,
        };
        world.push_leaf(bytes);
        for who in &founders {
            world.enrol_desk(who);
        }
        world
    }

    /// Tells the living replay of annexes that have come since it began.
    pub fn know_annexes(&mut self) {
        self.live.know(&self.annexes);
    }

    /// Enrols `WHO/desk`, where two officers sign also `WHO/second`, and for a guarantor `WHO/intake`.
    pub fn enrol_desk(&mut self, who: &str) {
        self.enrol(who, "desk", Capacity::Officer);
        let two_sign = self.live.instrument().procedures.values();
        if two_sign.flat_map(|procedure| &procedure.steps).any(|(_, step)| step.eyes > 1) {
            self.enrol(who, "second", Capacity::Officer);
        }
        if self.live.ledger().role(&participant(who)) == Some(Role::Guarantor) {
            self.enrol(who, "intake", Capacity::Intake);
        }
    }

    /// Enrols a key, by as many roots as it takes. Gives the entry's index.
    pub fn enrol(&mut self, who: &str, label: &str, capacity: Capacity) -> u64 {
        let body = enrolment(who, label, capacity, "Liaison office");
        let signers = self.roots_of(who);
        self.act(&signers, body).0
    }

    /// As many live roots of a participant as must sign.
    #[must_use]
    pub fn roots_of(&self, who: &str) -> Vec<String> {
        let ledger = self.live.ledger();
        let Some(seat) = ledger.seats().get(&participant(who)) else { return Vec::new() };
        let live = seat.roots.keys.iter().filter(|k| ledger.keys().get(k).is_some_and(|k| k.ended.is_none()));
        let k = if seat.roots.k == 0 { self.root_keys } else { seat.roots.k };
        live.take(k as usize).map(ToString::to_string).collect()
    }

    /// An act as its author would write it now.
    ///
    /// # Panics
    ///
    /// If it is no act.
    #[must_use]
    pub fn draft<S: AsRef<str>>(&self, signers: &[S], hand: &Hand, body: Body) -> Draft {
        let signers: Vec<SignerName> = signers.iter().map(|s| signer(s.as_ref())).collect();
        let chain = self.chains.get(&signers[0]).copied();
        let by = signers[0].participant().map_or(By::Registrar, |p| By::Participant(p.clone()));
        let head = Head {
            by,
            signers,
            n: chain.map_or(1, |(n, _)| n + 1),
            prev: chain.map(|(_, id)| id),
            seen: hand.seen,
            at: Claimed(self.now),
        };
        Draft { origin: self.origin.clone(), genesis: Some(self.genesis), head, body }
    }

    /// Signs a draft, with the stamps in hand.
    ///
    /// # Panics
    ///
    /// If it is no act.
    pub fn sign(&mut self, draft: &Draft, hand: &Hand) -> Submission {
        let act = draft.write().expect("an act");
        let signed = self.signed;
        let lines = act.head().signers.iter().map(|s| line(&mut self.keys, signed, act.text(), s)).collect();
        let mut submission = Submission::new(act, lines, Vec::new(), Vec::new()).expect("a submission");
        for (who, time) in &hand.stamps {
            let line = self.stamp(who, submission.act().id(), *time);
            submission = submission.with_intake(line).expect("room for a stamp");
        }
        submission
    }

    /// A guarantor's stamp, the next of its chain.
    pub fn stamp(&mut self, who: &str, act: ActId, time: Instant) -> SignatureLine {
        let (intake, signer) = self.next_stamp(who, act, time);
        let name = KeyName::signer(&self.origin, &signer);
        intake.sign(&key(&signer.to_string()), &name)
    }

    /// What the next stamp of `WHO/intake` says; the chain goes on.
    pub fn next_stamp(&mut self, who: &str, act: ActId, time: Instant) -> (Intake, SignerName) {
        let signer = SignerName::key(&participant(who), &code("intake"));
        let previous = self.last_stamp.get(&signer).copied().unwrap_or(Hash::ZERO);
        let intake = Intake { act, time, previous };
        self.last_stamp.insert(signer.clone(), intake.hash());
        (intake, signer)
    }

    /// What a registrar that keeps its word says to a submission: why it refuses, if it does.
    #[must_use]
    pub fn refusal(&self, submission: &Submission) -> Option<RefusalGround> {
        judge_submission(self.live.ledger(), submission, self.now).err()
    }

    /// The same without looking at signatures.
    #[must_use]
    pub fn refusal_unsigned(&self, submission: &Submission) -> Option<RefusalGround> {
        self.live.ledger().judge(submission, self.now).err()
    }

    /// Registers a submission under the next index, whatever it is, at this registered time.
    pub fn register(&mut self, submission: &Submission, registered: Instant) -> (u64, Judged) {
        let index = self.entries.len() as u64;
        let bytes =
            receipted(submission, index, registered, &self.genesis, &self.registrar.clone(), self.signed);
        let judged = self.enter(bytes);
        if matches!(judged, Judged::Act(_) | Judged::Mark { .. }) {
            let head = submission.act().head();
            self.chains.insert(head.signers[0].clone(), (head.n, submission.act().id()));
        }
        (index, judged)
    }

    /// Writes, signs and registers an act now, with nothing seen. Gives its index and id.
    ///
    /// # Panics
    ///
    /// If a registrar would refuse it.
    pub fn act<S: AsRef<str>>(&mut self, signers: &[S], body: Body) -> (u64, ActId) {
        self.act_with(signers, &Hand::default(), body)
    }

    /// The same with what the author has in hand.
    ///
    /// # Panics
    ///
    /// If a registrar would refuse it.
    pub fn act_with<S: AsRef<str>>(&mut self, signers: &[S], hand: &Hand, body: Body) -> (u64, ActId) {
        let draft = self.draft(signers, hand, body);
        let submission = self.sign(&draft, hand);
        if self.signed {
            let refusal = self.refusal(&submission);
            assert!(refusal.is_none(), "refused: {refusal:?}: {}", submission.act().text());
        }
        let now = self.now;
        let (index, judged) = self.register(&submission, now);
        assert!(matches!(judged, Judged::Act(_)), "{judged:?}: {}", submission.act().text());
        (index, submission.act().id())
    }

    /// Puts bytes under the next index, whatever they are.
    pub fn enter(&mut self, bytes: Vec<u8>) -> Judged {
        let judged = self.live.enter(&bytes, &self.roots, &mut Unchecked);
        self.push_leaf(bytes);
        judged
    }

    fn push_leaf(&mut self, bytes: Vec<u8>) {
        self.tree.push(tlog::leaf_hash(&bytes));
        self.roots.0.push(self.tree.root());
        self.entries.push(bytes);
    }

    /// How many entries there are.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.entries.len() as u64
    }

    /// The checkpoint of a size that has been, as a `seen` says it.
    #[must_use]
    pub fn seen_at(&self, size: u64) -> Seen {
        Seen { size, root: self.roots.root_at(size).unwrap_or(Hash::ZERO) }
    }

    /// All that is there, seen.
    #[must_use]
    pub fn seeing(&self) -> Hand {
        Hand { seen: Some(self.seen_at(self.size())), stamps: Vec::new() }
    }

    /// A checkpoint of `size`, cosigned by these witnesses at these times.
    ///
    /// # Panics
    ///
    /// If there are no such witnesses.
    #[must_use]
    pub fn cosigned(&self, size: u64, times: &[(usize, Instant)]) -> Note {
        let root = self.roots.root_at(size).expect("a size that has been");
        let checkpoint = Checkpoint { origin: self.origin.clone(), size, root };
        let log = checkpoint.sign(&key(&self.registrar));
        let cosignatures = times.iter().map(|(place, time)| {
            let name = &self.witnesses[*place];
            tlog::cosignature::sign(&checkpoint, *time, &key(name), &witness_name(name))
        });
        Note::new(checkpoint.text(), std::iter::once(log).chain(cosignatures).collect()).expect("a note")
    }

    /// Enters a mark of `size`, cosigned by these witnesses at these times.
    pub fn mark_of(&mut self, size: u64, times: &[(usize, Instant)]) -> (u64, Judged) {
        let note = self.cosigned(size, times);
        self.mark_note(&note)
    }

    /// Enters a mark with this checkpoint.
    ///
    /// # Panics
    ///
    /// If it is no note.
    pub fn mark_note(&mut self, note: &Note) -> (u64, Judged) {
        let checkpoint = NoteText::new(note.to_string()).expect("a note");
        let draft = self.draft(&["registrar"], &Hand::default(), Body::Mark(Mark { checkpoint }));
        let act = draft.write().expect("a mark");
        let name = KeyName::signer(&self.origin, &SignerName::Registrar);
        let line = key(&self.registrar).sign_note(act.text(), &name);
        let submission = Submission::new(act, vec![line], Vec::new(), Vec::new()).expect("a submission");
        let now = self.now;
        let (index, judged) = self.register(&submission, now);
        if let Judged::Mark { size, witness_time } = judged {
            self.last_mark = Some((size, witness_time));
            self.marks.push((size, witness_time));
        }
        (index, judged)
    }

    /// What the witnesses' clocks show now.
    #[must_use]
    pub fn clocks(&self) -> Vec<(usize, Instant)> {
        let now = self.now;
        let shown = |skew: &i64| {
            let by = Seconds(skew.unsigned_abs());
            if *skew < 0 { now.minus(by) } else { now.plus(by) }
        };
        self.skews.iter().map(shown).enumerate().collect()
    }

    /// A mark of all there is, by all witnesses, now.
    ///
    /// # Panics
    ///
    /// If it is malformed.
    pub fn mark(&mut self) -> u64 {
        let (size, clocks) = (self.size(), self.clocks());
        let (index, judged) = self.mark_of(size, &clocks);
        assert!(matches!(judged, Judged::Mark { .. }), "{judged:?}");
        index
    }

    /// Two marks: the second shows the first, so that everything is settled and register time is now.
    pub fn settle(&mut self) {
        self.mark();
        self.mark();
    }

    /// A mark each heartbeat until then, and one then.
    pub fn run_to(&mut self, until: Instant) {
        loop {
            let next = self.last_mark.map_or(self.now, |(_, at)| at).plus(self.heartbeat);
            if next >= until {
                break;
            }
            self.now = next.max(self.now);
            self.mark();
        }
        self.now = until;
        self.mark();
    }

    /// Replays from the bytes.
    ///
    /// # Errors
    ///
    /// Why they can't be replayed.
    pub fn replay(&self, upto: u64, as_of: Option<Instant>) -> Result<Replay, Unfit> {
        let entries = &self.entries[..usize::try_from(upto).unwrap_or(usize::MAX).min(self.entries.len())];
        replay(entries, &self.annexes, as_of, &self.roots, &mut Unchecked)
    }

    /// Puts another registrar's key in place, as a succession does.
    pub fn new_registrar(&mut self, name: &str) {
        name.clone_into(&mut self.registrar);
        self.chains.remove(&SignerName::Registrar);
    }
}

/// Replays entries.
///
/// # Errors
///
/// Why they can't be replayed.
pub fn replay(
    entries: &[Vec<u8>],
    annexes: &Annexes,
    as_of: Option<Instant>,
    past: &Roots,
    verifier: &mut dyn Verifier,
) -> Result<Replay, Unfit> {
    let mut replay = Replay::begin(&entries[0], annexes, as_of, true, verifier)?;
    for entry in &entries[1..] {
        replay.enter(entry, past, verifier);
    }
    Ok(replay)
}

/// A submission with a receipt under it.
///
/// # Panics
///
/// Never.
#[must_use]
pub fn receipted(
    submission: &Submission,
    index: u64,
    time: Instant,
    genesis: &Hash,
    registrar: &str,
    signed: bool,
) -> Vec<u8> {
    let receipt = Receipt { index, time, submission: submission.hash() };
    let origin = submission.act().origin();
    let line = if signed || submission.act().head().by == By::Registrar {
        receipt.sign(origin, genesis, &key(registrar))
    } else {
        unsigned_receipt(&receipt, origin, registrar)
    };
    Entry::new(submission.clone(), line).expect("a receipt").to_bytes()
}

fn unsigned_receipt(receipt: &Receipt, origin: &Origin, registrar: &str) -> SignatureLine {
    let mut payload = Vec::with_capacity(112);
    payload.extend_from_slice(&receipt.index.to_be_bytes());
    payload.extend_from_slice(&receipt.time.secs().to_be_bytes());
    payload.extend_from_slice(receipt.submission.as_bytes());
    payload.extend_from_slice(&[0; 64]);
    VerifierKey::receipt(KeyName::receipt(origin), key(registrar).public()).line(payload)
}

fn line(
    keys: &mut BTreeMap<String, (SigningKey, VerifierKey)>,
    signed: bool,
    text: &str,
    who: &SignerName,
) -> SignatureLine {
    let name = who.to_string();
    let (key, vkey) = keys.entry(name.clone()).or_insert_with(|| (key(&name), vkey(&name, "")));
    if signed { key.sign_note(text, vkey.name()) } else { vkey.line(vec![0; 64]) }
}

/// Enrols a key.
///
/// # Panics
///
/// If the office is none.
#[must_use]
pub fn enrolment(who: &str, label: &str, capacity: Capacity, office: &str) -> Body {
    enrolment_with(who, label, capacity, office, None)
}

/// The same, with the file that names the holder.
///
/// # Panics
///
/// If the office is none.
#[must_use]
pub fn enrolment_with(who: &str, label: &str, capacity: Capacity, office: &str, note: Option<File>) -> Body {
    let plain = vkey(&format!("{who}/{label}"), "");
    let vkey = if capacity == Capacity::Intake {
        plain.under(plain.name().clone(), Algorithm::Intake).expect("an Ed25519 key")
    } else {
        plain
    };
    Body::Enrol(Enrol::Key(KeyEnrolment {
        label: code(label),
        capacity,
        vkey: Some(Vkey(vkey)),
        passkey: None,
        recipient: None,
        custody: Custody::Device,
        office: Office::new(office.to_owned()).expect("an office"),
        note,
    }))
}

/// New roots for a participant.
#[must_use]
pub fn recovery(who: &str, first: u32) -> Body {
    let Seat { participant, roots, recovery } = seat(who, 2, 3, first);
    Body::Recover(Recover { participant, roots, recovery })
}

/// An act's text and id, for tests that need both.
#[must_use]
pub fn act_of(bytes: &[u8]) -> Option<Act> {
    Entry::parse(bytes).ok().map(|entry| entry.act().clone())
}

/// Somebody's id.
#[must_use]
pub fn who(text: &str) -> ParticipantId {
    participant(text)
}
