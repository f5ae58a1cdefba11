//! Several nodes: a quorum gathered by stick, sleepers, forks, folders that were put back, stamps that
//! came too late.

mod common;

use std::path::Path;

use act::Body;
use act::body::{Offer, Open, Step};
use act::value::{AnnexRef, FieldValue, Fields, MatterRef};
use common::{World, at, carry, code, copy_ring, import, keep, report, three, three_nodes, verify, who};
use node::evidence::Evidence;
use node::rebuilt::Rebuilt;
use node::{Fault, Node};
use note::{Note, Receipt};
use register::KnownBy;
use terms::RefusalGround;
use tlog::{Checkpoint, CosignedCheckpoint};

fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.file_type().expect("a type").is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), &target).expect("copied");
        }
    }
}

#[test]
fn two_of_three_witnesses_are_gathered_by_stick() {
    let (mut world, mut harbour, mut isle) = three_nodes();
    let stick = world.stick.clone();
    let north = &mut world.north;
    // The first brings its cosignature and its enrolments; the second makes the quorum.
    let imported = carry(&mut harbour, north, &stick, 2);
    assert_eq!((imported.registered, imported.mark), (4, None), "{imported:?}");
    // Isle saw the register at 4, and so did harbour: what it brings makes that final, late as it is.
    let imported = carry(&mut isle, north, &stick, 3);
    assert_eq!((imported.registered, imported.mark), (4, Some(12)), "{imported:?}");
    assert_eq!(north.checkpoint().expect("read").expect("final").checkpoint().size, 4);

    // Now harbour cosigns 13; north's next question to isle is that same size, though more came since.
    let imported = carry(north, &mut harbour, &stick, 4);
    assert_eq!((imported.cosigned, harbour.size()), (Some(13), 13), "{imported:?}");
    assert_eq!(harbour.checkpoint().expect("read").expect("final").checkpoint().size, 4);
    verify(&harbour.home().data);
    let body = keep(&harbour);
    let kept = harbour.act("liaison-1", body, at(4)).expect("queued");
    assert_eq!(carry(&mut harbour, north, &stick, 5).mark, None);
    assert_eq!(north.size(), 14);
    // No quorum yet: what harbour has of its act's entry is the registrar's receipt for it.
    carry(north, &mut harbour, &stick, 6);
    let receipts = |node: &Node| -> Vec<Receipt> {
        let notes = node.notes().list().expect("listed").into_iter();
        let notes = notes.map(|hash| node.notes().get(&hash).expect("read").expect("a note"));
        let notes = notes.filter_map(|note| Note::parse(&note, 16).ok());
        notes.filter_map(|note| Receipt::read_note(&note)).map(|(.., receipt)| receipt).collect()
    };
    let promised: Vec<_> = receipts(&harbour).iter().map(|r| (r.index, r.submission)).collect();
    assert!(promised.contains(&(13, kept.hash())), "{promised:?}");
    verify(&harbour.home().data);
    let imported = carry(north, &mut isle, &stick, 6);
    assert_eq!(imported.cosigned, Some(13));
    // Isle has harbour's line and its own: a quorum, before the registrar knows of it.
    assert_eq!(isle.checkpoint().expect("read").expect("final").checkpoint().size, 13);
    let imported = carry(&mut isle, north, &stick, 7);
    assert_eq!(imported.mark, Some(14), "{imported:?}");
    // Harbour learns of it on the next trip; what it held is served.
    carry(north, &mut harbour, &stick, 8);
    assert!(harbour.checkpoint().expect("read").expect("final").checkpoint().size >= 13);
    // A receipt whose entry is final has done its work.
    let served = harbour.checkpoint().expect("read").expect("final").checkpoint().size;
    assert!(receipts(&harbour).iter().all(|receipt| receipt.index >= served), "{:?}", receipts(&harbour));
    for node in [north, &mut harbour, &mut isle] {
        let report = verify(&node.home().data);
        assert_eq!(report.quorum, 2);
    }
}

#[test]
fn what_is_held_waits_for_the_quorum_over_a_restart() {
    let (mut world, mut harbour, mut isle) = three_nodes();
    let stick = world.stick.clone();
    let home = harbour.home().clone();
    let ring = copy_ring(harbour.keyring());
    drop(harbour);
    harbour = Node::open(&home, ring).expect("opened");
    assert_eq!((harbour.size(), harbour.checkpoint().expect("read")), (4, None));
    assert_eq!(report(&home.data).verdict(), audit::Verdict::Undecided);
    // Harbour's cosignature reaches isle, by a stick between the two; north sleeps.
    let file = stick.join("between.mithaq");
    harbour.export(&who("isle"), &file, true, at(2), &mut common::quiet).expect("exported");
    let imported = isle.import(&file, at(2), &mut common::quiet).expect("imported");
    assert_eq!(imported.wrongs, Vec::<String>::new());
    assert_eq!(isle.checkpoint().expect("read").expect("final").checkpoint().size, 4);
    verify(&isle.home().data);
    // And so north hears of both at once.
    let imported = carry(&mut isle, &mut world.north, &stick, 3);
    assert!(imported.mark.is_some(), "{imported:?}");
}

#[test]
fn the_same_bundle_twice_is_harmless() {
    let (mut world, mut harbour, mut isle) = three_nodes();
    let stick = world.stick.clone();
    for (from, hour) in [(&mut harbour, 2), (&mut isle, 3)] {
        let file = stick.join(format!("{hour}.mithaq"));
        from.export(&who("north"), &file, true, at(hour), &mut common::quiet).expect("exported");
        let first = world.north.import(&file, at(hour), &mut common::quiet).expect("imported");
        assert_eq!(first.registered, 4);
        let size = world.north.size();
        let again = world.north.import(&file, at(hour + 1), &mut common::quiet).expect("imported");
        assert_eq!((again.registered, again.mark, again.refused.len()), (0, None, 0), "{again:?}");
        assert_eq!(world.north.size(), size);
    }
    let file = stick.join("back.mithaq");
    world.north.export(&who("harbour"), &file, true, at(5), &mut common::quiet).expect("exported");
    let first = harbour.import(&file, at(5), &mut common::quiet).expect("imported");
    assert!(first.cosigned.is_some() && first.entries > 0);
    let notes = std::fs::read_dir(harbour.home().data.join("note")).expect("notes").count();
    let again = harbour.import(&file, at(6), &mut common::quiet).expect("imported");
    assert_eq!((again.cosigned, again.entries), (None, 0), "{again:?}");
    assert_eq!(std::fs::read_dir(harbour.home().data.join("note")).expect("notes").count(), notes);
}

#[test]
fn a_witness_does_not_cosign_without_the_annexes() {
    let mut world = World::found(common::TWO, &["harbour"], &["harbour"], 1);
    let (mut harbour, _) = world.join("harbour", true, 1);
    let stick = world.stick.clone();
    carry(&mut harbour, &mut world.north, &stick, 2);
    let table = b"one,two\n".to_vec();
    let hash = world.north.annexes().put(&table).expect("put");
    let batch = batch(hash, table.len() as u64);
    world.north.act("liaison-1", batch, at(3)).expect("registered");
    let annex = world.north.home().data.join("register/annex").join(hash.to_hex());
    std::fs::remove_file(&annex).expect("removed");
    let imported = carry(&mut world.north, &mut harbour, &stick, 3);
    assert_eq!(imported.cosigned, None);
    assert!(imported.remarks.iter().any(|r| r.contains("missing")), "{imported:?}");
    let undecided = report(&harbour.home().data);
    assert!(undecided.undecided.iter().any(|why| why.contains(&hash.to_hex())), "{undecided:#?}");
    // It comes with the next, and all goes on; the entries were held.
    world.north.annexes().put(&table).expect("put");
    let imported = carry(&mut world.north, &mut harbour, &stick, 4);
    assert!(imported.cosigned.is_some(), "{imported:?}");
    verify(&harbour.home().data);
}

fn batch(hash: terms::Hash, size: u64) -> Body {
    serde_json::from_value::<act::body::Batch>(serde_json::json!({
        "table": "incidents", "rows": 1, "annex": {"sha256": hash, "size": size}
    }))
    .map(Body::Batch)
    .expect("a batch")
}

#[test]
fn a_fork_is_evidence_and_is_not_cosigned() {
    let (mut world, mut harbour, _) = three_nodes();
    let stick = world.stick.clone();
    carry(&mut harbour, &mut world.north, &stick, 2);
    // North signs another past at a size that harbour holds, and asks with it.
    let key = common::signing(&world.rings["north"], &format!("{}/registrar", common::origin()));
    let other = Checkpoint { origin: common::origin(), size: 3, root: terms::Hash::of(b"another past") };
    let other = CosignedCheckpoint::sign(other, &key);
    std::fs::write(
        world.north.home().data.join("note").join(terms::Hash::of(&other.to_bytes()).to_hex()),
        other.to_bytes(),
    )
    .expect("written");
    let imported = import(&mut world.north, &mut harbour, &stick, 3).expect("imported");
    assert!(imported.wrongs.iter().any(|wrong| wrong.contains("another past")), "{imported:?}");
    let report = report(&harbour.home().data);
    assert_eq!(report.wrongs.first().map(|wrong| wrong.code), Some("audit::fork"), "{report:#?}");
}

/// TIME T22: a copy of the data that is put back is seen at the start, whoever still knows of more.
#[test]
fn a_folder_that_was_put_back_does_not_start() {
    let mut world = World::found(common::TWO, &["harbour"], &["harbour"], 1);
    let (mut harbour, _) = world.join("harbour", true, 1);
    let stick = world.stick.clone();
    let home = world.north.home().clone();
    let old = world.dir.path().join("old");
    copy_folder(&home.data, &old.join("data"));
    copy_folder(&home.kept(), &old.join("kept"));
    // Between two beats: only what is kept at each batch knows of it.
    let body = keep(&world.north);
    world.north.act("liaison-1", body.clone(), at(2)).expect("registered");
    let World { north, rings, .. } = world;
    drop(north);
    let now = world.dir.path().join("now");
    copy_folder(&home.data, &now.join("data"));
    copy_folder(&home.kept(), &now.join("kept"));
    let put_back = |from: &Path, kept: bool| {
        std::fs::remove_dir_all(&home.data).expect("removed");
        copy_folder(&from.join("data"), &home.data);
        if kept {
            std::fs::remove_dir_all(home.kept()).expect("removed");
            copy_folder(&from.join("kept"), &home.kept());
        }
    };
    put_back(&old, false);
    match Node::open(&home, copy_ring(&rings["north"])).map(|_| ()) {
        Err(Fault::Register(register::Fault::Behind { known_by: KnownBy::Keys, known, size })) => {
            assert_eq!((known.size, size), (5, 4));
        }
        other => panic!("{other:?}"),
    }
    // All was put back, but for what was seen of others.
    put_back(&now, true);
    let mut north = Node::open(&home, copy_ring(&rings["north"])).expect("opened");
    carry(&mut north, &mut harbour, &stick, 3);
    carry(&mut harbour, &mut north, &stick, 4);
    drop(north);
    put_back(&old, true);
    match Node::open(&home, copy_ring(&rings["north"])).map(|_| ()) {
        Err(Fault::Register(register::Fault::Behind { known_by: KnownBy::Witness, known, size })) => {
            assert_eq!((known.size, size), (5, 4));
        }
        other => panic!("{other:?}"),
    }
    // Everything: it starts, knowing no better; the next stick tells it, before it signs anything.
    std::fs::remove_dir_all(home.keys.join("peers")).expect("removed");
    let mut north = Node::open(&home, copy_ring(&rings["north"])).expect("opened");
    harbour.act("liaison-1", body, at(5)).expect("queued");
    let file = stick.join("truth.mithaq");
    harbour.export(&who("north"), &file, true, at(5), &mut common::quiet).expect("exported");
    let told = north.import(&file, at(5), &mut common::quiet);
    assert!(matches!(told, Err(Fault::Register(register::Fault::Behind { .. }))), "{told:?}");
    assert_eq!(north.size(), 4);
    drop(north);
    let again = Node::open(&home, copy_ring(&rings["north"])).map(|_| ());
    assert!(matches!(again, Err(Fault::Register(register::Fault::Behind { .. }))), "{again:?}");
}

/// The same for a witness: what it cosigned stands in the register.
#[test]
fn a_witness_that_was_put_back_cosigns_no_more() {
    let mut world = World::found(common::TWO, &["harbour"], &["harbour"], 1);
    let (mut harbour, _) = world.join("harbour", true, 1);
    let stick = world.stick.clone();
    let home = harbour.home().clone();
    let old = world.dir.path().join("old");
    copy_folder(&home.data.join("witness"), &old.join("witness"));
    copy_folder(&home.kept(), &old.join("kept"));
    for hour in [2, 4] {
        carry(&mut harbour, &mut world.north, &stick, hour);
        carry(&mut world.north, &mut harbour, &stick, hour + 1);
    }
    drop(harbour);
    for (from, to) in [(old.join("witness"), home.data.join("witness")), (old.join("kept"), home.kept())] {
        std::fs::remove_dir_all(&to).expect("removed");
        copy_folder(&from, &to);
    }
    let mut harbour = Node::open(&home, copy_ring(&world.rings["harbour"])).expect("opened");
    let body = keep(&world.north);
    world.north.act("liaison-1", body, at(6)).expect("registered");
    let imported = carry(&mut world.north, &mut harbour, &stick, 7);
    assert_eq!(imported.cosigned, None);
    assert!(imported.remarks.iter().any(|r| r.contains("cosigns no more")), "{imported:?}");
}

/// The bare copy of an act reaches the registrar before the stamped one. The stamp is entered as an act
/// of its own, and counts.
#[test]
fn a_stamp_that_came_too_late_is_entered_as_an_act() {
    let mut world = World::found(&three("party"), &["harbour", "isle"], &["harbour"], 1);
    let (mut harbour, _) = world.join("harbour", true, 1);
    let (mut isle, _) = world.join("isle", false, 1);
    let stick = world.stick.clone();
    carry(&mut harbour, &mut world.north, &stick, 2);
    carry(&mut isle, &mut world.north, &stick, 2);
    carry(&mut world.north, &mut harbour, &stick, 3);
    carry(&mut harbour, &mut world.north, &stick, 4);
    carry(&mut world.north, &mut harbour, &stick, 5);
    carry(&mut world.north, &mut isle, &stick, 5);
    // Isle signs; harbour stamps it on its way, but isle's own stick is faster.
    let body = keep(&isle);
    let act = isle.act("liaison-1", body, at(6)).expect("queued").act().id();
    let imported = carry(&mut isle, &mut harbour, &stick, 6);
    assert_eq!(imported.stamped, 1, "{imported:?}");
    assert_eq!(carry(&mut isle, &mut harbour, &stick, 7).stamped, 0);
    carry(&mut isle, &mut world.north, &stick, 8);
    let imported = carry(&mut harbour, &mut world.north, &stick, 9);
    assert_eq!(imported.refused, vec![RefusalGround::Duplicate.to_string()]);
    carry(&mut world.north, &mut harbour, &stick, 10);

    let stranded = harbour.stamps_to_enter().expect("read");
    assert_eq!(stranded.len(), 1);
    assert_eq!((stranded[0].stamp.act, stranded[0].stamp.time), (act, at(6)));
    let body = harbour.intake_act_body(&stranded[0]).expect("a body");
    harbour.act("liaison-1", body, at(10)).expect("queued");
    assert_eq!(harbour.stamps_to_enter().expect("read"), vec![]);
    let imported = carry(&mut harbour, &mut world.north, &stick, 11);
    assert_eq!((imported.registered, imported.refused.len()), (1, 0));
    for hour in [12, 13, 14] {
        carry(&mut world.north, &mut harbour, &stick, hour);
        carry(&mut harbour, &mut world.north, &stick, hour);
    }
    // It has its effect: neither malformed nor void.
    let report = verify(&world.north.home().data);
    assert_eq!(report.counts.malformed, 0);
    let (index, _) = harbour.find(&act).expect("registered");
    assert_eq!(world.north.find(&act).expect("registered").0, index);
    assert_eq!(harbour.stamps_to_enter().expect("read"), vec![]);
    assert_eq!(harbour.queued().expect("read").len(), 0);
    let events: Vec<_> = world.north.happened().from(0).collect();
    let void = events.iter().filter(|event| format!("{event:?}").contains("Void")).count();
    // The three acts of this story that name no exhibit are void, and the stamp's is not.
    assert_eq!(void, 1, "{events:#?}");
}

/// A stamped copy of an act reaches the registrar before its author's bare one, which is refused as a duplicate; and
/// the question that brings the refusal ends before the act. It is registered: its author keeps all that is of it.
#[test]
fn what_is_refused_as_a_duplicate_waits_for_its_entry() {
    let (mut world, mut harbour, mut isle) = three_nodes();
    let stick = world.stick.clone();
    let north = &mut world.north;
    carry(&mut harbour, north, &stick, 2);
    carry(&mut isle, north, &stick, 3);
    carry(north, &mut isle, &stick, 3);
    carry(&mut isle, north, &stick, 4);
    carry(north, &mut harbour, &stick, 4);
    assert_eq!(carry(&mut harbour, north, &stick, 4).mark, Some(13));
    // Harbour begins to cosign 14, before isle's acts.
    assert_eq!(carry(north, &mut harbour, &stick, 5).cosigned, Some(14));
    carry(&mut harbour, north, &stick, 5);
    let mut plain: &[u8] = b"What I saw.";
    let evidence =
        Evidence { bytes: plain.len() as u64, plain: &mut plain, media_type: "text/plain", name: None };
    let offered = isle.seal(evidence, &[who("isle")], &mut common::quiet).expect("sealed").0;
    let files =
        [isle.vault().sealed_path(&offered.sealed), isle.vault().grant_path(&offered.grants[0].sealed)];
    let offer = Body::Offer(Offer { files: vec![offered] });
    let offer = isle.act("liaison-1", offer, at(5)).expect("queued").act().id();
    assert_eq!(carry(&mut isle, &mut harbour, &stick, 6).stamped, 1);
    assert_eq!(carry(&mut harbour, north, &stick, 7).registered, 1);
    // It goes on with the next act of the same key.
    let body = keep(&isle);
    let next = isle.act("liaison-1", body, at(7)).expect("queued").act().id();
    let imported = carry(&mut isle, north, &stick, 8);
    assert_eq!(imported.refused, vec![RefusalGround::Duplicate.to_string()]);
    assert_eq!(imported.registered, 1);
    let imported = carry(north, &mut isle, &stick, 9);
    assert_eq!((imported.cosigned, isle.size()), (Some(14), 14), "{imported:?}");
    assert_eq!(imported.refused, Vec::<String>::new(), "it stands registered");
    let queued = |node: &Node| -> Vec<_> {
        node.queued().expect("read").iter().map(|submission| submission.act().id()).collect()
    };
    assert_eq!(queued(&isle), [offer, next]);
    assert!(files.iter().all(|file| file.exists()));
    verify(&isle.home().data);
    // What is known to be registered is not carried, and refused, again.
    let imported = carry(&mut isle, north, &stick, 10);
    assert_eq!((imported.mark.is_some(), imported.refused.len()), (true, 0), "{imported:?}");
    for hour in [11, 13] {
        carry(north, &mut isle, &stick, hour);
        carry(&mut isle, north, &stick, hour);
        carry(north, &mut harbour, &stick, hour + 1);
        carry(&mut harbour, north, &stick, hour + 1);
    }
    assert_eq!(queued(&isle), []);
    assert!(files.iter().all(|file| file.exists()));
    let (index, _) = isle.find(&offer).expect("registered");
    assert!(index >= 14 && isle.find(&next).expect("registered").0 > index);
    verify(&isle.home().data);
}

/// An act reaches the registrar before the one that it follows on, and is refused `previous`. It waits for that one, with all
/// that is of it, and both are registered.
#[test]
fn what_was_faster_than_the_act_before_it_waits_for_that() {
    let (mut world, mut harbour, mut isle) = three_nodes();
    let stick = world.stick.clone();
    let north = &mut world.north;
    carry(&mut harbour, north, &stick, 2);
    for hour in [3, 4] {
        carry(&mut isle, north, &stick, hour);
        carry(north, &mut isle, &stick, hour);
        carry(north, &mut harbour, &stick, hour);
        carry(&mut harbour, north, &stick, hour);
    }
    let body = keep(&isle);
    let first = isle.act("liaison-1", body, at(5)).expect("queued");
    let mut plain: &[u8] = b"What I saw.";
    let evidence =
        Evidence { bytes: plain.len() as u64, plain: &mut plain, media_type: "text/plain", name: None };
    let offered = isle.seal(evidence, &[who("isle")], &mut common::quiet).expect("sealed").0;
    let file = isle.vault().sealed_path(&offered.sealed);
    let offer = Body::Offer(Offer { files: vec![offered] });
    let offer = isle.act("liaison-1", offer, at(5)).expect("queued").act().id();
    // The first is left behind, as on another stick.
    let waiting = isle.home().data.join("queue").join(first.hash().to_hex());
    let aside = stick.join("aside");
    std::fs::rename(&waiting, &aside).expect("moved");
    let imported = carry(&mut isle, north, &stick, 6);
    assert_eq!(imported.refused, vec![RefusalGround::Previous.to_string()]);
    std::fs::rename(&aside, &waiting).expect("moved back");
    let imported = carry(north, &mut isle, &stick, 7);
    assert_eq!(imported.refused, Vec::<String>::new(), "nothing is to be signed anew");
    assert!(file.exists());
    let imported = carry(&mut isle, north, &stick, 8);
    assert_eq!((imported.registered, imported.refused.len()), (2, 0), "{imported:?}");
    for hour in [9, 11] {
        carry(north, &mut isle, &stick, hour);
        carry(&mut isle, north, &stick, hour);
        carry(north, &mut harbour, &stick, hour + 1);
        carry(&mut harbour, north, &stick, hour + 1);
    }
    assert!(isle.find(&offer).is_ok() && isle.queued().expect("read").is_empty());
    assert!(file.exists());
    verify(&isle.home().data);
    // Alone, before the act that it follows on is there or goes with it, it is not carried, and refused, again.
    let body = keep(&isle);
    let before = isle.act("liaison-1", body.clone(), at(13)).expect("queued");
    isle.act("liaison-1", body, at(13)).expect("queued");
    let waiting = isle.home().data.join("queue").join(before.hash().to_hex());
    std::fs::rename(&waiting, &aside).expect("moved");
    assert_eq!(carry(&mut isle, north, &stick, 14).refused.len(), 1);
    carry(north, &mut isle, &stick, 15);
    assert_eq!(carry(&mut isle, north, &stick, 16).refused.len(), 0);
    std::fs::rename(&aside, &waiting).expect("moved back");
    assert_eq!(carry(&mut isle, north, &stick, 17).registered, 2);
}

/// The other way round: the bare copy is registered, and harbour's stamped one refused before its entry comes.
#[test]
fn a_stamp_waits_for_the_entry_that_came_without_it() {
    let (mut world, mut harbour, mut isle) = three_nodes();
    let stick = world.stick.clone();
    let north = &mut world.north;
    carry(&mut harbour, north, &stick, 2);
    carry(&mut isle, north, &stick, 3);
    // Isle begins to cosign 13; its act comes after.
    assert_eq!(carry(north, &mut isle, &stick, 4).cosigned, Some(13));
    let body = keep(&isle);
    let act = isle.act("liaison-1", body, at(5)).expect("queued").act().id();
    carry(north, &mut harbour, &stick, 5);
    assert_eq!(carry(&mut isle, &mut harbour, &stick, 6).stamped, 1);
    assert_eq!(carry(&mut isle, north, &stick, 7).registered, 1);
    let imported = carry(&mut harbour, north, &stick, 8);
    assert_eq!(imported.refused, vec![RefusalGround::Duplicate.to_string()]);
    // Isle carries the refusal, and none of the entries from 13 on.
    for note in north.notes().list().expect("listed") {
        isle.notes().put(&north.notes().get(&note).expect("read").expect("a note")).expect("put");
    }
    let imported = carry(&mut isle, &mut harbour, &stick, 9);
    assert_eq!((harbour.size(), imported.refused.len()), (13, 0), "{imported:?}");
    assert_eq!(
        (harbour.queued().expect("read").len(), harbour.stamps_to_enter().expect("read").len()),
        (1, 0)
    );
    for hour in [10, 12, 14] {
        carry(north, &mut isle, &stick, hour);
        carry(&mut isle, north, &stick, hour);
        carry(north, &mut harbour, &stick, hour + 1);
        carry(&mut harbour, north, &stick, hour + 1);
    }
    let stranded = harbour.stamps_to_enter().expect("read");
    assert_eq!(stranded.iter().map(|stranded| stranded.stamp.act).collect::<Vec<_>>(), [act]);
}

/// After a refusal the author goes on with a higher number, and never signs one twice.
#[test]
fn what_is_refused_is_signed_anew_with_a_higher_number() {
    let mut world = World::found(common::TWO, &["harbour"], &["harbour"], 1);
    let (mut harbour, _) = world.join("harbour", true, 1);
    let stick = world.stick.clone();
    carry(&mut harbour, &mut world.north, &stick, 2);
    carry(&mut world.north, &mut harbour, &stick, 3);
    // A recovery key's kind of act by an officer: the registrar refuses it, and what follows on it.
    let revoke = Body::Revoke(act::body::Revoke { label: code("node-1") });
    let refused = harbour.act("liaison-1", revoke, at(4)).expect("queued");
    let follows = harbour.act("liaison-1", keep(&world.north), at(4)).expect("queued");
    assert_eq!(follows.act().head().n, refused.act().head().n + 1);
    let imported = carry(&mut harbour, &mut world.north, &stick, 5);
    assert_eq!(imported.refused.len(), 2, "{imported:?}");
    let imported = carry(&mut world.north, &mut harbour, &stick, 6);
    assert_eq!(imported.refused.len(), 2, "{imported:?}");
    assert_eq!(harbour.queued().expect("read").len(), 0);
    // The node was restarted, and its queue is gone; the number is not.
    let home = harbour.home().clone();
    drop(harbour);
    let mut harbour = Node::open(&home, copy_ring(&world.rings["harbour"])).expect("opened");
    let anew = harbour.act("liaison-1", keep(&world.north), at(7)).expect("queued");
    assert_eq!(anew.act().head().n, follows.act().head().n + 1);
    let imported = carry(&mut harbour, &mut world.north, &stick, 8);
    assert_eq!((imported.registered, imported.refused.len()), (1, 0), "{imported:?}");
    // Two acts written at once: the second is not signed.
    let signer = harbour.signer("liaison-1").expect("a signer");
    let one = harbour.write(vec![signer.clone()], keep(&world.north), at(9)).expect("written");
    let other = harbour.write(vec![signer], keep(&world.north), at(10)).expect("written");
    harbour.sign(one.clone(), None).expect("signed");
    harbour.sign(one, None).expect("signed again");
    let twice = harbour.sign(other, None).map(|_| ());
    assert!(matches!(twice, Err(Fault::Numbered { .. })), "{twice:?}");
}

/// A crash came between sealing and the act that was to name what was sealed: the next start removes that, and
/// nothing else.
#[test]
fn what_was_sealed_for_an_act_that_a_crash_prevented_does_not_stay() {
    let mut world = World::found(common::TWO, &["harbour"], &["harbour"], 1);
    let (mut harbour, _) = world.join("harbour", true, 1);
    let stick = world.stick.clone();
    carry(&mut harbour, &mut world.north, &stick, 2);
    let ring = copy_ring(world.north.keyring());
    let World { dir, north: mut node, .. } = world;
    let home = node.home().clone();
    let seal = |node: &Node| {
        let mut plain: &[u8] = b"What I saw.";
        let evidence =
            Evidence { bytes: plain.len() as u64, plain: &mut plain, media_type: "text/plain", name: None };
        node.seal(evidence, &[who("harbour")], &mut |_, _| {}).expect("sealed").0
    };
    let held =
        || ["sealed", "grant"].map(|of| std::fs::read_dir(home.data.join(of)).map_or(0, Iterator::count));
    let offered = seal(&node);
    node.act("liaison-1", Body::Offer(Offer { files: vec![offered] }), at(3)).expect("offered");
    seal(&node);
    assert_eq!(held(), [2, 4]);
    assert_eq!(report(&home.data).wrongs[0].code, "audit::unnamed_file");
    drop(node);
    let node = Node::open(&home, ring).expect("opened");
    assert_eq!(held(), [1, 2]);
    verify(&home.data);
    drop((node, harbour, dir));
}

/// What an instrument has beside, so that north alone can change it.
const CHANGE: &str = r#"
[procedure.life]
like = "life"
[procedure.departure]
like = "departure"
[procedure.change]
title = "Change"
ref = "CHG"
adopts = "text"
seen_by = "everyone"
effect = { done = "amend" }
[procedure.change.fields]
text = "text"
[procedure.change.states]
proposed = "Proposed."
[procedure.change.ends]
done = "Done."
lapsed = "Not done in time."
[procedure.change.open]
by = "north"
to = "proposed"
[procedure.change.step.settle]
from = "proposed"
by = "north"
due = "30d after service"
to = "done"
silence = { lapse = "lapsed" }
"#;

/// A key that ended opens no door, and neither does a key with force of who takes no part any more.
#[test]
fn who_left_is_not_let_in() {
    // Days are enough here for what takes hours and weeks there.
    let with = |instrument: &str| {
        let calm = instrument.replace("heartbeat = \"1h\"", "heartbeat = \"1d\"");
        calm.replace("carriage = \"7d\"", "carriage = \"1d\"") + CHANGE
    };
    let mut world = World::found(&with(&three("guarantor")), &["harbour", "isle"], &["harbour"], 1);
    let (mut harbour, _) = world.join("harbour", true, 1);
    let (mut isle, _) = world.join("isle", true, 1);
    let (stick, north) = (world.stick.clone(), &mut world.north);
    carry(&mut isle, north, &stick, 2);
    let visit = |harbour: &mut Node, north: &mut Node, hour: u64| {
        carry(harbour, north, &stick, hour);
        carry(north, harbour, &stick, hour);
    };
    for hour in [2, 3, 4] {
        visit(&mut harbour, north, hour);
    }
    carry(north, &mut isle, &stick, 4);
    let brought = terms::Hash::of(b"a bundle");
    let comes = |node: &Node, north: &Node, hour: u64| {
        let proof =
            node.greeter().prove(node.docket(), &who("north"), &brought, at(hour)).expect("it has a key");
        north
            .greeter()
            .who_comes(north.docket(), &proof, &brought, at(hour))
            .map_err(|fault| fault.to_string())
    };
    assert_eq!(comes(&isle, north, 5), Ok(who("isle")));
    assert_eq!(comes(&harbour, north, 5), Ok(who("harbour")));

    // Harbour's proof was made while its key had force, and comes after.
    let proof =
        harbour.greeter().prove(harbour.docket(), &who("north"), &brought, at(6)).expect("it has a key");
    let revoke = Body::Revoke(act::body::Revoke { label: code("node-1") });
    harbour.act_with(&["root-1", "root-2"], revoke, at(6)).expect("queued");
    for hour in [6, 7, 8] {
        visit(&mut harbour, north, hour);
    }
    let told =
        north.greeter().who_comes(north.docket(), &proof, &brought, at(6)).map_err(|fault| fault.to_string());
    assert!(told.as_ref().is_err_and(|why| why.contains("has no force")), "{told:?}");

    // North changes the agreement: it has no isle any more.
    let text = with(common::TWO);
    let sha256 = north.annexes().put(text.as_bytes()).expect("put");
    let annex = AnnexRef { sha256, size: text.len() as u64 };
    let fields = Fields::from([(code("text"), FieldValue::Annex(annex))]);
    let open = Open { procedure: code("change"), tier: None, fields, strands: Vec::new(), files: Vec::new() };
    let opened = north.act("liaison-1", Body::Open(open), at(9)).expect("opened").act().id();
    let step = Step {
        matter: MatterRef::Opened(opened),
        strands: Vec::new(),
        step: code("settle"),
        choice: None,
        fields: Fields::new(),
        files: Vec::new(),
    };
    north.act("liaison-1", Body::Step(step), at(9)).expect("settled");
    for hour in [9, 10, 11] {
        visit(&mut harbour, north, hour);
    }
    assert_eq!(comes(&isle, north, 12), Ok(who("isle")), "it comes into force later");
    for day in 1..=6 {
        visit(&mut harbour, north, 11 + day * 24);
    }
    assert!(!north.docket().instrument().participants.contains_key(&who("isle")));
    let key = &north.docket().ledger().keys()[&"isle/node-1".parse().expect("a signer")];
    assert!(key.ended.is_none(), "its key is as it was");
    let told = comes(&isle, north, 160);
    assert!(told.as_ref().is_err_and(|why| why.contains("takes no part")), "{told:?}");
    verify(&north.home().data);

    // Each start reads on past what changed the agreement, and comes to what the one before came to.
    let World { north, dir: _dir, .. } = world;
    let (home, ring) = (north.home().clone(), copy_ring(north.keyring()));
    drop(north);
    for start in 0..3 {
        let node = Node::open_to_run(&home, copy_ring(&ring), &mut |_, _| ()).expect("it opens");
        match node.rebuilt() {
            Some(Rebuilt::First) => assert_eq!(start, 0),
            Some(Rebuilt::Agrees(came)) => assert!(start > 0 && came.size == node.docket().size()),
            other => panic!("start {start}: {other:?}"),
        }
        node.settle_docket().expect("room");
    }
}
