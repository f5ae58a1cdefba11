//! A founding on its way from founder to founder: what is signed, what it rests on, who has signed.

use std::path::Path;

use act::{Act, Body, Submission};
use instrument::Instrument;
use node::{Home, Node, Settings};
use note::{KeyName, SignatureLine, SigningKey, VerifierKey};
use register::{Folder, Judge, Log, RealDisk, Registrar, Shelf};
use serde::{Deserialize, Serialize};
use terms::{Hash, Instant, ParticipantId, RefusalGround, SignerName};
use tlog::Policy;
use vault::{Keyring, Secret};

use crate::failure::{Exit, Failure, plain_json};
use crate::file;

/// The file.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Founding {
    format: String,
    /// The genesis act's text.
    act: String,
    /// The annexes, as they are.
    pub(super) instrument: String,
    library: String,
    policy: String,
    /// The signature lines so far, in no order.
    signatures: Vec<String>,
}

const FORMAT: &str = "mithaq.founding/v1";

impl Founding {
    pub(super) fn new(act: &Act, instrument: String, library: String, policy: String) -> Founding {
        let act = act.text().to_owned();
        Founding { format: FORMAT.to_owned(), act, instrument, library, policy, signatures: Vec::new() }
    }

    pub(super) fn read(path: &Path) -> Result<Founding, Failure> {
        let bytes = std::fs::read(path).map_err(|error| Failure::unreadable(path, &error))?;
        let wrong = |what: String| {
            Failure::usage("mithaq::garbled", format!("`{}` is no drafted founding: {what}", path.display()))
                .help("`mithaq register draft` writes one")
        };
        let founding: Founding = serde_json::from_slice(&bytes).map_err(|error| wrong(plain_json(&error)))?;
        if founding.format != FORMAT {
            return Err(wrong(format!("its format is not `{FORMAT}`")));
        }
        founding.check()?;
        Ok(founding)
    }

    fn bytes(&self) -> Result<Vec<u8>, Failure> {
        let mut bytes = serde_json::to_vec_pretty(self)
            .map_err(|error| Failure::new(Exit::Machine, "mithaq::unwritable", error))?;
        bytes.push(b'\n');
        Ok(bytes)
    }

    pub(super) fn write_new(&self, path: &Path) -> Result<(), Failure> {
        file::write_new(path, &self.bytes()?)
    }

    /// Writes the file anew, beside its place and then over it.
    pub(super) fn replace(&self, path: &Path) -> Result<(), Failure> {
        file::replace(path, &self.bytes()?)
    }

    pub(super) fn act(&self) -> Result<Act, Failure> {
        let act = Act::parse(&self.act).map_err(node::Fault::from)?;
        match act.body() {
            Body::Genesis(_) => Ok(act),
            _ => Err(Failure::usage("mithaq::garbled", "what would be signed is no genesis")),
        }
    }

    pub(super) fn policy(&self) -> Result<Policy, Failure> {
        Policy::parse(self.policy.as_bytes()).map_err(|errors| {
            let said: Vec<String> = errors.iter().map(ToString::to_string).collect();
            Failure::usage("mithaq::policy", format!("no witness policy: {}", said.join("; ")))
        })
    }

    /// Checks all that replay will ask of entry 0, but for signatures.
    pub(super) fn check(&self) -> Result<Instrument, Failure> {
        let act = self.act()?;
        let Body::Genesis(genesis) = act.body() else {
            return Err(Failure::usage("mithaq::garbled", "what would be signed is no genesis"));
        };
        let annexes = &genesis.annexes;
        for (text, annex, what) in [
            (&self.instrument, annexes.instrument, "instrument"),
            (&self.library, annexes.library, "library"),
            (&self.policy, annexes.policy, "policy"),
        ] {
            if Hash::of(text.as_bytes()) != annex.sha256 || text.len() as u64 != annex.size {
                let message = format!("the {what} in this file is not the one that would be signed");
                return Err(Failure::new(Exit::Wrong, "mithaq::altered", message)
                    .help("sign nothing; ask who sent it"));
            }
        }
        let instrument = instrument::sound(&self.instrument, &self.library).map_err(|diagnostics| {
            let first = diagnostics.first().map_or("unreadable", |d| d.message.as_str());
            Failure::usage("mithaq::instrument", format!("the instrument: {first}"))
        })?;
        docket::v1::Ledger::begin(&act, &instrument, self.policy()?)
            .map_err(|why| Failure::new(Exit::Refused, "docket::genesis", why))?;
        Ok(instrument)
    }

    /// The keys that sign, by name.
    fn keys(&self) -> Result<Vec<(SignerName, VerifierKey)>, Failure> {
        let act = self.act()?;
        let Body::Genesis(genesis) = act.body() else { return Ok(Vec::new()) };
        let roots = genesis.founders.iter().flat_map(|seat| &seat.roots.keys);
        let keys: Vec<&VerifierKey> = roots.chain([&genesis.registrar]).map(|key| &key.0).collect();
        act.head()
            .signers
            .iter()
            .map(|signer| {
                let name = act.origin().key_name(signer);
                let key = keys.iter().find(|key| key.name().as_str() == name);
                key.map(|key| (signer.clone(), (*key).clone())).ok_or_else(|| {
                    Failure::new(
                        Exit::Refused,
                        "docket::genesis",
                        format!("`{signer}` signs and is no founder's root"),
                    )
                })
            })
            .collect()
    }

    /// The good signature of a key, if it is there.
    fn line(&self, key: &VerifierKey) -> Option<SignatureLine> {
        let lines = self.signatures.iter().filter_map(|line| SignatureLine::parse(line).ok());
        lines.into_iter().find(|line| key.verify(&self.act, line).is_ok())
    }

    /// Who has still to sign.
    pub(super) fn missing(&self) -> Result<Vec<SignerName>, Failure> {
        Ok(self
            .keys()?
            .into_iter()
            .filter(|(_, key)| self.line(key).is_none())
            .map(|(name, _)| name)
            .collect())
    }

    /// Signs with every key of a keyring that is to sign and has not; gives how many did.
    pub(super) fn sign(&mut self, ring: &Keyring) -> Result<usize, Failure> {
        let mut added = 0;
        for (_, key) in self.keys()? {
            let name = key.name().as_str();
            let secret = ring.get(name).map(vault::Key::secret);
            if let (Some(Secret::Ed25519(seed)), None) = (secret, self.line(&key)) {
                let line = SigningKey::from_seed(seed).sign_note(&self.act, key.name());
                if key.verify(&self.act, &line).is_err() {
                    let message =
                        format!("the key `{name}` in this keyring is not the one that the founding names");
                    return Err(Failure::new(Exit::Refused, "mithaq::altered", message));
                }
                self.signatures.push(line.to_string());
                added += 1;
            }
        }
        Ok(added)
    }

    /// Enters the genesis as entry 0, and opens its registrar's node.
    pub(super) fn found(
        &self,
        home: &Home,
        participant: &ParticipantId,
        ring: Keyring,
        now: Instant,
    ) -> Result<Node, Failure> {
        let act = self.act()?;
        let origin = act.origin().clone();
        let lines = self.keys()?.iter().filter_map(|(_, key)| self.line(key)).collect();
        let genesis = act.id().0;
        let submission = Submission::new(act, lines, Vec::new(), Vec::new()).map_err(node::Fault::from)?;
        let registrar = Registrar { key: registrar_key(&ring, &origin)?, origin: origin.clone() };
        if home.settings().is_ok() {
            let message = format!("there is a node with its keys in `{}` already", home.keys.display());
            return Err(Failure::usage("mithaq::exists", message)
                .help("another register wants other folders: `--data DIR --keys DIR`"));
        }
        let folder = Folder::open(RealDisk, &home.data, &home.kept()).map_err(node::Fault::from)?;
        let shelf = Shelf::annexes(&folder);
        for text in [&self.instrument, &self.library, &self.policy] {
            shelf.put(text.as_bytes()).map_err(node::Fault::from)?;
        }
        let (log, _) =
            Log::found(&folder, registrar, &submission, now, &mut Checked).map_err(node::Fault::from)?;
        log.close().map_err(node::Fault::from)?;
        drop(shelf);
        drop(folder);
        let settings = Settings {
            participant: participant.clone(),
            origin,
            genesis,
            registrar: true,
            witness: None,
            intake: None,
        };
        home.write_settings(&settings)?;
        Ok(Node::open(home, ring)?)
    }
}

fn registrar_key(ring: &Keyring, origin: &terms::Origin) -> Result<SigningKey, Failure> {
    let name = origin.key_name(&SignerName::Registrar);
    match (ring.get(&name).map(vault::Key::secret), KeyName::new(&name)) {
        (Some(Secret::Ed25519(seed)), Some(_)) => Ok(SigningKey::from_seed(seed)),
        _ => Err(Failure::usage("mithaq::no_key", format!("there is no key `{name}` in this keyring"))
            .help("the registrar's machine founds the register")),
    }
}

/// A genesis was checked before; there is no ledger yet that could judge it.
struct Checked;

impl Judge for Checked {
    fn judge(&mut self, _: u64, _: &Submission, _: Instant) -> Result<(), RefusalGround> {
        Ok(())
    }
}
