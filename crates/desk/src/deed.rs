//! What a participant says beside the steps of matters, of an exhibit or of no matter at all: from what was typed to what can
//! be signed.

use act::Body;
use act::body::{self, ChallengeGround, DestroyGround, RuleOutcome, Tier};
use docket::v1::exhibit::Exhibit;
use instrument::who::{Deciders, Set};
use node::form::{Receivers, Wrong};
use terms::{ActId, Code, Item, ParticipantId, Role, Seconds};

use crate::desk::Held;
use crate::web::asked::Sent;
use crate::words::when::of_a_field;
use crate::writing::{FILES, Lack, TEXT, What, Written};

/// The fields of such a form: to whom, why, of whom, since when, until when.
pub(crate) const TO: &str = "to";
pub(crate) const GROUND: &str = "ground";
pub(crate) const WHOM: &str = "whom";
pub(crate) const SINCE: &str = "since";
pub(crate) const UNTIL: &str = "until";

/// What can be said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Deed {
    /// Exhibits outside a matter.
    Offer,
    /// More may open it.
    Grant,
    /// Another's sealed bytes are held here.
    Keep,
    /// It opened, and all agrees.
    Opened,
    /// An answer to it.
    Answer,
    /// It can't be opened.
    Challenge,
    /// An arbiter's decision about it.
    Rule,
    /// It must not be erased before a time.
    Hold,
    /// This participant's copy is erased.
    Destroy,
    /// Somebody could not be reached (TIME T16).
    Cut,
}

impl Deed {
    pub(crate) const ALL: [Deed; 10] = [
        Deed::Opened,
        Deed::Answer,
        Deed::Challenge,
        Deed::Keep,
        Deed::Hold,
        Deed::Grant,
        Deed::Rule,
        Deed::Destroy,
        Deed::Offer,
        Deed::Cut,
    ];

    /// Whether it is of no exhibit that is on record.
    pub(crate) const fn is_of_none(self) -> bool {
        matches!(self, Deed::Offer | Deed::Cut)
    }

    /// Its word, which is the kind of its act.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Deed::Offer => "offer",
            Deed::Grant => "grant",
            Deed::Keep => "keep",
            Deed::Opened => "opened",
            Deed::Answer => "answer",
            Deed::Challenge => "challenge",
            Deed::Rule => "rule",
            Deed::Hold => "hold",
            Deed::Destroy => "destroy",
            Deed::Cut => "cut",
        }
    }

    pub(crate) fn of(word: &str) -> Option<Deed> {
        Deed::ALL.into_iter().find(|deed| deed.as_str() == word)
    }

    /// Whether there is nothing to fill in.
    pub(crate) const fn is_bare(self) -> bool {
        matches!(self, Deed::Keep | Deed::Opened)
    }

    /// Whether somebody chooses who can open something.
    pub(crate) const fn chooses(self) -> bool {
        matches!(self, Deed::Offer | Deed::Grant)
    }

    /// Whether files go with it.
    pub(crate) const fn has_files(self) -> bool {
        matches!(self, Deed::Offer | Deed::Answer)
    }

    /// The words of its grounds, or of what is decided.
    pub(crate) const fn grounds(self) -> &'static [&'static str] {
        match self {
            Deed::Challenge => {
                &["grant-not-for-me", "grant-wrong", "sealed-missing", "does-not-open", "commitment-differs"]
            }
            Deed::Rule => &["upheld", "not-upheld", "danger"],
            Deed::Destroy => &["ended", "danger"],
            _ => &[],
        }
    }

    /// Whether it can come to something, as far as the exhibit alone tells: what else it takes, the sign page says.
    pub(crate) fn is_open_to(self, me: &ParticipantId, exhibit: &Exhibit) -> bool {
        let is_ours = exhibit.filer == *me;
        let is_granted = exhibit.granted.contains_key(me);
        let is_gone = exhibit.destroyed.contains_key(me);
        let waits = exhibit.challenged.iter().any(|(_, challenge)| challenge.upheld.is_none());
        match self {
            Deed::Offer | Deed::Cut => false,
            Deed::Grant => is_ours && !is_gone,
            Deed::Keep => !is_ours && !is_gone && !exhibit.kept.contains_key(me),
            Deed::Opened => !is_ours && is_granted && !is_gone && !exhibit.opened.contains_key(me),
            Deed::Answer => !is_ours && is_granted,
            Deed::Challenge => {
                let ours = exhibit.challenged.get(me);
                let is_said = ours.is_some_and(|challenge| challenge.upheld.is_none());
                !is_ours && is_granted && !exhibit.opened.contains_key(me) && !is_said
            }
            Deed::Rule => !is_ours && (waits || exhibit.danger.is_none()),
            Deed::Hold => !exhibit.is_gone(),
            Deed::Destroy => exhibit.is_holder(me),
        }
    }
}

/// Of whom the one who works here may say that it could not be reached: of all others, where the agreement gives it that, and
/// of nobody else.
pub(crate) fn cuttable(held: &Held) -> Vec<&ParticipantId> {
    let law = held.replay().instrument();
    let is_in = |set: &Set| law.members(set).contains(held.me());
    let speaks = |(by, _): &(Deciders, Seconds)| {
        by.0.iter().any(|item| is_in(&item.of.set) && !item.of.but.as_ref().is_some_and(is_in))
    };
    let may = matches!(law.role(held.me()), Some(Role::Guarantor | Role::Monitor))
        && law.relief.cut.as_ref().is_some_and(speaks);
    let others = law.participants.keys().filter(|who| may && *who != held.me());
    others.collect()
}

/// Whom something can be granted: those who take part and have a key that it could be sealed to, and those who have none.
pub(crate) fn receivers(held: &Held, typed: &Sent) -> Receivers {
    let chosen = typed.get(TO).into_iter().flatten();
    let all = held.replay().instrument().participants.keys();
    let named: Vec<&ParticipantId> =
        all.filter(|who| *who != held.me() && chosen.clone().any(|one| one == who.as_str())).collect();
    split(held, named.into_iter().cloned())
}

fn split(held: &Held, all: impl Iterator<Item = ParticipantId>) -> Receivers {
    let (can, cannot) = all.partition(|who| held.replay().ledger().recipients_of(who).next().is_some());
    Receivers { can, cannot }
}

/// Who can open what goes with an answer: who filed the exhibit, and the guarantors.
fn of_answer(held: &Held, exhibit: &Exhibit) -> Receivers {
    let guarantors = held.replay().instrument().of_role(Role::Guarantor).cloned();
    let mut all: Vec<ParticipantId> = guarantors.chain([exhibit.filer.clone()]).collect();
    all.sort();
    all.dedup();
    split(held, all.into_iter().filter(|who| who != held.me()))
}

/// What would be signed, and who could open what goes with it.
///
/// # Errors
///
/// All that is lacking; nothing, if there is no such exhibit.
pub(crate) fn written(
    held: &Held,
    (deed, item): (Deed, Option<&Item>),
    typed: &Sent,
) -> Result<(Written, Receivers), Vec<Lack>> {
    let first = |name: &str| typed.get(name).and_then(|all| all.first()).map_or("", String::as_str).trim();
    let lack = |at: &str, what: What| vec![Lack { at: at.to_owned(), what }];
    let needed = |at: &str| lack(at, What::Value(Wrong::Needed));
    let exhibit = || {
        let known = item.and_then(|item| Some((*item, held.replay().settlement().exhibits().get(item)?)));
        known.ok_or_else(Vec::new)
    };
    let time = |at: &str| {
        let typed = first(at);
        if typed.is_empty() {
            return Err(needed(at));
        }
        let read = of_a_field(typed, held.replay().instrument().calendar.zone_offset_minutes);
        read.ok_or_else(|| lack(at, What::Value(Wrong::Time(typed.to_owned()))))
    };
    let mut receivers = Receivers { can: Vec::new(), cannot: Vec::new() };
    let (mut text, mut files) = (String::new(), Vec::new());
    if deed.has_files() {
        files = typed.get(FILES).into_iter().flatten().filter(|id| !id.is_empty()).cloned().collect();
    }
    let body = match deed {
        Deed::Offer => {
            receivers = self::receivers(held, typed);
            if files.is_empty() {
                return Err(needed(FILES));
            }
            if receivers.can.is_empty() {
                return Err(needed(TO));
            }
            Body::Offer(body::Offer { files: Vec::new() })
        }
        Deed::Grant => {
            receivers = self::receivers(held, typed);
            if receivers.can.is_empty() {
                return Err(needed(TO));
            }
            Body::Grant(body::Grant { exhibit: exhibit()?.0, grants: Vec::new() })
        }
        Deed::Keep => Body::Keep(body::Keep { exhibits: vec![exhibit()?.0] }),
        Deed::Opened => Body::Opened(body::Opened { exhibit: exhibit()?.0 }),
        Deed::Answer => {
            let (exhibit, known) = exhibit()?;
            receivers = of_answer(held, known);
            first(TEXT).clone_into(&mut text);
            if text.is_empty() && files.is_empty() {
                return Err(lack(TEXT, What::NoText));
            }
            Body::Answer(body::Answer { exhibit, choice: None, files: Vec::new() })
        }
        Deed::Challenge => {
            let ground = match first(GROUND) {
                "grant-not-for-me" => ChallengeGround::GrantNotForMe,
                "grant-wrong" => ChallengeGround::GrantWrong,
                "sealed-missing" => ChallengeGround::SealedMissing,
                "does-not-open" => ChallengeGround::DoesNotOpen,
                "commitment-differs" => ChallengeGround::CommitmentDiffers,
                _ => return Err(needed(GROUND)),
            };
            Body::Challenge(body::Challenge { exhibit: exhibit()?.0, ground })
        }
        Deed::Rule => {
            let (exhibit, known) = exhibit()?;
            let waits: Option<ActId> =
                known.challenged.iter().find(|(_, it)| it.upheld.is_none()).map(|(_, it)| it.act);
            let (outcome, challenge) = match (first(GROUND), waits) {
                ("upheld", Some(challenge)) => (RuleOutcome::Upheld, Some(challenge)),
                ("not-upheld", Some(challenge)) => (RuleOutcome::NotUpheld, Some(challenge)),
                ("danger", _) => (RuleOutcome::Danger, None),
                // Of what nobody has said there is nothing to decide.
                _ => return Err(needed(GROUND)),
            };
            Body::Rule(body::Rule { exhibit, outcome, challenge })
        }
        Deed::Hold => Body::Hold(body::Hold { exhibit: exhibit()?.0, until: time(UNTIL)? }),
        Deed::Cut => {
            let named = cuttable(held).into_iter().find(|who| who.as_str() == first(WHOM)).cloned();
            let participant = named.ok_or_else(|| needed(WHOM))?;
            let (from, to) = (time(SINCE)?, time(UNTIL)?);
            if to <= from {
                return Err(lack(UNTIL, What::Value(Wrong::EndsFirst)));
            }
            Body::Cut(body::Cut { participant, from, to })
        }
        Deed::Destroy => {
            let ground = match first(GROUND) {
                "ended" => DestroyGround::Ended,
                "danger" => DestroyGround::Danger,
                _ => return Err(needed(GROUND)),
            };
            Body::Destroy(body::Destroy { exhibit: exhibit()?.0, ground })
        }
    };
    Ok((Written { body, annexes: Vec::new(), text, files, tier: Tier::Record }, receivers))
}

/// The fields that a form of it has.
pub(crate) fn fields(deed: Deed) -> Vec<&'static str> {
    let mut all = Vec::new();
    all.extend(deed.chooses().then_some(TO));
    all.extend((!deed.grounds().is_empty()).then_some(GROUND));
    all.extend((deed == Deed::Cut).then_some([WHOM, SINCE]).into_iter().flatten());
    all.extend(matches!(deed, Deed::Hold | Deed::Cut).then_some(UNTIL));
    all.extend((deed == Deed::Answer).then_some(TEXT));
    all.extend(deed.has_files().then_some(FILES));
    all
}

/// A deed that a draft is about.
pub(crate) fn named(deed: &Code) -> Option<Deed> {
    Deed::of(deed.as_str())
}
