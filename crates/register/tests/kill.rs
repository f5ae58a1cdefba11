//! A real process is killed at random moments, hundreds of times, on a disk that keeps back what was
//! not synced, so that the kill loses it. Whatever it said before must stand.
//!
//! `MITHAQ_KILLS` says how often; without it, 240 times.

mod support;

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use register::disk::simulated::SimulatedDisk;
use register::{Answer, Folder, Log, RealDisk};
use support::{Door, Given, at, open_in, submission, unwelcome};
use terms::Hash;

const FOLDER: &str = "MITHAQ_KILL_FOLDER";
const BATCHES: u64 = 60;

/// Tells the parent what was given out, a line each.
fn say(words: &[String]) {
    let mut out = std::io::stdout().lock();
    // A parent that is gone kills this one too.
    writeln!(out, "@ {}", words.join(" ")).and_then(|()| out.flush()).expect("a parent that listens");
}

/// The process that is killed. It is a test so that it is in this very binary.
#[test]
#[ignore = "it is started by the other test"]
fn the_child() {
    let Some(root) = std::env::var_os(FOLDER).map(PathBuf::from) else { return };
    let disk = SimulatedDisk::over(&root.join("disk"), &root.join("workbench")).expect("a disk");
    let folder = folder(disk, &root);
    let mut given = Given::default();
    let mut log = open_in(&folder, &mut given).expect("a register that opens");
    for (index, entry) in given.entries {
        say(&["entry".to_owned(), index.to_string(), Hash::of(&entry).to_hex()]);
    }
    for batch in 0..BATCHES {
        let from = log.size() * 3;
        let mut acts: Vec<Vec<u8>> = (from..from + 1 + batch % 7).map(submission).collect();
        if batch % 5 == 4 {
            acts.push(unwelcome(from));
        }
        let answers = log.append(&acts, at(from), &mut Door).expect("a disk that works");
        for (act, answer) in acts.iter().zip(&answers) {
            match answer {
                Answer::Registered { index, receipt, .. } => {
                    let entry = [&act[..], format!("{receipt}\n").as_bytes()].concat();
                    say(&["entry".to_owned(), index.to_string(), Hash::of(&entry).to_hex()]);
                }
                Answer::Refused { note, .. } => {
                    say(&["note".to_owned(), "0".to_owned(), Hash::of(&note.to_bytes()).to_hex()]);
                }
            }
        }
        if batch % 3 == 2 {
            let checkpoint = log.checkpoint().expect("a disk that works");
            let (size, root) = (checkpoint.checkpoint().size, checkpoint.checkpoint().root);
            say(&["root".to_owned(), size.to_string(), root.to_hex()]);
            log.serve(&checkpoint).expect("a disk that works");
            say(&["served".to_owned(), size.to_string(), root.to_hex()]);
        }
    }
    std::thread::sleep(Duration::from_secs(60));
}

fn folder<D: register::Disk>(disk: D, root: &Path) -> std::sync::Arc<Folder<D>> {
    let disk_root = root.join("disk");
    Folder::open(disk, &disk_root.join("data"), &disk_root.join("kept")).expect("a folder")
}

/// What the children said so far.
#[derive(Default)]
struct Said {
    entries: std::collections::BTreeMap<u64, Hash>,
    roots: std::collections::BTreeMap<u64, Hash>,
    notes: Vec<Hash>,
    served: u64,
}

impl Said {
    fn hear(&mut self, line: &str) {
        // The last line may be half a line.
        let Some((words, "")) = line.split_once('\n') else { return };
        let words: Vec<&str> = words.split(' ').collect();
        let ["@", what, number, hash] = words[..] else { return };
        let (number, hash) = (number.parse().expect("a number"), Hash::from_hex(hash).expect("a hash"));
        let before = match what {
            "entry" => self.entries.insert(number, hash),
            "root" => self.roots.insert(number, hash),
            "note" => {
                self.notes.push(hash);
                None
            }
            _ => {
                self.served = number;
                None
            }
        };
        assert!(before.is_none_or(|before| before == hash), "two of {what} {number}");
    }

    fn check(&self, log: &Log<RealDisk>) {
        let mut hashes = Vec::new();
        for entry in log.entries(0..log.size()) {
            hashes.push(Hash::of(&entry.expect("an entry")));
        }
        for (index, hash) in &self.entries {
            assert_eq!(hashes.get(*index as usize), Some(hash), "entry {index} was promised");
        }
        for (size, root) in &self.roots {
            assert_eq!(log.root_at(*size).expect("a size that was signed"), *root, "size {size}");
        }
        let notes = register::Shelf::notes(log.folder());
        assert!(self.notes.iter().all(|note| notes.get(note).expect("a note").is_some()));
        let served = log.reader().checkpoint().expect("a checkpoint, or none yet");
        assert!(served.map_or(0, |served| served.checkpoint().size) >= self.served);
    }
}

fn start(root: &Path) -> Child {
    Command::new(std::env::current_exe().expect("this binary"))
        .args(["--ignored", "--exact", "the_child", "--nocapture"])
        .env(FOLDER, root)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("a child")
}

#[test]
fn killed_hundreds_of_times() {
    let kills: u64 = std::env::var("MITHAQ_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(240);
    let root = tempfile::tempdir().expect("a folder");
    for name in ["disk", "workbench"] {
        std::fs::create_dir(root.path().join(name)).expect("a folder");
    }
    let mut said = Said::default();
    let (mut dice, mut cut, mut from_journal) = (0x5f1c_u64, 0, 0);
    for kill in 0..kills {
        let mut child = start(root.path());
        let out = child.stdout.take().expect("a pipe");
        let listener = std::thread::spawn(move || {
            let (mut out, mut lines) = (BufReader::new(out), Vec::new());
            let mut line = String::new();
            while out.read_line(&mut line).is_ok_and(|bytes| bytes > 0) {
                lines.push(std::mem::take(&mut line));
            }
            lines
        });
        dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        std::thread::sleep(Duration::from_micros(3_000 + (dice >> 33) % 60_000));
        child.kill().expect("a child");
        let status = child.wait().expect("a child");
        assert_eq!(status.code(), None, "kill {kill}: the child ended by itself, {status}");
        for line in listener.join().expect("a listener") {
            said.hear(&line);
        }
        // Every other time the next child recovers, and every other time this one does.
        if kill % 2 == 0 || kill + 1 == kills {
            let folder = folder(RealDisk, root.path());
            match Log::open(&folder, support::registrar(), &[], register::Start::Usual) {
                Ok((log, recovery)) => {
                    said.check(&log);
                    cut += u64::from(recovery.torn_bytes > 0);
                    from_journal += u64::from(recovery.from_journal > 0);
                }
                Err(register::Fault::NoRegister { .. }) => assert!(said.entries.is_empty()),
                Err(fault) => panic!("kill {kill}: {fault}"),
            }
        }
    }
    println!(
        "{kills} kills: {} receipts kept; {from_journal} starts took entries from the journal, {cut} cut a torn end",
        said.entries.len()
    );
    assert!(said.entries.len() as u64 > kills, "the children said too little");
}
