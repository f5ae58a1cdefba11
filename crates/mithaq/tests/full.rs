//! The disk of a node is full in the middle of each form: that is said, what was kept stands, and it goes on when there is room.

#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test may")]

mod support;

use std::fs::{self, File};
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use support::deeds::{ALL, Deed, What};
use support::forms::{alerted, officer, taken_by};
use support::running::{Got, RUN, Running, free_port};
use support::{mithaq, run};

/// A small disk in a room of its own, with a desk on it. It is gone when this is dropped.
struct Disk {
    keeper: Child,
    at: PathBuf,
}

impl Disk {
    /// Nothing, where this machine gives no such room.
    fn new(folder: &Path) -> Option<Disk> {
        let at = folder.join("disk");
        fs::create_dir(&at).unwrap();
        let script = "mount -t tmpfs -o size=64m,mode=700 tmpfs disk && cp -a data keys disk/ && echo ready && exec cat";
        let mut keeper = Command::new("unshare");
        keeper.args(["--user", "--map-root-user", "--mount", "sh", "-c", script]).current_dir(folder);
        let mut keeper = keeper.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().ok()?;
        let mut line = String::new();
        BufReader::new(keeper.stdout.take()?).read_line(&mut line).ok()?;
        let disk = Disk { at: at.clone(), keeper };
        (line == "ready\n").then_some(disk)
    }

    /// The folder, as others than those in the room reach it.
    fn outside(&self) -> PathBuf {
        PathBuf::from(format!("/proc/{}/root{}", self.keeper.id(), self.at.display()))
    }

    /// A command in the room.
    fn inside(&self) -> Command {
        let mut command = mithaq(&self.at);
        let program = command.get_program().to_owned();
        command = Command::new("nsenter");
        command.args([
            "--preserve-credentials",
            "--user",
            "--mount",
            "--target",
            &self.keeper.id().to_string(),
        ]);
        // The folder is another one in there.
        command.args(["sh", "-c", "cd \"$0\" && exec \"$@\""]).arg(&self.at).arg(program);
        command
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap())
            .env("MITHAQ_PASSPHRASE", "a passphrase");
        command
    }

    fn start(&self) -> Option<Running> {
        Running::of(self.inside().args(RUN))
    }

    /// Takes all the room that there is.
    fn fill(&self) {
        let mut file = File::options().append(true).create(true).open(self.outside().join("filler")).unwrap();
        for bytes in [1 << 20, 4096, 1] {
            while file.write_all(&vec![0; bytes]).is_ok() {}
        }
    }

    fn make_room(&self) {
        fs::remove_file(self.outside().join("filler")).unwrap();
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = self.keeper.kill();
        let _ = self.keeper.wait();
    }
}

/// Whether it is said that the disk is full, to whoever reads pages.
fn is_full(got: &Got) -> bool {
    got.status == 507 && (got.body.contains("The disk of this node is full") || got.body.contains("no-room"))
}

#[test]
fn a_full_disk_is_said_and_nothing_is_lost() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path();
    // At one address: a passkey is of that.
    let listen = format!("127.0.0.1:{}", free_port());
    let init = ["node", "init", "--solo", "--listen", &listen, "--work-factor", "1"];
    run(folder, &[&init[..], &["--data", "data", "--keys", "keys"]].concat()).good();
    let Some(disk) = Disk::new(folder) else {
        let why = "no small disk can be made here (unshare, mount)";
        assert!(std::env::var_os("MITHAQ_STRICT").is_none(), "{why}");
        eprintln!("skipped: {why}");
        return;
    };
    let node = disk.start().unwrap_or_else(|| panic!("it runs"));
    let person = node.sit("ops-1");
    assert_eq!(person.post("watch/begin", &[]).unwrap().status, 303);
    officer(&person);
    let alert = alerted(&person);
    let unread = Deed::new(What::Draft, 51);
    assert_eq!(unread.take(&person).unwrap().status, 303);
    // A gigabyte has to be free before a file comes in.
    let kinds = ALL.into_iter().filter(|what| *what != What::Upload);
    let before: Vec<Deed> = kinds.clone().zip(0..).map(|(what, number)| Deed::new(what, number)).collect();
    for deed in &before {
        assert_eq!(deed.take(&person).unwrap().status, 303, "{deed:?}");
    }
    let upload = Deed::new(What::Upload, 99).take(&person).unwrap();
    assert!(is_full(&upload), "{} {}", upload.status, upload.says());

    let waits = Deed::new(What::Passkey, 50);
    let half = waits.ask(&person).unwrap().unwrap_or_else(|got| panic!("{} {}", got.status, got.says()));

    disk.fill();
    let mut refused = 0;
    let during: Vec<Deed> = (100..130)
        .flat_map(|number| {
            kinds.clone().zip(0..).map(move |(what, place)| Deed::new(what, 10 * number + place))
        })
        .collect();
    let mut kept = Vec::new();
    for deed in &during {
        // Each is kept whole, or refused and not there.
        let got = deed.take(&person).unwrap();
        match got.status {
            303 => kept.push(deed),
            507 => {
                refused += 1;
                assert!(is_full(&got), "{deed:?}: {}", got.says());
                assert_eq!(deed.count(&person), 0, "{deed:?}");
            }
            other => panic!("{deed:?}: {other} {}", got.says()),
        }
        assert!(!deed.what.signs() || got.status == 507, "nothing is signed on a full disk");
    }
    assert!(refused > ALL.len(), "{refused} of {} were refused", during.len());
    // What a passkey has asserted is not lost: it waits for room, and so does an alert for who takes it.
    let answered = half.answer(&person).unwrap();
    assert!(is_full(&answered), "{} {}", answered.status, answered.says());
    let took = person.post("alerts", &[("id", &alert)]).unwrap();
    assert!(is_full(&took), "{} {}", took.status, took.says());
    // A page that notes who has read it is read all the same.
    let page = person.get(&format!("sign/{}", unread.name)).unwrap();
    assert!(page.status == 200 && page.body.contains("name=\"read\""), "{} {}", page.status, page.says());
    // What only reads goes on.
    for page in [
        "",
        "watch",
        "worklist",
        "directory",
        "incidents",
        "record",
        "record/1",
        "evidence",
        "settings",
        "alerts",
        "agreement",
    ] {
        let got = person.get(page).unwrap();
        assert_eq!(got.status, 200, "{page}: {}", got.says());
    }
    assert!(person.get("/healthz").unwrap().body.contains("\"disk\":\"full\""));
    // Killed while it is full: what was kept stands, once there is room.
    node.kill();
    if let Some(node) = disk.start() {
        node.stop();
    }
    disk.make_room();
    let node = disk.start().unwrap_or_else(|| panic!("it runs again"));
    let person = node.sit("ops-1");
    for deed in before.iter().chain(kept) {
        assert_eq!(deed.count(&person), 1, "{deed:?}");
    }
    assert_eq!((waits.count(&person), taken_by(&person, &alert)), (0, None), "what was refused was not done");
    assert_eq!(half.answer(&person).unwrap().status, 303);
    assert_eq!(waits.count(&person), 1);
    assert_eq!(person.post("alerts", &[("id", &alert)]).unwrap().status, 303);
    assert_eq!(taken_by(&person, &alert).as_deref(), Some("ops-1"));
    for deed in &during {
        let got = deed.take(&person).unwrap();
        assert!([200, 303].contains(&got.status), "{deed:?}: {}", got.says());
        assert_eq!(deed.count(&person), 1, "{deed:?}");
    }
    // And the same node goes on when room is made while it runs.
    disk.fill();
    let last = Deed::new(What::Sign, 9_999);
    assert!(is_full(&last.take(&person).unwrap()));
    disk.make_room();
    assert_eq!(last.take(&person).unwrap().status, 303);
    assert_eq!(last.count(&person), 1);
    node.stop();
    let verified = disk.inside().args(["verify", "data"]).output().unwrap();
    assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stderr));
}
