//! Who plays: three desks with their keys, a folder that two of them reach, and a stick.

use std::path::{Path, PathBuf};

use act::body::{Enrol, KeyEnrolment, Seat};
use act::value::{Office, Vkey};
use act::{Body, Submission};
use audit::Expected;
use node::bundle::{Imported, Joining};
use node::found::{Founding, found, key_set};
use node::{Fault, Home, Node};
use note::{KeyName, SigningKey, VerifierKey};
use terms::{Capacity, Code, Custody, Instant, Origin, ParticipantId, Seconds};
use vault::{Identity, KeyUse, Keyring, Passphrase, Secret, WorkFactor};

use crate::show::progress::{Progress, Unit};

/// The passphrase of every keyring of the story. Real ones are asked for, and never stand in a program.
pub(super) const PASSPHRASE: &str = "exercise";

/// The roots of each: any two of three sign for keys.
const ROOTS: [&str; 3] = ["root-1", "root-2", "root-3"];

/// A participant's keys, their labels and what each is for.
const KEYS: [(&str, Capacity); 5] = [
    ("liaison-1", Capacity::Officer),
    ("liaison-2", Capacity::Officer),
    ("seal-1", Capacity::Seal),
    ("stamp-1", Capacity::Intake),
    ("node-1", Capacity::Node),
];

pub(super) fn who(id: &str) -> Result<ParticipantId, Fault> {
    ParticipantId::new(id).ok_or_else(|| Fault::Unknown(format!("`{id}` is no participant")))
}

pub(super) fn code(text: &str) -> Result<Code, Fault> {
    Code::new(text).ok_or_else(|| Fault::Unknown(format!("`{text}` is no code")))
}

/// The stage: where everything lies, and the story's own clock.
pub(super) struct Stage {
    /// What is left behind, and verified.
    pub(super) out: PathBuf,
    /// Keys, and what was opened: beside it, never in it.
    pub(super) keys: PathBuf,
    /// The register's name.
    pub(super) origin: Origin,
    /// What time it is in the story.
    pub(super) now: Instant,
    sticks: u32,
}

impl Stage {
    pub(super) fn new(out: &Path, keys: &Path, origin: &str, begins: Instant) -> Result<Stage, Fault> {
        let origin = Origin::new(origin).ok_or_else(|| Fault::Unknown(format!("`{origin}` is no origin")))?;
        Ok(Stage { out: out.to_owned(), keys: keys.to_owned(), origin, now: begins, sticks: 0 })
    }

    pub(super) fn home(&self, participant: &str) -> Home {
        Home::new(&self.out.join(participant), &self.keys.join(participant))
    }

    /// Time passes.
    pub(super) fn wait(&mut self, hours: u64) {
        self.now = self.now.plus(Seconds::hours(hours));
    }

    /// A keyring with everything that a participant needs.
    pub(super) fn keyring(&self, participant: &str, registrar: bool) -> Result<Keyring, Fault> {
        let mut ring = Keyring::new();
        let fresh =
            || Secret::fresh_ed25519().map_err(|error| Fault::Io { path: "randomness".into(), error });
        let mut put = |name: String, usage, secret| {
            ring.insert(&name, usage, secret).map_err(|flaw| Fault::Unknown(flaw.to_string()))
        };
        for label in ROOTS {
            put(
                format!("{}/{participant}/{label}", self.origin),
                KeyUse::Enrolled(Capacity::Root),
                fresh()?,
            )?;
        }
        let recovery = format!("{}/{participant}/recovery-1", self.origin);
        put(recovery, KeyUse::Enrolled(Capacity::Recovery), fresh()?)?;
        for (label, capacity) in KEYS {
            let secret =
                if capacity == Capacity::Seal { Secret::Age(Identity::generate()) } else { fresh()? };
            put(format!("{}/{participant}/{label}", self.origin), KeyUse::Enrolled(capacity), secret)?;
        }
        put(witness_name(participant), KeyUse::Witness, fresh()?)?;
        if registrar {
            put(format!("{}/registrar", self.origin), KeyUse::Registrar, fresh()?)?;
        }
        self.save(participant, &mut ring)?;
        Ok(ring)
    }

    /// A desk begins its day: its node, with the keys that lie beside it.
    pub(super) fn open(&self, participant: &str) -> Result<Node, Fault> {
        let home = self.home(participant);
        let ring = home.key_store().unlock(&passphrase()?)?;
        Node::open(&home, ring)
    }

    /// Keys lie under a passphrase. The story's is known, so little work is put into it.
    fn save(&self, participant: &str, ring: &mut Keyring) -> Result<(), Fault> {
        let work = WorkFactor::new(10).unwrap_or(WorkFactor::DEFAULT);
        self.home(participant).key_store().create(ring, &passphrase()?, work)?;
        Ok(())
    }

    /// The seat of a participant: its roots, two of three, and a recovery key.
    pub(super) fn seat(&self, ring: &Keyring, participant: &str) -> Result<Seat, Fault> {
        let id = who(participant)?;
        let roots = key_set(ring, &self.origin, &id, &ROOTS, 2)?;
        let recovery = Some(key_set(ring, &self.origin, &id, &["recovery-1"], 1)?);
        Ok(Seat { participant: id, roots, recovery })
    }

    /// `registrar` founds a register with `others`; of `witnesses`, who are among these, so many cosign.
    pub(super) fn found(
        &self,
        instrument: &str,
        registrar: (&str, Keyring),
        others: &[(&str, &Keyring)],
        witnesses: &[&str],
        quorum: usize,
    ) -> Result<Node, Fault> {
        let mut founders = vec![self.seat(&registrar.1, registrar.0)?];
        let mut roots = Keyring::new();
        for (who, ring) in others {
            founders.push(self.seat(ring, who)?);
            for (name, key) in ring.iter().filter(|(_, key)| key.usage() == KeyUse::Enrolled(Capacity::Root))
            {
                let put = roots.insert(name, key.usage(), key.secret().clone());
                put.map_err(|flaw| Fault::Unknown(flaw.to_string()))?;
            }
        }
        founders.sort_by(|a, b| a.participant.cmp(&b.participant));
        let signers = founders
            .iter()
            .flat_map(|seat| ROOTS[..2].iter().map(|label| format!("{}/{label}", seat.participant)))
            .map(|signer| signer.parse().map_err(Fault::Unknown))
            .collect::<Result<_, _>>()?;
        let cosigners = others.iter().filter(|(who, _)| witnesses.contains(who)).map(|(who, ring)| {
            let name = witness_name(who);
            let key_name = KeyName::new(&name).ok_or_else(|| Fault::NoKey(name.clone()))?;
            Ok(((*who).to_owned(), VerifierKey::cosigner(key_name, public(ring, &name)?)))
        });
        let founding = Founding {
            origin: self.origin.clone(),
            participant: who(registrar.0)?,
            instrument,
            witnesses: cosigners.collect::<Result<_, Fault>>()?,
            quorum,
            founders,
            signers,
            others: &roots,
        };
        found(&self.home(registrar.0), registrar.1, founding, self.now)
    }

    /// Somebody joins with a first bundle, and with the register's name as it was read out.
    pub(super) fn join(
        &mut self,
        participant: &str,
        ring: Keyring,
        from: &mut Node,
        is_witness: bool,
        takes_in: bool,
    ) -> Result<Node, Fault> {
        let file = self.stick(from.me().as_str(), participant);
        from.export(&who(participant)?, &file, true, self.now, &mut |_, _| {})?;
        let witness = witness_name(participant);
        let intake = format!("{}/{participant}/stamp-1", self.origin);
        let voice = terms::VoiceName::of(&from.genesis());
        let joining = Joining {
            participant: who(participant)?,
            expected: Expected::Voice(voice),
            witness: is_witness.then_some(witness.as_str()),
            intake: takes_in.then_some(intake.as_str()),
        };
        let home = self.home(participant);
        let (node, _) = node::bundle::join(&home, ring, &joining, &file, self.now, &mut |_, _| {})?;
        std::fs::remove_file(&file).map_err(|error| Fault::Io { path: file, error })?;
        Ok(node)
    }

    /// A new file on the stick.
    fn stick(&mut self, from: &str, to: &str) -> PathBuf {
        self.sticks += 1;
        self.keys.join("stick").join(format!("{:02}-{from}-to-{to}.mithaq", self.sticks))
    }

    /// Carries what `to` lacks from one to the other. `largest` is what the way can carry.
    pub(super) fn carry(
        &mut self,
        from: &mut Node,
        to: &mut Node,
        largest: Option<u64>,
    ) -> Result<Imported, Fault> {
        let file = self.stick(from.me().as_str(), to.me().as_str());
        let receiver = to.me().clone();
        let plain = from.recipients_of(&receiver).is_err();
        let mut progress = Progress::new("writing a bundle", Unit::Bytes);
        from.export_within(&receiver, &file, plain, largest, &mut |done, of| progress.tell(done, of))?;
        drop(progress);
        let mut progress = Progress::new("taking it in", Unit::Bytes);
        let imported = to.import(&file, self.now, &mut |done, of| progress.tell(done, of))?;
        drop(progress);
        std::fs::remove_file(&file).map_err(|error| Fault::Io { path: file, error })?;
        if let Some(wrong) = imported.wrongs.first() {
            return Err(Fault::Foreign(wrong.clone()));
        }
        Ok(imported)
    }

    /// A beat: the registrar's checkpoint goes out, comes back cosigned, and becomes a mark.
    pub(super) fn beat(
        &mut self,
        registrar: &mut Node,
        witness: &mut Node,
        largest: Option<u64>,
    ) -> Result<(), Fault> {
        self.carry(registrar, witness, largest)?;
        self.wait(1);
        self.carry(witness, registrar, largest)?;
        Ok(())
    }

    /// Two beats, after which all that was handed in by now has settled.
    pub(super) fn settle(
        &mut self,
        registrar: &mut Node,
        witness: &mut Node,
        largest: Option<u64>,
    ) -> Result<(), Fault> {
        for _ in 0..2 {
            self.beat(registrar, witness, largest)?;
            self.wait(11);
        }
        self.carry(registrar, witness, largest)?;
        Ok(())
    }
}

/// Enrols keys of a participant by its roots.
pub(super) fn enrol_all(node: &mut Node, labels: &[&str], office: &str, now: Instant) -> Result<(), Fault> {
    for label in labels {
        let body = node.enrolment(label, office, Custody::Hosted)?;
        node.act_with(&ROOTS[..2], body, now)?;
    }
    Ok(())
}

/// An officer's key under another office, made for this one act.
pub(super) fn enrol_office(
    node: &mut Node,
    label: &str,
    office: &str,
    now: Instant,
) -> Result<Submission, Fault> {
    let name = format!("{}/{}/{label}", node.origin(), node.me());
    let key_name = KeyName::new(&name).ok_or_else(|| Fault::NoKey(name.clone()))?;
    let seed = Secret::fresh_ed25519().map_err(|error| Fault::Io { path: "randomness".into(), error })?;
    let Secret::Ed25519(seed) = seed else { return Err(Fault::NoKey(name)) };
    let body = Body::Enrol(Enrol::Key(KeyEnrolment {
        label: code(label)?,
        capacity: Capacity::Officer,
        vkey: Some(Vkey(VerifierKey::plain(key_name, SigningKey::from_seed(&seed).public()))),
        passkey: None,
        recipient: None,
        custody: Custody::Hosted,
        office: Office::new(office.to_owned()).map_err(|what| Fault::Foreign(what.to_owned()))?,
        note: None,
    }));
    node.act_with(&ROOTS[..2], body, now)
}

/// A vote to give a vacant seat its roots. One of the votes is signed by the new roots too.
pub(super) fn vote(
    node: &mut Node,
    seat: &Seat,
    new_roots: Option<&Keyring>,
    now: Instant,
) -> Result<Submission, Fault> {
    let mut signers = ROOTS[..2].iter().map(|label| node.signer(label)).collect::<Result<Vec<_>, _>>()?;
    if new_roots.is_some() {
        for key in &seat.roots.keys {
            let name = terms::SignerName::from_key_name(node.origin(), key.0.name().as_str());
            signers.push(name.ok_or_else(|| Fault::NoKey(key.0.name().to_string()))?);
        }
    }
    let act = node.write(signers, Body::Enrol(Enrol::Seat(seat.clone())), now)?;
    let submission = node.sign(act, new_roots)?;
    node.submit(&submission, now)?;
    Ok(submission)
}

fn passphrase() -> Result<Passphrase, Fault> {
    let empty = || Fault::Unknown("the passphrase is empty".to_owned());
    Passphrase::new(PASSPHRASE.to_owned()).ok_or_else(empty)
}

/// The name that a desk cosigns under.
pub(super) fn witness_name(participant: &str) -> String {
    format!("{participant}.example/witness")
}

fn public(ring: &Keyring, name: &str) -> Result<note::PublicKey, Fault> {
    match ring.get(name).map(vault::Key::secret) {
        Some(Secret::Ed25519(seed)) => Ok(SigningKey::from_seed(seed).public()),
        Some(Secret::Age(_)) | None => Err(Fault::NoKey(name.to_owned())),
    }
}
