//! A desk for one participant: keys, a register founded by it alone, its own witness, its keys on record.

use std::path::Path;

use act::body::Seat;
use instrument::Instrument;
use node::Node;
use node::found::{Founding, found, key_set};
use note::{KeyName, SigningKey, VerifierKey};
use serde_json::{Value, json};
use terms::{Capacity, Custody, Instant, Kind, Origin, ParticipantId, Role, VoiceName};
use vault::{Identity, KeyUse, Keyring, Passphrase, Secret};

use crate::cli::Globals;
use crate::command::register::read_instrument;
use crate::failure::{Exit, Failure};
use crate::hosted::taking_hosted;
use crate::passphrase;
use crate::session;
use crate::show::text::safe;

/// The exercise that comes with the program.
const EXERCISE: &str = include_str!("../../../../../instruments/exercise.toml");

/// The lines of that exercise, and its places.
const LINES: [(&str, &str); 2] = [
    ("exercise-ridge.geojson", include_str!("../../../../../instruments/exercise-ridge.geojson")),
    ("exercise-survey.geojson", include_str!("../../../../../instruments/exercise-survey.geojson")),
];
const PLACES: [(&str, &str); 1] =
    [("exercise-places.csv", include_str!("../../../../../instruments/exercise-places.csv"))];

/// The keys of a desk, and what each is for. All lie on this machine, so one root is as good as three.
const KEYS: [(&str, Capacity); 5] = [
    ("root-1", Capacity::Root),
    ("liaison-1", Capacity::Officer),
    ("seal-1", Capacity::Seal),
    ("node-1", Capacity::Node),
    ("stamp-1", Capacity::Intake),
];

/// The office that holds them until others are enrolled.
const OFFICE: &str = "Desk";

/// What is wanted.
pub(super) struct Wanted<'a> {
    pub(super) instrument: Option<&'a Path>,
    pub(super) participant: Option<&'a ParticipantId>,
    pub(super) origin: Option<&'a Origin>,
}

/// What was made.
pub(super) struct Made {
    name: String,
    is_exercise: bool,
    participant: ParticipantId,
    label: String,
    vacant: Vec<String>,
    /// Whether the instrument asks more of officers' keys than that they lie here.
    is_passkey_needed: bool,
    origin: Origin,
    voice: VoiceName,
    keys: std::path::PathBuf,
    data: std::path::PathBuf,
}

/// Makes it.
pub(super) fn make(wanted: &Wanted<'_>, globals: &Globals) -> Result<Made, Failure> {
    let home = session::home(globals);
    let store = home.key_store();
    if store.ring_path().exists() || home.data.join("register").exists() {
        let message = format!("`{}` or `{}` is in use", globals.keys.display(), globals.data.display());
        return Err(Failure::usage("mithaq::exists", message)
            .help("a desk is made from nothing: `--keys DIR --data DIR` name two new folders")
            .help("a node that is there already runs with `mithaq node run`"));
    }
    let text = match wanted.instrument {
        Some(path) => read_instrument(path)?,
        None => taking_hosted(EXERCISE),
    };
    let instrument = instrument::sound(&text, &instrument::library::shipped()).map_err(|_| {
        Failure::usage("mithaq::instrument", "the instrument can't be run")
            .help("`mithaq instrument check` says why")
    })?;
    let participant = whose(wanted.participant, &instrument)?;
    let origin = match wanted.origin {
        Some(origin) => origin.clone(),
        None => Origin::new(&format!("{participant}.localhost/desk"))
            .ok_or_else(|| Failure::usage("mithaq::usage", "say the register's name: `--origin`"))?,
    };
    let now = session::now(globals)?;
    let passphrase = passphrase::first(globals)?;
    let mut ring = keys(&origin, &participant)?;
    store.create(&mut ring, &passphrase, session::work(globals))?;
    let node = establish(&home, ring, &text, &origin, &participant, &passphrase, now)?;
    if wanted.instrument.is_none() {
        lay(&home.lines(), &LINES)?;
        lay(&home.places(), &PLACES)?;
    }
    let names = |id: &ParticipantId| instrument.participants.get(id).map(|who| who.names.label.clone());
    Ok(Made {
        name: instrument.name.clone(),
        is_passkey_needed: instrument.custody.least(Kind::Open, None) > Custody::Hosted,
        is_exercise: instrument.exercise,
        label: names(&participant).unwrap_or_default(),
        vacant: instrument.participants.keys().filter(|id| **id != participant).filter_map(names).collect(),
        participant,
        voice: VoiceName::of(&node.genesis()),
        origin,
        keys: globals.keys.clone(),
        data: globals.data.clone(),
    })
}

/// Lays files of the exercise where the node looks for them.
fn lay(folder: &Path, files: &[(&str, &str)]) -> Result<(), Failure> {
    std::fs::create_dir_all(folder).map_err(|error| Failure::unwritable(folder, &error))?;
    for (name, text) in files {
        let path = folder.join(name);
        std::fs::write(&path, text).map_err(|error| Failure::unwritable(&path, &error))?;
    }
    Ok(())
}

fn whose(named: Option<&ParticipantId>, instrument: &Instrument) -> Result<ParticipantId, Failure> {
    let all = &instrument.participants;
    let first = || all.iter().find(|(_, who)| who.role == Role::Party).map(|(id, _)| id);
    match named {
        Some(named) if all.contains_key(named) => Ok(named.clone()),
        Some(named) => {
            let known: Vec<&str> = all.keys().map(ParticipantId::as_str).collect();
            Err(Failure::usage("mithaq::unknown", format!("the instrument names no `{named}`"))
                .help(format!("it names {}", known.join(", "))))
        }
        None => first().cloned().ok_or_else(|| {
            Failure::usage("mithaq::unknown", "the instrument names no party").help("say whose: `--as`")
        }),
    }
}

fn keys(origin: &Origin, participant: &ParticipantId) -> Result<Keyring, Failure> {
    let fresh = || {
        Secret::fresh_ed25519().map_err(|error| {
            Failure::new(Exit::Machine, "mithaq::machine", format!("no random bytes: {error}"))
        })
    };
    let mut ring = Keyring::new();
    let mut add = |name: String, usage: KeyUse, secret: Secret| {
        ring.insert(&name, usage, secret).map_err(|flaw| Failure::usage("mithaq::key", flaw))
    };
    for (label, capacity) in KEYS {
        let secret = if capacity == Capacity::Seal { Secret::Age(Identity::generate()) } else { fresh()? };
        add(format!("{origin}/{participant}/{label}"), KeyUse::Enrolled(capacity), secret)?;
    }
    add(format!("{origin}/registrar"), KeyUse::Registrar, fresh()?)?;
    add(witness_name(participant), KeyUse::Witness, fresh()?)?;
    Ok(ring)
}

fn witness_name(participant: &ParticipantId) -> String {
    format!("witness.{participant}.localhost")
}

/// Founds the register, gives the node its roles, and puts its keys on record: final, by its own witness.
fn establish(
    home: &node::Home,
    ring: Keyring,
    instrument: &str,
    origin: &Origin,
    participant: &ParticipantId,
    passphrase: &Passphrase,
    now: Instant,
) -> Result<Node, Failure> {
    let witness = witness_name(participant);
    let key = match (ring.get(&witness).map(vault::Key::secret), KeyName::new(&witness)) {
        (Some(Secret::Ed25519(seed)), Some(name)) => {
            VerifierKey::cosigner(name, SigningKey::from_seed(seed).public())
        }
        _ => return Err(node::Fault::NoKey(witness).into()),
    };
    let roots = key_set(&ring, origin, participant, &["root-1"], 1)?;
    let signers = roots
        .keys
        .iter()
        .filter_map(|key| terms::SignerName::from_key_name(origin, key.0.name().as_str()))
        .collect();
    let founding = Founding {
        origin: origin.clone(),
        participant: participant.clone(),
        instrument,
        witnesses: vec![(participant.to_string(), key)],
        quorum: 1,
        founders: vec![Seat { participant: participant.clone(), roots, recovery: None }],
        signers,
        others: &Keyring::new(),
    };
    let node = found(home, ring, founding, now)?;
    let mut settings = node.settings().clone();
    drop(node);
    settings.witness = Some(witness);
    settings.intake = Some(format!("{origin}/{participant}/stamp-1"));
    home.write_settings(&settings)?;
    // Its roles are looked at when it is opened.
    let mut node = Node::open(home, home.key_store().unlock(passphrase)?)?;
    let enrolled = KEYS.iter().filter(|(_, capacity)| *capacity != Capacity::Root);
    for (label, _) in enrolled {
        let body = node.enrolment(label, OFFICE, Custody::Hosted)?;
        node.act_with(&["root-1"], body, now)?;
    }
    // The first makes the keys final, the second the mark over them.
    node.cosign_own(now)?;
    node.cosign_own(now)?;
    Ok(node)
}

impl Made {
    pub(super) fn value(&self) -> Value {
        json!({
            "name": self.name, "exercise": self.is_exercise, "participant": self.participant,
            "origin": self.origin, "voice": self.voice.to_string(), "vacant": self.vacant,
            "passkey-needed": self.is_passkey_needed,
        })
    }

    /// Says what was done.
    pub(super) fn print(&self) {
        if self.is_exercise {
            println!("EXERCISE");
        }
        println!("{}", safe(&self.name));
        println!("made a desk for {} ({}):", safe(&self.label), self.participant);
        println!(
            "  keys      {}: a root, an officer's, and those of the node; keep this folder to yourself",
            self.keys.display()
        );
        println!("  data      {}: holds no key, and may be shown", self.data.display());
        println!("  register  {}, which this node runs and cosigns by itself", self.origin);
        println!("  by voice  {}", self.voice);
        if self.is_passkey_needed {
            println!(
                "the agreement takes nothing that a key signs which lies on this machine: once the node runs,"
            );
            println!("`mithaq node link --enrol LABEL --office OFFICE` lets an officer make a passkey");
        }
        println!("vacant: {}", safe(&self.vacant.join(", ")));
        println!("nobody else watches this register yet: it says what {} said", safe(&self.label));
    }
}
