//! The register that desks are measured over: the exercise, with as many incidents and cases as are asked for, in the
//! folder of north, who keeps it.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::mpsc::sync_channel;

use act::body::{Enrol, KeyEnrolment, Mark, Open, Seat};
use act::value::{FieldValue, KeySet, NoteText, Office, RecipientText, Vkey, Word};
use act::{Body, Submission};
use docket::harness::{bodies, code};
use docket::story::amended;
use node::found::{Founding, found};
use node::{Home, Node};
use note::{KeyName, SigningKey, VerifierKey};
use register::{Folder, Log, RealDisk, Registrar, Start};
use terms::{ActId, Capacity, Custody, Hash, Instant, Origin, ParticipantId, Place, Seconds, SignerName};
use tlog::cosignature;
use vault::{Identity, KeyUse, Keyring, Passphrase, Secret, WorkFactor};
use zeroize::Zeroizing;

use crate::world::{Judge, sign};

/// Who takes part in the exercise.
const ALL: [&str; 5] = ["ford", "harbour", "north", "secretariat", "south"];

/// The passphrase of the keys that are kept: everybody knows them anyway.
const PASSPHRASE: &str = "exercise";

/// Between one incident and the next.
const APART: Seconds = Seconds(30);

/// Entries between two marks: less than an hour of these.
const BETWEEN_MARKS: usize = 100;

/// Officers of south who hand in acts at once.
pub(crate) const CLIENTS: usize = 64;

pub(crate) fn origin() -> Origin {
    #[expect(clippy::expect_used, reason = "a name that is written here")]
    Origin::new("register.example/busy").expect("an origin")
}

pub(crate) fn who(id: &str) -> ParticipantId {
    #[expect(clippy::expect_used, reason = "names that are written here")]
    ParticipantId::new(id).expect("an id")
}

fn seed(name: &str) -> [u8; 32] {
    *Hash::of(format!("mithaq bench key {name}").as_bytes()).as_bytes()
}

/// The key of this name: everybody knows it, so that a register that is kept can be opened again.
pub(crate) fn key(name: &str) -> SigningKey {
    SigningKey::from_seed(&seed(name))
}

/// The labels of a participant's keys, and what each is for.
fn labels(participant: &str) -> Vec<(String, Capacity)> {
    let mut labels = vec![
        ("root-1".to_owned(), Capacity::Root),
        ("liaison-1".to_owned(), Capacity::Officer),
        ("node-1".to_owned(), Capacity::Node),
        ("seal-1".to_owned(), Capacity::Seal),
    ];
    if participant == "south" {
        labels.extend((2..=CLIENTS).map(|n| (format!("liaison-{n}"), Capacity::Officer)));
    }
    labels
}

/// The keys of a participant. A key that opens what is sealed is none of a seed: it lies in the folder.
pub(crate) fn ring(folder: &Path, participant: &str) -> Result<Keyring, String> {
    let text = |error: &dyn std::fmt::Display| error.to_string();
    let mut ring = Keyring::new();
    for (label, capacity) in labels(participant) {
        let name = format!("{}/{participant}/{label}", origin());
        let secret = match capacity {
            Capacity::Seal => Secret::Age(identity(folder, participant)?),
            _ => Secret::Ed25519(Zeroizing::new(seed(&name))),
        };
        ring.insert(&name, KeyUse::Enrolled(capacity), secret).map_err(|e| text(&e))?;
    }
    let witness = witness_name(participant);
    let secret = |name: &str| Secret::Ed25519(Zeroizing::new(seed(name)));
    ring.insert(&witness, KeyUse::Witness, secret(&witness)).map_err(|e| text(&e))?;
    if participant == "north" {
        let name = format!("{}/registrar", origin());
        ring.insert(&name, KeyUse::Registrar, secret(&name)).map_err(|e| text(&e))?;
    }
    Ok(ring)
}

fn identity(folder: &Path, participant: &str) -> Result<Identity, String> {
    let path = folder.join(format!("{participant}.seal"));
    match std::fs::read_to_string(&path) {
        Ok(text) => Identity::parse(&text).ok_or_else(|| "no identity is in the folder".to_owned()),
        Err(_) => {
            let identity = Identity::generate();
            std::fs::write(&path, identity.to_text().as_bytes()).map_err(|error| error.to_string())?;
            Ok(identity)
        }
    }
}

pub(crate) fn witness_name(participant: &str) -> String {
    format!("{participant}.example/witness")
}

pub(crate) fn home(folder: &Path, participant: &str) -> Home {
    Home::new(&folder.join(participant), &folder.join(format!("{participant}.keys")))
}

fn exercise() -> Result<String, String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../instruments/exercise.toml");
    let text = std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    // The instrument lets nobody hand in so much in a day.
    Ok(amended(&format!("{text}\n[quota]\nacts = 1000000\n"), ""))
}

/// Founds the register, and writes into it. Gives the time when that ends.
pub(crate) fn make(folder: &Path, incidents: u64, cases: u64) -> Result<Instant, String> {
    let mut maker = Maker::found(folder)?;
    // What is signed and what is sequenced are each a core's work.
    let (send, come) = sync_channel::<(Vec<Vec<u8>>, Instant)>(64);
    let mut writer = std::mem::take(&mut maker.writer);
    let begins = maker.now;
    let wrote = std::thread::scope(|threads| {
        let writes = threads.spawn(move || writer.all(begins, incidents, cases, &send));
        while let Ok((batch, now)) = come.recv() {
            maker.enter(&batch, now)?;
        }
        writes.join().map_err(|_| "the writer fell over".to_owned())?
    });
    wrote?;
    // A mark over the last entries, and a checkpoint over that mark.
    maker.mark()?;
    maker.mark()?;
    maker.serve()?;
    let now = maker.now;
    maker.log.close().map_err(|error| error.to_string())?;
    keep(folder)?;
    Ok(now)
}

/// Keeps north's keys, its lines and its places, so that the program opens what was made: `mithaq node run`.
fn keep(folder: &Path) -> Result<(), String> {
    let text = |error: &dyn std::fmt::Display| error.to_string();
    let north = home(folder, "north");
    let mut ring = ring(folder, "north")?;
    let (passphrase, work) =
        Passphrase::new(PASSPHRASE.to_owned()).zip(WorkFactor::new(10)).ok_or("a passphrase")?;
    north.key_store().create(&mut ring, &passphrase, work).map_err(|e| text(&e))?;
    let instruments = Path::new(env!("CARGO_MANIFEST_DIR")).join("../instruments");
    std::fs::create_dir_all(north.places()).map_err(|e| text(&e))?;
    for name in ["exercise-ridge.geojson", "exercise-survey.geojson", "exercise-places.csv"] {
        let bytes = std::fs::read(instruments.join(name)).map_err(|e| text(&e))?;
        match name.strip_suffix(".csv") {
            Some(_) => std::fs::write(north.places().join(name), bytes).map_err(|e| text(&e))?,
            None => north.put_line(name, &bytes).map_err(|e| text(&e))?,
        }
    }
    Ok(())
}

/// Signs what is handed in.
#[derive(Default)]
struct Writer {
    genesis: Option<Hash>,
    chains: BTreeMap<SignerName, (u64, ActId)>,
}

impl Writer {
    fn act(&mut self, who: &str, label: &str, body: Body, now: Instant) -> Result<Submission, String> {
        let signer = SignerName::key(&self::who(who), &code(label));
        let (n, prev) = self.chains.get(&signer).map_or((1, None), |(n, id)| (n + 1, Some(*id)));
        let genesis = self.genesis.ok_or("no genesis")?;
        let key = key(&format!("{}/{who}/{label}", origin()));
        let signed = sign(&origin(), genesis, &signer, &key, (n, prev), now, body)?;
        self.chains.insert(signer, (n, signed.act().id()));
        Ok(signed)
    }

    /// Incidents in turn by three, of which each tenth is looked at; between them cases, of either party against the other.
    fn all(
        &mut self,
        mut now: Instant,
        incidents: u64,
        cases: u64,
        send: &std::sync::mpsc::SyncSender<(Vec<Vec<u8>>, Instant)>,
    ) -> Result<(), String> {
        let mut batch = Vec::new();
        let mut opened = 0;
        for n in 0..incidents {
            now = now.plus(APART);
            let who = ["north", "south", "harbour"][usize::try_from(n % 3).unwrap_or(0)];
            let incident = self.act(who, "liaison-1", incident(n, now), now)?;
            batch.push(incident.to_bytes());
            if n % 10 == 7 {
                let step = bodies::step(incident.act().id(), &[], "triage", Some("keep"));
                batch.push(self.act("secretariat", "liaison-1", step, now)?.to_bytes());
            }
            if u128::from(opened) * u128::from(incidents) < u128::from(n + 1) * u128::from(cases) {
                let (by, of) = if opened % 2 == 0 { ("north", "south") } else { ("south", "north") };
                batch.push(self.act(by, "liaison-1", case(of, opened), now)?.to_bytes());
                opened += 1;
            }
            if batch.len() >= BETWEEN_MARKS {
                send.send((std::mem::take(&mut batch), now)).map_err(|error| error.to_string())?;
            }
        }
        send.send((batch, now)).map_err(|error| error.to_string())
    }
}

/// An incident somewhere in a square of twenty degrees, which places fill evenly, in no order.
pub(crate) fn incident(n: u64, now: Instant) -> Body {
    let spread = |factor: u64| i64::try_from(n.wrapping_mul(factor) % 2_000_003).unwrap_or(0) / 10 * 1000;
    let place =
        Place { lat_e7: spread(1_234_577), lon_e7: -400_000_000 + spread(7_654_319), radius_m: 1_000 };
    let kind = ["fire", "mine", "raid", "closure", "air-or-drone"][usize::try_from(n % 5).unwrap_or(0)];
    let grade = ["minor", "concern", "serious"][usize::try_from(n % 3).unwrap_or(0)];
    let fields = [
        ("kind", bodies::value(kind, false)),
        ("time", FieldValue::One(Word::Instant(now))),
        ("place", FieldValue::Place(place)),
        ("reported-grade", bodies::value(grade, false)),
    ];
    bodies::open("incident", fields.into_iter().map(|(name, value)| (code(name), value)).collect())
}

fn case(of: &str, n: u64) -> Body {
    let clause = ["p1", "p2", "p3"][usize::try_from(n % 3).unwrap_or(0)];
    let fields = [
        ("bearer", bodies::value(of, true)),
        ("provision", bodies::value(clause, true)),
        ("grade", bodies::value("minor", false)),
    ];
    let fields = fields.into_iter().map(|(name, value)| (code(name), value)).collect();
    match bodies::open("case", fields) {
        Body::Open(open) => Body::Open(Open { strands: strand(of, clause), ..open }),
        other => other,
    }
}

fn strand(of: &str, clause: &str) -> Vec<act::value::StrandName> {
    act::value::StrandName::new(format!("{of}:{clause}")).into_iter().collect()
}

/// Sequences it, as north.
struct Maker {
    log: Log<RealDisk>,
    writer: Writer,
    genesis: Hash,
    registrar: SigningKey,
    chain: (u64, Option<ActId>),
    now: Instant,
}

impl Maker {
    fn found(folder: &Path) -> Result<Maker, String> {
        let text = |error: &dyn std::fmt::Display| error.to_string();
        let now = Instant::from_secs(1_767_600_000).ok_or("a time")?;
        let (north, origin) = (home(folder, "north"), origin());
        let root = |who: &str| {
            let name = format!("{origin}/{who}/root-1");
            KeyName::new(&name).map(|known| Vkey(VerifierKey::plain(known, key(&name).public())))
        };
        let mut founders = Vec::new();
        let mut others = Keyring::new();
        for who in ALL {
            let keys = vec![root(who).ok_or("a name")?];
            founders.push(Seat { participant: self::who(who), roots: KeySet { k: 1, keys }, recovery: None });
            let name = format!("{origin}/{who}/root-1");
            let secret = Secret::Ed25519(Zeroizing::new(seed(&name)));
            others.insert(&name, KeyUse::Enrolled(Capacity::Root), secret).map_err(|e| text(&e))?;
        }
        let witness = witness_name("harbour");
        let witness_key = KeyName::new(&witness).ok_or("a name")?;
        let founding = Founding {
            origin: origin.clone(),
            participant: who("north"),
            instrument: &exercise()?,
            witnesses: vec![(
                "harbour".to_owned(),
                VerifierKey::cosigner(witness_key, key(&witness).public()),
            )],
            quorum: 1,
            founders,
            signers: ALL.iter().map(|it| SignerName::key(&who(it), &code("root-1"))).collect(),
            others: &others,
        };
        let node = found(&north, ring(folder, "north")?, founding, now).map_err(|e| text(&e))?;
        let genesis = node.genesis();
        let first = node.find(&ActId(genesis)).map_err(|e| text(&e))?;
        drop(node);
        let opened = Folder::open(RealDisk, &north.data, &north.kept()).map_err(|e| text(&e))?;
        let registrar = key(&format!("{origin}/registrar"));
        let keys = Registrar { origin, key: registrar.clone() };
        let (log, _) = Log::open(&opened, keys, &[], Start::Usual).map_err(|e| text(&e))?;
        let writer = Writer { genesis: Some(genesis), chains: BTreeMap::new() };
        let chain = (1, Some(first.1.id()));
        let mut maker = Maker { log, writer, genesis, registrar, chain, now };
        maker.enrol(folder)?;
        Ok(maker)
    }

    fn enrol(&mut self, folder: &Path) -> Result<(), String> {
        let now = self.now;
        let mut batch = Vec::new();
        for who in ALL {
            for (label, capacity) in labels(who) {
                if capacity != Capacity::Root {
                    let body = enrolment(folder, who, &label, capacity)?;
                    batch.push(self.writer.act(who, "root-1", body, now)?.to_bytes());
                }
            }
        }
        self.enter(&batch, now)
    }

    fn enter(&mut self, batch: &[Vec<u8>], now: Instant) -> Result<(), String> {
        self.now = now;
        // Whether all of it is well formed the node says that opens it.
        let answers = self.log.append(batch, now, &mut Judge(None)).map_err(|error| error.to_string())?;
        if answers.iter().any(|answer| matches!(answer, register::Answer::Refused { .. })) {
            return Err("the register refuses what was made".to_owned());
        }
        self.mark()
    }

    /// A checkpoint, cosigned by harbour's witness, and entered as a mark.
    fn mark(&mut self) -> Result<(), String> {
        let note = self.serve()?;
        let body = Body::Mark(Mark { checkpoint: NoteText::new(note)? });
        let (n, prev) = self.chain;
        let signer = SignerName::Registrar;
        let mark = sign(&origin(), self.genesis, &signer, &self.registrar, (n + 1, prev), self.now, body)?;
        self.chain = (n + 1, Some(mark.act().id()));
        let entered = self.log.append(&[mark.to_bytes()], self.now, &mut Judge(None));
        entered.map(drop).map_err(|error| error.to_string())
    }

    fn serve(&mut self) -> Result<String, String> {
        let text = |error: &dyn std::fmt::Display| error.to_string();
        let signed = self.log.checkpoint().map_err(|e| text(&e))?;
        let witness = witness_name("harbour");
        let name = KeyName::new(&witness).ok_or("a name")?;
        let line = cosignature::sign(signed.checkpoint(), self.now, &key(&witness), &name);
        let cosigned = tlog::CosignedCheckpoint::from_note(signed.note().clone().with(line));
        let cosigned = cosigned.map_err(|e| text(&e))?;
        self.log.serve(&cosigned).map_err(|e| text(&e))?;
        Ok(cosigned.note().to_string())
    }
}

fn enrolment(folder: &Path, who: &str, label: &str, capacity: Capacity) -> Result<Body, String> {
    let full = format!("{}/{who}/{label}", origin());
    let name = KeyName::new(&full).ok_or("a name")?;
    let (vkey, recipient) = if capacity == Capacity::Seal {
        let recipient = identity(folder, who)?.recipient().to_string();
        (None, Some(RecipientText::new(recipient)?))
    } else {
        (Some(Vkey(VerifierKey::plain(name, key(&full).public()))), None)
    };
    Ok(Body::Enrol(Enrol::Key(KeyEnrolment {
        label: code(label),
        capacity,
        vkey,
        passkey: None,
        recipient,
        custody: Custody::Device,
        office: Office::new("Desk".to_owned())?,
        note: None,
    })))
}

/// Opens north's node.
pub(crate) fn open(folder: &Path) -> Result<Node, String> {
    let node =
        Node::open(&home(folder, "north"), ring(folder, "north")?).map_err(|error| error.to_string())?;
    match node.docket().malformed() {
        0 => Ok(node),
        malformed => Err(format!("the register that was made has {malformed} malformed entries")),
    }
}
