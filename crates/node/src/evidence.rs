//! Exhibits: sealed here, granted to others, opened by whom they are for.

use std::collections::BTreeSet;
use std::io::Read;
use std::path::Path;

use act::body::ChallengeGround;
use act::value::{File, GrantRef, RecipientText};
use act::{Body, Entry};
use audit::named::AtHand;
use terms::{Hash, Item, ItemPart, ParticipantId};
use vault::{Exhibit, Filing, Grant, GrantError, OpenError, Recipient, ToSeal, fresh_salt};

use crate::{Fault, Node};

/// What is handed over.
pub struct Evidence<'a> {
    /// The bytes.
    pub plain: &'a mut dyn Read,
    /// How many, for the progress.
    pub bytes: u64,
    /// What they are, as `image/jpeg`.
    pub media_type: &'a str,
    /// What the file is called; it stands in the grants only.
    pub name: Option<&'a str>,
}

impl Node {
    /// Seals words that somebody wrote, as a text: they touch no disk in the clear.
    ///
    /// # Errors
    ///
    /// As [`Node::seal`].
    pub fn seal_words(&self, words: &str, to: &[ParticipantId]) -> Result<File, Fault> {
        let evidence = Evidence {
            plain: &mut words.as_bytes(),
            bytes: words.len() as u64,
            media_type: "text/plain; charset=utf-8",
            name: Some("text.txt"),
        };
        Ok(self.seal(evidence, to, &mut |_, _| {})?.0)
    }

    /// The recipients to which grants for a participant are sealed.
    ///
    /// # Errors
    ///
    /// It has enrolled none, or one that this program does not know.
    pub fn recipients_of(&self, who: &ParticipantId) -> Result<Vec<Recipient>, Fault> {
        let recipients = self
            .replay
            .ledger()
            .recipients_of(who)
            .map(|text| Recipient::parse(text).map_err(|error| Fault::Foreign(error.to_string())))
            .collect::<Result<Vec<_>, _>>()?;
        if recipients.is_empty() {
            return Err(Fault::Lacks {
                what: format!("`{who}` has enrolled no key that a grant could be sealed to"),
                help: "it enrols a `seal` key first, and that is carried here: `mithaq act enrol LABEL`",
            });
        }
        Ok(recipients)
    }

    /// Seals an exhibit and grants it: to this participant, and to each of `to`. What it gives goes into
    /// an act.
    ///
    /// # Errors
    ///
    /// Somebody has no key for it, or the disk failed. Nothing is left then.
    pub fn seal(
        &self,
        evidence: Evidence<'_>,
        to: &[ParticipantId],
        progress: vault::Progress<'_>,
    ) -> Result<(File, Grant), Fault> {
        // Who lacks a key is found before anything is sealed.
        let own = self.recipients_of(self.me())?;
        let receivers = to.iter().filter(|who| *who != self.me());
        let receivers = receivers.map(|who| Ok((who, self.recipients_of(who)?)));
        let receivers = receivers.collect::<Result<Vec<_>, Fault>>()?;
        let filing = Filing { genesis: self.genesis(), filer: self.me().clone() };
        let media_type = vault::MediaType::new(evidence.media_type)
            .ok_or_else(|| Fault::Foreign(format!("`{}` is no media type", evidence.media_type)))?;
        let salt = fresh_salt().map_err(Fault::io("randomness"))?;
        let name = evidence.name.and_then(vault::grant::FileName::new);
        let to_seal =
            ToSeal { filing: &filing, salt, media_type, name, own: &own, plain_bytes: evidence.bytes };
        self.begin_sealing()?;
        let sealed = self.vault.seal(evidence.plain, to_seal, progress)?;
        let mut at_hand = AtHand::default();
        at_hand.sealed.insert(sealed.exhibit.sealed);
        at_hand.grants.insert(sealed.own_grant);
        let granted = receivers.iter().try_fold(Vec::new(), |mut grants, (who, recipients)| {
            let hash = self.vault.grant(&sealed.grant, recipients)?;
            at_hand.grants.insert(hash);
            grants.push(self.grant_ref(who, hash)?);
            Ok(grants)
        });
        let mut grants = match granted {
            Ok(grants) => grants,
            Err(fault) => {
                self.drop_unnamed_sealed(&at_hand)?;
                return Err(fault);
            }
        };
        grants.push(self.grant_ref(self.me(), sealed.own_grant)?);
        grants.sort_by(|a, b| a.to.cmp(&b.to));
        let recipient = RecipientText::new(sealed.exhibit.recipient.to_string())
            .map_err(|error| Fault::Foreign(error.to_owned()))?;
        let file = File {
            sealed: sealed.exhibit.sealed,
            size: sealed.exhibit.size,
            recipient,
            commitment: sealed.exhibit.commitment,
            grants,
        };
        Ok((file, sealed.grant))
    }

    /// One more grant of an exhibit that this participant filed.
    ///
    /// # Errors
    ///
    /// This node can't open the exhibit itself, or the receiver has no key.
    pub fn grant(&self, exhibit: &Item, to: &ParticipantId) -> Result<GrantRef, Fault> {
        let (file, _) = self.filed(exhibit)?;
        let grant = self.open_grant(&file, None)?;
        let recipients = self.recipients_of(to)?;
        self.begin_sealing()?;
        let hash = self.vault.grant(&grant, &recipients)?;
        self.grant_ref(to, hash)
    }

    /// How an act names a sealed grant that lies here.
    ///
    /// # Errors
    ///
    /// It does not lie here.
    pub fn grant_ref(&self, to: &ParticipantId, sealed: Hash) -> Result<GrantRef, Fault> {
        let size = self.vault.sealed_grant(&sealed)?.len() as u64;
        Ok(GrantRef { to: to.clone(), sealed, size })
    }

    /// What the register says of an exhibit, and who filed it.
    ///
    /// # Errors
    ///
    /// There is no such exhibit.
    pub fn filed(&self, exhibit: &Item) -> Result<(File, ParticipantId), Fault> {
        let unknown = || Fault::Unknown(format!("there is no exhibit {exhibit}"));
        let ItemPart::Exhibit(number) = exhibit.part else { return Err(unknown()) };
        let (_, act) = self.find(&exhibit.act)?;
        let filer = act.head().by.participant().cloned().ok_or_else(unknown)?;
        let place = usize::try_from(number).ok().and_then(|n| n.checked_sub(1)).ok_or_else(unknown)?;
        let file = files_of(act.body()).get(place).copied().cloned().ok_or_else(unknown)?;
        Ok((file, filer))
    }

    /// The grants of an exhibit for a participant, the latest first.
    fn grants_for(&self, exhibit: &Item, file: &File, who: &ParticipantId) -> Result<Vec<GrantRef>, Fault> {
        let mut grants: Vec<GrantRef> = file.grants.iter().filter(|g| g.to == *who).cloned().collect();
        self.store.for_each(0..self.size(), |_, bytes| {
            if let Ok(entry) = Entry::parse(bytes)
                && let Body::Grant(grant) = entry.act().body()
                && grant.exhibit == *exhibit
            {
                grants.extend(grant.grants.iter().filter(|g| g.to == *who).cloned());
            }
            Ok(())
        })?;
        grants.reverse();
        Ok(grants)
    }

    fn open_grant(&self, file: &File, exhibit: Option<&Item>) -> Result<Grant, Fault> {
        let grants = match exhibit {
            Some(exhibit) => self.grants_for(exhibit, file, self.me())?,
            None => file.grants.iter().filter(|g| g.to == *self.me()).cloned().collect(),
        };
        let identities = self.ring.identities();
        let latest = grants.first().ok_or_else(|| Fault::Lacks {
            what: format!("`{}` was not granted this exhibit", self.me()),
            help: "ask whoever filed it for a grant: `mithaq evidence grant EXHIBIT --to PARTICIPANT`",
        })?;
        let sealed = self.vault.sealed_grant(&latest.sealed)?;
        let grant = vault::open_grant(&sealed, &identities).map_err(vault::OpenError::Grant)?;
        Ok(grant)
    }

    /// What the filer says of a file that was granted to this participant with the act that filed it: its name
    /// and its type. Nothing, if there is no such grant here that opens.
    #[must_use]
    pub fn said_of(&self, file: &File) -> Option<Grant> {
        self.open_grant(file, None).ok()
    }

    /// Opens an exhibit into `target`, after recipient, hash and commitment are checked; without a
    /// target it is only checked.
    ///
    /// # Errors
    ///
    /// [`Fault::Open`] says exactly what does not agree: the ground of a challenge.
    pub fn open_exhibit(
        &self,
        exhibit: &Item,
        target: Option<&Path>,
        progress: vault::Progress<'_>,
    ) -> Result<Grant, Fault> {
        let (file, filer) = self.filed(exhibit)?;
        let grant = self.open_grant(&file, Some(exhibit))?;
        let described = Exhibit {
            sealed: file.sealed,
            size: file.size,
            recipient: Recipient::parse(file.recipient.as_str())
                .map_err(|e| Fault::Foreign(e.to_string()))?,
            commitment: file.commitment,
        };
        let filing = Filing { genesis: self.genesis(), filer };
        let mut sealed = self.vault.sealed(&file.sealed)?;
        match target {
            Some(target) => vault::open::open(&grant, &mut sealed, &described, &filing, target, progress)?,
            None => vault::open::check(&grant, &mut sealed, &described, &filing, progress)?,
        }
        Ok(grant)
    }

    /// Destroys this node's copy of an exhibit, and its grants.
    ///
    /// # Errors
    ///
    /// There is no such exhibit, or the disk failed.
    pub fn destroy_copy(&self, exhibit: &Item) -> Result<vault::Destroyed, Fault> {
        let (file, _) = self.filed(exhibit)?;
        let mut grants: Vec<Hash> = file.grants.iter().map(|g| g.sealed).collect();
        for who in self.replay.ledger().seats().keys() {
            grants.extend(self.grants_for(exhibit, &file, who)?.iter().map(|g| g.sealed));
        }
        grants.sort_unstable();
        grants.dedup();
        self.vault.destroy(&file.sealed, &grants).map_err(Fault::io(&self.home.data))
    }

    /// The exhibits of which somebody has said that its copy is destroyed: in force, or on its way.
    ///
    /// # Errors
    ///
    /// The entries can't be read.
    pub fn erased_by(&self, who: &ParticipantId) -> Result<BTreeSet<Item>, Fault> {
        let exhibits = self.replay.settlement().exhibits().iter();
        let said = exhibits.filter(|(_, exhibit)| exhibit.destroyed.contains_key(who)).map(|(item, _)| *item);
        let mut erased: BTreeSet<Item> = said.collect();
        for pending in self.on_their_way()? {
            if let Body::Destroy(destroy) = pending.act.body()
                && pending.act.head().by.participant() == Some(who)
            {
                erased.insert(destroy.exhibit);
            }
        }
        Ok(erased)
    }

    /// Whether the sealed bytes of an exhibit lie here.
    #[must_use]
    pub fn holds(&self, file: &File) -> bool {
        self.vault.sealed_path(&file.sealed).exists()
    }
}

/// The ground of a challenge that a failure to open is, if it is one. What is wrong with the copy that lies here, or with
/// this machine's disk, is none.
#[must_use]
pub const fn ground(error: &OpenError) -> Option<ChallengeGround> {
    Some(match error {
        OpenError::Grant(GrantError::NotForMe) => ChallengeGround::GrantNotForMe,
        OpenError::Grant(
            GrantError::NotAge | GrantError::Passphrase | GrantError::Corrupt | GrantError::Malformed(_),
        )
        | OpenError::GrantForAnother { .. }
        | OpenError::WrongRecipient => ChallengeGround::GrantWrong,
        OpenError::NotAge | OpenError::Passphrase | OpenError::NotForRecipient | OpenError::Corrupt => {
            ChallengeGround::DoesNotOpen
        }
        OpenError::CommitmentDiffers => ChallengeGround::CommitmentDiffers,
        OpenError::SealedDiffers { .. }
        | OpenError::TargetExists
        | OpenError::Read(_)
        | OpenError::Write(_) => return None,
    })
}

pub use audit::named::files_of;
