//! The disk of a node is full in the middle of each form: that is said, what was kept stands, and it goes on when there is room.

#![cfg(target_os = "linux")]

mod support;

use support::deeds::{ALL, Deed, What};
use support::disk::Disk;
use support::forms::{alerted, officer, taken_by};
use support::run;
use support::running::{Got, RUN, Running, free_port};

/// Whether it is said that the disk is full, to whoever reads pages.
fn is_full(got: &Got) -> bool {
    got.status == 507 && (got.body.contains("The disk of this node is full") || got.body.contains("no-room"))
}

fn start(disk: &Disk) -> Option<Running> {
    Running::of(disk.inside().args(RUN))
}

#[test]
fn a_full_disk_is_said_and_nothing_is_lost() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path();
    // At one address: a passkey is of that.
    let listen = format!("127.0.0.1:{}", free_port());
    let init = ["node", "init", "--solo", "--listen", &listen, "--work-factor", "1"];
    run(folder, &[&init[..], &["--data", "data", "--keys", "keys"]].concat()).good();
    let Some(disk) = Disk::with(folder, &["data", "keys"]) else { return };
    let node = start(&disk).unwrap_or_else(|| panic!("it runs"));
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
    if let Some(node) = start(&disk) {
        node.stop();
    }
    disk.make_room();
    let node = start(&disk).unwrap_or_else(|| panic!("it runs again"));
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
