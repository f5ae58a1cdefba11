//! Exhibits: offered, filed, shared, answered, and what else became of them. Replay sees hashes and
//! signatures about them, never a byte of what they hold.

use std::collections::BTreeMap;

use act::body::{ChallengeGround, DestroyGround, RuleOutcome};
use act::value::{File, GrantRef};
use terms::{ActId, Instant, Item, ParticipantId, Reference, Role, Seconds};

use super::ledger::Ledger;
use super::void::VoidReason;

/// The longest hold: a year. A longer one is said anew.
pub const HOLD_MAX: Seconds = Seconds::days(366);

/// A sealed file on the record.
#[derive(Clone, Debug)]
pub struct Exhibit {
    /// How people say it.
    pub reference: Reference,
    /// Who filed it.
    pub filer: ParticipantId,
    /// The entry that filed it.
    pub entry: u64,
    /// When it was offered.
    pub offered: Instant,
    /// The matter in which it was filed, by opening index.
    pub matter: Option<u64>,
    /// Who was granted it, since when.
    pub granted: BTreeMap<ParticipantId, Instant>,
    /// Who holds the bytes beside the filer, since when.
    pub kept: BTreeMap<ParticipantId, (Instant, u64)>,
    /// Who signed that it opened and all agrees.
    pub opened: BTreeMap<ParticipantId, (Instant, u64)>,
    /// Who answered.
    pub answered: BTreeMap<ParticipantId, (Instant, u64)>,
    /// Who can't open it.
    pub challenged: BTreeMap<ParticipantId, Challenge>,
    /// Who wants it held, and until when.
    pub holds: BTreeMap<ParticipantId, Instant>,
    /// When it was found to put a person in danger.
    pub danger: Option<Instant>,
    /// Who destroyed its copy.
    pub destroyed: BTreeMap<ParticipantId, Instant>,
}

/// A challenge.
#[derive(Clone, Copy, Debug)]
pub struct Challenge {
    /// The act.
    pub act: ActId,
    /// Since when.
    pub at: Instant,
    /// Why.
    pub ground: ChallengeGround,
    /// What the arbiter said.
    pub upheld: Option<bool>,
    /// Whether the addressee has opened it since.
    pub mended: bool,
}

/// The four stages, counted apart (PRACTICE; DESIGN §5).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Filed by an act.
    pub offered: u64,
    /// Held by another participant too.
    pub filed: u64,
    /// Opened by an addressee, who signed that all agrees.
    pub shared: u64,
    /// Answered.
    pub answered: u64,
}

impl Exhibit {
    /// A file of an act that took effect.
    #[must_use]
    pub fn new(
        reference: Reference,
        filer: ParticipantId,
        entry: u64,
        offered: Instant,
        matter: Option<u64>,
    ) -> Exhibit {
        Exhibit {
            reference,
            filer,
            entry,
            offered,
            matter,
            granted: BTreeMap::new(),
            kept: BTreeMap::new(),
            opened: BTreeMap::new(),
            answered: BTreeMap::new(),
            challenged: BTreeMap::new(),
            holds: BTreeMap::new(),
            danger: None,
            destroyed: BTreeMap::new(),
        }
    }

    /// Who holds a copy that it has not destroyed.
    #[must_use]
    pub fn is_holder(&self, who: &ParticipantId) -> bool {
        let holds = self.filer == *who || self.kept.contains_key(who) || self.opened.contains_key(who);
        holds && !self.destroyed.contains_key(who)
    }

    /// `opened`: an addressee says that recipient, hash and commitment agree.
    pub(super) fn open(&mut self, by: &ParticipantId, at: Instant, entry: u64) -> Result<(), VoidReason> {
        if !self.granted.contains_key(by) {
            return Err(VoidReason::NoPower);
        }
        self.opened.entry(by.clone()).or_insert((at, entry));
        if let Some(challenge) = self.challenged.get_mut(by) {
            challenge.mended = true;
        }
        Ok(())
    }

    /// `keep`: another holds the sealed bytes.
    pub(super) fn keep(&mut self, by: &ParticipantId, at: Instant, entry: u64) -> Result<(), VoidReason> {
        if self.filer == *by {
            return Err(VoidReason::NoPower);
        }
        if self.destroyed.contains_key(by) {
            return Err(VoidReason::WrongState);
        }
        self.kept.entry(by.clone()).or_insert((at, entry));
        Ok(())
    }

    /// `answer`.
    pub(super) fn answer(&mut self, by: &ParticipantId, at: Instant, entry: u64) -> Result<(), VoidReason> {
        if self.filer == *by || !self.granted.contains_key(by) {
            return Err(VoidReason::NoPower);
        }
        self.answered.entry(by.clone()).or_insert((at, entry));
        Ok(())
    }

    /// `challenge`: an addressee can't open it.
    pub(super) fn challenge(
        &mut self,
        by: &ParticipantId,
        act: ActId,
        at: Instant,
        ground: ChallengeGround,
    ) -> Result<(), VoidReason> {
        if !self.granted.contains_key(by) {
            return Err(VoidReason::NoPower);
        }
        let open = |c: &Challenge| c.upheld.is_none() && !c.mended;
        if self.opened.contains_key(by) || self.challenged.get(by).is_some_and(open) {
            return Err(VoidReason::WrongState);
        }
        let challenge = Challenge { act, at, ground, upheld: None, mended: false };
        self.challenged.insert(by.clone(), challenge);
        Ok(())
    }

    /// `rule`: the arbiter decides a challenge, or finds danger. Gives whether a challenge was upheld.
    pub(super) fn rule(
        &mut self,
        by: &ParticipantId,
        ledger: &Ledger,
        at: Instant,
        outcome: RuleOutcome,
        challenge: Option<ActId>,
    ) -> Result<Option<bool>, VoidReason> {
        if !is_arbiter(ledger, by, &self.filer) {
            return Err(VoidReason::NoPower);
        }
        let upheld = match outcome {
            RuleOutcome::Danger => {
                self.danger.get_or_insert(at);
                return Ok(None);
            }
            RuleOutcome::Upheld => true,
            RuleOutcome::NotUpheld => false,
        };
        let decided =
            self.challenged.values_mut().find(|c| Some(c.act) == challenge).ok_or(VoidReason::Unknown)?;
        if decided.upheld.is_some() {
            return Err(VoidReason::WrongState);
        }
        decided.upheld = Some(upheld);
        Ok(Some(upheld))
    }

    /// `hold`: not before then.
    pub(super) fn hold(&mut self, by: &ParticipantId, at: Instant, until: Instant) -> Result<(), VoidReason> {
        if until <= at || until > at.plus(HOLD_MAX) {
            return Err(VoidReason::Form);
        }
        let held = self.holds.entry(by.clone()).or_insert(until);
        *held = until.max(*held);
        Ok(())
    }

    /// `destroy`: each holder for its own copy. What an open matter cites, or somebody holds, only for
    /// danger to a person, found so on the record.
    pub(super) fn destroy(
        &mut self,
        by: &ParticipantId,
        at: Instant,
        ground: DestroyGround,
        cited: bool,
    ) -> Result<(), VoidReason> {
        if !self.is_holder(by) {
            return Err(VoidReason::NoPower);
        }
        let held = self.holds.values().any(|until| *until > at);
        let allowed = match ground {
            DestroyGround::Danger => self.danger.is_some(),
            DestroyGround::Ended => !held && !cited,
        };
        if !allowed {
            return Err(VoidReason::WrongState);
        }
        self.destroyed.insert(by.clone(), at);
        Ok(())
    }

    /// Takes back what this entry said of it.
    pub(super) fn forget(&mut self, entry: u64) {
        for stage in [&mut self.kept, &mut self.opened, &mut self.answered] {
            stage.retain(|_, (_, by)| *by != entry);
        }
    }
}

/// The arbiter of challenges and of danger: the monitor; where there is none, any guarantor but the
/// filer (DECISIONS, *kinds added*).
fn is_arbiter(ledger: &Ledger, who: &ParticipantId, filer: &ParticipantId) -> bool {
    let monitors = ledger.roles.iter().any(|(id, role)| *role == Role::Monitor && !ledger.is_vacant(id));
    match ledger.role(who) {
        Some(Role::Monitor) => true,
        Some(Role::Guarantor) => !monitors && who != filer,
        _ => false,
    }
}

/// What may be said against grants before they have force.
pub(super) fn check_grants(ledger: &Ledger, grants: &[GrantRef]) -> Result<(), VoidReason> {
    for grant in grants {
        if ledger.excluded.names(grant.to.as_str()).is_some() {
            return Err(VoidReason::Excluded);
        }
        if ledger.role(&grant.to).is_none() {
            return Err(VoidReason::Unknown);
        }
    }
    Ok(())
}

/// The same for the grants of files.
pub(super) fn check_files(ledger: &Ledger, files: &[File]) -> Result<(), VoidReason> {
    files.iter().try_for_each(|file| check_grants(ledger, &file.grants))
}

/// The exhibits by their item.
pub type Exhibits = BTreeMap<Item, Exhibit>;

/// The tally of what each participant filed.
#[must_use]
pub fn tallies(exhibits: &Exhibits) -> BTreeMap<ParticipantId, Tally> {
    let mut tallies: BTreeMap<ParticipantId, Tally> = BTreeMap::new();
    for exhibit in exhibits.values() {
        let tally = tallies.entry(exhibit.filer.clone()).or_default();
        let others =
            |stage: &BTreeMap<ParticipantId, (Instant, u64)>| stage.keys().any(|who| *who != exhibit.filer);
        tally.offered += 1;
        tally.filed += u64::from(others(&exhibit.kept));
        tally.shared += u64::from(others(&exhibit.opened));
        tally.answered += u64::from(others(&exhibit.answered));
    }
    tallies
}
