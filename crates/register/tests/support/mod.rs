//! What the tests of the register have in common: a register of nobody's, acts to hand in, and an
//! oracle that knows only the specification.

#![allow(clippy::allow_attributes, dead_code, unreachable_pub, reason = "each test file uses a part of it")]
#![expect(clippy::panic, reason = "a test's helper says what it found")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use act::body::{Genesis, GenesisAnnexes, Seat, Withdraw};
use act::form::{By, Draft, Head};
use act::value::{AnnexRef, KeySet, Vkey};
use act::{Act, Body, Submission};
use note::{KeyName, SigningKey, VerifierKey};
use register::{Answer, Disk, Fault, Folder, Judge, Log, Reader, Registrar, Start};
use terms::{Claimed, Hash, Instant, Origin, ParticipantId, RefusalGround, SignerName};
use tlog::witness::Seen;
use tlog::{TileKind, TilePath, bundle, leaf_hash, root_of_leaves, tile};

pub const DATA: &str = "/node/data";
pub const KEPT: &str = "/keys/kept";

pub fn origin() -> Origin {
    Origin::new("register.example/river-accord").expect("an origin")
}

pub fn registrar() -> Registrar {
    Registrar { origin: origin(), key: SigningKey::from_seed(&[1; 32]) }
}

pub fn at(secs: u64) -> Instant {
    Instant::from_secs(1_767_225_600 + secs).expect("a time")
}

fn signer(name: &str) -> SignerName {
    SignerName::new(name).expect("a signer")
}

fn sign(act: &Act, key: &SigningKey) -> Submission {
    let lines = act.head().signers.iter();
    let lines = lines.map(|s| key.sign_note(act.text(), &KeyName::signer(act.origin(), s))).collect();
    Submission::new(act.clone(), lines, Vec::new(), Vec::new()).expect("a submission")
}

fn claimed(n: u64) -> Claimed {
    serde_json::from_str(&format!("\"{}\"", at(n))).expect("a time")
}

pub fn genesis() -> Submission {
    let annex = AnnexRef { sha256: Hash::of(b"annex"), size: 5 };
    let vkey = |name: &str, seed: u8| {
        let key = SigningKey::from_seed(&[seed; 32]).public();
        Vkey(VerifierKey::plain(KeyName::signer(&origin(), &signer(name)), key))
    };
    let body = Genesis {
        origin: origin(),
        rules: 1,
        exercise: true,
        annexes: GenesisAnnexes { instrument: annex, library: annex, policy: annex },
        registrar: vkey("registrar", 1),
        founders: vec![Seat {
            participant: ParticipantId::new("north").expect("a participant"),
            roots: KeySet { k: 1, keys: vec![vkey("north/root-1", 2)] },
            recovery: None,
        }],
    };
    let head = Head {
        by: By::Registrar,
        signers: vec![signer("registrar"), signer("north/root-1")],
        n: 1,
        prev: None,
        seen: None,
        at: claimed(0),
    };
    let draft = Draft { origin: origin(), genesis: None, head, body: Body::Genesis(body) };
    sign(&draft.write().expect("an act"), &SigningKey::from_seed(&[2; 32]))
}

/// The `n`-th act that is handed in. Its signature is of no key: judging is not the register's.
pub fn submission(n: u64) -> Vec<u8> {
    made("north/liaison-1", n)
}

/// One that [`Door`] refuses.
pub fn unwelcome(n: u64) -> Vec<u8> {
    made("north/nobody", n)
}

/// The tests hand the same acts in thousands of times.
fn made(name: &'static str, n: u64) -> Vec<u8> {
    static MADE: Mutex<BTreeMap<(&str, u64), Vec<u8>>> = Mutex::new(BTreeMap::new());
    let mut made = MADE.lock().expect("no test has failed");
    made.entry((name, n)).or_insert_with(|| by(name, n).to_bytes()).clone()
}

fn by(name: &str, n: u64) -> Submission {
    let genesis = genesis().act().id();
    let head = Head {
        by: By::Participant(ParticipantId::new("north").expect("a participant")),
        signers: vec![signer(name)],
        n: n + 1,
        prev: None,
        seen: None,
        at: claimed(n),
    };
    let body = Body::Withdraw(Withdraw { matter: None, entry: genesis });
    let draft = Draft { origin: origin(), genesis: Some(genesis.0), head, body };
    sign(&draft.write().expect("an act"), &SigningKey::from_seed(&[3; 32]))
}

/// Lets everybody in but `north/nobody`.
pub struct Door;

impl Judge for Door {
    fn judge(&mut self, _: u64, submission: &Submission, _: Instant) -> Result<(), RefusalGround> {
        let known = submission.act().head().signers.iter().all(|s| s.to_string() != "north/nobody");
        if known { Ok(()) } else { Err(RefusalGround::Key) }
    }
}

/// All that a register has given out, and so may never take back.
#[derive(Clone, Default, Debug)]
pub struct Given {
    /// Entries by index: submission and receipt.
    pub entries: BTreeMap<u64, Vec<u8>>,
    /// Roots by size, signed.
    pub roots: BTreeMap<u64, Hash>,
    /// Refusals.
    pub notes: Vec<Vec<u8>>,
    /// The size of the last checkpoint that became the served one.
    pub served: u64,
    /// How many acts were handed in.
    pub handed_in: u64,
}

impl Given {
    pub fn take(&mut self, submission: &[u8], answer: &Answer) {
        match answer {
            Answer::Registered { index, receipt, .. } => {
                let entry = [submission, format!("{receipt}\n").as_bytes()].concat();
                let before = self.entries.insert(*index, entry.clone());
                assert!(before.is_none_or(|before| before == entry), "two receipts for index {index}");
            }
            Answer::Refused { note, .. } => self.notes.push(note.to_bytes()),
        }
    }

    pub fn sign(&mut self, size: u64, root: Hash) {
        let before = self.roots.insert(size, root);
        assert!(before.is_none_or(|before| before == root), "two roots for size {size}");
    }

    /// What the largest checkpoint says that was given out.
    pub fn witnessed(&self) -> Vec<Seen> {
        self.roots
            .last_key_value()
            .map(|(size, root)| Seen { size: *size, root: *root })
            .into_iter()
            .collect()
    }

    /// Whether a register stands by all of it.
    pub fn check<D: Disk>(&self, log: &Log<D>) {
        let all = all(log);
        for (index, entry) in &self.entries {
            assert_eq!(all.get(*index as usize), Some(entry), "entry {index} was promised");
        }
        for (size, root) in &self.roots {
            assert_eq!(log.root_at(*size).expect("a size that was signed"), *root, "size {size}");
        }
        let notes = register::Shelf::notes(log.folder());
        for note in &self.notes {
            assert_eq!(notes.get(&Hash::of(note)).expect("a note").as_ref(), Some(note));
        }
        let served = log.reader().checkpoint().expect("a checkpoint, or none yet");
        assert!(served.map_or(0, |served| served.checkpoint().size) >= self.served);
    }
}

pub fn folder<D: Disk>(disk: D) -> Result<Arc<Folder<D>>, Fault> {
    Folder::open(disk, Path::new(DATA), Path::new(KEPT))
}

/// Opens a register, or founds it if its genesis never got there.
pub fn open<D: Disk>(disk: D, given: &mut Given) -> Result<Log<D>, Fault> {
    open_in(&folder(disk)?, given)
}

pub fn open_in<D: Disk>(folder: &Arc<Folder<D>>, given: &mut Given) -> Result<Log<D>, Fault> {
    match Log::open(folder, registrar(), &given.witnessed(), Start::Usual) {
        Ok((log, _)) => Ok(log),
        Err(Fault::NoRegister { .. }) => {
            assert!(given.entries.is_empty());
            let (log, answer) = Log::found(folder, registrar(), &genesis(), at(0), &mut Door)?;
            given.take(&genesis().to_bytes(), &answer);
            Ok(log)
        }
        Err(fault) => Err(fault),
    }
}

/// Hands in the next `count` acts, one of which is refused and one comes twice.
pub fn hand_in<D: Disk>(log: &mut Log<D>, given: &mut Given, count: u64) -> Result<(), Fault> {
    let from = given.handed_in;
    given.handed_in += count;
    let mut batch: Vec<Vec<u8>> = (from..from + count).map(submission).collect();
    batch.push(unwelcome(from));
    batch.push(submission(from));
    let answers = log.append(&batch, at(from), &mut Door)?;
    assert_eq!(answers.len(), batch.len());
    for (submission, answer) in batch.iter().zip(&answers) {
        given.take(submission, answer);
    }
    Ok(())
}

/// Signs a checkpoint and serves it.
pub fn beat<D: Disk>(log: &mut Log<D>, given: &mut Given) -> Result<(), Fault> {
    let checkpoint = log.checkpoint()?;
    given.sign(checkpoint.checkpoint().size, checkpoint.checkpoint().root);
    log.serve(&checkpoint)?;
    given.served = checkpoint.checkpoint().size;
    Ok(())
}

/// Whether every file in the register's folder is what the specification says of a log with these
/// entries, and there is no other.
pub fn check_files<D: Disk>(disk: &D, entries: &[Vec<u8>]) {
    let register = Path::new(DATA).join("register");
    let leaves: Vec<Hash> = entries.iter().map(|entry| leaf_hash(entry)).collect();
    for file in files(disk, &register) {
        let name = file.strip_prefix(&register).expect("inside").to_str().expect("a name").to_owned();
        if name == "checkpoint" {
            continue;
        }
        let tile = TilePath::parse(&name).unwrap_or_else(|| panic!("{name} is no file of a log"));
        let (first, width) = (tile.index() as usize * 256, usize::from(tile.width()));
        let expected = match tile.kind() {
            TileKind::Entries => bundle::to_bytes(&entries[first..first + width]).expect("short entries"),
            TileKind::Hashes(level) => {
                let span = 256usize.pow(u32::from(level));
                let hashes: Vec<Hash> = (first..first + width)
                    .map(|n| root_of_leaves(&leaves[n * span..(n + 1) * span]))
                    .collect();
                tile::to_bytes(&hashes)
            }
        };
        assert_eq!(disk.read(&file, u64::MAX - 1).expect("a file"), expected, "{name}");
    }
    let reader = Reader::new(disk.clone(), &register);
    if let Some(cosigned) = reader.checkpoint().expect("a checkpoint, or none yet") {
        let checkpoint = cosigned.checkpoint();
        assert_eq!(root_of_leaves(&leaves[..checkpoint.size as usize]), checkpoint.root);
        assert_eq!(reader.root(checkpoint.size).expect("tiles for all of it"), checkpoint.root);
        let read: Result<Vec<_>, _> = reader.entries(0..checkpoint.size, checkpoint.size).collect();
        assert_eq!(read.expect("entries for all of it"), entries[..checkpoint.size as usize]);
    }
}

fn files<D: Disk>(disk: &D, folder: &Path) -> Vec<PathBuf> {
    // A crash may have come before there was one.
    let names = disk.list(folder).unwrap_or_default();
    let inside = names.into_iter().flat_map(|name| {
        let path = folder.join(&name.name);
        if name.is_folder { files(disk, &path) } else { vec![path] }
    });
    inside.collect()
}

pub fn all<D: Disk>(log: &Log<D>) -> Vec<Vec<u8>> {
    log.entries(0..log.size()).collect::<Result<_, _>>().expect("entries")
}
