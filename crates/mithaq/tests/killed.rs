//! A node is killed, as by a power cut, while somebody works at its desk: what it had said to be done is there, nothing is there
//! half, and what is sent again is there once. `MITHAQ_KILLS` says how often, `MITHAQ_SEED` from which seed on.

#![expect(clippy::unwrap_used, reason = "a test may")]

mod support;

use std::path::Path;
use std::sync::mpsc::channel;
use std::time::Duration;

use support::deeds::{ALL, Deed, What};
use support::forms::{alerted, officer, taken_by};
use support::run;
use support::running::{Dice, Person, Running, free_port};

fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

/// How many incidents were opened, by the register's own files.
fn opened(folder: &Path) -> usize {
    let at = ["--data", "data", "--keys", "keys", "--json"];
    let said = run(folder, &[&["act", "list", "--kind", "open"], &at[..]].concat()).good();
    let said: serde_json::Value = serde_json::from_str(&said).unwrap();
    said["acts"].as_array().unwrap().len()
}

#[test]
fn what_was_said_to_be_done_is_there_after_a_kill() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path();
    // At one address: a passkey is of that.
    let listen = format!("127.0.0.1:{}", free_port());
    let init = ["node", "init", "--solo", "--listen", &listen, "--work-factor", "1"];
    run(folder, &[&init[..], &["--data", "data", "--keys", "keys"]].concat()).good();
    let (kills, seed) = (number("MITHAQ_KILLS", 8), number("MITHAQ_SEED", 11));
    let mut dice = Dice(seed);
    let mut all: Vec<Deed> = Vec::new();
    let mut open = 0;
    for round in 0..kills {
        let node = Running::start(folder);
        let person = node.sit("ops-1");
        if round == 0 {
            assert_eq!(person.post("watch/begin", &[]).unwrap().status, 303);
            officer(&person);
        }
        // What was not answered is sent again; then it is there, once.
        for deed in &mut all[open..] {
            check(deed, &person, seed);
            let got = deed.take(&person).unwrap();
            assert!(
                [200, 303].contains(&got.status),
                "(seed {seed}) {deed:?}: {} {}",
                got.status,
                got.says()
            );
            deed.is_done = true;
        }
        for deed in &all {
            check(deed, &person, seed);
        }
        open = all.len();
        // Somebody works until the node is gone.
        let first = all.len() as u64;
        let (say, hear) = channel();
        let works = {
            let person = person.clone();
            std::thread::spawn(move || {
                let mut done = Vec::new();
                for number in first.. {
                    let mut deed = Deed::new(ALL[(number % ALL.len() as u64) as usize], number);
                    let _ = say.send(());
                    let came = deed.take(&person);
                    deed.is_done = came.as_ref().is_ok_and(|got| [200, 303].contains(&got.status));
                    done.push(deed);
                    match came {
                        Ok(got) => assert!(got.status < 500, "{:?}: {}", done.last(), got.says()),
                        Err(_) => return done,
                    }
                }
                done
            })
        };
        for _ in 0..=dice.below(20) {
            hear.recv().unwrap();
        }
        std::thread::sleep(Duration::from_micros(dice.below(25_000)));
        node.kill();
        // What a kill left half sealed, `verify` would say until the next start has dropped it.
        all.extend(works.join().unwrap());
    }
    let node = Running::start(folder);
    let person = node.sit("ops-1");
    for deed in &mut all[open..] {
        check(deed, &person, seed);
        assert!([200, 303].contains(&deed.take(&person).unwrap().status), "{deed:?}");
        deed.is_done = true;
    }
    for deed in &all {
        check(deed, &person, seed);
    }
    node.stop();
    let signed = all.iter().filter(|deed| deed.what.signs()).count();
    assert!(signed > 1 && all.len() > ALL.len(), "(seed {seed}) {} deeds, {signed} signed", all.len());
    assert_eq!(opened(folder), signed, "(seed {seed}) each was signed once: {all:?}");
    run(folder, &["verify", "data"]).good();
}

/// A passkey has asserted an act, and the node is killed before it hears so: the same answer signs it afterwards, once. An alert
/// that somebody took stays theirs.
#[test]
fn what_was_half_done_is_gone_on_with_after_a_kill() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path();
    let listen = format!("127.0.0.1:{}", free_port());
    let init = ["node", "init", "--solo", "--listen", &listen, "--work-factor", "1"];
    run(folder, &[&init[..], &["--data", "data", "--keys", "keys"]].concat()).good();
    let node = Running::start(folder);
    let person = node.sit("ops-1");
    officer(&person);
    let alert = alerted(&person);
    let deed = Deed::new(What::Passkey, 1);
    let half = deed.ask(&person).unwrap().unwrap_or_else(|got| panic!("{} {}", got.status, got.says()));
    assert_eq!(taken_by(&person, &alert), None);
    assert_eq!(person.post("alerts", &[("id", &alert)]).unwrap().status, 303);
    node.kill();
    let node = Running::start(folder);
    assert!(half.answer(&person).unwrap().status == 401, "the session is over with the node");
    let person = node.sit("ops-1");
    assert_eq!(taken_by(&person, &alert).as_deref(), Some("ops-1"));
    assert_eq!(deed.count(&person), 0);
    for _ in 0..2 {
        let got = half.answer(&person).unwrap();
        assert_eq!(got.status, 303, "{}", got.says());
        assert_eq!(deed.count(&person), 1, "{:?}", got.head("location"));
    }
    node.stop();
    assert_eq!(opened(folder), 2);
    run(folder, &["verify", "data"]).good();
}

/// It is there once if it was said to be done, and else once or not at all.
#[track_caller]
fn check(deed: &Deed, person: &Person, seed: u64) {
    let count = deed.count(person);
    if count == 0 && deed.what.signs() {
        eprintln!("{}", person.get(&format!("sign/{}", deed.name)).unwrap().says());
    }
    // Nobody knows the name of a file whose beginning was not answered: it is begun anew, and the old one is swept in time.
    let most = if deed.what == What::Upload { usize::MAX } else { 1 };
    assert!(
        (usize::from(deed.is_done)..=most).contains(&count),
        "(seed {seed}) {deed:?} is there {count} times"
    );
}
