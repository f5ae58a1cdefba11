//! Acts that have their shape and make no sense: each sentence is earned.

#![expect(clippy::panic, reason = "a test's helper says what it found")]

mod edit;

use std::collections::BTreeSet;

use act::form::{FormFaultKind, Seen};
use act::{Act, sample};
use edit::{edited, named, text_of, vkey};
use note::{KeyName, PublicKey};
use serde_json::{Value, json};
use terms::Hash;

type Edits = Vec<(&'static str, Value)>;

fn sentence(name: &str, edits: &Edits) -> &'static str {
    match Act::parse(&edited(&text_of(name), edits)).map_err(|fault| fault.what) {
        Err(FormFaultKind::Body(sentence)) => sentence,
        other => panic!("{name} with {edits:?}: {other:?}"),
    }
}

/// `[first, first + 1, …]` as strings.
fn many(count: usize, of: impl Fn(usize) -> Value) -> Value {
    (0..count).map(of).collect()
}

fn file(number: usize) -> Value {
    let hash = Hash::of(&number.to_be_bytes());
    json!({ "sealed": hash, "size": 1, "recipient": sample::recipient(&number.to_string()), "commitment": hash })
}

fn grant(to: &str) -> Value {
    json!({ "to": to, "sealed": Hash::ZERO, "size": 1 })
}

/// A freeze by the sample witness, of the registrar's key under this seed.
fn freeze(seed: &str, size: u64, root: Hash) -> String {
    let genesis = sample::register()[0].entry.act().id().0;
    let mut freeze = sample::freeze(genesis, Seen { size, root });
    freeze.body.registrar.0 = note::VerifierKey::parse(&named("registrar", seed)).expect("a vkey");
    let name = KeyName::new(sample::WITNESS).expect("a name");
    freeze.sign(&sample::key("witness"), &name).expect("a note").to_string()
}

fn checkpoint(text: &str) -> Value {
    json!(format!("{text}\n— a AAAAAAA=\n"))
}

/// A small-order point, and one in its second spelling.
fn weak() -> [PublicKey; 2] {
    let mut identity = [0; 32];
    identity[0] = 1;
    let mut second_spelling = [0xff; 32];
    second_spelling[0] = 0xee;
    second_spelling[31] = 0x7f;
    [identity, second_spelling].map(PublicKey::from_bytes)
}

fn founding() -> Vec<(&'static str, Edits)> {
    let roots = |keys: Value| vec![("/body/founders/1/roots/keys", keys)];
    let set_of = |count: usize| many(count, |n| json!(named(&format!("north/root-{n:02}"), &n.to_string())));
    vec![
        ("genesis", vec![("/body/origin", json!("register.example/other"))]),
        ("genesis", vec![("/body/rules", json!(0))]),
        ("genesis", vec![("/body/annexes/library/size", json!(0))]),
        ("genesis", vec![("/n", json!(2))]),
        ("genesis", vec![("/prev", json!(Hash::ZERO))]),
        ("genesis", vec![("/seen", json!({ "size": 0, "root": Hash::ZERO }))]),
        ("genesis", vec![("/body/founders", json!([]))]),
        ("genesis", vec![("/body/founders/0/participant", json!("south"))]),
        ("genesis", vec![("/body/registrar", json!(named("registrar", "north/root-1")))]),
        ("genesis", vec![("/body/registrar", json!(named("north/a", "registrar")))]),
        ("genesis", vec![("/body/registrar", json!(vkey("registrar", weak()[0])))]),
        ("genesis", vec![("/body/registrar", json!(vkey("registrar", weak()[1])))]),
        ("genesis", vec![("/signers", json!(["registrar", "harbour/root-1", "north/root-1"]))]),
        (
            "genesis",
            vec![(
                "/signers",
                json!(["registrar", "harbour/root-1", "harbour/root-2", "harbour/x", "north/root-1"]),
            )],
        ),
        ("genesis", roots(json!([]))),
        ("genesis", roots(set_of(16))),
        ("genesis", vec![("/body/founders/1/roots/k", json!(0))]),
        ("genesis", vec![("/body/founders/1/roots/k", json!(2))]),
        ("genesis", roots(json!([named("north/root-1", "a"), named("north/root-1", "b")]))),
        ("genesis", roots(json!([named("north/root-2", "a"), named("north/root-1", "b")]))),
        ("genesis", roots(json!([named("north/root-1", "a"), named("north/root-2", "a")]))),
        ("genesis", roots(json!([named("south/root-1", "a")]))),
        (
            "enrol-seat",
            vec![("/body/seat/recovery/keys/0", json!(named("south/recovery-1", "south/root-1")))],
        ),
        ("enrol-seat-other-vote", vec![("/body/seat/participant", json!("north"))]),
        ("enrol-seat", vec![("/signers/2", json!("south/root-0"))]),
        ("enrol-device", vec![("/by", json!("registrar")), ("/signers", json!(["registrar"]))]),
        ("mark", vec![("/by", json!("north")), ("/signers", json!(["north/liaison-1"]))]),
    ]
}

fn enrolling() -> Vec<(&'static str, Edits)> {
    let passkey = |origins: Value| vec![("/body/key/passkey/origins", origins)];
    vec![
        ("enrol-device", vec![("/body/key/capacity", json!("root"))]),
        ("enrol-device", vec![("/body/key/capacity", json!("recovery"))]),
        ("enrol-device", vec![("/body/key/capacity", json!("seal"))]),
        ("enrol-device", vec![("/body/key/custody", json!("node"))]),
        ("enrol-node", vec![("/body/key/custody", json!("device"))]),
        ("enrol-node", vec![("/body/key/custody", json!("hosted"))]),
        ("enrol-passkey", vec![("/body/key/custody", json!("hosted"))]),
        ("enrol-passkey", vec![("/body/key/capacity", json!("node"))]),
        ("enrol-device", vec![("/body/key/recipient", json!(sample::recipient("x")))]),
        ("enrol-device", vec![("/body/key/capacity", json!("intake"))]),
        ("enrol-device", vec![("/body/key/vkey", json!(named("north/liaison-2", "x")))]),
        ("enrol-node", vec![("/body/key/passkey/vkey", json!(named("north/liaison-2", "x")))]),
        ("enrol-node", passkey(json!([]))),
        ("enrol-node", passkey(many(9, |n| json!(format!("https://desk.example:{}", n + 1))))),
        ("enrol-node", passkey(json!([sample::WEB_ORIGINS[1], sample::WEB_ORIGINS[0]]))),
        ("enrol-node", passkey(json!([sample::WEB_ORIGINS[0], sample::WEB_ORIGINS[0]]))),
        ("enrol-device", vec![("/body/key/note/grants", json!([grant("north"), grant("harbour")]))]),
        ("enrol-device", vec![("/body/key/label", json!("receipt"))]),
        ("revoke", vec![("/body/label", json!("everyone"))]),
        ("disown-key", vec![("/body/key/label", json!("genesis"))]),
        ("disown-key", vec![("/body/key/since", json!(0))]),
    ]
}

fn registering() -> Vec<(&'static str, Edits)> {
    let origin = sample::ORIGIN;
    let root = Hash::of(b"root");
    let mark = |text: String| vec![("/body/checkpoint", checkpoint(&text))];
    let good = freeze("registrar", 9, root);
    let succeed = |freezes: Value, size: u64, root: Hash| {
        vec![("/body/freezes", freezes), ("/body/size", json!(size)), ("/body/root", json!(root))]
    };
    let sorted = |mut notes: Vec<String>, down: bool| {
        notes.sort();
        if down {
            notes.reverse();
        }
        json!(notes)
    };
    let aside = |list: Value| vec![("/body/set-aside", list)];
    let strand = |strands: Value| json!({ "matter": Hash::ZERO, "strands": strands, "to": "alleged" });
    let whole = || json!({ "matter": Hash::ZERO, "to": "alleged" });
    vec![
        ("mark", mark(format!("{origin}\n9\n"))),
        ("mark", mark(format!("{origin}\n9\n{root}\nmore\n"))),
        ("mark", mark(format!("{origin}\n09\n{root}\n"))),
        ("mark", mark(format!("{origin}\n0\n{root}\n"))),
        ("mark", mark(format!("{origin}\n9\nroot\n"))),
        ("mark", mark(format!("register.example/other\n9\n{root}\n"))),
        ("mark", mark("This is a sentence.\n".to_owned())),
        ("freeze", vec![("/body/note", checkpoint("This is a sentence.\n"))]),
        ("freeze", vec![("/body/note", json!(format!("{good}— a AAAAAAA=\n")))]),
        ("freeze", vec![("/body/note", json!(good.replace(origin, "register.example/other")))]),
        ("succeed", succeed(json!([]), 9, root)),
        (
            "succeed",
            succeed(sorted((1..=16).map(|n| freeze("registrar", n, root)).collect(), false), 16, root),
        ),
        ("succeed", succeed(json!([good, good]), 9, root)),
        ("succeed", succeed(sorted(vec![good.clone(), freeze("registrar", 8, root)], true), 9, root)),
        ("succeed", succeed(json!([freeze("registrar", 0, root)]), 0, root)),
        ("succeed", succeed(sorted(vec![good.clone(), freeze("registrar 3", 8, root)], false), 9, root)),
        ("succeed", succeed(json!([freeze("registrar 2", 9, root)]), 9, root)),
        ("succeed", succeed(json!([good]), 8, root)),
        ("succeed", succeed(json!([good]), 10, root)),
        ("succeed", succeed(json!([good]), 9, Hash::ZERO)),
        ("succeed", vec![("/body/registrar", json!(named("north/a", "x")))]),
        ("succeed", aside(many(257, |n| json!({ "matter": Hash::of(&n.to_be_bytes()), "to": "alleged" })))),
        ("succeed", aside(json!([whole(), whole()]))),
        ("succeed", aside(json!([strand(json!(["a", "b"])), strand(json!(["b"]))]))),
        ("succeed", aside(json!([strand(json!(["a"])), whole()]))),
        ("intake", vec![("/body/key", json!("north/intake"))]),
        ("intake", vec![("/body/key", json!("registrar"))]),
    ]
}

fn matters() -> Vec<(&'static str, Edits)> {
    let fields = |fields: Value| vec![("/body/fields", fields)];
    let place = |lat: i64, lon: i64, radius: u64| {
        fields(json!({ "at": { "lat-e7": lat, "lon-e7": lon, "radius-m": radius } }))
    };
    let strands = many(257, |n| json!(format!("s-{n}")));
    let backwards = json!({ "start": "2026-01-02T00:00:00Z", "end": "2026-01-01T00:00:00Z" });
    let mut all = vec![
        ("open", fields((0..65).map(|n| (format!("f-{n}"), json!(n))).collect())),
        ("open", place(900_000_001, 0, 0)),
        ("open", place(-900_000_001, 0, 0)),
        ("open", place(0, 1_800_000_001, 0)),
        ("open", place(0, 0, 20_037_509)),
        ("open", fields(json!({ "w": backwards }))),
        ("open", fields(json!({ "l": [] }))),
        ("open", fields(json!({ "l": many(257, |n| json!(format!("w-{n}"))) }))),
        ("open", fields(json!({ "l": ["b", "a"] }))),
        ("open", fields(json!({ "l": ["a", "a"] }))),
        ("open", vec![("/body/files", many(65, file))]),
        ("open", vec![("/body/files", json!([file(1), file(1)]))]),
        ("transcribe-open", vec![("/body/for", json!("harbour"))]),
        ("transcribe-open", vec![("/body/does/open/strands", json!(["a", "a"]))]),
        ("transcribe-step", vec![("/body/does/step/strands", json!(["a", "a"]))]),
        ("correct", vec![("/body/fields", json!({ "l": [] }))]),
        ("extend", vec![("/body/seconds", json!(0))]),
        ("suspend", vec![("/body/seconds", json!(10 * 366 * 86_400 + 1))]),
        ("cut", vec![("/body/to", json!("2026-01-05T00:00:00Z"))]),
        ("batch-public", vec![("/body/file", file(1))]),
        ("batch-public", vec![("/body/annex", json!(null))]),
        ("batch-public", vec![("/body/annex/size", json!((64 << 20) + 1))]),
        ("publish-annex", vec![("/body/annex/size", json!(0))]),
        ("succeed", vec![("/body/policy/size", json!(0))]),
        ("batch-public", vec![("/body/rows", json!(0))]),
        ("batch-public", vec![("/body/rows", json!(u64::from(u32::MAX) + 1))]),
        ("batch-sealed", vec![("/body/window", backwards)]),
        ("publish-matter", vec![("/body/matter", json!(null))]),
        ("publish-matter", vec![("/body/annex", json!({ "sha256": Hash::ZERO, "size": 1 }))]),
    ];
    for name in ["open", "step", "extend", "suspend", "resume", "set-aside"] {
        all.push((name, vec![("/body/strands", strands.clone())]));
        all.push((name, vec![("/body/strands", json!(["a", "a"]))]));
    }
    all
}

fn exhibits() -> Vec<(&'static str, Edits)> {
    let item = |part: &str| json!(format!("{}#{part}", Hash::ZERO));
    let mut all = vec![
        ("correct", vec![("/body/fields", json!({}))]),
        ("offer", vec![("/body/files", json!([]))]),
        ("offer", vec![("/body/files/0/grants", many(65, |n| grant(&format!("p-{n:02}"))))]),
        ("offer", vec![("/body/files/0/grants", json!([grant("south"), grant("north")]))]),
        ("offer", vec![("/body/files/0/grants", json!([grant("north"), grant("north")]))]),
        ("grant", vec![("/body/grants", json!([]))]),
        ("keep", vec![("/body/exhibits", json!([]))]),
        ("keep", vec![("/body/exhibits", many(65, |n| item(&format!("f{}", 100 + n))))]),
        ("keep", vec![("/body/exhibits", json!([item("f2"), item("f1")]))]),
        ("keep", vec![("/body/exhibits", json!([item("r1")]))]),
        ("rule", vec![("/body/challenge", json!(null))]),
        ("rule-danger", vec![("/body/challenge", json!(Hash::ZERO))]),
    ];
    for name in ["grant", "opened", "answer", "challenge", "rule", "hold", "destroy"] {
        all.push((name, vec![("/body/exhibit", item("m1"))]));
    }
    all
}

#[test]
fn every_sentence_is_earned() {
    let mut earned = BTreeSet::new();
    let mut table = String::new();
    for (name, edits) in [founding(), enrolling(), registering(), matters(), exhibits()].concat() {
        let sentence = sentence(name, &edits);
        let places: Vec<&str> = edits.iter().map(|(pointer, _)| *pointer).collect();
        table += &format!("{name} {}: {sentence}\n", places.join(" "));
        earned.insert(sentence);
    }
    insta::assert_snapshot!(table);
    let source = include_str!("../src/body/sense.rs");
    let code = source.lines().filter(|line| !line.trim_start().starts_with("//"));
    let sentences: BTreeSet<&str> =
        code.flat_map(|line| line.split('"').skip(1).step_by(2)).filter(|text| text.contains(' ')).collect();
    let unearned: Vec<_> = sentences.difference(&earned).collect();
    assert_eq!(unearned, [&""; 0], "no act of this file earns these");
}
