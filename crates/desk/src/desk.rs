//! The node behind the pages.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, TryLockError};
use std::time::SystemTime;

use act::{Body, Entry, Submission};
use docket::v1::{Matter, MatterKey, Replay};
use node::bundle::{Imported, Manifest, Plan, Reading};
use node::meet::Greeter;
use node::served::Served;
use node::words::Opener;
use node::{Happened, Node, Settings};
use store::Private;
use terms::{Instant, ParticipantId, Reference, Seconds};
use tokio::sync::Semaphore;

use crate::alert::{self, look::Alerts};
use crate::evidence::{Evidence, free_bytes};
use crate::index::Index;
use crate::map::drawings::Drawings;
use crate::map::names::Gazetteer;
use crate::map::pack::Pack;
use crate::map::points::Kept;
use crate::page::find;
use crate::page::record::whole::Found;
use crate::people::People;
use crate::web::acts::Waiting;
use crate::web::counted::Counted;
use crate::web::doors::Doors;
use crate::web::events::Streams;
use crate::web::links::Links;
use crate::web::reader::Readers;
use crate::web::register::Part;
use crate::web::session::Sessions;

/// How many of the newest entries are shown that are not final yet.
pub(crate) const NEWEST: u64 = 20;

/// How many large files go out at once.
const LARGE_AT_ONCE: usize = 4;

/// What must be free on the disk, in bytes, before anything is signed or taken in.
const ROOM_BYTES: u64 = 32 << 20;

/// A participant's desk: its node, open, and who is signed in.
pub struct Desk {
    /// The node, for whoever changes something.
    node: Mutex<Node>,
    /// What pages read, as it is until something has changed it.
    shown: RwLock<Arc<Held>>,
    /// The register's files, for reading.
    pub(crate) served: Served,
    /// Proves who this node is, and judges who comes by.
    pub(crate) greeter: Greeter,
    /// The instrument's lines, as far as they are here.
    pub(crate) drawings: Drawings,
    /// Places by name.
    pub(crate) gazetteer: Gazetteer,
    /// Opens what others bring.
    reading: Reading,
    settings: Settings,
    /// Where the node's files are.
    data_folder: PathBuf,
    /// Where its private side is.
    private_folder: PathBuf,
    /// What its pages stand under: the last part of the register's name.
    agreement: String,
    /// The names it answers under, each with its port.
    hosts: Vec<String>,
    manner: Manner,
    pub(crate) sessions: Sessions,
    /// What opens it once.
    pub(crate) links: Links,
    pub(crate) readers: Readers,
    /// Who works in which session.
    pub(crate) people: People,
    /// What the participant keeps for itself.
    pub(crate) private: Private,
    /// Opens what was said in words.
    pub(crate) opener: Opener,
    /// Exhibits, and files that come in.
    pub(crate) evidence: Evidence,
    /// The full names of the keys that lie here.
    pub(crate) keys: BTreeSet<String>,
    /// Who signs: one at a time, so that a form that is sent twice makes one act.
    signing: Mutex<()>,
    pub(crate) doors: Doors,
    pub(crate) counted: Counted,
    /// Acts that were handed in and wait for their turn.
    pub(crate) waiting: Waiting,
    /// What goes to whoever comes by in several parts, until the last has gone.
    plans: Mutex<BTreeMap<ParticipantId, Plan>>,
    /// Who reads what is large: so many at once, since each is in memory until it has gone.
    pub(crate) large: Arc<Semaphore>,
    /// Who takes a list that goes out as it is made.
    pub(crate) flows: Arc<Semaphore>,
    /// Whose turn it is among those who come by.
    pub(crate) turn: Semaphore,
    /// Whose answer is taken in, of those that are met.
    taking: Mutex<()>,
    /// What the last check of everything came to.
    whole: Mutex<Option<Arc<Found>>>,
    /// Whoever checks everything: one at a time.
    checking: Mutex<()>,
    /// What somebody has to be told of.
    pub(crate) alerts: Alerts,
    /// Who is told at once.
    pub(crate) streams: Streams,
    /// The time when it was opened, by whoever opened it and by this machine.
    since: (Instant, SystemTime),
}

/// How a desk serves.
#[derive(Clone, Debug)]
pub struct Manner {
    /// What anybody may read of the register's files who reaches the machine; nothing by default.
    pub public: Option<Part>,
    /// Whether browsers come by TLS, by a server before it: then its cookies go no other way. No by default.
    pub tls: bool,
    /// After how long a session is locked in which nothing was asked; a quarter of an hour by default.
    pub idle: Seconds,
    /// How many connections may be open at once; who comes then waits. 256 by default.
    pub connections: usize,
    /// About how many bytes a part has that goes to another node; 64 MiB by default, and less on a poor line.
    pub part_bytes: u64,
    /// How alerts are found and told.
    pub alerts: alert::Manner,
    /// The base map; by default the one in the program.
    pub pack: Arc<Pack>,
}

impl Default for Manner {
    fn default() -> Manner {
        Manner {
            public: None,
            tls: false,
            idle: Seconds(15 * 60),
            connections: 256,
            part_bytes: 64 << 20,
            alerts: alert::Manner::default(),
            pack: Arc::new(Pack::shipped()),
        }
    }
}

/// What pages read: it stays as it is while they are made.
pub(crate) struct Held {
    docket: Arc<Replay>,
    /// What it has, by what pages ask for.
    index: Arc<Index>,
    /// What happened, in order.
    happened: Happened,
    me: ParticipantId,
    /// How many entries a checkpoint with a quorum covers: those are in files.
    cosigned: u64,
    /// The newest of the others, and where they begin.
    pending: (u64, Vec<Vec<u8>>),
    /// What waits to be carried to the registrar.
    pub(crate) queued: Vec<Submission>,
    /// How many entries the node has.
    pub(crate) size: u64,
    /// The places of lists, for maps.
    pub(crate) points: Arc<Kept>,
}

impl Held {
    pub(crate) fn replay(&self) -> &Replay {
        &self.docket
    }

    pub(crate) fn index(&self) -> &Index {
        &self.index
    }

    /// A matter by the reference that people say.
    pub(crate) fn find(&self, reference: &Reference) -> Option<(MatterKey, &Matter)> {
        find(&self.docket, &self.index, reference)
    }

    pub(crate) const fn me(&self) -> &ParticipantId {
        &self.me
    }

    /// What has no effect yet, in order: what is registered and not final, and what waits to be carried. Of more than is
    /// shown, nothing: what follows on what is not there could not be judged.
    pub(crate) fn on_their_way(&self) -> Vec<Submission> {
        let (first, pending) = &self.pending;
        if *first > self.cosigned {
            return Vec::new();
        }
        let read = pending.iter().filter_map(|bytes| Entry::parse(bytes).ok());
        let acts = read.filter(|entry| !matches!(entry.act().body(), Body::Mark(_)));
        acts.map(|entry| entry.submission().clone()).chain(self.queued.iter().cloned()).collect()
    }

    /// What happened.
    pub(crate) const fn happened(&self) -> &Happened {
        &self.happened
    }
}

impl Desk {
    /// A desk over a node and its private side, at a time that goes on from `now`. `hosts` are the names that it answers
    /// under, as browsers send them.
    #[must_use]
    pub fn new(node: Node, private: Private, hosts: Vec<String>, now: Instant) -> Desk {
        let agreement = node.origin().as_str().rsplit('/').next().unwrap_or_default().to_owned();
        let shown = RwLock::new(Arc::new(look(&node, None)));
        Desk {
            shown,
            served: node.served(),
            drawings: Drawings::new(node.served(), node.home().lines()),
            gazetteer: Gazetteer::new(node.home().places()),
            greeter: node.greeter(),
            reading: node.reading(),
            opener: node.opener(),
            evidence: Evidence::of(node.uploads()),
            settings: node.settings().clone(),
            data_folder: node.home().data.clone(),
            private_folder: node.home().private(),
            keys: node.keyring().iter().map(|(name, _)| name.to_owned()).collect(),
            agreement,
            hosts,
            manner: Manner::default(),
            sessions: Sessions::default(),
            links: Links::beside(&node.home().private()),
            readers: Readers::default(),
            people: People::default(),
            private,
            signing: Mutex::new(()),
            doors: Doors::default(),
            counted: Counted::default(),
            waiting: Waiting::default(),
            plans: Mutex::default(),
            large: Arc::new(Semaphore::new(LARGE_AT_ONCE)),
            flows: Arc::new(Semaphore::new(crate::web::flow::FLOWS_MAX)),
            turn: Semaphore::new(1),
            taking: Mutex::default(),
            whole: Mutex::default(),
            checking: Mutex::default(),
            alerts: Alerts::default(),
            streams: Streams::default(),
            since: (now, SystemTime::now()),
            node: Mutex::new(node),
        }
    }

    /// The same, served in another manner.
    #[must_use]
    pub fn with(self, manner: Manner) -> Desk {
        Desk { manner, ..self }
    }

    /// What its pages stand under, without slashes.
    #[must_use]
    pub fn agreement(&self) -> &str {
        &self.agreement
    }

    /// Whose node it is of, and of which register.
    #[must_use]
    pub const fn settings(&self) -> &Settings {
        &self.settings
    }

    pub(crate) fn data_folder(&self) -> &Path {
        &self.data_folder
    }

    pub(crate) fn private_folder(&self) -> &Path {
        &self.private_folder
    }

    pub(crate) const fn manner(&self) -> &Manner {
        &self.manner
    }

    /// What its session's cookie is called. Browsers send cookies to every port of a host, so each desk has a name of its
    /// own; and by TLS one that no other host can have set.
    pub(crate) fn cookie(&self) -> String {
        let Settings { participant, genesis, .. } = &self.settings;
        let prefix = if self.manner.tls { "__Host-" } else { "" };
        format!("{prefix}desk-{participant}-{}", &genesis.to_hex()[..8])
    }

    /// The origin of its pages, as browsers say it, under one of its names.
    pub(crate) fn origin(&self, host: &str) -> String {
        let scheme = if self.manner.tls { "https" } else { "http" };
        format!("{scheme}://{}", host.to_ascii_lowercase())
    }

    /// Whether it answers under a name.
    #[must_use]
    pub fn answers_to(&self, host: &str) -> bool {
        self.hosts.iter().any(|known| known.eq_ignore_ascii_case(host))
    }

    /// A path that opens the desk once: whoever has it reads what the participant may read.
    ///
    /// # Errors
    ///
    /// The disk failed, or this machine gives no random bytes.
    pub fn way_in(&self) -> Result<String, String> {
        self.links.issue(None, SystemTime::now()).map_err(|error| format!("no link can be made: {error}"))
    }

    /// Says where it is reached, for whoever makes a link while it runs.
    ///
    /// # Errors
    ///
    /// The disk failed.
    pub fn serve_at(&self, address: &str) -> Result<(), std::io::Error> {
        self.links.serve_at(address)
    }

    /// The turn of who signs.
    pub(crate) fn signing(&self) -> MutexGuard<'_, ()> {
        self.signing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many steps are asked of whoever works here.
    #[must_use]
    pub fn asked(&self) -> u64 {
        let held = self.held();
        held.index().asks().iter().filter(|ask| ask.is_of(held.me())).count() as u64
    }

    pub(crate) fn plans(&self) -> MutexGuard<'_, BTreeMap<ParticipantId, Plan>> {
        self.plans.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is shown now. Nobody waits for it, and nobody who has it is waited for.
    pub(crate) fn held(&self) -> Arc<Held> {
        Arc::clone(&self.shown.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The bytes of an entry that is here.
    pub(crate) fn entry(&self, held: &Held, index: u64) -> Result<Vec<u8>, node::Fault> {
        let (first, pending) = &held.pending;
        match index.checked_sub(*first).and_then(|place| pending.get(usize::try_from(place).ok()?)) {
            Some(bytes) => Ok(bytes.clone()),
            None => self.served.entry(index, held.cosigned),
        }
    }

    /// The bytes of some entries that are here, in order, all of which is in files or not final yet.
    pub(crate) fn entries(&self, held: &Held, range: Range<u64>) -> Result<Vec<Vec<u8>>, node::Fault> {
        let filed = range.start..range.end.min(held.cosigned).max(range.start);
        let mut all = self.served.entries(filed.clone(), held.cosigned)?;
        for index in filed.end..range.end {
            all.push(self.entry(held, index)?);
        }
        Ok(all)
    }

    /// Does something with the node that may change it, and takes in what happened on the docket by it. One at a time.
    ///
    /// If it falls over half done the process ends: nothing goes on with a node that may be torn, and what it had promised
    /// is on the disk.
    pub fn work<T>(&self, work: impl FnOnce(&mut Node, Instant) -> T) -> T {
        self.work_if(|| Some(()), |node, (), now| work(node, now)).expect("there is something to do")
    }

    /// The same with what there is to do when the turn comes, if there is anything.
    pub(crate) fn work_if<W, T>(
        &self,
        find: impl FnOnce() -> Option<W>,
        work: impl FnOnce(&mut Node, W, Instant) -> T,
    ) -> Option<T> {
        let _whole = Whole;
        let mut node = self.node.lock().unwrap_or_else(PoisonError::into_inner);
        let found = find()?;
        let done = work(&mut node, found, self.now());
        let shown = look(&node, Some(&self.held()));
        *self.shown.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(shown);
        Some(done)
    }

    /// Whether the disk has room for what is signed and taken in. A register that can't write to its end stops until it is
    /// opened anew, so nothing is begun that might not fit.
    pub(crate) fn has_room(&self) -> bool {
        let has = |folder: &Path| free_bytes(folder).is_none_or(|free| free >= ROOM_BYTES);
        has(&self.data_folder) && has(&self.private_folder)
    }

    /// What the last check of everything came to, if there was one.
    pub(crate) fn whole(&self) -> Option<Arc<Found>> {
        self.whole.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn keep_whole(&self, found: Found) {
        *self.whole.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(found));
    }

    /// The turn to take in what another answered; waits until it comes.
    pub(crate) fn turn_to_take(&self) -> MutexGuard<'_, ()> {
        self.taking.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The turn to check everything, if nobody has it.
    pub(crate) fn turn_to_check(&self) -> Option<MutexGuard<'_, ()>> {
        match self.checking.try_lock() {
            Ok(turn) => Some(turn),
            Err(TryLockError::Poisoned(turn)) => Some(turn.into_inner()),
            Err(TryLockError::WouldBlock) => None,
        }
    }

    /// Whether somebody does something with the node at this moment, who may write.
    pub(crate) fn is_at_work(&self) -> bool {
        matches!(self.node.try_lock(), Err(TryLockError::WouldBlock))
    }

    /// Reads from the node itself what pages do not hold.
    pub(crate) fn read<T>(&self, read: impl FnOnce(&Node) -> T) -> T {
        let _whole = Whole;
        read(&self.node.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Writes down what the docket has come to, for the next start.
    ///
    /// # Errors
    ///
    /// The disk failed.
    pub fn keep_docket(&self) -> Result<(), node::Fault> {
        self.read(Node::keep_docket)
    }

    /// Takes in what another node brought: the node is held only while something is judged and taken over.
    ///
    /// # Errors
    ///
    /// As [`Reading::take_brought`].
    pub fn take_brought(
        &self,
        from: &ParticipantId,
        file: &Path,
    ) -> Result<(Manifest, Imported), node::Fault> {
        let parties = (from, &self.settings.participant);
        self.reading.take_brought(parties, file, self.now(), &mut |work| self.work(|node, _| work(node)))
    }

    /// The time now: as this machine's clock goes on, and never back behind the time when the desk was opened.
    pub(crate) fn now(&self) -> Instant {
        let (then, began) = self.since;
        then.plus(Seconds(began.elapsed().unwrap_or_default().as_secs()))
    }
}

/// What a node shows, after what happened before.
fn look(node: &Node, before: Option<&Held>) -> Held {
    let happened = node.happened().clone();
    let size = node.size();
    // What can't be read is said to whoever asks for it.
    let cosigned = node.cosigned().unwrap_or_default();
    let first = cosigned.max(size.saturating_sub(NEWEST));
    let pending = (first..size).map_while(|index| node.entry(index).ok()).collect();
    // Its own folder: what is in it and can't be read stops whatever would be signed.
    let queued = node.queued().unwrap_or_default();
    let (docket, me) = (node.shared_docket(), node.me().clone());
    let (index, points) = match before {
        Some(before) if Arc::ptr_eq(&before.docket, &docket) => {
            (Arc::clone(&before.index), Arc::clone(&before.points))
        }
        Some(before) => (Arc::new(before.index.after(&before.docket, &docket)), Arc::default()),
        None => (Arc::new(Index::of(&docket)), Arc::default()),
    };
    Held { docket, index, happened, me, cosigned, pending: (first, pending), queued, size, points }
}

/// Ends the process if what is under way falls over.
pub(crate) struct Whole;

impl Drop for Whole {
    fn drop(&mut self) {
        if std::thread::panicking() {
            tracing::error!("this node may be torn, and stops; start it again");
            std::process::abort();
        }
    }
}
