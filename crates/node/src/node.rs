//! A node at work.

use std::sync::Arc;

use act::{Act, Entry, Submission};
use docket::v1::Ledger;
use docket::v1::replay::{Annexes, Past, Replay, Singly};
use note::{KeyName, SigningKey, VerifierKey};
use register::{Answer, Folder, Log, Mirror, RealDisk, Registrar, Shelf, Start, Witness};
use store::Attic;
use terms::{ActId, Hash, Instant, Origin, ParticipantId, RefusalGround, SignerName};
use tlog::{CosignedCheckpoint, Policy};
use vault::{Keyring, Secret, Vault};

use crate::bundle::Peer;
use crate::enter::TOGETHER;
use crate::happened::Happened;
use crate::known::Known;
use crate::numbers::Numbers;
use crate::rebuilt::{Came, Rebuilt};
use crate::{Fault, Home, Settings};

/// A participant's node, open.
pub struct Node {
    pub(crate) home: Home,
    pub(crate) settings: Settings,
    pub(crate) folder: Arc<Folder<RealDisk>>,
    pub(crate) store: Store,
    pub(crate) ring: Keyring,
    pub(crate) vault: Vault,
    /// All entries that are here, judged: what the next one is held against.
    pub(crate) replay: Replay,
    /// The entries that a quorum has cosigned, and what came of them (TIME T1). Shared with whoever reads it: it is changed
    /// on a copy then.
    pub(crate) docket: Arc<Replay>,
    /// What happened on it.
    pub(crate) happened: Happened,
    /// Where all of this lies that is not in memory.
    pub(crate) attic: Arc<Attic>,
    /// What came of holding the docket against the file before.
    pub(crate) rebuilt: Option<Rebuilt>,
    pub(crate) known: Known,
    pub(crate) numbers: Numbers,
}

/// How a node is opened.
pub(crate) struct Opening<'o> {
    /// Whether the docket is held against the file before.
    pub(crate) holds: bool,
    /// Hears how many entries were replayed, and of how many.
    pub(crate) tell: &'o mut dyn FnMut(u64, u64),
}

/// About how many matters a docket has in memory: so many as people work with.
const NEAR: usize = 4096;

/// The most entries that are judged anew so that what is final is held once, and not twice.
const AGAIN: u64 = 256;

/// The register, as this node has it.
pub(crate) enum Store {
    /// Its own to sequence.
    Log(Box<Log<RealDisk>>),
    /// A copy.
    Mirror(Box<Mirror<RealDisk>>),
}

impl Store {
    pub(crate) fn size(&self) -> u64 {
        match self {
            Store::Log(log) => log.size(),
            Store::Mirror(mirror) => mirror.size(),
        }
    }

    pub(crate) fn root_at(&self, size: u64) -> Option<Hash> {
        match self {
            Store::Log(log) => log.root_at(size).ok(),
            Store::Mirror(mirror) => mirror.root_at(size).ok(),
        }
    }

    /// The largest checkpoint with a quorum.
    pub(crate) fn checkpoint(&self) -> Result<Option<CosignedCheckpoint>, Fault> {
        match self {
            Store::Log(log) => Ok(log.reader().checkpoint()?),
            Store::Mirror(mirror) => Ok(mirror.reader().checkpoint()?),
        }
    }

    pub(crate) fn entry(&self, index: u64) -> Result<Vec<u8>, Fault> {
        match self {
            Store::Log(log) => Ok(log.entry(index)?),
            Store::Mirror(mirror) => Ok(mirror.reader().entry(index, mirror.size())?),
        }
    }

    /// Entries in order. All in memory for what a stick carries; a bundle at a time on the disk.
    pub(crate) fn for_each(
        &self,
        range: std::ops::Range<u64>,
        mut each: impl FnMut(u64, &[u8]) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        let start = range.start;
        match self {
            Store::Log(log) => {
                for (index, entry) in (start..).zip(log.entries(range)) {
                    each(index, &entry?)?;
                }
            }
            Store::Mirror(mirror) => {
                for (index, entry) in (start..).zip(mirror.entries(range)) {
                    each(index, &entry?)?;
                }
            }
        }
        Ok(())
    }
}

/// Roots of earlier sizes from the store's own tiles.
pub(crate) struct StorePast<'a>(pub(crate) &'a Store);

impl Past for StorePast<'_> {
    fn root_at(&self, size: u64) -> Option<Hash> {
        self.0.root_at(size)
    }
}

impl Node {
    /// Opens a node with its keyring, checks its files against each other, and replays.
    ///
    /// # Errors
    ///
    /// There is none, its files are damaged, or another process has it open.
    pub fn open(home: &Home, ring: Keyring) -> Result<Node, Fault> {
        Node::open_as(home, ring, Opening { holds: false, tell: &mut |_, _| () })
    }

    /// The same for one that is to run: the docket is held against what it had come to when it ran last
    /// ([`Node::rebuilt`]). `tell` hears how many entries were replayed, and of how many.
    ///
    /// # Errors
    ///
    /// As [`Node::open`].
    pub fn open_to_run(home: &Home, ring: Keyring, tell: &mut dyn FnMut(u64, u64)) -> Result<Node, Fault> {
        Node::open_as(home, ring, Opening { holds: true, tell })
    }

    fn open_as(home: &Home, ring: Keyring, opening: Opening<'_>) -> Result<Node, Fault> {
        let settings = home.settings()?;
        let folder = Folder::open(RealDisk, &home.data, &home.kept())?;
        let store = if settings.registrar {
            let registrar = registrar(&ring, &settings.origin)?;
            let witnessed = Peer::all(home)?.into_iter().filter_map(|peer| peer.witnessed());
            let (log, _) = Log::open(&folder, registrar, &witnessed.collect::<Vec<_>>(), Start::Usual)?;
            Store::Log(Box::new(log))
        } else {
            Store::Mirror(Box::new(Mirror::open(&folder, &settings.origin)?))
        };
        let mut node = Node::begin((home, opening), settings, folder, store, ring)?;
        // A crash may have come between what was held and what could be served; or between an annex and the
        // act that was to name it.
        node.serve_quorum()?;
        node.drop_unnamed(&node.annexes().list()?)?;
        node.sweep_sealing()?;
        Ok(node)
    }

    /// A node over a store that is open: replays what it has.
    pub(crate) fn begin(
        (home, opening): (&Home, Opening<'_>),
        settings: Settings,
        folder: Arc<Folder<RealDisk>>,
        mut store: Store,
        ring: Keyring,
    ) -> Result<Node, Fault> {
        if let Store::Log(log) = &mut store {
            // Two syncs more a batch: a copy of the data that is put back is seen, whenever it was made.
            log.keep_each_batch();
        }
        let vault = Vault::at(&home.data).map_err(Fault::io(&home.data))?;
        vault.sweep().map_err(Fault::io(&home.data))?;
        let mut known = Known::new(&settings, &ring);
        let attic =
            Arc::new(Attic::create(&home.docket_file_anew()).map_err(Fault::io(home.docket_file_anew()))?);
        let before = opening.holds.then(|| Came::before(home, &settings.genesis)).flatten();
        let all = store.size();
        let ended = before.as_ref().map(|before| before.size);
        let (replayed, is) = replay_entries(&folder, &store, &attic, ended, |index, bytes| {
            known.look(index, bytes);
            if index % 256 == 0 || index + 1 == all {
                (opening.tell)(index + 1, all);
            }
        })?;
        let Replayed { docket, happened, replay } = replayed;
        let rebuilt = opening.holds.then(|| match (before, is) {
            (None, _) => Rebuilt::First,
            (Some(was), None) => Rebuilt::Ahead(was),
            (Some(was), Some(is)) if was == is => Rebuilt::Agrees(was),
            (Some(was), Some(is)) => Rebuilt::Differs { was, is },
        });
        let numbers = Numbers::read(home)?;
        let (home, docket) = (home.clone(), Arc::new(docket));
        Ok(Node {
            home,
            settings,
            folder,
            store,
            ring,
            vault,
            replay,
            docket,
            happened,
            attic,
            rebuilt,
            known,
            numbers,
        })
    }

    /// Whose node this is.
    #[must_use]
    pub const fn me(&self) -> &ParticipantId {
        &self.settings.participant
    }

    /// Its settings.
    #[must_use]
    pub const fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Its folders.
    #[must_use]
    pub const fn home(&self) -> &Home {
        &self.home
    }

    /// The docket: the entries that a quorum has cosigned, and what came of them; nothing else has effect
    /// (TIME T1).
    #[must_use]
    pub fn docket(&self) -> &Replay {
        &self.docket
    }

    /// The same, to keep: it stays as it is now, whatever this node takes in.
    #[must_use]
    pub fn shared_docket(&self) -> Arc<Replay> {
        Arc::clone(&self.docket)
    }

    /// What happened on the docket. If an annex that was missing has come, all of it is told anew.
    #[must_use]
    pub const fn happened(&self) -> &Happened {
        &self.happened
    }

    /// Keys, seats and chains after all entries that this node has: what the next act is held against.
    #[must_use]
    pub const fn ledger(&self) -> &Ledger {
        self.replay.ledger()
    }

    /// Its keys.
    #[must_use]
    pub const fn keyring(&self) -> &Keyring {
        &self.ring
    }

    /// Its sealed files.
    #[must_use]
    pub const fn vault(&self) -> &Vault {
        &self.vault
    }

    /// The register's name in notes.
    #[must_use]
    pub const fn origin(&self) -> &Origin {
        &self.settings.origin
    }

    /// Its genesis hash.
    #[must_use]
    pub const fn genesis(&self) -> Hash {
        self.settings.genesis
    }

    /// How many entries this node has.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.store.size()
    }

    /// The witness policy in force.
    #[must_use]
    pub const fn policy(&self) -> &Policy {
        self.replay.ledger().policy()
    }

    /// The bytes of an entry.
    ///
    /// # Errors
    ///
    /// There is no such entry, or it can't be read.
    pub fn entry(&self, index: u64) -> Result<Vec<u8>, Fault> {
        self.store.entry(index)
    }

    /// The largest checkpoint with a quorum.
    ///
    /// # Errors
    ///
    /// The file can't be read.
    pub fn checkpoint(&self) -> Result<Option<CosignedCheckpoint>, Fault> {
        self.store.checkpoint()
    }

    /// How many entries a quorum has cosigned: those are final.
    ///
    /// # Errors
    ///
    /// The file can't be read.
    pub fn cosigned(&self) -> Result<u64, Fault> {
        Ok(self.checkpoint()?.map_or(0, |cosigned| cosigned.checkpoint().size))
    }

    /// Finds an act by its id: its index and the act.
    ///
    /// # Errors
    ///
    /// There is none here.
    pub fn find(&self, id: &ActId) -> Result<(u64, Act), Fault> {
        let unknown = || Fault::Unknown(format!("no act {id} is registered here"));
        let index = self.index_of(id).ok_or_else(unknown)?;
        let entry = Entry::parse(&self.entry(index)?)?;
        Ok((index, entry.act().clone()))
    }

    /// Where an act stands, if it is registered here.
    pub(crate) fn index_of(&self, id: &ActId) -> Option<u64> {
        match &self.store {
            Store::Log(log) => log.index_of(id),
            Store::Mirror(_) => self.known.index_of(id),
        }
    }

    /// A secret signing key of the keyring, by its full name.
    pub(crate) fn signing_key(&self, name: &str) -> Result<SigningKey, Fault> {
        signing_key(&self.ring, name)
    }

    /// The annexes of this node.
    #[must_use]
    pub fn annexes(&self) -> Shelf<RealDisk> {
        Shelf::annexes(&self.folder)
    }

    /// The notes of this node.
    #[must_use]
    pub fn notes(&self) -> Shelf<RealDisk> {
        Shelf::notes(&self.folder)
    }

    /// The witness of this node, if it is one.
    pub(crate) fn witness(&self) -> Result<Option<Witness<RealDisk>>, Fault> {
        let Some(name) = &self.settings.witness else { return Ok(None) };
        let key = self.signing_key(name)?;
        let name = KeyName::new(name).ok_or_else(|| Fault::NoKey(name.clone()))?;
        Ok(Some(Witness::open(&self.folder, self.policy().log(), key, name)?))
    }

    /// The same, if the policy in force has it: no other's cosignature counts.
    pub(crate) fn cosigner(&self) -> Result<Option<Witness<RealDisk>>, Fault> {
        let counts = |key: &VerifierKey| self.policy().witnesses().iter().any(|witness| witness.key == *key);
        if self.known.witness().is_some_and(counts) { self.witness() } else { Ok(None) }
    }

    /// Hands in a submission: the registrar's node registers it, any other puts it into its queue. What was
    /// sealed for one that is refused does not stay.
    ///
    /// # Errors
    ///
    /// [`Fault::Refused`] by the registrar; [`Fault::Annex`] if one that it names is not on the shelf, with
    /// this size; or what the disk says.
    pub fn submit(&mut self, submission: &Submission, now: Instant) -> Result<Handed, Fault> {
        self.check_annexes(&submission.act().body().annexes(), |_| None)?;
        if matches!(self.store, Store::Mirror(_)) {
            self.enqueue(submission)?;
            self.end_sealing()?;
            return Ok(Handed::Queued);
        }
        let answers = self.register(&[submission.to_bytes()], now)?;
        match answers.into_iter().next() {
            Some(Answer::Registered { index, .. }) => {
                self.end_sealing()?;
                Ok(Handed::Registered { index })
            }
            Some(Answer::Refused { refusal, .. }) => {
                self.take_back(submission.act().body())?;
                Err(Fault::Refused {
                    ground: refusal.body.ground,
                    why: "the registrar's signed refusal is in `note/`".to_owned(),
                })
            }
            None => Err(Fault::Unknown("the registrar gave no answer".to_owned())),
        }
    }

    /// The registrar's: sequences submissions, and replays what was let in.
    pub(crate) fn register(&mut self, submissions: &[Vec<u8>], now: Instant) -> Result<Vec<Answer>, Fault> {
        let before = self.store.size();
        let Store::Log(log) = &mut self.store else {
            return Err(Fault::Role("only the registrar's node registers".to_owned()));
        };
        let mut judge = Judge { ledger: self.replay.ledger().clone() };
        let answers = log.append(submissions, now, &mut judge)?;
        self.follow(before)?;
        Ok(answers)
    }

    /// Replays what came since `from`.
    pub(crate) fn follow(&mut self, from: u64) -> Result<(), Fault> {
        let Node { store, replay, known, .. } = self;
        // A node that has just joined has replayed the genesis before it stored it.
        let new = from.max(replay.size());
        store.for_each(from..new.min(store.size()), |index, bytes| {
            known.look(index, bytes);
            Ok(())
        })?;
        store.enter(new..store.size(), replay, |index, bytes| known.look(index, bytes))?;
        self.read_missing()
    }

    /// Replays for the docket what a quorum has cosigned since.
    pub(crate) fn ground(&mut self) -> Result<(), Fault> {
        let cosigned = self.cosigned()?;
        if self.docket.size() >= cosigned {
            return Ok(());
        }
        let Node { store, docket, happened, replay, .. } = self;
        let docket = Arc::make_mut(docket);
        let entered = store.enter(docket.size()..cosigned, docket, |_, _| ());
        happened.extend(docket.take_events());
        entered?;
        if store.size() - docket.size() <= AGAIN {
            *replay = docket.clone();
            replay.keep_no_events();
            store.enter(docket.size()..store.size(), replay, |_, _| ())?;
        }
        Ok(())
    }

    /// Replay waits for an annex that it reads; if that is here by now, it is done anew.
    pub(crate) fn read_missing(&mut self) -> Result<(), Fault> {
        if let Some(missing) = self.replay.missing_annex()
            && self.annexes().has(missing)?
        {
            let (anew, _) = replay_entries(&self.folder, &self.store, &self.attic, None, |_, _| ())?;
            self.docket = Arc::new(anew.docket);
            self.happened = anew.happened;
            self.replay = anew.replay;
        }
        Ok(())
    }
}

/// What became of a submission.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Handed {
    /// It is in the register.
    Registered {
        /// Where.
        index: u64,
    },
    /// It waits to be carried to the registrar.
    Queued,
}

/// What the entries of a node come to.
pub(crate) struct Replayed {
    /// The docket of what a quorum has cosigned.
    pub(crate) docket: Replay,
    /// What happened on it.
    pub(crate) happened: Happened,
    /// All of them, judged.
    pub(crate) replay: Replay,
}

impl Replayed {
    /// What has come so far is all there is, and counts.
    pub(crate) fn of(mut docket: Replay, attic: &Arc<Attic>) -> Replayed {
        docket.rest_in(Arc::clone(attic) as _, NEAR);
        let mut happened = Happened::in_attic(Arc::clone(attic) as _);
        happened.extend(docket.take_events());
        let mut replay = docket.clone();
        replay.keep_no_events();
        Replayed { docket, happened, replay }
    }
}

struct Judge {
    ledger: Ledger,
}

impl register::Judge for Judge {
    fn judge(&mut self, _: u64, submission: &Submission, registered: Instant) -> Result<(), RefusalGround> {
        docket::v1::replay::judge_submission(&self.ledger, submission, registered)?;
        self.ledger.enter(submission, registered);
        Ok(())
    }
}

/// A secret signing key of a keyring.
pub(crate) fn signing_key(ring: &Keyring, name: &str) -> Result<SigningKey, Fault> {
    match ring.get(name).map(vault::Key::secret) {
        Some(Secret::Ed25519(seed)) => Ok(SigningKey::from_seed(seed)),
        Some(Secret::Age(_)) | None => Err(Fault::NoKey(name.to_owned())),
    }
}

/// The registrar's key of a keyring.
pub(crate) fn registrar(ring: &Keyring, origin: &Origin) -> Result<Registrar, Fault> {
    let name = origin.key_name(&SignerName::Registrar);
    Ok(Registrar { origin: origin.clone(), key: signing_key(ring, &name)? })
}

/// Replays a store, and shows each entry once; with what the docket came to at the size at which another ended, if a quorum
/// has cosigned as much.
fn replay_entries(
    folder: &Arc<Folder<RealDisk>>,
    store: &Store,
    attic: &Arc<Attic>,
    ended: Option<u64>,
    mut each: impl FnMut(u64, &[u8]),
) -> Result<(Replayed, Option<Came>), Fault> {
    let none = || Fault::Lacks {
        what: "this node has no entry yet".to_owned(),
        help: "bring it a bundle that begins at entry 0: `mithaq bundle export --whole` makes one",
    };
    let size = store.size();
    if size == 0 {
        return Err(none());
    }
    // The genesis is where a docket begins, cosigned or not.
    let cosigned = store.checkpoint()?.map_or(1, |cosigned| cosigned.checkpoint().size);
    let (genesis, shelf) = (store.entry(0)?, Shelf::annexes(folder));
    each(0, &genesis);
    let mut annexes = Annexes::new();
    let (mut came, mut shown) = (None, 1);
    loop {
        let mut replay = begin(&genesis, &mut annexes, &shelf, None)?;
        replay.rest_in(Arc::clone(attic) as _, NEAR);
        let (mut docket, mut happened) = (None, Happened::in_attic(Arc::clone(attic) as _));
        let mut here = 1;
        loop {
            if here <= cosigned {
                happened.extend(replay.take_events());
                // Anew each time: before all annexes were there, replay stood still at the one that it lacked.
                if ended == Some(here) {
                    came = Some(Came::of(&replay));
                }
            }
            if here == cosigned {
                docket = Some(replay.clone());
                replay.keep_no_events();
            }
            if here == size {
                break;
            }
            let stops = [Some(cosigned), ended, Some(size)].into_iter().flatten();
            let to = stops.filter(|stop| *stop > here).fold((here / TOGETHER + 1) * TOGETHER, u64::min);
            store.enter(here..to, &mut replay, |index, bytes| {
                if index >= shown {
                    each(index, bytes);
                    shown = index + 1;
                }
            })?;
            here = to;
        }
        let docket = docket.ok_or_else(none)?;
        // A succession's policy is read only once replay asks for it.
        match replay.missing_annex().copied() {
            Some(hash) if !annexes.contains_key(&hash) => match shelf.get(&hash)? {
                Some(bytes) => drop(annexes.insert(hash, bytes)),
                None => return Ok((Replayed { docket, happened, replay }, came)),
            },
            _ => return Ok((Replayed { docket, happened, replay }, came)),
        }
    }
}

/// Begins with the genesis, whose annexes are on the shelf.
pub(crate) fn begin(
    genesis: &[u8],
    annexes: &mut Annexes,
    shelf: &Shelf<RealDisk>,
    as_of: Option<Instant>,
) -> Result<Replay, Fault> {
    let entry = Entry::parse(genesis)?;
    for hash in audit::named::annexes_of(entry.act().body()) {
        if let Some(bytes) = shelf.get(&hash)? {
            annexes.insert(hash, bytes);
        }
    }
    Ok(Replay::begin(genesis, annexes, as_of, true, &mut Singly)?)
}
