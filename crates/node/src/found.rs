//! A register begins: the genesis act, with the instrument and the witness policy as annexes.

use act::body::{Genesis, GenesisAnnexes, Seat};
use act::form::By;
use act::value::{AnnexRef, KeySet, Vkey};
use act::{Body, Draft, Head, Submission};
use note::{KeyName, SigningKey, VerifierKey};
use register::{Folder, Log, RealDisk, Shelf};
use terms::{Claimed, Hash, Instant, Origin, ParticipantId, SignerName};
use vault::Keyring;

use crate::node::{Opening, Store, registrar, signing_key};
use crate::{Fault, Home, Node, Settings};

/// What a founding needs.
pub struct Founding<'a> {
    /// The register's name in notes.
    pub origin: Origin,
    /// Whose node this is: the registrar.
    pub participant: ParticipantId,
    /// The instrument, TOML.
    pub instrument: &'a str,
    /// The witnesses: a name each, and the vkey.
    pub witnesses: Vec<(String, VerifierKey)>,
    /// How many of them make a quorum.
    pub quorum: usize,
    /// The founders, in the order of their ids, with their roots and recovery keys.
    pub founders: Vec<Seat>,
    /// Every root whose secret is at hand, by its full key name.
    pub signers: Vec<SignerName>,
    /// Secrets of roots that are not in the registrar's own keyring.
    pub others: &'a Keyring,
}

/// A set of keys as an act names it, from secrets in a keyring.
///
/// # Errors
///
/// One of them is not there.
pub fn key_set(
    ring: &Keyring,
    origin: &Origin,
    participant: &ParticipantId,
    labels: &[&str],
    k: u32,
) -> Result<KeySet, Fault> {
    let keys = labels
        .iter()
        .map(|label| {
            let name = format!("{origin}/{participant}/{label}");
            let key = signing_key(ring, &name)?;
            let name = KeyName::new(&name).ok_or_else(|| Fault::NoKey(name.clone()))?;
            Ok(Vkey(VerifierKey::plain(name, key.public())))
        })
        .collect::<Result<_, Fault>>()?;
    Ok(KeySet { k, keys })
}

/// A genesis is judged by replay, which begins with it.
struct AnyGenesis;

impl register::Judge for AnyGenesis {
    fn judge(&mut self, _: u64, _: &Submission, _: Instant) -> Result<(), terms::RefusalGround> {
        Ok(())
    }
}

/// Founds a register and opens its registrar's node.
///
/// # Errors
///
/// The instrument or the policy has errors, a key is missing, or there is a register already.
pub fn found(home: &Home, ring: Keyring, founding: Founding<'_>, now: Instant) -> Result<Node, Fault> {
    let library = instrument::library::shipped();
    let instrument = instrument::sound(founding.instrument, &library).map_err(|diagnostics| {
        let errors = diagnostics.iter().map(|d| format!("[{}] {}", d.code, d.message)).collect();
        Fault::Unfit(docket::v1::Unfit::Instrument(errors))
    })?;
    let registrar = registrar(&ring, &founding.origin)?;
    let log = VerifierKey::plain(KeyName::checkpoint(&founding.origin), registrar.key.public());
    let policy = tlog::Policy::new(log, founding.witnesses, founding.quorum).map_err(|errors| {
        Fault::Unfit(docket::v1::Unfit::Policy(errors.iter().map(ToString::to_string).collect()))
    })?;
    let policy = policy.to_string();
    let annex = |bytes: &[u8]| AnnexRef { sha256: Hash::of(bytes), size: bytes.len() as u64 };
    let name = KeyName::signer(&founding.origin, &SignerName::Registrar);
    let body = Genesis {
        origin: founding.origin.clone(),
        rules: 1,
        exercise: instrument.exercise,
        annexes: GenesisAnnexes {
            instrument: annex(founding.instrument.as_bytes()),
            library: annex(library.as_bytes()),
            policy: annex(policy.as_bytes()),
        },
        registrar: Vkey(VerifierKey::plain(name, registrar.key.public())),
        founders: founding.founders,
    };
    let mut signers = vec![SignerName::Registrar];
    signers.extend(founding.signers);
    let draft = Draft {
        origin: founding.origin.clone(),
        genesis: None,
        head: Head {
            by: By::Registrar,
            signers: signers.clone(),
            n: 1,
            prev: None,
            seen: None,
            at: Claimed(now),
        },
        body: Body::Genesis(body),
    };
    let act = draft.write()?;
    let lines = signers
        .iter()
        .map(|signer| {
            let name = founding.origin.key_name(signer);
            let key: SigningKey =
                signing_key(&ring, &name).or_else(|_| signing_key(founding.others, &name))?;
            Ok(key.sign_note(act.text(), &KeyName::signer(&founding.origin, signer)))
        })
        .collect::<Result<Vec<_>, Fault>>()?;
    let submission = Submission::new(act, lines, Vec::new(), Vec::new())?;
    let settings = Settings {
        participant: founding.participant,
        origin: founding.origin,
        genesis: submission.act().id().0,
        registrar: true,
        witness: None,
        intake: None,
    };
    let folder = Folder::open(RealDisk, &home.data, &home.kept())?;
    let shelf = Shelf::annexes(&folder);
    for bytes in [founding.instrument.as_bytes(), library.as_bytes(), policy.as_bytes()] {
        shelf.put(bytes)?;
    }
    let (log, _) = Log::found(&folder, registrar, &submission, now, &mut AnyGenesis)?;
    home.write_settings(&settings)?;
    let opening = Opening { holds: false, tell: &mut |_, _| () };
    Node::begin((home, opening), settings, folder, Store::Log(Box::new(log)), ring)
}
