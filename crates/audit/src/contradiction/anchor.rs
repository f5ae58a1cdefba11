//! What the register's name vouches for: genesis, its annexes, the registrar's key; and with them,
//! which quoted things are signed by whom.

use act::body::{Genesis, KeyEnrolment};
use act::value::AnnexRef;
use act::{Act, Body, Entry};
use instrument::Instrument;
use note::{Algorithm, KeyName, Note, Receipt, SignatureLine, VerifierKey};
use terms::{Hash, Instant, Origin, ParticipantId, SignerName};
use tlog::cosigned::SIGNATURES_MAX;
use tlog::policy::Witness;
use tlog::tree::leaf_hash;
use tlog::{Checkpoint, CosignedCheckpoint, Policy, cosignature, verify_consistency, verify_inclusion};

use super::file::{Included, Prefix, Quoted, Register};
use super::unconfirmed::Unconfirmed;
use crate::Expected;

/// A register, as its name alone lets us know it.
pub(crate) struct Anchor {
    pub(super) act: Act,
    pub(crate) origin: Origin,
    pub(crate) genesis: Hash,
    pub(crate) body: Genesis,
    policy: Option<Policy>,
    instrument: Option<Instrument>,
}

/// Witness time, and how many witnesses it stands on.
#[derive(Clone, Copy)]
pub(super) struct Median {
    pub(super) time: Instant,
    pub(super) witnesses: usize,
}

impl Median {
    /// How many of the clocks may be behind, and the time is still not before an honest one.
    pub(super) fn may_be_behind(self) -> usize {
        self.witnesses.saturating_sub(1) / 2
    }

    /// How many may be ahead, and it is still not after an honest one.
    pub(super) fn may_be_ahead(self) -> usize {
        self.witnesses / 2
    }
}

impl Anchor {
    pub(super) fn new(register: &Register, expected: &Expected) -> Result<Anchor, Unconfirmed> {
        let unfit = |why: String| Unconfirmed::Genesis(why);
        let text =
            std::str::from_utf8(&register.genesis.0).map_err(|_| unfit("it is not UTF-8".to_owned()))?;
        if !expected.fits(&Hash::of(text.as_bytes())) {
            return Err(Unconfirmed::OtherRegister);
        }
        let act = Act::parse(text).map_err(|fault| unfit(fault.to_string()))?;
        let Body::Genesis(body) = act.body().clone() else {
            return Err(unfit("it is no genesis".to_owned()));
        };
        // Under rules that we do not have, an entry may be good that we would call malformed.
        if !docket::rules::KNOWN.contains(&body.rules) {
            return Err(Unconfirmed::UnknownRules(body.rules));
        }
        // Anybody could sign for a key of small order.
        body.registrar.0.enrollable().map_err(|fault| unfit(fault.to_string()))?;
        if register.registrar != "genesis" {
            return Err(Unconfirmed::LaterRegistrar);
        }
        let policy = register.policy.as_ref().map(|quoted| read_policy(&quoted.0, &body)).transpose()?;
        let instrument =
            register.instrument.as_ref().map(|quoted| read_instrument(&quoted.0, &body)).transpose()?;
        Ok(Anchor::founded(act, body, policy, instrument))
    }

    /// The register that a genesis founds, with those of its annexes that are at hand.
    pub(crate) fn founded(
        act: Act,
        body: Genesis,
        policy: Option<Policy>,
        instrument: Option<Instrument>,
    ) -> Anchor {
        let (origin, genesis) = (act.origin().clone(), act.register());
        Anchor { act, origin, genesis, body, policy, instrument }
    }

    pub(crate) fn policy(&self) -> Result<&Policy, Unconfirmed> {
        self.policy.as_ref().ok_or(Unconfirmed::AnnexMissing("policy"))
    }

    pub(crate) fn instrument(&self) -> Result<&Instrument, Unconfirmed> {
        self.instrument.as_ref().ok_or(Unconfirmed::AnnexMissing("instrument"))
    }

    /// The registrar's key, as the genesis names it.
    pub(super) fn registrar(&self) -> &VerifierKey {
        &self.body.registrar.0
    }

    /// The same key pair under another of its names.
    pub(crate) fn registrar_under(
        &self,
        name: KeyName,
        algorithm: Algorithm,
    ) -> Result<VerifierKey, Unconfirmed> {
        let unfit = || Unconfirmed::Genesis("the registrar's key is not Ed25519".to_owned());
        self.registrar().under(name, algorithm).ok_or_else(unfit)
    }

    pub(super) fn witness(&self, vkey: &str) -> Result<&Witness, Unconfirmed> {
        let is = |witness: &&Witness| witness.key.to_string() == vkey;
        self.policy()?.witnesses().iter().find(is).ok_or(Unconfirmed::UnknownWitness)
    }

    /// A checkpoint that the registrar's key signed.
    pub(super) fn checkpoint(
        &self,
        quoted: &Quoted,
        what: &'static str,
    ) -> Result<CosignedCheckpoint, Unconfirmed> {
        let unreadable = |why: String| Unconfirmed::Unreadable(what, why);
        let note = Note::parse(&quoted.0, SIGNATURES_MAX).map_err(|error| unreadable(error.to_string()))?;
        let cosigned = CosignedCheckpoint::from_note(note).map_err(|fault| unreadable(fault.to_string()))?;
        if cosigned.checkpoint().origin != self.origin {
            return Err(Unconfirmed::OtherRegisterQuoted(what));
        }
        let key = self.registrar_under(KeyName::checkpoint(&self.origin), Algorithm::Ed25519)?;
        let signed =
            cosigned.note().signatures().iter().any(|line| cosigned.checkpoint().verify(&key, line).is_ok());
        if signed { Ok(cosigned) } else { Err(Unconfirmed::Unsigned(what)) }
    }

    /// A checkpoint that the registrar signed and a quorum cosigned, with the lower median of the
    /// cosignatures' times.
    pub(super) fn final_checkpoint(
        &self,
        quoted: &Quoted,
    ) -> Result<(CosignedCheckpoint, Median), Unconfirmed> {
        let cosigned = self.checkpoint(quoted, "checkpoint")?;
        let median = self.median(&cosigned)?;
        Ok((cosigned, median))
    }

    /// The lower median of a quorum's times. A line that is not needed may be wrong: else a registrar could
    /// add one to each checkpoint that it gives out, and nothing would convict it.
    pub(super) fn median(&self, cosigned: &CosignedCheckpoint) -> Result<Median, Unconfirmed> {
        let not_final = |why: String| Unconfirmed::NotFinal(why);
        let cosigners = cosigned.find_quorum(self.policy()?).map_err(|fault| not_final(fault.to_string()))?;
        let time = cosigners.median().ok_or_else(|| not_final("nobody has cosigned it".to_owned()))?;
        Ok(Median { time, witnesses: cosigners.times.len() })
    }

    /// A checkpoint that the registrar signed and this witness cosigned, with the witness's time; of two the
    /// later.
    pub(super) fn cosigned_by(
        &self,
        witness: &Witness,
        quoted: &Quoted,
        what: &'static str,
    ) -> Result<(Checkpoint, Instant), Unconfirmed> {
        let cosigned = self.checkpoint(quoted, what)?;
        let lines = cosigned.note().signatures().iter();
        let good = |line| cosignature::verify(cosigned.checkpoint(), &witness.key, line).ok();
        let time = lines.filter_map(good).max();
        Ok((cosigned.checkpoint().clone(), time.ok_or(Unconfirmed::Unsigned(what))?))
    }

    /// What a receipt says, if the registrar signed it for this register.
    pub(super) fn receipt(&self, payload: &Quoted, what: &'static str) -> Result<Receipt, Unconfirmed> {
        if Receipt::parse(&payload.0).is_none() {
            return Err(Unconfirmed::Unreadable(what, "not a receipt's payload".to_owned()));
        }
        let key = self.registrar_under(KeyName::receipt(&self.origin), Algorithm::Receipt)?;
        self.receipt_line(&key.line(payload.0.clone())).ok_or(Unconfirmed::Unsigned(what))
    }

    /// The same of a line.
    pub(crate) fn receipt_line(&self, line: &SignatureLine) -> Option<Receipt> {
        let key = self.registrar_under(KeyName::receipt(&self.origin), Algorithm::Receipt).ok()?;
        Receipt::verify(line, &key, &self.origin, &self.genesis).ok()
    }

    /// An act's text that belongs to this register.
    pub(super) fn act(&self, quoted: &Quoted, what: &'static str) -> Result<Act, Unconfirmed> {
        let unreadable = |why: String| Unconfirmed::Unreadable(what, why);
        let text = std::str::from_utf8(&quoted.0).map_err(|_| unreadable("not UTF-8".to_owned()))?;
        let act = Act::parse(text).map_err(|fault| unreadable(fault.to_string()))?;
        if self.owns(&act) { Ok(act) } else { Err(Unconfirmed::OtherRegisterQuoted(what)) }
    }

    /// Whether line 1 of the act names this register.
    pub(crate) fn owns(&self, act: &Act) -> bool {
        *act.origin() == self.origin && act.register() == self.genesis
    }

    /// A note with one signature line, whose text names this register.
    pub(super) fn signed_by(
        &self,
        quoted: &Quoted,
        key: &VerifierKey,
        what: &'static str,
    ) -> Result<String, Unconfirmed> {
        let note = Note::parse(&quoted.0, SIGNATURES_MAX)
            .map_err(|error| Unconfirmed::Unreadable(what, error.to_string()))?;
        let signed = note.signatures().iter().any(|line| key.verify(note.text(), line).is_ok());
        if signed { Ok(note.text().to_owned()) } else { Err(Unconfirmed::Unsigned(what)) }
    }

    /// Whether a name or office is one of an excluded group: enrolments of such have no effect.
    pub(super) fn excludes<'a>(&self, names: impl IntoIterator<Item = &'a str>) -> Result<bool, Unconfirmed> {
        let list = self.instrument()?.exclusion_list();
        Ok(names.into_iter().any(|name| list.names(name).is_some()))
    }

    /// Whether an enrolment is shown to be void by the instrument alone: its label, its office or whom its
    /// note goes to is an excluded group, or its note goes to nobody of the instrument.
    pub(crate) fn is_void(&self, key: &KeyEnrolment) -> Result<bool, Unconfirmed> {
        let instrument = self.instrument()?;
        let names = [key.label.as_str(), key.office.as_str()].into_iter();
        let excluded = self.excludes(names.chain(note_goes_to(key).map(ParticipantId::as_str)))?;
        Ok(excluded || note_goes_to(key).any(|to| instrument.role(to).is_none()))
    }

    /// Whether a well-formed entry enrols this key with force, as few entries can show it: it is not void,
    /// and its note goes to founders alone, whose seats were never vacant.
    pub(crate) fn has_force(&self, key: &KeyEnrolment) -> Result<bool, Unconfirmed> {
        let founders = &self.body.founders;
        let founded = |to: &ParticipantId| founders.iter().any(|seat| seat.participant == *to);
        Ok(!self.is_void(key)? && note_goes_to(key).all(founded))
    }

    /// Whose key a name is.
    pub(crate) fn signer_of(&self, key: &VerifierKey) -> Option<SignerName> {
        SignerName::from_key_name(&self.origin, key.name().as_str())
    }
}

/// Whom the file goes to that names a key's holder.
fn note_goes_to(key: &KeyEnrolment) -> impl Iterator<Item = &ParticipantId> {
    key.note.iter().flat_map(|note| &note.grants).map(|grant| &grant.to)
}

/// Whether the leaf stands where it is said to.
pub(super) fn stands(
    leaf: &Included,
    checkpoint: &CosignedCheckpoint,
    what: &'static str,
) -> Result<(), Unconfirmed> {
    let Checkpoint { size, root, .. } = checkpoint.checkpoint();
    verify_inclusion(&leaf_hash(&leaf.entry.0), leaf.index, *size, &leaf.proof, root)
        .map_err(|_| Unconfirmed::NotIncluded(what))
}

/// An entry that stands where it is said to.
pub(super) fn entry(
    leaf: &Included,
    checkpoint: &CosignedCheckpoint,
    what: &'static str,
) -> Result<Entry, Unconfirmed> {
    stands(leaf, checkpoint, what)?;
    Entry::parse(&leaf.entry.0).map_err(|fault| Unconfirmed::Unreadable(what, fault.to_string()))
}

/// Whether two checkpoints of one origin can't be of one log.
pub(super) fn forked(a: &Checkpoint, b: &Checkpoint, prefix: Option<&Prefix>) -> Result<(), Unconfirmed> {
    let nothing = |why| Err(Unconfirmed::NothingShown(why));
    let Some(prefix) = prefix else {
        return if a.size != b.size {
            nothing("the checkpoints are of two sizes, and nothing shows that they don't fit")
        } else if a.root == b.root {
            nothing("the checkpoints are the same")
        } else {
            Ok(())
        };
    };
    if a.size >= b.size {
        return nothing("of two checkpoints with a proof between them, the smaller stands first");
    }
    // By this the larger tree has this root at the smaller size, and no other (RFC 9162 §2.1.4.2).
    verify_consistency(a.size, &prefix.root, b.size, &b.root, &prefix.proof)
        .map_err(|_| Unconfirmed::NotConsistent)?;
    if prefix.root == a.root {
        nothing("the smaller checkpoint is the beginning of the larger")
    } else {
        Ok(())
    }
}

fn is_annex(quoted: &[u8], annex: &AnnexRef) -> bool {
    quoted.len() as u64 == annex.size && Hash::of(quoted) == annex.sha256
}

/// The policy that a genesis names, if these bytes are it.
pub(crate) fn read_policy(quoted: &[u8], body: &Genesis) -> Result<Policy, Unconfirmed> {
    let wrong = Unconfirmed::Annex("policy");
    if !is_annex(quoted, &body.annexes.policy) {
        return Err(wrong);
    }
    let policy = Policy::parse(quoted).map_err(|_| wrong.clone())?;
    let fits = *policy.origin() == body.origin && policy.log().raw() == body.registrar.0.raw();
    if fits { Ok(policy) } else { Err(wrong) }
}

/// The instrument that a genesis names, if these bytes are it, but for its procedures: no contradiction hangs on them.
pub(crate) fn read_instrument(quoted: &[u8], body: &Genesis) -> Result<Instrument, Unconfirmed> {
    let wrong = || Unconfirmed::Annex("instrument");
    let text = std::str::from_utf8(quoted).map_err(|_| wrong())?;
    if !is_annex(quoted, &body.annexes.instrument) {
        return Err(wrong());
    }
    instrument::terms(text).map_err(|_| wrong())
}
