//! A bundle is being taken in, and the program is killed or the disk is full in its midst: it is taken in again, whole, and comes to
//! the same.

#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may")]

mod support;

use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use support::disk::Disk;
use support::running::Dice;
use support::{Two, copy, founded, mithaq, run};

const EACH: usize = 2_500_000;

/// A stick for harbour, with three offers of some megabytes on it.
fn stick() -> Two {
    let two = founded();
    for number in 0..3_u8 {
        let name = format!("film-{number}.mp4");
        let content: Vec<u8> = (0..EACH).map(|at| (at % 251) as u8 ^ number).collect();
        std::fs::write(two.folder.path().join(&name), content).unwrap();
        two.north.good("01-13 08:00", &["evidence", "offer", &name, "--to", "harbour"]);
    }
    two.north.good("01-13 09:00", &["bundle", "export", "--to", "harbour", "--out", "big.mithaq"]);
    two
}

/// What harbour's node does with it, in a folder.
fn words(folder: &str) -> [String; 11] {
    let (data, keys) = (format!("{folder}data"), format!("{folder}keys"));
    let stick = "big.mithaq".to_owned();
    let at = ["--now", "2026-01-13 10:00", "--work-factor", "1"].map(str::to_owned);
    let [now, time, factor, one] = at;
    let [bundle, import, d, k] = ["bundle", "import", "--data", "--keys"].map(str::to_owned);
    [bundle, import, stick, now, time, factor, one, d, data, k, keys]
}

/// What a folder of data comes to, whole.
fn state(folder: &Path, data: &str) -> (String, usize) {
    let said = run(folder, &["verify", data, "--json"]).good();
    let said: serde_json::Value = serde_json::from_str(&said).unwrap();
    let state = said.pointer("/state").unwrap_or_else(|| panic!("{said}")).to_string();
    let sealed = std::fs::read_dir(folder.join(data).join("sealed")).unwrap().count();
    (state, sealed)
}

#[test]
fn what_was_being_taken_in_when_it_was_killed_is_taken_in_again() {
    let two = stick();
    let folder = two.folder.path();
    let fresh = |name: &str| copy(&folder.join("harbour"), &folder.join(name));
    fresh("whole");
    let began = Instant::now();
    let ran = mithaq(folder).args(words("whole/")).output().unwrap();
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    let took = began.elapsed();
    let whole = state(folder, "whole/data");
    assert!(whole.1 >= 3, "{whole:?}");
    let mut dice = Dice(5);
    let mut cut = 0;
    for round in 0..12 {
        let name = format!("cut-{round}");
        fresh(&name);
        // It may be cut off again where it had gone on.
        for _ in 0..=round % 3 {
            let import = words(&format!("{name}/"));
            let quiet = || Stdio::null();
            let mut child = mithaq(folder).args(import).stdout(quiet()).stderr(quiet()).spawn().unwrap();
            std::thread::sleep(Duration::from_micros(dice.below(took.as_micros().try_into().unwrap())));
            child.kill().unwrap();
            cut += usize::from(!child.wait().unwrap().success());
        }
        let ran = mithaq(folder).args(words(&format!("{name}/"))).output().unwrap();
        assert!(ran.status.success(), "round {round}: {}", String::from_utf8_lossy(&ran.stderr));
        assert_eq!(state(folder, &format!("{name}/data")), whole, "round {round}");
    }
    assert!(cut > 6, "{cut} were cut off");
}

#[test]
fn what_the_disk_had_no_room_for_is_taken_in_when_there_is() {
    let two = stick();
    let folder = two.folder.path();
    copy(&folder.join("harbour"), &folder.join("whole"));
    assert!(mithaq(folder).args(words("whole/")).output().unwrap().status.success());
    let whole = state(folder, "whole/data");
    let Some(disk) = Disk::with(&folder.join("harbour"), &["data", "keys", "../big.mithaq"]) else { return };
    // What was half written, `verify` would say until the next start has dropped it.
    // Nothing at all, some of a register, some of the first file, and some of the last.
    for room in [0, 40_000, EACH as u64 / 2, 2 * EACH as u64 + EACH as u64 / 2] {
        disk.leave(room);
        let ran = disk.inside().args(words("")).output().unwrap();
        let said = String::from_utf8_lossy(&ran.stderr).to_lowercase();
        assert!(
            !ran.status.success() && said.contains("no space left on device"),
            "with {room} bytes: {said}"
        );
        disk.make_room();
    }
    let ran = disk.inside().args(words("")).output().unwrap();
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    let after = disk.inside().args(["verify", "data", "--json"]).output().unwrap();
    let after: serde_json::Value = serde_json::from_slice(&after.stdout).unwrap();
    assert_eq!(after["state"].to_string(), whole.0);
    let sealed = std::fs::read_dir(disk.outside().join("data/sealed")).unwrap().count();
    assert_eq!(sealed, whole.1);
}
