//! What an opening or a step asks for, as its procedure says it, and how what people give becomes values: for whoever
//! asks, at a terminal or on a page. There is no law here, and no language.

mod read;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use act::body::Tier;
use act::value::{FieldValue, Fields, MatterRef, StrandName};
use docket::v1::few::Few;
use docket::v1::matter::participants;
use docket::v1::{Ledger, Matter, MatterKey, Replay};
use instrument::procedure::{Field, Holds, Must, Opens, Step};
use instrument::who::{Deciders, Group, Set};
use instrument::{Instrument, Procedure, Provision};
use terms::{Code, Instant, ParticipantId};

pub use read::{Wrong, annex, instant};

/// What values are chosen from: the register, the law, and what is known of the matter.
#[derive(Clone)]
pub struct Form<'a> {
    /// The register.
    pub replay: &'a Replay,
    /// The law that the matter runs under.
    pub instrument: &'a Instrument,
    /// Who opens the matter, or opened it.
    pub opener: ParticipantId,
    /// Fields that name its lives: each may have one value for each of them.
    pub lives: BTreeSet<Code>,
    /// The kinds of provision that it can be under; all, if empty.
    pub under: BTreeSet<Code>,
    /// The matter itself, which no field of it names.
    pub itself: Option<MatterRef>,
    /// The time now.
    pub now: Instant,
    /// The values so far.
    pub fields: Fields,
}

/// A field that is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// Its name.
    pub name: &'a Code,
    /// What it takes.
    pub field: &'a Field,
    /// Whether it has to be given.
    pub is_needed: bool,
}

/// How many matters are looked at for a list of those that a field can name.
const LOOKED_AT: usize = 2000;

/// Something that a value can be.
#[derive(Clone, Debug)]
pub enum One<'a> {
    /// A code of a list.
    Code(&'a Code),
    /// A participant.
    Participant(ParticipantId),
    /// A provision.
    Provision(&'a Code, &'a Provision),
    /// An area, and who is responsible for it.
    Area(&'a Code, &'a ParticipantId),
    /// A matter.
    Matter(&'a Matter),
}

impl One<'_> {
    /// The word for it that [`Form::read`] takes.
    #[must_use]
    pub fn word(&self) -> String {
        match self {
            One::Code(code) | One::Provision(code, _) | One::Area(code, _) => code.to_string(),
            One::Participant(who) => who.to_string(),
            One::Matter(matter) => matter.reference.to_string(),
        }
    }
}

impl<'a> Form<'a> {
    /// For a matter that somebody opens.
    #[must_use]
    pub fn of_opening(
        replay: &'a Replay,
        procedure: &Procedure,
        opener: ParticipantId,
        now: Instant,
    ) -> Form<'a> {
        Form {
            replay,
            instrument: replay.instrument(),
            opener,
            lives: procedure.strands.iter().cloned().collect(),
            under: procedure.under.clone(),
            itself: None,
            now,
            fields: Fields::new(),
        }
    }

    /// For a step in strands of a matter.
    #[must_use]
    pub fn of_step(replay: &'a Replay, matter: &'a Matter, strands: &[StrandName], now: Instant) -> Form<'a> {
        Form {
            replay,
            instrument: &matter.law.instrument,
            opener: matter.opener.clone(),
            lives: BTreeSet::new(),
            under: BTreeSet::new(),
            itself: Some(matter.id),
            now,
            fields: stands(matter, strands)
                .iter()
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect(),
        }
    }

    /// Keeps a value in mind: later fields may rest on it.
    pub fn learn(&mut self, name: &Code, value: &FieldValue) {
        self.fields.insert(name.clone(), value.clone());
    }

    /// Who is in a set, as far as is known.
    #[must_use]
    pub fn members(&self, set: &Set) -> BTreeSet<ParticipantId> {
        match set {
            Set::Opener => BTreeSet::from([self.opener.clone()]),
            Set::Field(field) => participants(self.fields.get(field)),
            set => self.instrument.members(set).into_iter().cloned().collect(),
        }
    }

    fn group(&self, group: Option<&Group>) -> BTreeSet<ParticipantId> {
        let Some(group) = group else { return self.instrument.participants.keys().cloned().collect() };
        let but = group.but.as_ref().map(|but| self.members(but)).unwrap_or_default();
        self.members(&group.set).into_iter().filter(|who| !but.contains(who)).collect()
    }

    /// Whether a field may have several values.
    #[must_use]
    pub fn may_be_several(&self, name: &Code, field: &Field) -> bool {
        field.several || self.lives.contains(name)
    }

    /// All that a value can be; nothing where it is not chosen from a list. Of matters only so many, the last opened first,
    /// and of the last two thousand: any other is named by its reference.
    #[must_use]
    pub fn choices(&self, field: &'a Field, matters_max: usize) -> Option<Vec<One<'a>>> {
        Some(match &field.holds {
            Holds::Codes(codes) => codes.iter().map(One::Code).collect(),
            Holds::Participant(group) => {
                self.group(group.as_ref()).into_iter().map(One::Participant).collect()
            }
            Holds::Provision => self.provisions(),
            Holds::Area => {
                let areas = self.instrument.areas.iter();
                areas.map(|(name, area)| One::Area(name, &area.participant)).collect()
            }
            Holds::Matter { kind, states } => {
                let settlement = self.replay.settlement();
                let all: Vec<MatterKey> = match kind {
                    Some(kind) => settlement.matters_of(kind).rev().take(LOOKED_AT).collect(),
                    None => settlement.matters().keys().rev().take(LOOKED_AT).copied().collect(),
                };
                let fits = |key: &MatterKey| {
                    let matter = settlement.matters().lend(key);
                    matter.is_some_and(|matter| self.takes(&matter, kind.as_ref(), states).is_ok())
                };
                let fitting = all.into_iter().filter(fits).take(matters_max);
                fitting.filter_map(|key| settlement.matters().get(&key)).map(One::Matter).collect()
            }
            Holds::Count | Holds::Instant | Holds::Window | Holds::Place | Holds::Text => return None,
        })
    }

    /// The provisions that it can be under, of those that bind the bearer if there is one.
    fn provisions(&self) -> Vec<One<'a>> {
        let bearers =
            Code::new("bearer").map(|name| participants(self.fields.get(&name))).unwrap_or_default();
        let fits = |provision: &Provision| {
            (self.under.is_empty() || self.under.contains(&provision.kind))
                && bearers.iter().all(|bearer| provision.bearers.contains(bearer))
        };
        let all = self.instrument.provisions.iter().filter(|(_, provision)| fits(provision));
        all.map(|(name, provision)| One::Provision(name, provision)).collect()
    }

    /// That a field may name a matter: none without prejudice, since nobody cites those.
    fn takes(&self, matter: &Matter, kind: Option<&Code>, states: &BTreeSet<Code>) -> Result<(), Wrong> {
        let reference = matter.reference.to_string();
        if Some(matter.id) == self.itself {
            Err(Wrong::Itself)
        } else if matter.tier == Tier::WithoutPrejudice {
            Err(Wrong::NotCitable(reference))
        } else if let Some(kind) = kind.filter(|kind| matter.kind != **kind) {
            Err(Wrong::OtherKind(reference, kind.clone()))
        } else if !states.is_empty() && !matter.strands.values().any(|life| states.contains(&life.state)) {
            Err(Wrong::OtherState(reference, states.iter().cloned().collect()))
        } else {
            Ok(())
        }
    }
}

/// The fields of a procedure as people tell a thing: those that name its lives, what, who, when, where, the rest.
#[must_use]
pub fn in_order(procedure: &Procedure) -> Vec<(&Code, &Field)> {
    let rank = |name: &Code, field: &Field| match &field.holds {
        _ if procedure.strands.contains(name) => 0,
        Holds::Codes(_) if name.as_str() == "kind" => 1,
        Holds::Participant(_) => 2,
        Holds::Provision => 3,
        Holds::Instant | Holds::Window => 4,
        Holds::Place | Holds::Area => 5,
        Holds::Codes(_) | Holds::Count | Holds::Text | Holds::Matter { .. } => 6,
    };
    let own = |name: &Code| procedure.strands.iter().position(|strand| strand == name);
    let mut fields: Vec<(&Code, &Field)> = procedure.fields.iter().collect();
    fields.sort_by_key(|(name, field)| (rank(name, field), own(name)));
    fields
}

/// What an opening asks for: what is needed comes first.
#[must_use]
pub fn of_opening(procedure: &Procedure) -> Vec<Asked<'_>> {
    let fields = in_order(procedure).into_iter().filter(|(name, _)| !procedure.comes_later(name));
    let mut asked: Vec<Asked<'_>> = fields
        .map(|(name, field)| Asked {
            name,
            field,
            is_needed: !field.optional || procedure.strands.contains(name),
        })
        .collect();
    asked.sort_by_key(|asked| !asked.is_needed);
    asked
}

/// What a step asks for with a choice, in some strands (all, if none is named), what it opens with it: what is needed
/// comes first.
#[must_use]
pub fn of_step<'m>(
    matter: &'m Matter,
    step: &Code,
    rule: &'m Step,
    choice: Option<&Code>,
    strands: &[StrandName],
) -> Vec<Asked<'m>> {
    let must = match &rule.must {
        Must::Always(fields) => Some(fields),
        Must::For(choices) => choice.and_then(|choice| choices.get(choice)),
    };
    // Values are those of the earliest voice; a later one need not repeat them.
    let mut named = matter.strands.iter().filter(|(name, _)| strands.is_empty() || strands.contains(name));
    let is_said = named.any(|(_, life)| {
        life.voices
            .get(step)
            .is_some_and(|voices| voices.values().any(|voice| voice.choice.as_ref() == choice))
    });
    let mut asked: Vec<Asked<'m>> = Vec::new();
    for (name, field) in in_order(&matter.procedure) {
        if rule.fields.contains(name) {
            let is_needed = must.is_some_and(|must| must.contains(name)) && !is_said;
            asked.push(Asked { name, field, is_needed });
        }
    }
    let kind = match &rule.opens {
        Opens::Nothing => None,
        Opens::Always(kind) => Some(kind),
        Opens::For(kinds) => choice.and_then(|choice| kinds.get(choice)),
    };
    if let Some(child) = kind.and_then(|kind| matter.law.procedure(kind)) {
        let stands = stands(matter, strands);
        for (name, field) in in_order(child) {
            let parent =
                matches!(&field.holds, Holds::Matter { kind: Some(kind), .. } if *kind == matter.kind);
            let copied = stands.contains_key(name) || matter.procedure.strands.contains(name);
            let is_asked = !parent && !copied && !child.comes_later(name);
            if is_asked && !asked.iter().any(|known| known.name == name) {
                asked.push(Asked { name, field, is_needed: !field.optional });
            }
        }
    }
    asked.sort_by_key(|asked| !asked.is_needed);
    asked
}

/// What an entry of a matter can be corrected in: what it gave, but for texts and what names a life; nothing has to be given.
/// `step` is what it took; none if it opened the matter.
#[must_use]
pub fn of_correction<'m>(matter: &'m Matter, step: Option<&Code>) -> Vec<Asked<'m>> {
    let procedure = &matter.procedure;
    let gave = |name: &Code| match step {
        None => !procedure.comes_later(name),
        Some(step) => procedure.step(step).is_some_and(|rule| rule.fields.contains(name)),
    };
    let all = in_order(procedure).into_iter().filter(|(name, field)| {
        gave(name) && field.holds != Holds::Text && !procedure.strands.contains(name)
    });
    all.map(|(name, field)| Asked { name, field, is_needed: false }).collect()
}

/// The fields of a matter as the first of these strands sees them.
fn stands<'m>(matter: &'m Matter, strands: &[StrandName]) -> Cow<'m, Few<Code, FieldValue>> {
    let first = strands.first().or_else(|| matter.strands.keys().next());
    first.map_or(Cow::Borrowed(&matter.fields), |strand| matter.fields_of(strand))
}

/// Whether a participant may open a matter of a kind, as far as can be said before a field names anybody.
#[must_use]
pub fn may_open(instrument: &Instrument, who: &ParticipantId, by: &Deciders) -> bool {
    by.0.iter().all(|item| {
        // Who is named in a field may be anybody: that is seen once it is filled.
        let of = |set: &Set| match set {
            Set::Field(_) => instrument.members(&Set::Everyone).contains(who),
            set => instrument.members(set).contains(who),
        };
        of(&item.of.set) && !item.of.but.as_ref().is_some_and(|but| but.field().is_none() && of(but))
    })
}

/// Who opens what is handed over, as the procedure says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Receivers {
    /// Those who have a key that a grant can be sealed to.
    pub can: Vec<ParticipantId>,
    /// Those who have none on record.
    pub cannot: Vec<ParticipantId>,
}

/// Whom a procedure names to open what `me` hands over in a matter; not itself, who always can.
#[must_use]
pub fn receivers(ledger: &Ledger, me: &ParticipantId, procedure: &Procedure, form: &Form<'_>) -> Receivers {
    let named = procedure.seen_by.iter().flat_map(|set| form.members(set));
    let all: BTreeSet<ParticipantId> = named.filter(|who| who != me).collect();
    let (can, cannot) = all.into_iter().partition(|who| ledger.recipients_of(who).next().is_some());
    Receivers { can, cannot }
}

/// A matter by what people and acts call it: its reference, or the id of the act that opened it.
#[must_use]
pub fn find<'r>(replay: &'r Replay, text: &str) -> Option<(MatterKey, &'r Matter)> {
    if let Ok(named) = text.parse::<MatterRef>() {
        return replay.settlement().matter(&named);
    }
    let reference = terms::Reference::parse(&text.to_uppercase())?;
    let mut all = replay.settlement().matters().iter();
    let (key, _) = all.find(|(_, matter)| matter.reference == reference)?;
    Some((*key, replay.settlement().matters().get(key)?))
}

/// The values of what was asked, in the order in which they were asked, as far as each can be read; and what is wrong
/// with the others. `given` has what was typed, by field: nothing for what was left out.
pub fn fill(
    form: &mut Form<'_>,
    asked: &[Asked<'_>],
    given: &BTreeMap<Code, Vec<String>>,
) -> (Fields, Vec<(Code, Wrong)>) {
    let (mut fields, mut wrongs) = (Fields::new(), Vec::new());
    for Asked { name, field, is_needed } in asked {
        let parts: Vec<&str> = given
            .get(*name)
            .map(|parts| parts.iter().map(|part| part.trim()).filter(|part| !part.is_empty()).collect())
            .unwrap_or_default();
        if parts.is_empty() {
            if *is_needed {
                wrongs.push(((*name).clone(), Wrong::Needed));
            }
            continue;
        }
        match form.read(name, field, &parts) {
            Ok(value) => {
                form.learn(name, &value);
                fields.insert((*name).clone(), value);
            }
            Err(wrong) => wrongs.push(((*name).clone(), wrong)),
        }
    }
    (fields, wrongs)
}
