//! Exhibits: offered, filed, shared, answered, and what else became of them. Replay sees hashes and
//! signatures about them, never a byte of what they hold.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use act::body::{ChallengeGround, DestroyGround, RuleOutcome};
use act::value::{File, GrantRef};
use instrument::tally::{Need, Needs, Seats};
use instrument::who::{Deciders, Set};
use terms::{ActId, Instant, Item, ParticipantId, Reference, Role, Seconds};

use super::few::Few;
use super::law::Law;
use super::ledger::Ledger;
use super::matter::MatterKey;
use super::paged::Paged;
use super::settle::Context;
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
    /// The matter in which it was filed.
    pub matter: Option<MatterKey>,
    /// Who was granted it, since when.
    pub granted: Few<ParticipantId, Instant>,
    /// Who holds the bytes beside the filer, since when.
    pub kept: Few<ParticipantId, (Instant, u64)>,
    /// Who signed that it opened and all agrees.
    pub opened: Few<ParticipantId, (Instant, u64)>,
    /// Who answered.
    pub answered: Few<ParticipantId, (Instant, u64)>,
    /// Who can't open it.
    pub challenged: Few<ParticipantId, Challenge>,
    /// Who wants it held, and until when.
    pub holds: Few<ParticipantId, (Instant, u64)>,
    /// When it was found to put a person in danger, and by which entry.
    pub danger: Option<(Instant, u64)>,
    /// Who destroyed its copy.
    pub destroyed: Few<ParticipantId, Instant>,
    /// What was said once more, or is outdone, in the order of the entries: it counts if what counts now is taken back.
    again: Vec<Again>,
    /// Whether the act that filed it was taken back.
    pub disowned: bool,
    /// Whether its filer withdrew the act that filed it.
    pub withdrawn: bool,
    /// The entries by which.
    withdrew: Vec<u64>,
}

/// What does not count as long as something else does.
#[derive(Clone, Debug)]
struct Again {
    entry: u64,
    by: ParticipantId,
    said: Said,
}

#[derive(Clone, Copy, Debug)]
enum Said {
    Kept(Instant),
    Opened(Instant),
    Answered(Instant),
    /// Until then.
    Held(Instant),
    Danger(Instant),
    /// One that was decided before the next.
    Challenged(Challenge),
}

/// A challenge.
#[derive(Clone, Copy, Debug)]
pub struct Challenge {
    /// The act.
    pub act: ActId,
    /// Its entry.
    pub entry: u64,
    /// Since when.
    pub at: Instant,
    /// Why.
    pub ground: ChallengeGround,
    /// What the arbiter said, and in which entry.
    pub upheld: Option<(bool, u64)>,
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
        matter: Option<MatterKey>,
    ) -> Exhibit {
        Exhibit {
            reference,
            filer,
            entry,
            offered,
            matter,
            granted: Few::new(),
            kept: Few::new(),
            opened: Few::new(),
            answered: Few::new(),
            challenged: Few::new(),
            holds: Few::new(),
            danger: None,
            destroyed: Few::new(),
            again: Vec::new(),
            disowned: false,
            withdrawn: false,
            withdrew: Vec::new(),
        }
    }

    /// Who holds a copy that it has not destroyed.
    #[must_use]
    pub fn is_holder(&self, who: &ParticipantId) -> bool {
        let holds = self.filer == *who || self.kept.contains_key(who) || self.opened.contains_key(who);
        holds && !self.destroyed.contains_key(who)
    }

    /// Whether every holder has destroyed its copy.
    #[must_use]
    pub fn is_gone(&self) -> bool {
        let mut all = std::iter::once(&self.filer).chain(self.kept.keys()).chain(self.opened.keys());
        all.all(|who| self.destroyed.contains_key(who))
    }

    /// Whether an addressee's challenge is mended: it has opened the exhibit since.
    #[must_use]
    pub fn is_mended(&self, by: &ParticipantId) -> bool {
        self.opened.contains_key(by)
    }

    /// Whether a challenge waits for a ruling.
    #[must_use]
    pub fn waits_for_ruling(&self, challenge: &ActId) -> bool {
        self.challenged.values().any(|known| known.act == *challenge && known.upheld.is_none())
    }

    /// `opened`: an addressee says that recipient, hash and commitment agree.
    pub(super) fn open(&mut self, by: &ParticipantId, at: Instant, entry: u64) -> Result<(), VoidReason> {
        if !self.granted.contains_key(by) {
            return Err(VoidReason::NoPower);
        }
        self.say(by, entry, Said::Opened(at));
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
        self.say(by, entry, Said::Kept(at));
        Ok(())
    }

    /// `answer`.
    pub(super) fn answer(&mut self, by: &ParticipantId, at: Instant, entry: u64) -> Result<(), VoidReason> {
        if self.filer == *by || !self.granted.contains_key(by) {
            return Err(VoidReason::NoPower);
        }
        self.say(by, entry, Said::Answered(at));
        Ok(())
    }

    /// `challenge`: an addressee can't open it.
    pub(super) fn challenge(
        &mut self,
        by: &ParticipantId,
        (act, entry): (ActId, u64),
        at: Instant,
        ground: ChallengeGround,
    ) -> Result<(), VoidReason> {
        if !self.granted.contains_key(by) {
            return Err(VoidReason::NoPower);
        }
        let waits = self.challenged.get(by).is_some_and(|challenge| challenge.upheld.is_none());
        if self.opened.contains_key(by) || waits {
            return Err(VoidReason::WrongState);
        }
        self.say(by, entry, Said::Challenged(Challenge { act, entry, at, ground, upheld: None }));
        Ok(())
    }

    /// `rule`: the arbiter decides a challenge, or finds danger. Gives whether a challenge was upheld.
    pub(super) fn rule(
        &mut self,
        (by, at, entry): (&ParticipantId, Instant, u64),
        outcome: RuleOutcome,
        challenge: Option<ActId>,
    ) -> Result<Option<bool>, VoidReason> {
        let upheld = match outcome {
            RuleOutcome::Danger => {
                self.say(by, entry, Said::Danger(at));
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
        decided.upheld = Some((upheld, entry));
        Ok(Some(upheld))
    }

    /// `hold`: not before then.
    pub(super) fn hold(
        &mut self,
        by: &ParticipantId,
        at: Instant,
        until: Instant,
        entry: u64,
    ) -> Result<(), VoidReason> {
        if until <= at || until > at.plus(HOLD_MAX) {
            return Err(VoidReason::Form);
        }
        self.say(by, entry, Said::Held(until));
        Ok(())
    }

    /// The first counts, of holds the longest, of challenges the last; the others are kept in mind.
    fn say(&mut self, by: &ParticipantId, entry: u64, said: Said) {
        let first = |stage: &mut Few<ParticipantId, (Instant, u64)>, at: Instant| {
            let stands = stage.contains_key(by);
            stage.insert_new(by.clone(), (at, entry));
            stands.then_some((entry, said))
        };
        let outdone = match said {
            Said::Kept(at) => first(&mut self.kept, at),
            Said::Opened(at) => first(&mut self.opened, at),
            Said::Answered(at) => first(&mut self.answered, at),
            Said::Held(until) => match self.holds.get(by).copied() {
                Some((longer, _)) if longer >= until => Some((entry, said)),
                _ => {
                    let shorter = self.holds.insert(by.clone(), (until, entry));
                    shorter.map(|(until, entry)| (entry, Said::Held(until)))
                }
            },
            Said::Danger(at) => {
                let stands = self.danger.is_some();
                self.danger.get_or_insert((at, entry));
                stands.then_some((entry, said))
            }
            Said::Challenged(challenge) => match self.challenged.get(by) {
                Some(later) if later.entry > entry => Some((entry, said)),
                _ => {
                    let before = self.challenged.insert(by.clone(), challenge);
                    before.map(|before| (before.entry, Said::Challenged(before)))
                }
            },
        };
        if let Some((entry, said)) = outdone {
            let at = self.again.partition_point(|other| other.entry <= entry);
            self.again.insert(at, Again { entry, by: by.clone(), said });
        }
    }

    /// Lets go of what can't count any more: what counts now stands on an entry before `reach`, which no root takes back.
    pub(super) fn forget_before(&mut self, reach: u64) {
        let stands = |place: Option<&(Instant, u64)>| place.is_some_and(|(_, entry)| *entry < reach);
        let (kept, opened, answered, holds) = (&self.kept, &self.opened, &self.answered, &self.holds);
        let (danger, challenged) = (self.danger.as_ref(), &self.challenged);
        self.again.retain(|again| match again.said {
            Said::Kept(_) => !stands(kept.get(&again.by)),
            Said::Opened(_) => !stands(opened.get(&again.by)),
            Said::Answered(_) => !stands(answered.get(&again.by)),
            Said::Held(_) => !stands(holds.get(&again.by)),
            Said::Danger(_) => !stands(danger),
            Said::Challenged(_) => challenged.get(&again.by).is_none_or(|last| last.entry >= reach),
        });
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
        let held = self.holds.values().any(|(until, _)| *until > at);
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

    /// Its author takes it back.
    pub(super) fn withdraw(&mut self, entry: u64) {
        self.withdrawn = true;
        self.withdrew.push(entry);
    }

    /// That was taken back itself.
    pub(super) fn take_back_withdrawal(&mut self, entry: u64) {
        self.withdrew.retain(|by| *by != entry);
        self.withdrawn = !self.withdrew.is_empty();
    }

    /// Takes back what these entries said of it, and what they outdid counts again. Copies that were given or destroyed
    /// stay so.
    pub(super) fn forget(&mut self, entries: &BTreeSet<u64>) {
        for stage in [&mut self.kept, &mut self.opened, &mut self.answered, &mut self.holds] {
            stage.retain(|_, (_, by)| !entries.contains(by));
        }
        let rule_falls = |challenge: &mut Challenge| {
            challenge.upheld = challenge.upheld.filter(|(_, entry)| !entries.contains(entry));
        };
        self.challenged.retain(|_, challenge| !entries.contains(&challenge.entry));
        self.challenged.values_mut().for_each(rule_falls);
        self.danger = self.danger.filter(|(_, entry)| !entries.contains(entry));
        self.disowned |= entries.contains(&self.entry);
        for Again { entry, by, mut said } in std::mem::take(&mut self.again) {
            if entries.contains(&entry) {
                continue;
            }
            if let Said::Challenged(challenge) = &mut said {
                rule_falls(challenge);
            }
            self.say(&by, entry, said);
        }
    }
}

/// What it takes, by the instrument's rule about exhibits. No matter is there to name an opener or a field. Who filed it
/// has no voice, if `but` says so.
fn needs_of(law: &Law, context: Context<'_>, by: &Deciders, but: Option<&ParticipantId>) -> Needs {
    let members = |set: &Set| {
        let mut members = law.members_outside(set);
        members.retain(|who| Some(who) != but);
        members
    };
    let seats =
        Seats { members: &members, bodies: &law.instrument.bodies, vacant: &|who| context.is_vacant(who) };
    Needs::of(by, &seats)
}

/// What a hold takes: as the instrument says, else the voice of anyone.
pub(super) fn needs_to_hold(law: &Law, context: Context<'_>) -> Option<Needs> {
    law.instrument.exhibits.hold.as_ref().map(|by| needs_of(law, context, by, None))
}

/// What it takes without the filer's voice, which is not waited for. None, if nobody is left where the filer had one: a
/// filer would else be judged by none.
fn needs_without(law: &Law, context: Context<'_>, by: &Deciders, filer: &ParticipantId) -> Option<Needs> {
    let all = needs_of(law, context, by, None);
    let mut left = needs_of(law, context, by, Some(filer));
    for (need, all) in left.each.iter_mut().zip(&all.each).filter(|(_, all)| all.of.contains(filer)) {
        if need.of.is_empty() {
            return None;
        }
        // What is out of reach with the filer waits for seats.
        if all.number <= all.of.len() {
            need.number = need.number.min(need.of.len());
        }
    }
    Some(left)
}

/// What it takes to judge a challenge, or to find danger, never with the filer's voice: as the instrument says; else the
/// monitor's; where there is none but the filer, any guarantor's (DECISIONS, *kinds added*).
pub(super) fn needs_to_rule(
    law: &Law,
    context: Context<'_>,
    (filer, outcome): (&ParticipantId, RuleOutcome),
) -> Needs {
    let exhibits = &law.instrument.exhibits;
    let named = match outcome {
        RuleOutcome::Danger => &exhibits.destroy,
        RuleOutcome::Upheld | RuleOutcome::NotUpheld => &exhibits.arbiter,
    };
    if let Some(needs) = named.as_ref().and_then(|by| needs_without(law, context, by, filer)) {
        return needs;
    }
    let seated = |wanted: Role| {
        let roles = context.ledger.roles.iter().filter(move |(_, role)| **role == wanted);
        let others = roles.map(|(id, _)| id).filter(|id| *id != filer && !context.is_vacant(id));
        others.cloned().collect::<BTreeSet<_>>()
    };
    let monitors = seated(Role::Monitor);
    let of = if monitors.is_empty() { seated(Role::Guarantor) } else { monitors };
    Needs { speakers: of.clone(), each: vec![Need { of, number: 1 }] }
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
pub type Exhibits = Paged<Item, Exhibit>;

/// The tally of what each participant filed.
#[must_use]
pub fn tallies(exhibits: &Exhibits) -> BTreeMap<ParticipantId, Tally> {
    let mut tallies: BTreeMap<ParticipantId, Tally> = BTreeMap::new();
    for exhibit in exhibits.values() {
        let tally = tallies.entry(exhibit.filer.clone()).or_default();
        let others =
            |stage: &Few<ParticipantId, (Instant, u64)>| stage.keys().any(|who| *who != exhibit.filer);
        tally.offered += 1;
        tally.filed += u64::from(others(&exhibit.kept));
        tally.shared += u64::from(others(&exhibit.opened));
        tally.answered += u64::from(others(&exhibit.answered));
    }
    tallies
}

#[cfg(test)]
mod tests {
    use super::*;

    fn who(name: &str) -> ParticipantId {
        ParticipantId::new(name).expect("a participant")
    }

    fn at(hour: u64) -> Instant {
        Instant::EPOCH.plus(Seconds::hours(hour))
    }

    fn exhibit() -> Exhibit {
        let reference = Reference::new("EXH", 25, 1).expect("a reference");
        let mut exhibit = Exhibit::new(reference, who("north"), 1, at(1), None);
        exhibit.granted.insert(who("south"), at(1));
        exhibit
    }

    fn act(number: u8) -> ActId {
        ActId(terms::Hash::of(&[number]))
    }

    #[test]
    fn a_challenge_that_was_decided_is_shown_again_when_the_next_is_disowned() {
        let mut exhibit = exhibit();
        let (south, ford) = (who("south"), who("ford"));
        let ground = ChallengeGround::DoesNotOpen;
        exhibit.challenge(&south, (act(2), 2), at(2), ground).expect("a challenge");
        exhibit.rule((&ford, at(3), 3), RuleOutcome::NotUpheld, Some(act(2))).expect("a ruling");
        exhibit.challenge(&south, (act(4), 4), at(4), ground).expect("another");
        exhibit.rule((&ford, at(5), 5), RuleOutcome::Upheld, Some(act(4))).expect("a ruling");
        exhibit.forget(&[4].into());
        let shown = exhibit.challenged.get(&south).expect("the first");
        assert_eq!((shown.act, shown.upheld), (act(2), Some((false, 3))));
        exhibit.forget(&[3].into());
        assert!(exhibit.waits_for_ruling(&act(2)));
    }

    #[test]
    fn what_no_root_reaches_any_more_keeps_nothing_in_mind() {
        let mut exhibit = exhibit();
        let south = who("south");
        exhibit.hold(&south, at(2), at(90), 2).expect("a hold");
        exhibit.hold(&south, at(3), at(30), 3).expect("a shorter one");
        exhibit.hold(&south, at(4), at(99), 4).expect("a longer one");
        exhibit.open(&south, at(5), 5).expect("opened");
        exhibit.open(&south, at(6), 6).expect("opened");
        exhibit.forget_before(4);
        assert_eq!(exhibit.again.len(), 3, "the longest can be disowned yet, and so can what opened it");
        exhibit.forget_before(5);
        assert_eq!(exhibit.again.len(), 1);
        exhibit.forget_before(6);
        assert_eq!(exhibit.again.len(), 0);
        assert_eq!(exhibit.holds.get(&south), Some(&(at(99), 4)));
    }
}
