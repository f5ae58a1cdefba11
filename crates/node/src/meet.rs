//! Two nodes that reach each other meet: each brings a bundle, as on a stick, and takes the other's in. Who comes by proves
//! itself with a key of its node (FORMATS.md, *Meeting*); what it brings is judged as what any stick brings.

use std::io::Read as _;
use std::path::Path;

use note::Signature;
use terms::{Capacity, Hash, Instant, ParticipantId, Seconds, SignerName};
use vault::KeyUse;

use crate::bundle::{Export, Exported, Imported, read_manifest};
use crate::{Fault, Node};

/// How far the clocks of two that meet may differ.
pub const CLOCKS_DIFFER_MAX: Seconds = Seconds(300);

/// The most bytes of sealed files that go over a network at once; a larger file goes on a stick.
pub const SEALED_BYTES_MAX: u64 = 64 << 20;

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

impl Node {
    /// What a proof signs.
    fn greeting(&self, to: &ParticipantId, at: Instant, brought: &Hash) -> String {
        format!("mithaq.meet/v1\n{}\n{}\n{to}\n{at}\n{brought}\n", self.origin(), self.genesis())
    }

    /// Proves to another that this node brings a bundle with this SHA-256.
    ///
    /// # Errors
    ///
    /// This participant has no key of capacity `node` here that has force.
    pub fn prove(&self, to: &ParticipantId, brought: &Hash, now: Instant) -> Result<Proof, Fault> {
        let own = |signer: &&SignerName| {
            let name = self.origin().key_name(signer);
            self.keyring().get(&name).is_some_and(|key| key.usage() == KeyUse::Enrolled(Capacity::Node))
        };
        let keys = self.docket().ledger().keys().iter();
        let mut in_force = keys.filter(|(signer, key)| {
            signer.participant() == Some(self.me()) && key.capacity == Capacity::Node && key.ended.is_none()
        });
        let signer = in_force.find_map(|(signer, _)| own(&signer).then(|| signer.clone()));
        let signer = signer.ok_or_else(|| Fault::Lacks {
            what: format!("`{}` has no key of a node on record whose secret is here", self.me()),
            help: "`mithaq key new LABEL --capacity node` makes one, `mithaq act enrol LABEL` puts it on record",
        })?;
        let key = self.signing_key(&self.origin().key_name(&signer))?;
        let signature = *key.sign(self.greeting(to, now, brought).as_bytes()).as_bytes();
        Ok(Proof { signer, at: now, signature })
    }

    /// Who brings a bundle with this SHA-256, by its proof.
    ///
    /// # Errors
    ///
    /// [`Fault::Foreign`]: the proof does not hold, its key has no force, its time is too far from `now`, or it is of
    /// nobody who takes part by the instrument in force.
    pub fn who_comes(&self, proof: &Proof, brought: &Hash, now: Instant) -> Result<ParticipantId, Fault> {
        let no = |why: &str| Fault::Foreign(format!("who comes by is not known: {why}"));
        let key = self
            .docket()
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
        let text = self.greeting(self.me(), proof.at, brought);
        let holds = key
            .public_key()
            .is_some_and(|key| key.verify(text.as_bytes(), &Signature::from_bytes(proof.signature)));
        let who = proof.signer.participant().filter(|_| holds);
        let who = who.ok_or_else(|| no("its signature does not hold"))?;
        // Whom an amendment left out keeps its keys (TIME T21).
        if self.docket().instrument().participants.contains_key(who) {
            Ok(who.clone())
        } else {
            Err(no("it takes no part by the instrument in force"))
        }
    }

    /// Makes the bundle for somebody that this node can reach.
    ///
    /// # Errors
    ///
    /// As [`Node::export`].
    pub fn bring(&mut self, to: &ParticipantId, target: &Path, now: Instant) -> Result<Exported, Fault> {
        let (largest, part_bytes) = (Some(SEALED_BYTES_MAX), BROUGHT_BYTES_MAX);
        let export = Export { to, target, plain: false, largest, part_bytes, whole: false, paced: Some(now) };
        self.export_parts(&export, &mut |_, _| {})
    }

    /// Takes in what somebody brought.
    ///
    /// # Errors
    ///
    /// As [`Node::import`]; [`Fault::Foreign`] if the bundle is another's, or for another, or not sealed.
    pub fn take_brought(
        &mut self,
        from: &ParticipantId,
        file: &Path,
        now: Instant,
    ) -> Result<Imported, Fault> {
        let manifest = read_manifest(file, self.keyring())?;
        if manifest.from != *from {
            return Err(Fault::Foreign(format!("`{from}` brought a bundle of `{}`", manifest.from)));
        }
        if manifest.to != *self.me() {
            return Err(Fault::Foreign(format!("it was made for `{}`", manifest.to)));
        }
        if !is_sealed(file)? {
            return Err(Fault::Foreign("it is not sealed".to_owned()));
        }
        self.import(file, now, &mut |_, _| {})
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
