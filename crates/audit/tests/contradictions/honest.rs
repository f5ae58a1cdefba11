//! A registrar that does its duty, and whatever others hand in: nothing that can be quoted of its
//! register, in any choice, convicts it.

use act::refusal::RefusalBody;
use act::{Act, Refusal, Submission};
use audit::contradiction::file::*;
use audit::contradiction::{Collector, Contradiction, Convict, Shows, confirm};
use docket::v1::Ledger;
use docket::v1::replay::judge_submission;
use note::{KeyName, SignatureLine, VerifierKey};
use proptest::prelude::*;
use serde_json::{Value, json};
use terms::{Hash, RefusalGround, SignerName};

use crate::register::*;

/// Something that is handed in: each number picks one of a few ways, good or bad.
#[derive(Clone, Debug)]
struct HandedIn {
    what: u8,
    who: u8,
    label: u8,
    hand: u8,
    chain: u8,
    stamp: u8,
}

fn handed_in() -> impl Strategy<Value = HandedIn> {
    (0..9_u8, 0..9_u8, 0..3_u8, 0..12_u8, 0..8_u8, 0..8_u8)
        .prop_map(|(what, who, label, hand, chain, stamp)| HandedIn { what, who, label, hand, chain, stamp })
}

const LABELS: [&str; 3] = ["spare", "deputy", "extra"];
const AUTHORS: [&str; 9] = [
    "north/liaison-1",
    "north/spare",
    "north/deputy",
    "south/liaison-1",
    "north/extra",
    "north/liaison-1 north/deputy",
    "harbour/desk-1",
    "harbour/node-1",
    "north/root-1",
];

/// Each label of the pool has two keys that sign in its name.
fn hand_key(name: &str, hand: u8) -> note::SigningKey {
    let pooled = LABELS.iter().any(|label| name.ends_with(label));
    if pooled && hand.is_multiple_of(3) { key(&format!("{name} again")) } else { key(name) }
}

struct Honest {
    world: World,
    ledger: Ledger,
    refused: Vec<(Submission, RefusalGround, u64)>,
}

impl Honest {
    fn new() -> Honest {
        let world = World::usual();
        let instrument = instrument::terms(INSTRUMENT);
        let policy = tlog::Policy::parse(policy().as_bytes()).expect("a policy");
        let ledger = Ledger::begin(&world.genesis, &instrument.expect("an instrument"), policy);
        let mut ledger = ledger.expect("a register");
        for bytes in &world.entries[1..] {
            let entry = act::Entry::parse(bytes).expect("an entry");
            let time = entry.receipt().time;
            assert_eq!(judge_submission(&ledger, entry.submission(), time), Ok(()));
            ledger.enter(entry.submission(), time);
        }
        Honest { world, ledger, refused: Vec::new() }
    }

    fn take(&mut self, handed: &HandedIn) {
        let submission = self.submission(handed);
        match judge_submission(&self.ledger, &submission, t(self.world.now)) {
            Ok(()) => {
                self.ledger.enter(&submission, t(self.world.now));
                self.world.push(&submission);
            }
            Err(ground) => self.refused.push((submission, ground, self.world.size())),
        }
    }

    fn submission(&self, handed: &HandedIn) -> Submission {
        let label = LABELS[usize::from(handed.label)];
        let pooled = format!("north/{label}");
        let (kind, signers, body): (&str, &str, Value) = match handed.what {
            0 | 1 => {
                let capacity = ["officer", "node", "intake"][usize::from(handed.who % 3)];
                let public = hand_key(&pooled, handed.hand).public();
                let vkey = match capacity {
                    "intake" => VerifierKey::intake(key_name(&pooled), public),
                    _ => VerifierKey::plain(key_name(&pooled), public),
                };
                let office = if handed.who < 4 { "Reedmen" } else { "Desk" };
                let key = json!({
                    "label": label, "capacity": capacity, "vkey": vkey.to_string(), "custody": "device",
                    "office": office,
                });
                ("enrol", "north/root-1", json!({ "key": key }))
            }
            2 => ("revoke", "north/root-1", json!({ "label": label })),
            3 => ("disown", "north/root-1", json!({ "key": { "label": label, "since": 1 } })),
            _ => ("open", AUTHORS[usize::from(handed.who)], self.world.open_body()),
        };
        let first = signers.split(' ').next().expect("a signer");
        let (n, last) = self.world.chains.get(first).map_or((0, None), |(n, id)| (*n, Some(*id)));
        let stray = act::Entry::parse(&self.world.entries[10]).expect("an entry").act().id();
        let but = match handed.chain {
            0 => But { n: Some(n.max(1)), ..But::default() },
            1 => But { n: Some(n + 4), ..But::default() },
            2 => But { prev: Some(Some(stray)), ..But::default() },
            3 => But { prev: Some(None), ..But::default() },
            _ => But { prev: Some(last), ..But::default() },
        };
        let act = self.world.act(kind, signers, &body, &but);
        self.signed(act, handed)
    }

    fn signed(&self, act: Act, handed: &HandedIn) -> Submission {
        let line = |signer: &SignerName| {
            let key = hand_key(&signer.to_string(), handed.hand);
            let mut line = key.sign_note(act.text(), &KeyName::signer(&origin(), signer));
            if handed.hand == 11 {
                line.payload[7] ^= 1;
            }
            line
        };
        let lines: Vec<SignatureLine> = act.head().signers.iter().map(line).collect();
        let stamper = match handed.stamp {
            0 | 1 => Some("harbour/intake".to_owned()),
            2 => Some(format!("north/{}", LABELS[usize::from(handed.label)])),
            _ => None,
        };
        let own = |name: &String| act.head().signers.iter().any(|signer| signer.to_string() == *name);
        let stamps = stamper.filter(|name| !own(name)).map(|name| {
            let intake = note::Intake { act: act.id(), time: t(self.world.now), previous: Hash::ZERO };
            let mut line = intake.sign(&hand_key(&name, handed.hand), &key_name(&name));
            line.payload[50] ^= u8::from(handed.stamp == 1);
            line
        });
        Submission::new(act, lines, Vec::new(), stamps.into_iter().collect()).expect("its lines are in order")
    }

    /// The note that the registrar answers with.
    fn refusal(&self, submission: &Submission, ground: RefusalGround, size: u64) -> Vec<u8> {
        let body =
            RefusalBody { act: None, submission: submission.hash(), ground, size, at: t(self.world.now) };
        let refusal = Refusal { origin: origin(), genesis: self.world.hash(), body };
        refusal.sign(&key("registrar")).expect("a note").to_bytes()
    }

    fn convicts(&self, shows: Shows) -> bool {
        let file = Contradiction { register: self.world.register("policy instrument"), shows };
        confirm(&file.to_bytes(), &self.world.expected()).is_ok()
    }
}

/// Some of the indexes, as the bits say; the last thirty at most.
fn chosen(from: std::ops::Range<u64>, bits: u64) -> Vec<u64> {
    from.rev().take(30).filter(|index| bits >> (index % 64) & 1 == 1).collect()
}

/// A search for longer: `PROPTEST_CASES=1000`.
fn cases() -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(8)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_honest_registrar_is_never_convicted(
        handed in prop::collection::vec(handed_in(), 4..24),
        bits: u64,
    ) {
        let mut honest = Honest::new();
        for handed in &handed {
            honest.take(handed);
        }
        let world = &honest.world;
        let head = world.head();
        for choice in [u64::MAX, bits] {
            for index in (16..world.size()).chain([15]) {
                let before: Vec<Included> =
                    chosen(1..index, choice).into_iter().map(|at| world.included(at)).collect();
                for ground in RefusalGround::ALL {
                    let shows = MalformedLetIn {
                        ground: *ground,
                        entry: world.included(index),
                        before: before.clone(),
                        checkpoint: head.clone(),
                    };
                    prop_assert!(!honest.convicts(Shows::MalformedLetIn(shows)), "{index} {ground}");
                }
            }
            let entries: Vec<Included> =
                chosen(1..world.size(), choice).into_iter().map(|at| world.included(at)).collect();
            for (submission, ground, size) in &honest.refused {
                let shows = FalseRefusal {
                    refusal: Quoted(honest.refusal(submission, *ground, *size)),
                    submission: Quoted(submission.to_bytes()),
                    entries: entries.clone(),
                    checkpoint: Some(head.clone()),
                };
                prop_assert!(!honest.convicts(Shows::FalseRefusal(shows)), "{ground} at {size}");
            }
        }

        let begun = Collector::new(
            &world.entries[0], policy().as_bytes(), INSTRUMENT.as_bytes(), &head.0, world,
        );
        let mut collector = begun.expect("a register");
        for (submission, ground, size) in &honest.refused {
            let note = honest.refusal(submission, *ground, *size);
            collector.refusal(&note, &submission.to_bytes(), "a refusal");
            collector.act(&submission.to_bytes(), "a refused act");
        }
        for (index, bytes) in (0..).zip(&world.entries) {
            collector.entry(index, bytes, true);
        }
        // Authors that use a number twice, and stamps that follow on nothing twice, convict their own.
        for found in collector.finish() {
            let conviction = confirm(&found.file, &world.expected()).expect("what is found convicts");
            prop_assert!(!matches!(conviction.convicts, Convict::Registrar(_)), "{}", conviction.sentence());
        }
    }
}
