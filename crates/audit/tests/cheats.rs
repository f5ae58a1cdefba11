//! Folders of a register whose parts cheat, as whoever holds one checks it: what is wrong is named, and what
//! was signed convicts whom it should, and nobody else.

use std::cell::RefCell;
use std::collections::BTreeMap;

use act::body::Body;
use act::freeze::{FreezeBody, FreezeNote};
use act::refusal::RefusalBody;
use act::state::StateBody;
use act::value::Vkey;
use act::{Entry, Refusal, StateNote, Submission};
use audit::contradiction::{Convict, Copy, Found, Unconfirmed, confirm, gather};
use audit::{Carried, Checked, Expected, Inline, Own, Source, Verdict, verify_folder};
use docket::harness::folder::{Files, add_note};
use docket::harness::world::{key, receipted, vkey, witness_name};
use docket::harness::{Hand, Setup, World, at, bodies, signer};
use note::{Intake, KeyName, Note, VerifierKey};
use terms::{Capacity, Hash, RefusalGround, Seconds};
use tlog::witness::AddCheckpoint;
use tlog::{Checkpoint, CosignedCheckpoint, cosignature};

/// Files in memory, that count how often each is read.
#[derive(Default)]
struct Held {
    files: Files,
    owns: BTreeMap<String, Own>,
    reads: RefCell<BTreeMap<String, usize>>,
    carried: Carried,
}

impl Held {
    fn of(files: Files) -> Held {
        Held { files, ..Held::default() }
    }

    /// With an act on its way.
    fn queued(mut self, submission: &Submission) -> Held {
        let path = format!("queue/{}", submission.hash().to_hex());
        self.files.insert(path.clone(), submission.to_bytes());
        self.owns.insert(path, Own::Submission(Box::new(submission.clone())));
        self
    }
}

impl Source for Held {
    fn list(&self) -> Result<Vec<String>, String> {
        Ok(self.files.keys().cloned().collect())
    }

    fn read(&self, path: &str, limit: u64) -> Result<Option<Vec<u8>>, String> {
        *self.reads.borrow_mut().entry(path.to_owned()).or_default() += 1;
        match self.files.get(path) {
            Some(bytes) if bytes.len() as u64 > limit => Err("it is too large".to_owned()),
            bytes => Ok(bytes.cloned()),
        }
    }

    fn hash(&self, path: &str) -> Result<(Hash, u64), String> {
        let bytes = self.files.get(path).ok_or("it is not there")?;
        Ok((Hash::of(bytes), bytes.len() as u64))
    }

    fn check_own(&self, _: &str) -> Result<(), String> {
        Ok(())
    }

    fn own(&self, path: &str) -> Result<Own, String> {
        Ok(self.owns.get(path).cloned().unwrap_or(Own::Checked))
    }

    fn carried(&self) -> Carried {
        self.carried.clone()
    }
}

fn check(held: &Held) -> Checked {
    verify_folder(held, &Expected::Any, None, &mut Inline::default(), &mut |_, _| {})
}

fn found(held: &Held, checked: &Checked) -> Vec<Found> {
    gather(held, checked, &[], &mut Inline::default()).expect("a register with a quorum")
}

fn world() -> World {
    let mut world = World::found(&Setup::default());
    world.now = at("2025-11-01 08:00");
    world.enrol("harbour", "node", Capacity::Node);
    world.act(&["north"], bodies::notice(&["ford"]));
    world.settle();
    world
}

fn submission(world: &mut World, signers: &[&str], body: Body) -> Submission {
    let draft = world.draft(signers, &Hand::default(), body);
    world.sign(&draft, &Hand::default())
}

/// Lets it in, whatever it is, and goes on for long enough.
fn let_in(world: &mut World, submission: &Submission) {
    let bytes = receipted(submission, world.size(), world.now, &world.genesis, "registrar", true);
    world.enter(bytes);
    world.settle();
}

/// Whom a contradiction convicts, in a word or two.
fn whom(convict: &Convict) -> String {
    match convict {
        Convict::Registrar(key) => {
            assert_eq!(key.raw(), vkey("registrar", "").raw());
            "registrar".to_owned()
        }
        Convict::Witness { name, .. } => format!("witness {name}"),
        Convict::Author { participant, label, .. } => format!("author {participant}/{label}"),
        Convict::Intake { participant, label, .. } => format!("intake {participant}/{label}"),
        Convict::Node { participant, label, .. } => format!("node {participant}/{label}"),
        Convict::Nobody => "nobody".to_owned(),
    }
}

/// Which codes the check gives, and which contradictions there are; each file is confirmed by the register's
/// name alone.
fn judged(world: &World, held: &Held) -> (Vec<&'static str>, Vec<String>) {
    let checked = check(held);
    let mut codes: Vec<&str> = checked.report.wrongs.iter().map(|wrong| wrong.code).collect();
    codes.dedup();
    let said = |found: &Found| {
        let conviction = confirm(&found.file, &Expected::Genesis(world.genesis)).expect("it convicts");
        assert_eq!(conviction, found.conviction);
        let file = audit::contradiction::Contradiction::read(&found.file).expect("a file");
        assert_eq!(file.to_bytes(), found.file);
        format!("{} {}", found.kind, whom(&conviction.convicts))
    };
    let mut found: Vec<String> = found(held, &checked).iter().map(said).collect();
    found.sort();
    (codes, found)
}

#[track_caller]
fn cheats(world: &World, held: &Held, codes: &[&str], contradictions: &[&str]) {
    let (found_codes, found) = judged(world, held);
    assert_eq!(found_codes, codes);
    assert_eq!(found, contradictions);
}

fn folder(world: &World) -> Held {
    Held::of(world.folder())
}

fn with_notes(world: &World, notes: &[Vec<u8>]) -> Held {
    let mut files = world.folder();
    for note in notes {
        add_note(&mut files, note);
    }
    Held::of(files)
}

#[test]
fn an_honest_register_is_not_read_again_and_convicts_nobody() {
    let mut world = world();
    for _ in 0..300 {
        world.act(&["south"], bodies::notice(&["harbour"]));
    }
    world.settle();
    let plain = folder(&world);
    let checked = check(&plain);
    assert_eq!(checked.report.verdict(), Verdict::Good);
    let bundles = |held: &Held| -> usize {
        let reads = held.reads.borrow();
        reads.iter().filter(|(path, _)| path.starts_with("register/tile/entries/")).map(|(_, n)| n).sum()
    };
    let before = bundles(&plain);
    assert_eq!(found(&plain, &checked), []);
    assert_eq!(bundles(&plain), before, "nothing is read a second time");
    // With all that may lie beside it.
    let low = submission(&mut world, &["north/nobody"], bodies::notice(&["ford"]));
    let notes = [
        refusal(&world, &low, RefusalGround::Key),
        state(&world, "state"),
        world.cosigned(7, &world.clocks()[..2]).to_string().into_bytes(),
        freeze(&world, world.size(), 1),
    ];
    let good = submission(&mut world, &["north"], bodies::notice(&["ford"]));
    let held = with_notes(&world, &notes).queued(&low).queued(&good);
    let (codes, found) = judged(&world, &held);
    assert_eq!((codes, found), (vec![], vec![]));
}

fn refusal(world: &World, submission: &Submission, ground: RefusalGround) -> Vec<u8> {
    let body =
        RefusalBody { act: None, submission: submission.hash(), ground, size: world.size(), at: world.now };
    let refusal = Refusal { origin: world.origin.clone(), genesis: world.genesis, body };
    refusal.sign(&key("registrar")).expect("a note").to_bytes()
}

fn state(world: &World, text: &str) -> Vec<u8> {
    let (size, root) = (world.size(), world.roots.0[world.roots.0.len() - 1]);
    let body =
        StateBody { rules: 1, size, root, as_of: world.now, lines: 9, state: Hash::of(text.as_bytes()) };
    let note = StateNote { origin: world.origin.clone(), genesis: world.genesis, body };
    note.sign(&key("harbour/node"), &signer("harbour/node")).expect("a note").to_bytes()
}

fn freeze(world: &World, size: u64, witness: usize) -> Vec<u8> {
    let registrar =
        VerifierKey::plain(KeyName::signer(&world.origin, &signer("registrar")), key("registrar").public());
    let seen = world.seen_at(size);
    let body = FreezeBody { registrar: Vkey(registrar), size, root: seen.root };
    let freeze = FreezeNote { origin: world.origin.clone(), genesis: world.genesis, body };
    let name = &world.witnesses[witness];
    freeze.sign(&key(name), &witness_name(name)).expect("a note").to_bytes()
}

#[test]
fn what_had_to_be_refused() {
    let world = world();
    let convicted = ["malformed-let-in registrar"];
    // Line by line: what is let in, its ground, and what a small file can show of it.
    let mut form = world.clone();
    form.enter(b"no entry".to_vec());
    form.settle();
    cheats(&form, &folder(&form), &["audit::malformed_form"], &convicted);

    let mut signature = world.clone();
    let good = submission(&mut signature, &["north"], bodies::notice(&["ford"]));
    let mut lines = good.signatures().to_vec();
    lines[0].payload[5] ^= 1;
    let bad = Submission::new(good.act().clone(), lines, Vec::new(), Vec::new()).expect("its form is good");
    let_in(&mut signature, &bad);
    cheats(&signature, &folder(&signature), &["audit::malformed_signature"], &convicted);

    // A key that is over, and one that never was: of the latter only replay can tell.
    let mut over = world.clone();
    let roots = over.roots_of("south");
    over.act(&roots, bodies::revoke("desk"));
    let late = submission(&mut over, &["south"], bodies::notice(&["ford"]));
    let_in(&mut over, &late);
    cheats(&over, &folder(&over), &["audit::malformed_key"], &convicted);
    let mut unknown = world.clone();
    let nobody = submission(&mut unknown, &["south/nobody"], bodies::notice(&["ford"]));
    let_in(&mut unknown, &nobody);
    cheats(&unknown, &folder(&unknown), &["audit::malformed_key"], &[]);

    let mut twice = world.clone();
    let good = submission(&mut twice, &["south"], bodies::notice(&["ford"]));
    let now = twice.now;
    twice.register(&good, now);
    let_in(&mut twice, &good);
    cheats(&twice, &folder(&twice), &["audit::malformed_duplicate"], &convicted);

    let mut previous = world.clone();
    let mut draft = previous.draft(&["north"], &Hand::default(), bodies::notice(&["harbour"]));
    draft.head.prev = None;
    let forgot = previous.sign(&draft, &Hand::default());
    let_in(&mut previous, &forgot);
    cheats(&previous, &folder(&previous), &["audit::malformed_previous"], &convicted);

    // Who uses a number twice is convicted with the registrar that let it in; whichever comes first.
    let mut number = world.clone();
    let mut draft = number.draft(&["north"], &Hand::default(), bodies::notice(&["harbour"]));
    draft.head.n = 1;
    let low = number.sign(&draft, &Hand::default());
    let_in(&mut number, &low);
    let both = ["author-fork author north/desk", "malformed-let-in registrar"];
    cheats(&number, &folder(&number), &["audit::malformed_number"], &both);
    let good = submission(&mut previous, &["north"], bodies::notice(&["ford"]));
    assert_eq!(good.act().head().n, forgot.act().head().n);
    let now = previous.now;
    previous.register(&good, now);
    previous.settle();
    cheats(&previous, &folder(&previous), &["audit::malformed_previous"], &both);
}

#[test]
fn a_quota_is_replayed_and_no_file_shows_it() {
    let mut world = World::found(&Setup::default());
    world.now = at("2025-11-01 12:00");
    // What roots sign counts in a quota of its own.
    for _ in 0..1000 {
        world.act(&["south"], bodies::notice(&["ford"]));
    }
    let over = submission(&mut world, &["south"], bodies::notice(&["ford"]));
    let_in(&mut world, &over);
    cheats(&world, &folder(&world), &["audit::malformed_quota"], &[]);
}

#[test]
fn times_that_cannot_be() {
    let dated = |hours: i64| {
        let mut world = world();
        let good = submission(&mut world, &["north"], bodies::notice(&["ford"]));
        let by = Seconds(3600 * hours.unsigned_abs());
        let time = if hours < 0 { world.now.minus(by) } else { world.now.plus(by) };
        world.register(&good, time);
        world.settle();
        world
    };
    let early = dated(-1);
    let both = ["dated-before registrar", "time-backwards registrar"];
    cheats(&early, &folder(&early), &["audit::time_backwards", "audit::dated_before"], &both);
    let late = dated(1);
    let both = ["dated-after registrar", "time-backwards registrar"];
    let (codes, found) = judged(&late, &folder(&late));
    assert!(codes.contains(&"audit::dated_after") && codes.contains(&"audit::time_backwards"), "{codes:?}");
    assert_eq!(found, both);
}

/// Each checkpoint that covers an entry can show it, though the first that does is dated later.
#[test]
fn a_checkpoint_among_the_notes_dates_what_it_covers() {
    let mut world = world();
    let good = submission(&mut world, &["north"], bodies::notice(&["ford"]));
    let time = world.now;
    world.register(&good, time);
    world.settle();
    let covers = world.size() - 2;
    let early: Vec<_> = (0..3).map(|place| (place, time.minus(Seconds::HOUR))).collect();
    let note = world.cosigned(covers, &early).to_string().into_bytes();
    // Three witnesses say so; their clocks contradict what they cosigned of less.
    let (codes, found) = judged(&world, &with_notes(&world, &[note]));
    assert_eq!(codes, ["audit::dated_after"]);
    assert!(found.contains(&"dated-after registrar".to_owned()), "{found:?}");
}

/// The same register, with another end.
fn other_end() -> World {
    let mut world = world();
    world.act(&["south"], bodies::notice(&["ford"]));
    world
}

#[test]
fn another_past() {
    let (mut ours, theirs) = (world(), other_end());
    ours.act(&["north"], bodies::notice(&["harbour"]));
    ours.settle();
    let size = theirs.size();
    let note = theirs.cosigned(size, &[(1, theirs.now)]).to_string().into_bytes();
    let both = ["fork registrar", "witness-fork witness w2"];
    cheats(&ours, &with_notes(&ours, &[note]), &["audit::fork"], &both);
    // The same where a bundle asks for a cosignature; and of these entries it is read once.
    let asking = |note| {
        let checkpoint = CosignedCheckpoint::from_note(note).expect("a checkpoint");
        let asked = Some(AddCheckpoint { old: 0, proof: Vec::new(), checkpoint });
        Held { carried: Carried { asked, ..Carried::default() }, ..folder(&ours) }
    };
    cheats(&ours, &asking(theirs.cosigned(size, &[])), &["audit::fork"], &["fork registrar"]);
    cheats(&ours, &asking(ours.cosigned(7, &[])), &[], &[]);
    // The stored checkpoint is of the other past: then proofs lead to that of the last mark.
    let mut files = ours.folder();
    let stored = theirs.cosigned(size, &theirs.clocks()).to_string().into_bytes();
    files.insert("register/checkpoint".to_owned(), stored);
    let (codes, found) = judged(&ours, &Held::of(files));
    assert!(codes.contains(&"audit::checkpoint_root"), "{codes:?}");
    assert!(found.contains(&"fork registrar".to_owned()), "{found:?}");
    // Two copies, each whole.
    let (mine, other) = (folder(&ours), folder(&theirs));
    let (checked, beside) = (check(&mine), check(&other));
    assert_eq!((checked.report.verdict(), beside.report.verdict()), (Verdict::Good, Verdict::Good));
    let copy = Copy { name: "other/", source: &other, checked: &beside };
    let found = gather(&mine, &checked, &[copy], &mut Inline::default()).expect("a register");
    let said = |found: &[Found]| -> Vec<String> {
        let all = found.iter().map(|found| format!("{} {}", found.kind, whom(&found.conviction.convicts)));
        let mut all: Vec<String> = all.filter(|said| !said.starts_with("witness-fork")).collect();
        all.sort();
        all
    };
    let witnesses = found.iter().filter(|found| whom(&found.conviction.convicts).starts_with("witness"));
    assert_eq!(witnesses.count(), 4);
    let registrars = ["double-index registrar", "fork registrar", "receipt-not-kept registrar"];
    assert_eq!(said(&found), registrars);
    // An author that signed for both of them.
    let mut third = world();
    third.act(&["north"], bodies::notice(&["ford", "harbour"]));
    third.settle();
    let other = folder(&third);
    let beside = check(&other);
    let copy = Copy { name: "other/", source: &other, checked: &beside };
    let found = gather(&mine, &checked, &[copy], &mut Inline::default()).expect("a register");
    assert!(
        said(&found).iter().any(|said| said.starts_with("author-fork author north/")),
        "{:?}",
        said(&found)
    );
    let same = folder(&ours);
    let beside = check(&same);
    let copy = Copy { name: "other/", source: &same, checked: &beside };
    assert_eq!(gather(&mine, &checked, &[copy], &mut Inline::default()), Ok(Vec::new()));
}

#[test]
fn a_receipt_in_the_journal_that_the_tiles_do_not_keep() {
    let world = world();
    let mut other = world.clone();
    let mut held = folder(&world);
    let promised = submission(&mut other, &["south"], bodies::notice(&["ford"]));
    let index = world.size() - 1;
    let promised = receipted(&promised, index, world.now, &world.genesis, "registrar", true);
    let seen = world.seen_at(index);
    let tiles = tlog::witness::Seen { size: seen.size, root: seen.root };
    held.files.insert("queue/journal".to_owned(), Vec::new());
    let journal = Own::Journal { origin: world.origin.clone(), tiles, entries: vec![promised] };
    held.owns.insert("queue/journal".to_owned(), journal);
    let both = ["double-index registrar", "receipt-not-kept registrar"];
    cheats(&world, &held, &["audit::own_file"], &both);
}

#[test]
fn a_receipt_in_its_holder_s_hands_that_the_entries_do_not_keep() {
    let world = world();
    let note = |entry: &[u8]| {
        let entry = Entry::parse(entry).expect("an entry");
        let line = entry.receipt_line().clone();
        entry.receipt().to_note(line, &world.origin, &world.genesis).expect("a note").to_bytes()
    };
    let mut other = world.clone();
    let promised = submission(&mut other, &["south"], bodies::notice(&["ford"]));
    let promise = |index| note(&receipted(&promised, index, world.now, &world.genesis, "registrar", true));
    let both = ["double-index registrar", "receipt-not-kept registrar"];
    let broken = with_notes(&world, &[promise(world.size() - 1)]);
    cheats(&world, &broken, &["audit::receipt_broken"], &both);
    // One that is kept, and one of an entry that is not here yet.
    let kept = note(&world.entries[usize::try_from(world.size() - 1).expect("few")]);
    cheats(&world, &with_notes(&world, &[kept, promise(world.size())]), &[], &[]);
    // Who else signs it is no registrar.
    let forged = receipted(&promised, world.size() - 1, world.now, &world.genesis, "north", true);
    cheats(&world, &with_notes(&world, &[note(&forged)]), &["audit::note"], &[]);
}

#[test]
fn refusals_that_do_not_hold() {
    let mut world = world();
    let good = submission(&mut world, &["north"], bodies::notice(&["ford"]));
    let note = refusal(&world, &good, RefusalGround::Signature);
    let convicted = ["false-refusal registrar"];
    cheats(&world, &with_notes(&world, std::slice::from_ref(&note)).queued(&good), &[], &convicted);
    // What was refused is nowhere: nothing shows anything.
    cheats(&world, &with_notes(&world, std::slice::from_ref(&note)), &[], &[]);
    // Or it was let in later.
    let_in(&mut world, &good);
    cheats(&world, &with_notes(&world, &[note]), &[], &convicted);
    let low = submission(&mut world, &["north/nobody"], bodies::notice(&["ford"]));
    let note = refusal(&world, &low, RefusalGround::Key);
    cheats(&world, &with_notes(&world, &[note]).queued(&low), &[], &[]);
}

#[test]
fn parts_that_contradict_themselves() {
    let mut world = world();
    // An author, in what waits.
    let mut draft = world.draft(&["north"], &Hand::default(), bodies::notice(&["harbour"]));
    draft.head.n -= 1;
    let second = world.sign(&draft, &Hand::default());
    cheats(&world, &folder(&world).queued(&second), &[], &["author-fork author north/desk"]);
    // A node.
    let notes = [state(&world, "one"), state(&world, "another")];
    cheats(&world, &with_notes(&world, &notes), &[], &["false-state-note node harbour/node"]);
    cheats(&world, &with_notes(&world, &notes[..1]), &[], &[]);
    // Witnesses.
    let small = world.cosigned(5, &[(2, world.now.plus(Seconds::HOUR))]).to_string().into_bytes();
    cheats(&world, &with_notes(&world, &[small]), &[], &["witness-backwards witness w3"]);
    let frozen = [freeze(&world, 5, 0)];
    cheats(&world, &with_notes(&world, &frozen), &[], &["freeze-broken witness w1"]);
    // A guarantor, whose stamps stand in the register, which they change nothing in.
    for (kind, chained) in [("intake-fork", false), ("intake-backwards", true)] {
        let mut stamped = world.clone();
        let mut previous = Hash::ZERO;
        for minutes in [20, 30] {
            let good = submission(&mut stamped, &["north"], bodies::notice(&["ford"]));
            let time = stamped.now.minus(Seconds(60 * minutes));
            let intake = Intake { act: good.act().id(), time, previous };
            previous = if chained { intake.hash() } else { previous };
            let name = KeyName::signer(&stamped.origin, &signer("harbour/intake"));
            let line = intake.sign(&key("harbour/intake"), &name);
            let now = stamped.now;
            stamped.register(&good.with_intake(line).expect("room"), now);
        }
        stamped.settle();
        cheats(&stamped, &folder(&stamped), &[], &[&format!("{kind} intake harbour/intake")]);
    }
}

#[test]
fn without_a_quorum_no_proof_leads_anywhere() {
    let mut world = World::found(&Setup::default());
    world.now = at("2025-11-01 08:00");
    let bad = submission(&mut world, &["north/nobody"], bodies::notice(&["ford"]));
    let bytes = receipted(&bad, world.size(), world.now, &world.genesis, "registrar", true);
    world.enter(bytes);
    let mut files = world.folder();
    let alone = world.cosigned(world.size(), &world.clocks()[..1]).to_string().into_bytes();
    files.insert("register/checkpoint".to_owned(), alone);
    let held = Held::of(files);
    let found = gather(&held, &check(&held), &[], &mut Inline::default());
    assert!(matches!(found, Err(Unconfirmed::NotFinal(_))), "{found:?}");
}

#[test]
fn a_checkpoint_that_goes_beyond_the_entries() {
    let world = world();
    let mut longer = world.clone();
    longer.act(&["north"], bodies::notice(&["harbour"]));
    let mut files = world.folder();
    let stored = longer.cosigned(longer.size(), &longer.clocks()).to_string().into_bytes();
    files.insert("register/checkpoint".to_owned(), stored);
    // What is missing is nobody's lie.
    cheats(&world, &Held::of(files), &["audit::tile_missing", "audit::checkpoint_size"], &[]);
}

#[test]
fn a_line_that_nobody_answers_for() {
    let world = world();
    let mut files = world.folder();
    let stored = world.cosigned(world.size(), &world.clocks());
    let seen = world.seen_at(world.size());
    let checkpoint = Checkpoint { origin: world.origin.clone(), size: seen.size, root: seen.root };
    let stray = cosignature::sign(&checkpoint, world.now, &key("nobody"), &witness_name("nobody"));
    let lines = stored.signatures().iter().cloned().chain([stray]).collect();
    let stored = Note::new(checkpoint.text(), lines).expect("a note").to_string().into_bytes();
    files.insert("register/checkpoint".to_owned(), stored);
    cheats(&world, &Held::of(files), &["audit::unknown_line"], &[]);
}

#[test]
fn a_sealed_file_of_another_size_than_its_act_says() {
    let mut world = world();
    let mut file = bodies::file("a", &[]);
    file.sealed = Hash::of(b"sealed");
    world.act(&["north"], bodies::offer(vec![file.clone()]));
    world.settle();
    let mut files = world.folder();
    files.insert(format!("sealed/{}", file.sealed.to_hex()), b"sealed".to_vec());
    cheats(&world, &Held::of(files), &["audit::size"], &[]);
}
