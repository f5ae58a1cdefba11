//! A register with an act of every kind, signed with keys that everybody knows. For tests, fuzzing
//! and `docs/vectors`; no key here may ever stand in a real register.
//!
//! Names, chains of `n` and `prev`, signatures, receipts, intakes and marks are right. Powers and
//! procedures are not asked: some of these acts would be void.

use std::collections::BTreeMap;

use note::{Assertion, Intake, KeyName, PasskeyKey, Receipt, SignatureLine, SigningKey, VerifierKey};
use serde_json::{Value, json};
use terms::{ActId, Claimed, Code, Hash, Instant, Kind, Origin, ParticipantId, Seconds, SignerName};

use crate::body::Body;
use crate::form::{By, Draft, Head, Seen};
use crate::freeze::{FreezeBody, FreezeNote};
use crate::value::Vkey;
use crate::{Entry, Submission};

/// The register's name.
pub const ORIGIN: &str = "register.example/river-accord";
/// The relying party of the passkeys.
pub const RP: &str = "desk.example";
/// The origins at which they may be used.
pub const WEB_ORIGINS: [&str; 2] = ["https://desk.example", "https://desk.example:8443"];
/// The one witness's name.
pub const WITNESS: &str = "witness.harbour.example/w1";

/// Genesis' annexes: name and content.
#[must_use]
pub fn annexes() -> [(&'static str, String); 3] {
    let witness = VerifierKey::cosigner(key_name(WITNESS), key("witness").public());
    let log = VerifierKey::plain(KeyName::checkpoint(&origin()), key("registrar").public());
    [
        ("instrument", "[instrument]\ntitle = \"The river accord\"\n".to_owned()),
        ("library", "# no procedures\n".to_owned()),
        ("policy", format!("log {log}\nwitness w1 {witness}\ngroup all 1 w1\nquorum all\n")),
    ]
}

/// One entry.
#[derive(Clone, Debug)]
pub struct Sample {
    /// What it shows.
    pub name: &'static str,
    /// The entry.
    pub entry: Entry,
}

/// The register's name.
#[must_use]
pub fn origin() -> Origin {
    Origin::new(ORIGIN).expect("an origin")
}

/// The seed of a key: SHA-256 of `mithaq sample key ⟨name⟩`.
#[must_use]
pub fn seed(name: &str) -> [u8; 32] {
    *Hash::of(format!("mithaq sample key {name}").as_bytes()).as_bytes()
}

/// The key of this name: `registrar`, `witness`, `north/liaison-1`, …; a passkey's is `… passkey`.
#[must_use]
pub fn key(name: &str) -> SigningKey {
    SigningKey::from_seed(&seed(name))
}

/// The ES256 passkey of this name.
///
/// # Panics
///
/// Never: the seeds of the sample register are good scalars.
#[must_use]
pub fn es256(name: &str) -> p256::ecdsa::SigningKey {
    p256::ecdsa::SigningKey::from_slice(&seed(name)).expect("a scalar below the order")
}

/// The public half of it.
///
/// # Panics
///
/// Never.
#[must_use]
pub fn es256_public(name: &str) -> PasskeyKey {
    let point = es256(name).verifying_key().to_sec1_point(true);
    PasskeyKey::Es256(point.as_bytes().try_into().expect("33 bytes of a compressed point"))
}

/// An assertion over an act's id, as a browser would make it.
#[must_use]
pub fn assertion(act: &ActId, sign: impl FnOnce(&[u8]) -> Vec<u8>) -> Assertion {
    let mut assertion = Assertion {
        authenticator_data: [&Hash::of(RP.as_bytes()).as_bytes()[..], &[0x05, 0, 0, 0, 7]].concat(),
        client_data: format!(
            r#"{{"type":"webauthn.get","challenge":"{}","origin":"{}","crossOrigin":false}}"#,
            note::passkey::challenge(act),
            WEB_ORIGINS[0]
        )
        .into_bytes(),
        signature: Vec::new(),
    };
    assertion.signature = sign(&assertion.message());
    assertion
}

/// An ES256 signature in DER.
#[must_use]
pub fn sign_es256(name: &str, message: &[u8]) -> Vec<u8> {
    use p256::ecdsa::signature::Signer as _;
    let signature: p256::ecdsa::Signature = es256(name).sign(message);
    signature.to_der().as_bytes().to_vec()
}

/// An age recipient: bech32 of 32 bytes.
#[must_use]
pub fn recipient(name: &str) -> String {
    const LETTERS: &[u8; 32] = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l";
    let mut point = *Hash::of(format!("mithaq sample recipient {name}").as_bytes()).as_bytes();
    point[31] &= 0x7f;
    let mut values = Vec::new();
    let (mut bits, mut held) = (0_u32, 0);
    for byte in point {
        bits = (bits << 8 | u32::from(byte)) & 0xfff;
        held += 8;
        while held >= 5 {
            held -= 5;
            values.push(bits >> held & 31);
        }
    }
    values.push(bits << (5 - held) & 31);

    let head = "age".bytes().map(|b| u32::from(b) >> 5).chain([0]);
    let head = head.chain("age".bytes().map(|b| u32::from(b) & 31));
    let sum = checksum(head.chain(values.iter().copied()).chain([0; 6])) ^ 1;
    values.extend((0..6).map(|at| sum >> (5 * (5 - at)) & 31));
    let data: String = values.iter().map(|v| char::from(LETTERS[*v as usize])).collect();
    format!("age1{data}")
}

/// BIP 173.
fn checksum(values: impl Iterator<Item = u32>) -> u32 {
    const GENERATOR: [u32; 5] = [0x3b6a_57b2, 0x2650_8e6d, 0x1ea1_19fa, 0x3d42_33dd, 0x2a14_62b3];
    values.fold(1, |sum, value| {
        let top = sum >> 25;
        let sum = (sum & 0x1ff_ffff) << 5 ^ value;
        GENERATOR.iter().enumerate().filter(|(at, _)| top >> at & 1 == 1).fold(sum, |sum, (_, g)| sum ^ g)
    })
}

fn key_name(text: &str) -> KeyName {
    KeyName::new(text).expect("a name")
}

fn signer(text: &str) -> SignerName {
    SignerName::new(text).expect("a signer")
}

fn vkey(name: &str) -> String {
    VerifierKey::plain(KeyName::signer(&origin(), &signer(name)), key(name).public()).to_string()
}

fn key_set(k: u32, names: &[&str]) -> Value {
    json!({ "k": k, "keys": names.iter().map(|name| vkey(name)).collect::<Vec<_>>() })
}

fn hash(of: &str) -> String {
    Hash::of(of.as_bytes()).to_string()
}

fn file(name: &str, to: &[&str]) -> Value {
    let grants = to.iter().map(|to| grant(name, to)).collect::<Vec<_>>();
    let mut file = json!({
        "sealed": hash(&format!("sealed {name}")),
        "size": 4096,
        "recipient": recipient(name),
        "commitment": hash(&format!("commitment {name}")),
    });
    if !grants.is_empty() {
        file["grants"] = grants.into();
    }
    file
}

fn grant(name: &str, to: &str) -> Value {
    json!({ "to": to, "sealed": hash(&format!("grant {name} {to}")), "size": 700 })
}

fn annex(content: &str) -> Value {
    json!({ "sha256": hash(content), "size": content.len() })
}

/// How a signer's line is made.
enum Hand {
    /// Ed25519 alone.
    Plain,
    /// A passkey alone.
    Passkey,
    /// Ed25519 by the node, and a passkey beside it.
    Both,
}

fn hand(signer: &str) -> Hand {
    match signer {
        "harbour/desk-2" => Hand::Passkey,
        "north/liaison-2" => Hand::Both,
        _ => Hand::Plain,
    }
}

struct Register {
    genesis: Option<Hash>,
    now: Instant,
    chains: BTreeMap<SignerName, (u64, ActId)>,
    seen: Option<Seen>,
    intake: Hash,
    samples: Vec<Sample>,
}

/// The whole register, in order.
///
/// # Panics
///
/// If an act of it is malformed: then this file is wrong.
#[must_use]
pub fn register() -> Vec<Sample> {
    let mut r = Register {
        genesis: None,
        now: Instant::parse("2026-01-05T08:00:00Z").expect("a time"),
        chains: BTreeMap::new(),
        seen: None,
        intake: Hash::ZERO,
        samples: Vec::new(),
    };
    r.found();
    r.enrol();
    r.mark("mark");
    r.matters();
    r.exhibits();
    r.relief();
    r.mark("mark-again");
    r.ends();
    r.samples
}

impl Register {
    /// Adds an entry. `signers` are separated by spaces; the first is the author.
    fn push(&mut self, name: &'static str, kind: Kind, signers: &str, body: &Value) -> ActId {
        self.push_stamped(name, kind, signers, body, false)
    }

    fn push_stamped(
        &mut self,
        name: &'static str,
        kind: Kind,
        signers: &str,
        body: &Value,
        stamped: bool,
    ) -> ActId {
        let body = Body::read(kind, &body.to_string()).expect(name);
        let signers: Vec<SignerName> = signers.split(' ').map(signer).collect();
        let by = signers[0].participant().map_or(By::Registrar, |p| By::Participant(p.clone()));
        let chain = self.chains.get(&signers[0]).copied();
        let draft = Draft {
            origin: origin(),
            genesis: self.genesis,
            head: Head {
                by,
                signers: signers.clone(),
                n: chain.map_or(1, |(n, _)| n + 1),
                prev: chain.map(|(_, id)| id),
                seen: self.seen,
                at: Claimed(self.now.minus(Seconds(30))),
            },
            body,
        };
        let act = draft.write().expect(name);
        let id = act.id();
        self.chains.insert(signers[0].clone(), (act.head().n, id));

        let mut lines = Vec::new();
        let mut assertions = Vec::new();
        for signer in &signers {
            let (line, assertion) = sign(&act, signer);
            lines.push(line);
            assertions.extend(assertion);
        }
        let mut intakes = Vec::new();
        if stamped {
            let intake = Intake { act: id, time: self.now.minus(Seconds(10)), previous: self.intake };
            self.intake = intake.hash();
            let name = KeyName::signer(&origin(), &signer("harbour/intake"));
            intakes.push(intake.sign(&key("harbour/intake"), &name));
        }
        let submission = Submission::new(act, lines, assertions, intakes).expect("its lines are in order");
        self.genesis.get_or_insert(id.0);
        let receipt =
            Receipt { index: self.samples.len() as u64, time: self.now, submission: submission.hash() };
        let line = receipt.sign(&origin(), &self.genesis(), &key("registrar"));
        let entry = Entry::new(submission, line).expect("a receipt");
        self.samples.push(Sample { name, entry });
        self.now = self.now.plus(Seconds(600));
        id
    }

    fn genesis(&self) -> Hash {
        self.genesis.expect("the register is founded")
    }

    fn found(&mut self) {
        let annexes = annexes().map(|(_, content)| annex(&content));
        let body = json!({
            "origin": ORIGIN,
            "rules": 1,
            "exercise": true,
            "annexes": { "instrument": annexes[0], "library": annexes[1], "policy": annexes[2] },
            "registrar": vkey("registrar"),
            "founders": [
                {
                    "participant": "harbour",
                    "roots": key_set(2, &["harbour/root-1", "harbour/root-2", "harbour/root-3"]),
                    "recovery": key_set(1, &["harbour/recovery-1"]),
                },
                { "participant": "north", "roots": key_set(1, &["north/root-1"]) },
            ],
        });
        self.push("genesis", Kind::Genesis, "registrar harbour/root-1 harbour/root-2 north/root-1", &body);
    }

    fn enrol(&mut self) {
        let webauthn = |name: &str, key: &PasskeyKey| {
            let vkey = VerifierKey::passkey(KeyName::signer(&origin(), &signer(name)), key).to_string();
            json!({ "vkey": vkey, "rp": RP, "origins": WEB_ORIGINS })
        };
        let mut enrol = |name, signers, key: Value| {
            self.push(name, Kind::Enrol, signers, &json!({ "key": key }));
        };
        enrol(
            "enrol-device",
            "north/root-1",
            json!({
                "label": "liaison-1", "capacity": "officer", "vkey": vkey("north/liaison-1"),
                "custody": "device", "office": "Liaison office", "note": file("nomination", &["harbour", "north"]),
            }),
        );
        enrol(
            "enrol-node",
            "north/root-1",
            json!({
                "label": "liaison-2", "capacity": "officer", "vkey": vkey("north/liaison-2"),
                "passkey": webauthn("north/liaison-2", &es256_public("north/liaison-2 passkey")),
                "custody": "node", "office": "دفتر رابط",
            }),
        );
        let harbour = "harbour/root-1 harbour/root-2";
        enrol(
            "enrol-hosted",
            harbour,
            json!({
                "label": "desk-1", "capacity": "officer", "vkey": vkey("harbour/desk-1"),
                "custody": "hosted", "office": "Harbour desk",
            }),
        );
        let passkey = PasskeyKey::EdDsa(key("harbour/desk-2 passkey").public());
        enrol(
            "enrol-passkey",
            harbour,
            json!({
                "label": "desk-2", "capacity": "officer", "passkey": webauthn("harbour/desk-2", &passkey),
                "custody": "device", "office": "Harbour desk",
            }),
        );
        let intake = KeyName::signer(&origin(), &signer("harbour/intake"));
        let intake = VerifierKey::intake(intake, key("harbour/intake").public()).to_string();
        enrol(
            "enrol-intake",
            harbour,
            json!({
                "label": "intake", "capacity": "intake", "vkey": intake,
                "custody": "hosted", "office": "Harbour computing",
            }),
        );
        enrol(
            "enrol-state",
            harbour,
            json!({
                "label": "node-1", "capacity": "node", "vkey": vkey("harbour/node-1"),
                "custody": "hosted", "office": "Harbour computing",
            }),
        );
        enrol(
            "enrol-seal",
            harbour,
            json!({
                "label": "seal-1", "capacity": "seal", "recipient": recipient("harbour/seal-1"),
                "custody": "hosted", "office": "Harbour desk",
            }),
        );
        let seat = json!({ "seat": {
            "participant": "south",
            "roots": key_set(2, &["south/root-1", "south/root-2"]),
            "recovery": key_set(1, &["south/recovery-1"]),
        } });
        let signed_by_new = "harbour/root-1 harbour/root-2 south/root-1 south/root-2";
        self.push("enrol-seat", Kind::Enrol, signed_by_new, &seat);
        self.push("enrol-seat-other-vote", Kind::Enrol, "north/root-1", &seat);
        self.push(
            "enrol-seated",
            Kind::Enrol,
            "south/root-1 south/root-2",
            &json!({ "key": {
                "label": "liaison-1", "capacity": "officer", "vkey": vkey("south/liaison-1"),
                "custody": "device", "office": "Liaison office",
            } }),
        );
    }

    fn mark(&mut self, name: &'static str) {
        let leaves: Vec<Hash> =
            self.samples.iter().map(|s| Hash::of_parts(&[&[0], &s.entry.to_bytes()])).collect();
        let (size, root) = (leaves.len() as u64, root_of(&leaves));
        let text = format!("{ORIGIN}\n{size}\n{root}\n");
        let by = key("registrar").sign_note(&text, &KeyName::checkpoint(&origin()));
        let time = self.now.minus(Seconds(5));
        let cosigned = format!("cosignature/v1\ntime {}\n{text}", time.secs());
        let signature = key("witness").sign(cosigned.as_bytes());
        let payload = [&time.secs().to_be_bytes()[..], signature.as_bytes()].concat();
        let cosignature = VerifierKey::cosigner(key_name(WITNESS), key("witness").public()).line(payload);
        let checkpoint = format!("{text}\n{by}\n{cosignature}\n");
        self.push(name, Kind::Mark, "registrar", &json!({ "checkpoint": checkpoint }));
        self.seen = Some(Seen { size, root });
    }

    fn matters(&mut self) {
        let fields = json!({
            "grade": "grave",
            "persons": 3,
            "parties": ["north", "south"],
            "since": "2026-01-04T22:15:00Z",
            "window": { "start": "2026-01-04T22:00:00Z", "end": "2026-01-04T23:00:00Z" },
            "where": { "lat-e7": 341_234_567, "lon-e7": -703_456_789, "radius-m": 1000 },
            "after": hash("a case"),
            "text": annex("a text\n"),
        });
        let case = self.push_stamped(
            "open",
            Kind::Open,
            "north/liaison-1",
            &json!({
                "procedure": "case", "tier": "record", "fields": fields, "strands": ["south:p1", "south:p3"],
                "files": [file("account", &["harbour", "north", "south"]), file("photograph", &["north"])],
            }),
            true,
        );
        let (case, first) = (case.to_string(), format!("{case}#f1"));
        let step = self.push(
            "step",
            Kind::Step,
            "south/liaison-1",
            &json!({
                "matter": case, "strands": ["south:p1"], "step": "respond", "choice": "deny",
                "fields": { "cites": first, "persons": 0 }, "files": [file("answer", &["harbour", "north", "south"])],
            }),
        );
        let opened = format!("{step}#m1");
        self.push(
            "step-by-passkey-alone",
            Kind::Step,
            "harbour/desk-2",
            &json!({ "matter": opened, "step": "assess" }),
        );
        self.push(
            "open-by-passkey-and-node",
            Kind::Open,
            "north/liaison-2",
            &json!({ "procedure": "contact", "tier": "without-prejudice" }),
        );
        self.push(
            "step-with-four-eyes",
            Kind::Step,
            "north/liaison-1 north/liaison-2",
            &json!({ "matter": case, "strands": ["south:p3"], "step": "withdraw" }),
        );
        self.push(
            "correct",
            Kind::Correct,
            "north/liaison-1",
            &json!({ "matter": case, "entry": case, "fields": { "persons": 4 } }),
        );
        let withdrawn = json!({ "matter": opened, "entry": step });
        self.push("withdraw", Kind::Withdraw, "south/liaison-1", &withdrawn);
        let window = json!({ "start": "2025-10-01T00:00:00Z", "end": "2025-10-31T23:59:59Z" });
        self.push(
            "batch-sealed",
            Kind::Batch,
            "north/liaison-1",
            &json!({ "table": "reports", "rows": 17, "window": window, "file": file("table", &["north"]) }),
        );
        self.push(
            "batch-public",
            Kind::Batch,
            "north/liaison-1",
            &json!({ "table": "historical-events", "rows": 2, "annex": annex("a,b\n1,2\n3,4\n") }),
        );
        let desk = "harbour/desk-1";
        self.push("serve", Kind::Serve, desk, &json!({ "act": case, "on": "south" }));
        let open = json!({ "open": { "procedure": "notice", "fields": { "to": "south" } } });
        let transcribed =
            self.push("transcribe-open", Kind::Transcribe, desk, &json!({ "for": "north", "does": open }));
        let step = json!({ "step": { "matter": case, "step": "comment" } });
        self.push("transcribe-step", Kind::Transcribe, desk, &json!({ "for": "south", "does": step }));
        self.push("confirm", Kind::Confirm, "north/liaison-1", &json!({ "act": transcribed }));
        self.push("disown-transcribed", Kind::Disown, "north/liaison-1", &json!({ "act": transcribed }));
        let intake = Intake {
            act: ActId(Hash::from_base64(&case).expect("an id")),
            time: self.now.minus(Seconds(20)),
            previous: self.intake,
        };
        let signature = key("harbour/intake").sign(intake.message().as_bytes());
        self.push(
            "intake",
            Kind::Intake,
            desk,
            &json!({
                "act": intake.act, "key": "harbour/intake", "time": intake.time, "previous": intake.previous,
                "signature": terms::base64::encode(signature.as_bytes()),
            }),
        );
        self.intake = intake.hash();
        self.push("publish-matter", Kind::Publish, desk, &json!({ "matter": case }));
        self.push("publish-annex", Kind::Publish, desk, &json!({ "annex": annex("a text") }));
        let screen = json!({ "key": "south/liaison-1", "list": "the-group", "result": "no-match" });
        self.push("screen", Kind::Screen, desk, &screen);
    }

    fn exhibits(&mut self) {
        let (north, desk) = ("north/liaison-1", "harbour/desk-1");
        let offer = self.push(
            "offer",
            Kind::Offer,
            north,
            &json!({ "files": [file("map", &["harbour", "north"]), file("film", &["north"])] }),
        );
        let (map, film) = (format!("{offer}#f1"), format!("{offer}#f2"));
        let mut kept = [map.clone(), film.clone()];
        kept.sort();
        self.push("keep", Kind::Keep, desk, &json!({ "exhibits": kept }));
        self.push(
            "grant",
            Kind::Grant,
            north,
            &json!({ "exhibit": film, "grants": [grant("film", "harbour"), grant("film", "south")] }),
        );
        self.push("opened", Kind::Opened, desk, &json!({ "exhibit": map }));
        self.push(
            "answer",
            Kind::Answer,
            "south/liaison-1",
            &json!({ "exhibit": map, "choice": "contests", "files": [file("reply", &["harbour", "south"])] }),
        );
        self.push("answer-bare", Kind::Answer, desk, &json!({ "exhibit": map }));
        let challenge = json!({ "exhibit": film, "ground": "does-not-open" });
        let challenge = self.push("challenge", Kind::Challenge, "south/liaison-1", &challenge);
        let rule = json!({ "exhibit": film, "outcome": "upheld", "challenge": challenge });
        self.push("rule", Kind::Rule, desk, &rule);
        self.push("rule-danger", Kind::Rule, desk, &json!({ "exhibit": map, "outcome": "danger" }));
        let hold = json!({ "exhibit": film, "until": "2027-01-01T00:00:00Z" });
        self.push("hold", Kind::Hold, "south/liaison-1", &hold);
        self.push("destroy", Kind::Destroy, desk, &json!({ "exhibit": map, "ground": "danger" }));
    }

    fn relief(&mut self) {
        let case = self.samples.iter().find(|s| s.name == "open").expect("a case").entry.act().id();
        let desk = "harbour/desk-1";
        let strands = json!(["south:p1"]);
        self.push(
            "extend",
            Kind::Extend,
            desk,
            &json!({ "matter": case, "strands": strands, "step": "respond", "seconds": 86_400 }),
        );
        let suspend = json!({ "matter": case, "strands": strands, "seconds": 604_800 });
        self.push("suspend", Kind::Suspend, desk, &suspend);
        self.push("resume", Kind::Resume, desk, &json!({ "matter": case, "strands": strands }));
        self.push(
            "cut",
            Kind::Cut,
            desk,
            &json!({ "participant": "south", "from": "2026-01-05T00:00:00Z", "to": "2026-01-05T06:00:00Z" }),
        );
        let back = json!({ "matter": case, "strands": strands, "to": "alleged" });
        self.push("set-aside", Kind::SetAside, desk, &back);
    }

    fn ends(&mut self) {
        let disown = json!({ "key": { "label": "liaison-2", "since": 1 } });
        self.push("disown-key", Kind::Disown, "north/root-1", &disown);
        self.push("revoke", Kind::Revoke, "south/root-1 south/root-2", &json!({ "label": "liaison-1" }));
        self.push(
            "recover",
            Kind::Recover,
            "south/recovery-1",
            &json!({
                "participant": "south", "roots": key_set(1, &["south/root-3"]),
                "recovery": key_set(1, &["south/recovery-2"]),
            }),
        );
        let freeze = freeze(self.genesis(), self.seen.expect("there were marks"));
        let text = freeze.sign(&key("witness"), &key_name(WITNESS)).expect("a note").to_string();
        self.push("freeze", Kind::Freeze, "harbour/desk-1", &json!({ "note": text }));
        let case = self.samples.iter().find(|s| s.name == "open").expect("a case").entry.act().id();
        let new = VerifierKey::plain(
            KeyName::signer(&origin(), &SignerName::Registrar),
            key("registrar 2").public(),
        );
        self.push(
            "succeed",
            Kind::Succeed,
            "harbour/desk-1",
            &json!({
                "freezes": [text], "size": freeze.body.size, "root": freeze.body.root,
                "registrar": new.to_string(), "policy": annex("another policy"),
                "set-aside": [{ "matter": case, "strands": ["south:p1"], "to": "alleged" }],
            }),
        );
    }
}

fn sign(act: &crate::Act, signer: &SignerName) -> (SignatureLine, Option<SignatureLine>) {
    let name = KeyName::signer(&origin(), signer);
    let text = signer.to_string();
    let plain = || key(&text).sign_note(act.text(), &name);
    let passkey = format!("{text} passkey");
    let line = |vkey: &PasskeyKey, assertion: Assertion| {
        VerifierKey::passkey(name.clone(), vkey).line(assertion.payload().expect("short parts"))
    };
    match hand(&text) {
        Hand::Plain => (plain(), None),
        Hand::Passkey => {
            let key = key(&passkey);
            let made = assertion(&act.id(), |message| key.sign(message).as_bytes().to_vec());
            (line(&PasskeyKey::EdDsa(key.public()), made), None)
        }
        Hand::Both => {
            let made = assertion(&act.id(), |message| sign_es256(&passkey, message));
            (plain(), Some(line(&es256_public(&passkey), made)))
        }
    }
}

/// The freeze of the sample register's registrar at this checkpoint.
#[must_use]
pub fn freeze(genesis: Hash, seen: Seen) -> FreezeNote {
    let registrar = VerifierKey::parse(&vkey("registrar")).expect("a vkey");
    let body = FreezeBody { registrar: Vkey(registrar), size: seen.size, root: seen.root };
    FreezeNote { origin: origin(), genesis, body }
}

/// The root of the tree over these leaf hashes (RFC 6962 §2.1), at least one.
#[must_use]
pub fn root_of(leaves: &[Hash]) -> Hash {
    if let [leaf] = leaves {
        return *leaf;
    }
    let (left, right) = leaves.split_at(leaves.len().next_power_of_two() / 2);
    Hash::of_parts(&[&[1], root_of(left).as_bytes(), root_of(right).as_bytes()])
}

/// A participant's id.
///
/// # Panics
///
/// The text is none.
#[must_use]
pub fn participant(text: &str) -> ParticipantId {
    ParticipantId::new(text).expect("an id")
}

/// A code.
///
/// # Panics
///
/// The text is none.
#[must_use]
pub fn code(text: &str) -> Code {
    Code::new(text).expect("a code")
}
