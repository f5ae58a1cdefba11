//! `docs/vectors`: what another program can be tried against. `MITHAQ_BLESS=1` writes the files; else
//! they must be what this program writes.

#![expect(clippy::panic, reason = "a test's helper says what it found")]

mod edit;

use std::path::PathBuf;

use act::exhibit::Commitment;
use act::form::Seen;
use act::refusal::RefusalBody;
use act::sample::{self, Sample};
use act::state::StateBody;
use act::{Act, Entry, Refusal, StateNote, Submission};
use curve25519_dalek::constants::EIGHT_TORSION;
use curve25519_dalek::edwards::CompressedEdwardsY;
use edit::{edited, text_of};
use note::{
    Algorithm, Assertion, Expected, Intake, KeyFault, KeyName, Note, PasskeyFault, PasskeyKey, PublicKey,
    Receipt, Signature, SignatureLine, SigningKey, VerifierKey,
};
use serde_json::{Value, json};
use terms::hash::to_hex;
use terms::{ActId, Hash, Instant, Reference, RefusalGround, SignerName, VoiceName, base64};

/// Compares a file with what it should be, or writes it.
fn file(name: &str, about: &str, content: Value) {
    let path: PathBuf = [env!("CARGO_MANIFEST_DIR"), "..", "..", "docs", "vectors", name].iter().collect();
    let mut document = json!({ "about": about });
    document["vectors"] = content;
    let expected = visible(&serde_json::to_string_pretty(&document).expect("JSON")) + "\n";
    if std::env::var_os("MITHAQ_BLESS").is_some() {
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(&path, expected).expect("the file is written");
        return;
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(found == expected, "docs/vectors/{name} differs: run with MITHAQ_BLESS=1, and read the change");
}

/// The same JSON, its invisible characters escaped: whoever reads the file sees what it holds.
fn visible(json: &str) -> String {
    let hidden =
        |c: char| !c.is_ascii() && act::json::FORBIDDEN.iter().any(|&(from, to)| (from..=to).contains(&c));
    let of = |c: char| if hidden(c) { format!("\\u{:04x}", u32::from(c)) } else { c.to_string() };
    json.chars().map(of).collect()
}

fn b64(bytes: &[u8]) -> String {
    base64::encode(bytes)
}

fn name(text: &str) -> KeyName {
    KeyName::new(text).expect("a name")
}

fn signer(text: &str) -> KeyName {
    KeyName::signer(&sample::origin(), &SignerName::new(text).expect("a signer"))
}

fn genesis() -> Hash {
    ActId::of_text(&text_of("genesis")).0
}

fn at(text: &str) -> Instant {
    Instant::parse(text).expect("a time")
}

#[test]
fn keys() {
    let registrar = sample::key("registrar");
    let plain = VerifierKey::plain(KeyName::checkpoint(&sample::origin()), registrar.public());
    let under = |name: KeyName, kind| plain.under(name, kind).expect("Ed25519");
    let intake = sample::key("harbour/intake").public();
    let witness = VerifierKey::cosigner(name(sample::WITNESS), sample::key("witness").public());
    let passkeys = [
        ("harbour/desk-2", PasskeyKey::EdDsa(sample::key("harbour/desk-2 passkey").public())),
        ("north/liaison-2", sample::es256_public("north/liaison-2 passkey")),
    ];
    let mut all = vec![
        ("registrar", "checkpoints", plain.clone()),
        ("registrar", "marks and refusals", under(signer("registrar"), Algorithm::Ed25519)),
        ("registrar", "receipts", under(KeyName::receipt(&sample::origin()), Algorithm::Receipt)),
        ("harbour/intake", "intakes", VerifierKey::intake(signer("harbour/intake"), intake)),
        ("witness", "cosignatures", witness.clone()),
        ("witness", "freezes", witness.under(name(sample::WITNESS), Algorithm::Freeze).expect("Ed25519")),
    ];
    for label in ["north/root-1", "north/liaison-1", "harbour/node-1"] {
        all.push((label, "notes", VerifierKey::plain(signer(label), sample::key(label).public())));
    }
    for (label, key) in &passkeys {
        all.push((label, "passkey", VerifierKey::passkey(signer(label), key)));
    }
    let of = |(seed, signs, vkey): &(&str, &str, VerifierKey)| {
        let seed = if *signs == "passkey" { format!("{seed} passkey") } else { (*seed).to_owned() };
        json!({
            "seed_of": seed, "seed": to_hex(&sample::seed(&seed)), "signs": signs,
            "name": vkey.name().as_str(), "kind": to_hex(vkey.algorithm().prefix()), "key": to_hex(vkey.raw()),
            "key_id": to_hex(&vkey.id()), "vkey": vkey.to_string(),
        })
    };
    file(
        "keys.json",
        "Keys of the sample register. A seed is SHA-256 of `mithaq sample key ⟨seed_of⟩`; for Ed25519 it is RFC 8032's private key, for an ES256 passkey (key begins 02) the scalar. `kind` is the bytes before the key, in the vkey and in the hash of the key id.",
        all.iter().map(of).collect(),
    );
}

#[test]
fn acts() {
    let samples = sample::register();
    let leaves: Vec<Hash> = samples.iter().map(|s| tlog::leaf_hash(&s.entry.to_bytes())).collect();
    let of = |(index, Sample { name, entry }): (usize, &Sample)| {
        let submission = entry.submission();
        json!({
            "name": name, "kind": entry.act().kind(), "index": index, "time": entry.receipt().time.secs(),
            "text": entry.act().text(), "id": entry.act().id(),
            "submission": b64(&submission.to_bytes()), "submission_hash": submission.hash(),
            "receipt": entry.receipt_line().to_string(),
            "receipt_message": entry.receipt().message(&sample::origin(), &genesis()),
            "entry": b64(&entry.to_bytes()), "leaf_hash": leaves[index],
            "root_of_all_so_far": sample::root_of(&leaves[..=index]),
        })
    };
    file(
        "acts.json",
        "One register: an act of each kind at least, in index order. Form, lines, signatures, chains of n and prev, receipts and marks are right; powers and procedures are not, so that some would be void.",
        json!({
            "origin": sample::ORIGIN,
            "genesis": genesis(),
            "voice_name": VoiceName::of(&genesis()).to_string(),
            "annexes": sample::annexes().map(|(name, text)| json!({ "name": name, "text": text, "sha256": Hash::of(text.as_bytes()) })),
            "entries": samples.iter().enumerate().map(of).collect::<Value>(),
        }),
    );
}

#[test]
fn intakes() {
    let key = sample::key("harbour/intake");
    let mut previous = Hash::ZERO;
    let mut all = Vec::new();
    for (number, text) in ["keep", "step", "keep"].into_iter().enumerate() {
        let intake = Intake {
            act: ActId::of_text(&text_of(text)),
            time: at("2026-01-05T08:00:00Z").plus(terms::Seconds(number as u64 * 60)),
            previous,
        };
        previous = intake.hash();
        let line = intake.sign(&key, &signer("harbour/intake"));
        all.push(json!({
            "act": intake.act, "time": intake.time.secs(), "previous": intake.previous,
            "message": intake.message(), "hash": previous, "payload": b64(&line.payload), "line": line.to_string(),
        }));
    }
    file(
        "intakes.json",
        "A chain of three intakes by one key: each `previous` is the hash of the one before.",
        all.into(),
    );
}

#[test]
fn notes() {
    let registrar = sample::key("registrar");
    let of = |name: &str, note: &Note| json!({ "name": name, "text": note.text(), "note": note.to_string() });
    let mut all = Vec::new();
    for ground in RefusalGround::ALL {
        let act = (*ground != RefusalGround::Form).then(|| ActId::of_text(&text_of("keep")));
        let body = RefusalBody {
            act,
            submission: Hash::of(b"a submission"),
            ground: *ground,
            size: 31,
            at: at("2026-01-05T13:00:00Z"),
        };
        let refusal = Refusal { origin: sample::origin(), genesis: genesis(), body };
        all.push(of(&format!("refusal, {ground}"), &refusal.sign(&registrar).expect("a note")));
    }
    let freeze = sample::freeze(genesis(), Seen { size: 31, root: Hash::of(b"root") });
    let freeze = freeze.sign(&sample::key("witness"), &name(sample::WITNESS)).expect("a note");
    all.push(of("freeze", &freeze));
    let body = StateBody {
        rules: 1,
        size: 31,
        root: Hash::of(b"root"),
        as_of: at("2026-01-05T13:00:00Z"),
        lines: 93,
        state: Hash::of(b"state"),
    };
    let state = StateNote { origin: sample::origin(), genesis: genesis(), body };
    let by = SignerName::new("harbour/node-1").expect("a signer");
    all.push(of("state", &state.sign(&sample::key("harbour/node-1"), &by).expect("a note")));
    file(
        "notes.json",
        "Refusals of each ground, a freeze and a state note, signed by keys of keys.json.",
        all.into(),
    );
}

/// An assertion over the act `keep`, and what comes of it.
fn passkey(
    name: &str,
    key: &PasskeyKey,
    assertion: &Assertion,
    changed: impl FnOnce(&mut Assertion),
) -> Value {
    let mut assertion = assertion.clone();
    changed(&mut assertion);
    let act = ActId::of_text(&text_of("keep"));
    let origins = sample::WEB_ORIGINS.map(str::to_owned);
    let verdict = assertion.verify(key, &Expected { act, rp: sample::RP, origins: &origins });
    json!({
        "name": name, "key": to_hex(&key.to_bytes()), "act": act, "challenge": note::passkey::challenge(&act),
        "rp": sample::RP, "origins": origins,
        "authenticator_data": to_hex(&assertion.authenticator_data),
        "client_data": String::from_utf8_lossy(&assertion.client_data),
        "signature": to_hex(&assertion.signature),
        "payload": b64(&assertion.payload().expect("short parts")),
        "verdict": verdict.map_or_else(passkey_word, |()| "good"),
    })
}

fn passkey_word(fault: PasskeyFault) -> &'static str {
    match fault {
        PasskeyFault::Payload => "payload",
        PasskeyFault::AuthenticatorData => "authenticator-data",
        PasskeyFault::ClientData => "client-data",
        PasskeyFault::Type => "type",
        PasskeyFault::Challenge => "challenge",
        PasskeyFault::Origin => "origin",
        PasskeyFault::CrossOrigin => "cross-origin",
        PasskeyFault::Rp => "rp",
        PasskeyFault::UserPresent => "user-present",
        PasskeyFault::UserVerified => "user-verified",
        PasskeyFault::Signature => "signature",
    }
}

#[test]
fn passkeys() {
    let act = ActId::of_text(&text_of("keep"));
    let es256_name = "north/liaison-2 passkey";
    let eddsa = sample::key("harbour/desk-2 passkey");
    let sign_eddsa = |message: &[u8]| eddsa.sign(message).as_bytes().to_vec();
    let es256 = sample::assertion(&act, |message| sample::sign_es256(es256_name, message));
    let keys = (sample::es256_public(es256_name), PasskeyKey::EdDsa(eddsa.public()));
    // Each is signed anew, so that what is wrong is that one thing.
    let client = |from: &'static str, to: &'static str| {
        move |assertion: &mut Assertion| {
            let text = String::from_utf8(assertion.client_data.clone()).expect("UTF-8").replacen(from, to, 1);
            assertion.client_data = text.into_bytes();
        }
    };
    let bad = |name: &str, change: &dyn Fn(&mut Assertion)| {
        passkey(name, &keys.0, &es256, |assertion| {
            change(assertion);
            assertion.signature = sample::sign_es256(es256_name, &assertion.message());
        })
    };
    let all = vec![
        passkey("es256", &keys.0, &es256, |_| {}),
        passkey("eddsa", &keys.1, &sample::assertion(&act, sign_eddsa), |_| {}),
        bad("an unknown member is let through", &client("}", ",\"x\":1}")),
        bad("extensions are signed and not read", &|a| {
            a.authenticator_data[32] |= 0x80;
            a.authenticator_data.push(0xa0);
        }),
        bad("extensions without their flag", &|a| a.authenticator_data.push(0xa0)),
        bad("attested credential data", &|a| a.authenticator_data[32] |= 0x40),
        bad("a member twice", &client("}", ",\"type\":\"webauthn.get\"}")),
        bad("a registration", &client("webauthn.get", "webauthn.create")),
        bad("another challenge", &client("\"challenge\":\"", "\"challenge\":\"A")),
        bad("another origin", &client("https://desk.example", "https://desk.example.org")),
        bad("inside another page", &client("false", "true")),
        bad("another relying party", &|a| a.authenticator_data[0] ^= 1),
        bad("nobody touched it", &|a| a.authenticator_data[32] = 0x04),
        bad("nobody was verified", &|a| a.authenticator_data[32] = 0x01),
        passkey("another signature", &keys.0, &es256, |a| a.authenticator_data[36] ^= 1),
        passkey("a signature that is not DER", &keys.0, &es256, |a| a.signature.push(0)),
        passkey("the other kind of key", &keys.1, &es256, |_| {}),
    ];
    file(
        "passkeys.json",
        "Assertions over one act's id, and the first fault of each: payload, authenticator-data, client-data, type, challenge, origin, cross-origin, rp, user-present, user-verified, signature; or good.",
        all.into(),
    );
}

#[test]
fn commitments() {
    let salt = [7; 32];
    let of = |filer: &str, plain: &[u8]| {
        let mut commitment = Commitment::begin(&genesis(), &sample::participant(filer), &salt);
        commitment.update(plain);
        json!({
            "genesis": genesis(), "filer": filer, "salt": b64(&salt), "plain": b64(plain),
            "commitment": commitment.finish(),
        })
    };
    let all =
        vec![of("north", b""), of("north", b"plain"), of("south", b"plain"), of("north", &[0xff; 1000])];
    file(
        "commitments.json",
        "SHA-256(`mithaq.exhibit/v1\\n` ‖ genesis ‖ u8 length ‖ filer ‖ salt ‖ plain).",
        all.into(),
    );
}

#[test]
fn words() {
    let references = [("CASE", 25, 147), ("NOT", 26, 1), ("BAT", 25, 1), ("INC", 7, 12_345)];
    let references = references.map(|(kind, year, number)| {
        let reference = Reference::new(kind, year, number).expect("a reference");
        json!({ "kind": kind, "year": year, "number": number, "reference": reference.to_string() })
    });
    let instants = [0, 951_825_600, 1_767_225_600, Instant::LAST.secs()];
    let instants = instants.map(|secs| json!({ "seconds": secs, "text": Instant::from_secs(secs) }));
    let voices = [Hash::ZERO, Hash::of(b""), genesis()];
    let voices =
        voices.map(|hash| json!({ "genesis": hash, "voice_name": VoiceName::of(&hash).to_string() }));
    file(
        "words.json",
        "References with their check letters, times, and registers' names by voice.",
        json!({ "references": references, "instants": instants, "voice_names": voices }),
    );
}

fn key_word(key: &PublicKey) -> &'static str {
    match key.enrollable() {
        Ok(()) => "good",
        Err(KeyFault::NotAPoint) => "not-a-point",
        Err(KeyFault::NonCanonical) => "non-canonical",
        Err(KeyFault::SmallOrder) => "small-order",
        Err(KeyFault::Torsion) => "torsion",
    }
}

#[test]
fn ed25519() {
    let good = sample::key("north/root-1").public();
    let point = CompressedEdwardsY(*good.as_bytes()).decompress().expect("a point");
    let mut enrolled: Vec<PublicKey> =
        EIGHT_TORSION.iter().map(|p| PublicKey::from_bytes(p.compress().0)).collect();
    enrolled.push(good);
    enrolled.push(PublicKey::from_bytes((point + EIGHT_TORSION[1]).compress().0));
    for low in [0xed_u8, 0xee, 0xf0, 0xff] {
        let mut bytes = [0xff; 32];
        (bytes[0], bytes[31]) = (low, 0x7f);
        enrolled.push(PublicKey::from_bytes(bytes));
    }
    let mut two = [0; 32];
    two[0] = 2;
    enrolled.push(PublicKey::from_bytes(two));
    let keys = enrolled.iter().map(|key| json!({ "key": to_hex(key.as_bytes()), "verdict": key_word(key) }));

    let message = b"mithaq";
    let signature = sample::key("north/root-1").sign(message);
    let small = PublicKey::from_bytes(EIGHT_TORSION[0].compress().0);
    // R and A of small order and s = 0: the factor 8 takes it, for any message.
    let forged = |r: [u8; 32]| {
        let mut bytes = [0; 64];
        bytes[..32].copy_from_slice(&r);
        Signature::from_bytes(bytes)
    };
    let mut high = *signature.as_bytes();
    add_order(&mut high);
    let mut flipped = *signature.as_bytes();
    flipped[0] ^= 1;
    let all = [
        ("an honest signature", good, signature),
        ("one bit of R is another", good, Signature::from_bytes(flipped)),
        ("s + ℓ for s", good, Signature::from_bytes(high)),
        ("small order, R the same point", small, forged(EIGHT_TORSION[0].compress().0)),
        ("small order, R another such point", small, forged(EIGHT_TORSION[1].compress().0)),
    ];
    let signatures = all.map(|(name, key, signature)| {
        json!({
            "name": name, "key": to_hex(key.as_bytes()), "message": to_hex(message),
            "signature": to_hex(signature.as_bytes()),
            "zip215": key.verify(message, &signature),
            "cofactorless": key.verify_cofactorless(message, &signature),
        })
    });
    file(
        "ed25519.json",
        "Which keys may be enrolled, and where the two rules differ: `zip215` is the one that decides, a registrar asks for `cofactorless` too.",
        json!({ "keys": keys.collect::<Value>(), "signatures": signatures }),
    );
}

/// Adds ℓ to s.
fn add_order(signature: &mut [u8; 64]) {
    const ORDER: [u8; 32] = [
        0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
    ];
    let mut carry = 0_u16;
    for (s, l) in signature[32..].iter_mut().zip(ORDER) {
        carry += u16::from(*s) + u16::from(l);
        *s = carry.to_le_bytes()[0];
        carry >>= 8;
    }
}

fn entry_of(name: &str) -> Entry {
    sample::register().into_iter().find(|s| s.name == name).expect("a sample").entry
}

/// Texts that are no act.
fn forged_texts() -> Vec<(&'static str, String)> {
    let keep = text_of("keep");
    let open = text_of("open");
    let with = |edits: &[(&str, Value)]| edited(&keep, edits);
    let line = |line: &str| format!("{}\n{line}\n", keep.lines().next().expect("two lines"));
    vec![
        ("a third line", format!("{keep}\n")),
        ("no last line feed", keep.trim_end().to_owned()),
        ("another version", keep.replacen("act/v1", "act/v2", 1)),
        ("two spaces in line 1", keep.replacen(' ', "  ", 1)),
        ("the word genesis on another kind", keep.replacen(&genesis().to_string(), "genesis", 1)),
        (
            "longer than 48 KiB",
            keep.replacen("{\"kind\"", &format!("{{{}\"kind\"", " ".repeat(48 * 1024)), 1),
        ),
        ("a list, no object", line("[]")),
        ("something after the object", keep.replacen("}\n", "} {}\n", 1)),
        ("a name twice", keep.replacen("{\"kind\"", "{\"n\":1,\"kind\"", 1)),
        ("a name twice, once escaped", keep.replacen("{\"kind\"", "{\"\\u006e\":1,\"kind\"", 1)),
        ("seventeen levels", line(&format!("{{\"a\":{}{}}}", "[".repeat(16), "]".repeat(16)))),
        ("a fraction", edited(&keep, &[("/n", json!(1))]).replacen("\"n\":1", "\"n\":1.0", 1)),
        ("an exponent", edited(&keep, &[("/n", json!(1))]).replacen("\"n\":1", "\"n\":1e0", 1)),
        ("minus zero", edited(&keep, &[("/n", json!(1))]).replacen("\"n\":1", "\"n\":-0", 1)),
        ("2^53", with(&[("/n", json!(1_u64 << 53))])),
        ("a tab between tokens", keep.replacen(",\"n\"", ",\t\"n\"", 1)),
        ("an invisible character", keep.replacen("harbour", "har\u{200b}bour", 1)),
        ("an invisible character, escaped", keep.replacen("harbour", "har\\u200bbour", 1)),
        ("a surrogate pair", keep.replacen("harbour", "\\ud83d\\ude00", 1)),
        ("an unknown escape", keep.replacen("harbour", "\\a", 1)),
        ("n is zero", with(&[("/n", json!(0))])),
        ("no signer", with(&[("/signers", json!([]))])),
        ("another participant's signer", with(&[("/signers", json!(["north/liaison-1"]))])),
        ("a signer twice", with(&[("/signers", json!(["harbour/desk-1", "harbour/desk-1"]))])),
        ("an unknown kind", with(&[("/kind", json!("kept"))])),
        ("a field of another kind", with(&[("/body/until", json!("2026-01-01T00:00:00Z"))])),
        ("a field is missing", with(&[("/body/exhibits", Value::Null)])),
        ("a sentence in a field", edited(&open, &[("/body/fields/grade", json!("It was us."))])),
        ("a time with a fraction", with(&[("/at", json!("2026-01-05T08:00:00.0Z"))])),
        ("a time with an offset", with(&[("/at", json!("2026-01-05T08:00:00+00:00"))])),
        ("base64 that is not canonical", keep.replacen(&genesis().to_string(), &trailing_bit(&genesis()), 1)),
        ("null for what is absent", open.replacen("\"tier\":\"record\"", "\"tier\":null", 1)),
        ("an empty list for what is absent", edited(&open, &[("/body/strands", json!([]))])),
        ("a reserved word as a label", edited(&text_of("revoke"), &[("/body/label", json!("receipt"))])),
        ("a reserved word as a signer's label", edited(&keep, &[("/signers", json!(["north/registrar"]))])),
        ("a list for an object", edited(&keep, &[("/seen", json!([1, Hash::ZERO]))])),
        ("an object for a word", with(&[("/kind", json!({ "keep": Value::Null }))])),
        ("a set out of order", edited(&open, &[("/body/fields/parties", json!(["south", "north"]))])),
        ("a place off the globe", edited(&open, &[("/body/fields/where/lat-e7", json!(900_000_001))])),
        ("a text of no bytes", edited(&open, &[("/body/fields/text/size", json!(0))])),
        (
            "a text that is a window too",
            edited(&open, &[("/body/fields/text/end", json!("2026-01-05T08:00:00Z"))]),
        ),
        ("a correction in no matter", edited(&text_of("correct"), &[("/body/matter", Value::Null)])),
        (
            "a mark by a participant",
            edited(&text_of("mark"), &[("/by", json!("north")), ("/signers", json!(["north/liaison-1"]))]),
        ),
        (
            "a genesis with too few roots",
            edited(
                &text_of("genesis"),
                &[("/signers", json!(["registrar", "harbour/root-1", "north/root-1"]))],
            ),
        ),
        ("an exhibit that is a row", with(&[("/body/exhibits", json!([format!("{}#r1", Hash::ZERO)]))])),
    ]
}

/// The same 32 bytes, with a bit set behind them that counts for nothing.
fn trailing_bit(hash: &Hash) -> String {
    let text = hash.to_string();
    let last = text.as_bytes()[42];
    let digits = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let value = digits.iter().position(|d| *d == last).expect("a digit");
    format!("{}{}=", &text[..42], char::from(digits[value + 1]))
}

fn forged_entries() -> Vec<(&'static str, Vec<u8>)> {
    let two = entry_of("step-with-four-eyes");
    let lines = [two.submission().signatures(), two.submission().assertions()].concat();
    let bytes = |lines: &[&SignatureLine]| {
        let lines = lines.iter().map(|line| (*line).clone()).collect();
        Note::new(two.act().text().to_owned(), lines).expect("a note").to_bytes()
    };
    let [first, second, passkey] = &lines[..] else { unreachable!("three lines") };
    let receipt = two.receipt_line();
    let mut late = receipt.clone();
    late.payload.push(0);
    let whole = two.to_bytes();
    let text = String::from_utf8(whole.clone()).expect("UTF-8");
    vec![
        ("no receipt", bytes(&[first, second, passkey])),
        ("a receipt that is too long", bytes(&[first, second, passkey, &late])),
        ("a line behind the receipt", bytes(&[first, second, passkey, receipt, first])),
        ("a signer is missing", bytes(&[first, receipt])),
        ("signers out of order", bytes(&[second, first, passkey, receipt])),
        ("a passkey's line twice", bytes(&[first, second, passkey, passkey, receipt])),
        ("no blank line", text.replacen("\n\n", "\n", 1).into_bytes()),
        ("a carriage return", text.replacen('\n', "\r\n", 1).into_bytes()),
        ("a line with too much padding", format!("{}=\n", text.trim_end()).into_bytes()),
        ("no UTF-8", [&[0xff], &whole[..]].concat()),
        ("longer than 65,535 bytes", [whole, vec![b'x'; 65_535]].concat()),
    ]
}

/// Entries that are well-formed in themselves, and whose signatures lie.
fn lying() -> Value {
    let entry = entry_of("keep");
    let origin = sample::origin();
    let key = |label: &str| VerifierKey::plain(signer(label), sample::key(label).public());
    let desk = key("harbour/desk-1");
    let receipts = VerifierKey::receipt(KeyName::receipt(&origin), sample::key("registrar").public());
    let verdict = |entry: &Entry| {
        let line = &entry.submission().signatures()[0];
        if desk.verify(entry.act().text(), line).is_err() {
            return "author's signature";
        }
        match Receipt::verify(entry.receipt_line(), &receipts, &origin, &genesis()) {
            Err(_) => "receipt's signature",
            Ok(receipt) if receipt.submission != entry.submission().hash() => {
                "receipt for another submission"
            }
            Ok(_) => "good",
        }
    };
    let sign = |submission: &Submission, by: &SigningKey, genesis: &Hash| {
        Receipt { submission: submission.hash(), ..*entry.receipt() }.sign(&origin, genesis, by)
    };
    let submission = entry.submission();
    let mut flipped = submission.signatures()[0].clone();
    flipped.payload[0] ^= 1;
    let flipped =
        Submission::new(entry.act().clone(), vec![flipped], vec![], vec![]).expect("its lines are right");
    let other = submission
        .clone()
        .with_intake(entry_of("open").submission().intakes()[0].clone())
        .expect("there is room");
    let registrar = sample::key("registrar");
    let made = |submission: &Submission, line: SignatureLine| {
        Entry::new(submission.clone(), line).expect("an entry")
    };
    let all = [
        ("as it was", entry.clone()),
        ("a bit of the author's signature", made(&flipped, sign(&flipped, &registrar, &genesis()))),
        (
            "a receipt by another key",
            made(submission, sign(submission, &sample::key("registrar 2"), &genesis())),
        ),
        ("a receipt of another register", made(submission, sign(submission, &registrar, &Hash::ZERO))),
        ("a receipt for other lines", made(&other, entry.receipt_line().clone())),
    ];
    all.iter()
        .map(|(name, entry)| json!({ "name": name, "entry": b64(&entry.to_bytes()), "verdict": verdict(entry) }))
        .collect()
}

#[test]
fn forged() {
    let texts = forged_texts().into_iter().map(|(name, text)| {
        let fault = Act::parse(&text).expect_err(name);
        json!({
            "name": name, "text": text, "verdict": fault.what.code(), "line": fault.line, "column": fault.column,
            "says": fault.what.to_string(),
        })
    });
    let entries = forged_entries().into_iter().map(|(name, bytes)| {
        let fault = Entry::parse(&bytes).expect_err(name);
        json!({ "name": name, "entry": b64(&bytes), "verdict": fault.code(), "says": fault.to_string() })
    });
    file(
        "forged.json",
        "What must be refused. Each of `texts` and `entries` is malformed, ground `form`; the code says by which rule, and other programs need only refuse. `lying` are well-formed, and their verdict is the first signature or hash that does not hold, checked in the order author, receipt, hash; the first of them is good.",
        json!({ "texts": texts.collect::<Value>(), "entries": entries.collect::<Value>(), "lying": lying() }),
    );
}
