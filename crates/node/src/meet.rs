//! Two nodes that reach each other meet: each brings a bundle, as on a stick, and takes the other's in. Who comes by proves
//! itself with a key of its node (FORMATS.md, *Meeting*); what it brings is judged as what any stick brings.

use std::io::Read as _;
use std::path::Path;

use docket::v1::Replay;
use note::{Signature, SigningKey};
use terms::{Capacity, Hash, Instant, Origin, ParticipantId, Seconds, SignerName};
use vault::KeyUse;

use crate::bundle::{Export, Imported, Lend, Manifest, Plan, Reading, read_manifest};
use crate::{Fault, Node};

/// How far the clocks of two that meet may differ.
pub const CLOCKS_DIFFER_MAX: Seconds = Seconds(300);

/// The most bytes of what is brought: one part of a bundle.
pub const BROUGHT_BYTES_MAX: u64 = 256 << 20;

/// Says who comes by, with what, to whom and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// The key that signed, of capacity `node`.
    pub signer: SignerName,
    /// When it was made.
    pub at: Instant,
    /// The signature.
    pub signature: [u8; 64],
}

/// Proves who a node is, and judges who comes by, by the docket that it is shown: nobody waits for the node's own work.
#[derive(Clone)]
pub struct Greeter {
    origin: Origin,
    genesis: Hash,
    me: ParticipantId,
    /// The keys of capacity `node` whose secrets are here.
    keys: Vec<(SignerName, SigningKey)>,
}

impl Greeter {
    /// What a proof signs.
    fn greeting(&self, to: &ParticipantId, at: Instant, brought: &Hash) -> String {
        format!("mithaq.meet/v1\n{}\n{}\n{to}\n{at}\n{brought}\n", self.origin, self.genesis)
    }

    /// Proves to another that this node brings bytes with this SHA-256.
    ///
    /// # Errors
    ///
    /// This participant has no key of capacity `node` here that has force.
    pub fn prove(
        &self,
        docket: &Replay,
        to: &ParticipantId,
        brought: &Hash,
        now: Instant,
    ) -> Result<Proof, Fault> {
        let has_force = |signer: &SignerName| {
            let key = docket.ledger().keys().get(signer);
            key.is_some_and(|key| key.capacity == Capacity::Node && key.ended.is_none())
        };
        let own = self.keys.iter().find(|(signer, _)| has_force(signer));
        let (signer, key) = own.ok_or_else(|| Fault::Lacks {
            what: format!("`{}` has no key of a node on record whose secret is here", self.me),
            help: "`mithaq key new LABEL --capacity node` makes one, `mithaq act enrol LABEL` puts it on record",
        })?;
        let signature = *key.sign(self.greeting(to, now, brought).as_bytes()).as_bytes();
        Ok(Proof { signer: signer.clone(), at: now, signature })
    }

    /// Who brings bytes with this SHA-256, by its proof.
    ///
    /// # Errors
    ///
    /// [`Fault::Foreign`]: the proof does not hold, its key has no force, its time is too far from `now`, or it is of
    /// nobody who takes part by the instrument in force.
    pub fn who_comes(
        &self,
        docket: &Replay,
        proof: &Proof,
        brought: &Hash,
        now: Instant,
    ) -> Result<ParticipantId, Fault> {
        let no = |why: &str| Fault::Foreign(format!("who comes by is not known: {why}"));
        let key = docket
            .ledger()
            .keys()
            .get(&proof.signer)
            .filter(|key| key.capacity == Capacity::Node && key.ended.is_none());
        let key = key
            .and_then(|key| key.vkey.as_ref())
            .ok_or_else(|| no("its key is not on record, or has no force"))?;
        let apart = if proof.at > now { proof.at.since(now) } else { now.since(proof.at) };
        if apart > CLOCKS_DIFFER_MAX {
            return Err(no("its clock and this one differ by more than five minutes"));
        }
        let text = self.greeting(&self.me, proof.at, brought);
        let holds = key
            .public_key()
            .is_some_and(|key| key.verify(text.as_bytes(), &Signature::from_bytes(proof.signature)));
        let who = proof.signer.participant().filter(|_| holds);
        let who = who.ok_or_else(|| no("its signature does not hold"))?;
        // Whom an amendment left out keeps its keys (TIME T21).
        if docket.instrument().participants.contains_key(who) {
            Ok(who.clone())
        } else {
            Err(no("it takes no part by the instrument in force"))
        }
    }
}

impl Node {
    /// What proves who this node is.
    #[must_use]
    pub fn greeter(&self) -> Greeter {
        let own = self.keyring().iter().filter_map(|(name, key)| {
            let signer = SignerName::from_key_name(self.origin(), name)?;
            let is_ours =
                signer.participant() == Some(self.me()) && key.usage() == KeyUse::Enrolled(Capacity::Node);
            is_ours.then(|| Some((signer, self.signing_key(name).ok()?))).flatten()
        });
        Greeter {
            origin: self.origin().clone(),
            genesis: self.genesis(),
            me: self.me().clone(),
            keys: own.collect(),
        }
    }

    /// What goes to somebody that this node can reach, in parts of about so many bytes; sealed files only if that is said.
    ///
    /// # Errors
    ///
    /// As [`Node::export`].
    pub fn plan_for(
        &mut self,
        to: &ParticipantId,
        sealed: bool,
        part_bytes: u64,
        now: Instant,
    ) -> Result<Plan, Fault> {
        self.plan(&Export {
            to,
            target: Path::new(""),
            plain: false,
            largest: if sealed { None } else { Some(0) },
            part_bytes,
            whole: false,
            paced: Some(now),
        })
    }
}

impl Reading {
    /// Takes in what somebody brought to `me`. Gives what that says of itself, too.
    ///
    /// # Errors
    ///
    /// As [`Node::import`]; [`Fault::Foreign`] if the bundle is another's, or for another, or not sealed.
    pub fn take_brought(
        &self,
        (from, me): (&ParticipantId, &ParticipantId),
        file: &Path,
        now: Instant,
        lend: Lend<'_>,
    ) -> Result<(Manifest, Imported), Fault> {
        let manifest = read_manifest(file, &self.ring)?;
        if manifest.from != *from {
            return Err(Fault::Foreign(format!("`{from}` brought a bundle of `{}`", manifest.from)));
        }
        if manifest.to != *me {
            return Err(Fault::Foreign(format!("it was made for `{}`", manifest.to)));
        }
        if !is_sealed(file)? {
            return Err(Fault::Foreign("it is not sealed".to_owned()));
        }
        let imported = self.take_in(file, now, lend, &mut |_, _| {})?;
        Ok((manifest, imported))
    }
}

/// Whether a file begins as age's files do.
fn is_sealed(file: &Path) -> Result<bool, Fault> {
    const BEGINS: &[u8] = b"age-encryption.org/v1\n";
    let mut first = Vec::new();
    let opened = std::fs::File::open(file).map_err(Fault::io(file))?;
    opened.take(BEGINS.len() as u64).read_to_end(&mut first).map_err(Fault::io(file))?;
    Ok(first == BEGINS)
}
