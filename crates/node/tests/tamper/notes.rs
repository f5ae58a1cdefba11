//! What signed notes beside a register say against it.

use act::freeze::{FreezeBody, FreezeNote};
use act::refusal::RefusalBody;
use act::state::StateBody;
use act::value::Vkey;
use act::{Refusal, StateNote};
use audit::Verdict;
use note::{KeyName, Note, VerifierKey};
use terms::{Hash, RefusalGround};

use crate::anew::{entries, receipted, signed, with};
use crate::common;
use crate::common::{at, witness_name};
use crate::spoilt::{Checker, SPOILT, Spoilt};

/// Two pasts, each with a quorum of liars: each is good by itself, and together they convict.
#[test]
fn forked() {
    let Spoilt { large, witness, public, now, .. } = &*SPOILT;
    let mut checker = Checker::default();
    let all = entries(large);
    let size = all.len() - 1;
    let helped = [("harbour", witness, *now), ("public", public, *now)];
    let one = all[..size].to_vec();
    let mut other = all[..size - 1].to_vec();
    other.push(receipted(&all[size - 1], size as u64 - 1, now.plus(terms::Seconds(60))));
    assert_ne!(one[size - 1], other[size - 1]);
    let (first, second) =
        (with(large, &one, signed(&one, &helped)), with(large, &other, signed(&other, &helped)));
    checker.good(&first, "one past");
    checker.good(&second, "the other");
    let note = second.0["register/checkpoint"].clone();
    let path = format!("note/{}", Hash::of(&note).to_hex());
    let report = checker.report(&first.with(&path, note));
    assert_eq!(
        report.wrongs.first().map(|w| (w.code, w.file.as_str())),
        Some(("audit::fork", path.as_str()))
    );
}

/// What signed notes beside the register say against its entries: a checkpoint that shows the registrar's lie
/// is a wrong; what nodes and witnesses say is their own, and is remarked.
#[test]
fn what_notes_say() {
    let Spoilt { large, registrar, witness, public, node, genesis, .. } = &*SPOILT;
    let mut checker = Checker::default();
    let all = entries(large);
    let body = checker.report(large).state.expect("a state");
    let size = body.size;
    let (origin, genesis) = (common::origin(), *genesis);
    let beside = |note: Vec<u8>| {
        let path = format!("note/{}", Hash::of(&note).to_hex());
        (large.with(&path, note), path)
    };
    let mut remarked = |note: Note, what: &str| {
        let (files, path) = beside(note.to_bytes());
        let report = checker.report(&files);
        assert_eq!(report.verdict(), Verdict::Good, "{what}: {report:#?}");
        let found = report.remarks.iter().find(|remark| remark.contains(&path));
        match what {
            "" => assert_eq!(found, None),
            what => assert!(found.is_some_and(|found| found.contains(what)), "{what}: {:?}", report.remarks),
        }
    };
    let state = |body: StateBody| {
        let signer = "harbour/node-1".parse().expect("a signer");
        StateNote { origin: origin.clone(), genesis, body }.sign(node, &signer).expect("a note")
    };
    remarked(state(body), "");
    remarked(state(StateBody { state: Hash::ZERO, ..body }), "replay comes to");
    remarked(state(StateBody { state: Hash::ZERO, as_of: at(1), ..body }), "");
    remarked(state(StateBody { root: Hash::ZERO, ..body }), "another root");
    remarked(state(StateBody { size: size + 9, ..body }), "are here");
    let freeze = |size, root| {
        let name = KeyName::signer(&origin, &terms::SignerName::Registrar);
        let body = FreezeBody { registrar: Vkey(VerifierKey::plain(name, registrar.public())), size, root };
        let name = KeyName::new(&witness_name("harbour")).expect("a name");
        FreezeNote { origin: origin.clone(), genesis, body }.sign(witness, &name).expect("a note")
    };
    remarked(freeze(size, body.root), "");
    remarked(freeze(size, Hash::ZERO), "another root");
    remarked(freeze(size + 9, body.root), "are here");
    let refusal = |size| {
        let body =
            RefusalBody { act: None, submission: Hash::ZERO, ground: RefusalGround::Form, size, at: at(9) };
        Refusal { origin: origin.clone(), genesis, body }.sign(registrar).expect("a note")
    };
    remarked(refusal(size), "");
    remarked(refusal(size + 9), "are here");
    // One of the registrar's checkpoints was cosigned an hour before its last entry was registered (C5).
    let early = [("harbour", witness, at(9)), ("public", public, at(9))];
    let (files, _) = beside(signed(&all[..300], &early));
    let report = checker.report(&files);
    let found = report.wrongs.iter().find(|wrong| wrong.code == "audit::dated_after");
    assert!(found.is_some_and(|wrong| wrong.file.starts_with("register/tile/entries/")), "{report:#?}");
    // Nobody cosigned this one: it has no time.
    let (files, _) = beside(signed(&all[..300], &[]));
    checker.good(&files, "a checkpoint that waits for its witnesses");
}
