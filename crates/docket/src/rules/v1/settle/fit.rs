//! What fields and files may say (PROCEDURE §2, §3, 4.1).

use std::collections::{BTreeMap, BTreeSet};

use act::body::Tier as ActTier;
use act::value::{FieldValue, Fields, File, GrantRef, MatterRef, StrandName, Word};
use instrument::Procedure;
use instrument::procedure::{Field, Holds};
use instrument::who::Set;
use terms::{Code, ParticipantId};

use super::opening::nobody;
use super::{Context, Settlement, VoidReason};
use crate::rules::v1::few::Few;
use crate::rules::v1::law::Law;
use crate::rules::v1::matter::{Matter, Slot, Strand, participants, words};

impl Settlement {
    /// Whether each value is of its field's kind: where that depends on the strand, in one of these.
    pub(super) fn check_fields<'f>(
        &self,
        fields: impl IntoIterator<Item = (&'f Code, &'f FieldValue)>,
        matter: &Matter,
        strands: &[StrandName],
    ) -> Result<(), VoidReason> {
        for (name, value) in fields {
            let field = matter.procedure.fields.get(name).ok_or(VoidReason::Form)?;
            // A field that names strands may have one value for each of them.
            let several = field.several || matter.procedure.strands.contains(name);
            let alone = !field.several;
            if !self.fits(field, (several, alone), value, matter, strands) {
                return Err(VoidReason::Form);
            }
        }
        Ok(())
    }

    /// Whether a matter is whole, as each of these strands sees it, with these fields in the place of its own: those that
    /// it has and that depend on one which changes, too. What does not change was judged when it was given.
    pub(super) fn check_changed(
        &self,
        given: &Fields,
        filled: &Fields,
        matter: &Matter,
        whose: Whose<'_>,
    ) -> Result<(), VoidReason> {
        if given.is_empty() && filled.is_empty() {
            return Ok(());
        }
        let strands = whose.strands(matter);
        for name in &strands {
            let whole = with(matter, name, filled);
            let before = matter.fields_of(name);
            let changed: BTreeSet<&Code> = whole
                .fields
                .iter()
                .filter(|(name, value)| before.get(name) != Some(*value))
                .map(|(name, _)| name)
                .collect();
            let alone = std::slice::from_ref(name);
            let judged = if matches!(whose, Whose::Matter) { &strands[..] } else { alone };
            self.check_fields(given, &whole, judged)?;
            let follows = |field: &Field, value: &FieldValue| self.depends_on(field, value, &changed);
            let own = matter.strands.get(name).map(Strand::fields);
            for (name, value) in whole.fields.iter() {
                let field = matter.procedure.fields.get(name);
                if !changed.contains(name) && field.is_some_and(|field| follows(field, value)) {
                    let is_own = own.is_some_and(|own| own.contains_key(name));
                    self.check_fields([(name, value)], &whole, if is_own { alone } else { judged })?;
                }
            }
            if changed.iter().any(|name| binds(matter, name))
                && !provisions_bind((&matter.procedure, &matter.law), &whole.fields, [name])
            {
                return Err(VoidReason::Form);
            }
        }
        Ok(())
    }

    /// Keeps of these fields those that can go back to what stood in them: none by which what was given `since` the first
    /// of them, and stays, would fit no more. What is older fitted what stood then. Gives those that can't.
    pub(super) fn retain_fitting(
        &self,
        changes: &mut Changes,
        matter: &Matter,
        since: &BTreeSet<Slot>,
    ) -> BTreeSet<Slot> {
        let mut all = BTreeSet::new();
        while let Some(misfits) =
            matter.strands.keys().find_map(|strand| self.misfits(changes, matter, since, strand))
        {
            changes.retain(|slot, _| !misfits.contains(slot));
            all.extend(misfits);
        }
        all
    }

    /// Of these fields, those because of which something would not fit, as a strand sees it; at least one, if anything.
    fn misfits(
        &self,
        changes: &Changes,
        matter: &Matter,
        since: &BTreeSet<Slot>,
        strand: &StrandName,
    ) -> Option<BTreeSet<Slot>> {
        let is_seen = |slot: &&Slot| slot.own.as_ref().is_none_or(|own| own == strand);
        let changed: BTreeSet<&Code> = changes.keys().filter(is_seen).map(|slot| &slot.field).collect();
        let since: BTreeSet<&Code> = since.iter().filter(is_seen).map(|slot| &slot.field).collect();
        if changed.is_empty() {
            return None;
        }
        let mut whole = with(matter, strand, &Fields::new());
        whole.fields = changed_fields(matter, strand, changes);
        let slots = |names: BTreeSet<&Code>| -> BTreeSet<Slot> {
            changes.keys().filter(is_seen).filter(|slot| names.contains(&slot.field)).cloned().collect()
        };
        for (name, value) in whole.fields.iter() {
            let Some(field) = matter.procedure.fields.get(name) else { continue };
            let on = |other: &&Code| self.depends_on(field, value, &BTreeSet::from([*other]));
            let because: BTreeSet<&Code> = match changed.contains(name) {
                true => since.iter().copied().find(on).map(|_| name).into_iter().collect(),
                false if since.contains(name) => changed.iter().copied().filter(on).collect(),
                false => continue,
            };
            let fits = || self.check_fields([(name, value)], &whole, std::slice::from_ref(strand)).is_ok();
            if !because.is_empty() && !fits() {
                return Some(slots(because));
            }
        }
        let because: BTreeSet<&Code> = changed.iter().copied().filter(|name| binds(matter, name)).collect();
        let may_differ = !because.is_empty() && since.iter().any(|name| binds(matter, name));
        let bind = || provisions_bind((&matter.procedure, &matter.law), &whole.fields, [strand]);
        (may_differ && !bind()).then(|| slots(because))
    }

    /// Whether a field's value fits or not by the values of these others.
    fn depends_on(&self, field: &Field, value: &FieldValue, others: &BTreeSet<&Code>) -> bool {
        let is_other = |set: &Set| matches!(set, Set::Field(name) if others.contains(name));
        match &field.holds {
            Holds::Participant(Some(group)) => {
                is_other(&group.set) || group.but.as_ref().is_some_and(is_other)
            }
            Holds::Matter { states, .. } if !states.is_empty() => {
                let found =
                    words(Some(value)).filter_map(|word| self.matters.get(&self.key_of(&named_by(word)?)?));
                found.flat_map(|found| &found.procedure.strands).any(|name| others.contains(name))
            }
            _ => false,
        }
    }

    fn fits(
        &self,
        field: &Field,
        (several, alone): (bool, bool),
        value: &FieldValue,
        matter: &Matter,
        strands: &[StrandName],
    ) -> bool {
        let stands =
            |found: &Matter, states: &BTreeSet<Code>| stands_in(found, states, matter, strands.iter());
        let named = |reference: MatterRef, kind: &Option<Code>, states: &BTreeSet<Code>| {
            let Some(key) = self.key_of(&reference).filter(|_| reference != matter.id) else {
                return false;
            };
            self.matters.get(&key).is_some_and(|found| {
                kind.as_ref().is_none_or(|kind| found.kind == *kind)
                    && (states.is_empty() || stands(found, states))
            })
        };
        let number = |code: &Code| code.as_str().bytes().all(|b| b.is_ascii_digit());
        let word = |word: &Word| match (&field.holds, word) {
            // Several numbers are words of digits.
            (Holds::Count, Word::Code(code)) => several && !alone && number(code),
            (Holds::Codes(codes), Word::Code(code)) => codes.contains(code),
            (Holds::Provision, Word::Code(code)) => matter.law.instrument.provisions.contains_key(code),
            (Holds::Area, Word::Code(code)) => matter.law.instrument.areas.contains_key(code),
            (Holds::Instant, Word::Instant(_)) => true,
            (Holds::Participant(group), Word::Code(code)) => {
                ParticipantId::new(code.as_str()).is_some_and(|who| match group {
                    Some(group) => strands.iter().any(|strand| matter.is_in(&who, group, strand)),
                    None => matter.law.role(&who).is_some(),
                })
            }
            (Holds::Matter { kind, states }, Word::Hash(_) | Word::Item(_)) => {
                named_by(word).is_some_and(|reference| named(reference, kind, states))
            }
            _ => false,
        };
        match value {
            FieldValue::One(one) => alone && word(one),
            FieldValue::Several(words) => several && !words.is_empty() && words.iter().all(word),
            FieldValue::Count(_) => matches!(field.holds, Holds::Count),
            FieldValue::Window(_) => matches!(field.holds, Holds::Window),
            FieldValue::Place(_) => matches!(field.holds, Holds::Place),
            FieldValue::Annex(_) => matches!(field.holds, Holds::Text),
        }
    }

    /// A matter without prejudice shows what is handed over in it to nobody but those whom its procedure names
    /// (PROCEDURE 4.11).
    pub(super) fn check_seen<'a, 'g>(
        matter: &Matter,
        strands: impl IntoIterator<Item = &'a StrandName>,
        grants: impl IntoIterator<Item = &'g GrantRef>,
    ) -> Result<(), VoidReason> {
        if matter.tier == ActTier::Record {
            return Ok(());
        }
        let strands: Vec<&StrandName> = strands.into_iter().collect();
        let sees = |who: &ParticipantId| {
            *who == matter.opener
                || matter.procedure.seen_by.iter().any(|set| {
                    matter.is_one(who, set, &nobody())
                        || strands.iter().any(|strand| matter.is_one(who, set, strand))
                })
        };
        if grants.into_iter().all(|grant| sees(&grant.to)) { Ok(()) } else { Err(VoidReason::Form) }
    }

    /// No act cites what is without prejudice.
    pub(super) fn check_citable<'f>(
        &self,
        mut values: impl Iterator<Item = &'f FieldValue>,
    ) -> Result<(), VoidReason> {
        let prejudice = |word: &Word| {
            let matter = match word {
                Word::Hash(hash) => self.key_of(&MatterRef::Opened(terms::ActId(*hash))),
                Word::Item(item) => {
                    let filed_in = self.exhibits.get(item).and_then(|exhibit| exhibit.matter);
                    filed_in.or_else(|| self.key_of(&MatterRef::ByStep(*item)))
                }
                Word::Code(_) | Word::Instant(_) => None,
            };
            matter.and_then(|key| self.matters.get(&key)).is_some_and(|matter| matter.tier != ActTier::Record)
        };
        if values.any(|value| words(Some(value)).any(prejudice)) {
            return Err(VoidReason::NotCitable);
        }
        Ok(())
    }
}

/// Whether what provisions bind hangs on a field.
fn binds(matter: &Matter, name: &Code) -> bool {
    let field = matter.procedure.fields.get(name);
    name.as_str() == "bearer" || field.is_some_and(|field| matches!(field.holds, Holds::Provision))
}

/// Slots that get other values, or none.
pub(super) type Changes = BTreeMap<Slot, Option<FieldValue>>;

/// Whose fields get other values.
#[derive(Clone, Copy)]
pub(super) enum Whose<'a> {
    /// The whole matter's.
    Matter,
    /// Of these strands, each its own.
    Strands(&'a [StrandName]),
}

impl Whose<'_> {
    /// The strands that see them.
    pub(super) fn strands(self, matter: &Matter) -> Vec<StrandName> {
        match self {
            Whose::Matter => matter.strands.keys().cloned().collect(),
            Whose::Strands(strands) => strands.to_vec(),
        }
    }
}

/// The fields for which `keep` says so.
pub(super) fn only(fields: &Fields, keep: impl Fn(&Code) -> bool) -> Fields {
    fields.iter().filter(|(name, _)| keep(name)).map(|(name, value)| (name.clone(), value.clone())).collect()
}

/// The fields of a matter as a strand sees them, after these changes.
fn changed_fields(matter: &Matter, strand: &StrandName, changes: &Changes) -> Few<Code, FieldValue> {
    let own = matter.strands.get(strand).map(Strand::fields);
    let (mut fields, mut own) = (matter.fields.clone(), own.cloned().unwrap_or_default());
    for (slot, value) in changes {
        let fields = match &slot.own {
            None => &mut fields,
            Some(other) if other == strand => &mut own,
            Some(_) => continue,
        };
        match value {
            Some(value) => _ = fields.insert(slot.field.clone(), value.clone()),
            None => _ = fields.remove(&slot.field),
        }
    }
    for (name, value) in own.iter() {
        fields.insert(name.clone(), value.clone());
    }
    fields
}

/// A matter as one of its strands sees it, with other values in its fields, and without its lives: what fields may say
/// is judged by it.
pub(super) fn with(matter: &Matter, strand: &StrandName, fields: &Fields) -> Matter {
    let mut all = matter.fields_of(strand).into_owned();
    for (name, value) in fields {
        all.insert(name.clone(), value.clone());
    }
    Matter {
        id: matter.id,
        reference: matter.reference.clone(),
        kind: matter.kind.clone(),
        law: matter.law.clone(),
        procedure: matter.procedure.clone(),
        opener: matter.opener.clone(),
        tier: matter.tier,
        opened: matter.opened,
        fields: all,
        strands: Few::new(),
        said: Few::new(),
        withdrawn: Vec::new(),
        withdrew: Few::new(),
        parent: None,
        disowned: matter.disowned,
        filled: Vec::new(),
    }
}

/// The matter that a word may name.
fn named_by(word: &Word) -> Option<MatterRef> {
    match word {
        Word::Hash(hash) => Some(MatterRef::Opened(terms::ActId(*hash))),
        Word::Item(item) => Some(MatterRef::ByStep(*item)),
        Word::Code(_) | Word::Instant(_) => None,
    }
}

/// Whether a matter stands in one of these states, for whom another names it: a strand of it for each combination of the
/// other's own values of the fields that name its strands, and of those that name strands of both as the other's strands
/// have them; any, if the other has none of these fields.
fn stands_in<'a>(
    found: &Matter,
    states: &BTreeSet<Code>,
    other: &Matter,
    others: impl Iterator<Item = &'a StrandName>,
) -> bool {
    // Where a strand of this one and one of the other have the same field, and where the other's fields have values.
    let mut same: Vec<(usize, usize)> = Vec::new();
    let mut given: Vec<(usize, BTreeSet<String>)> = Vec::new();
    for (place, field) in found.procedure.strands.iter().enumerate() {
        if let Some(own) = other.procedure.strands.iter().position(|name| name == field) {
            same.push((place, own));
        } else if let Some(value) = other.fields.get(field) {
            given.push((place, words(Some(value)).map(Word::to_string).collect()));
        }
    }
    let mut standing: BTreeMap<Vec<&str>, BTreeSet<Vec<&str>>> = BTreeMap::new();
    for (name, _) in found.strands.iter().filter(|(_, strand)| states.contains(&strand.state)) {
        let parts: Vec<&str> = name.as_str().split(':').collect();
        let part = |place: usize| parts.get(place).copied().unwrap_or_default();
        if given.iter().all(|(place, values)| values.contains(part(*place))) {
            let own = same.iter().map(|(place, _)| part(*place)).collect();
            standing.entry(own).or_default().insert(given.iter().map(|(place, _)| part(*place)).collect());
        }
    }
    let each = given.iter().fold(1_usize, |all, (_, values)| all.saturating_mul(values.len()));
    let stands = |name: &StrandName| {
        let parts: Vec<&str> = name.as_str().split(':').collect();
        let own: Vec<&str> =
            same.iter().map(|(_, place)| parts.get(*place).copied().unwrap_or_default()).collect();
        standing.get(&own).is_some_and(|combinations| combinations.len() == each)
    };
    let mut others = others.peekable();
    others.peek().is_some() && others.all(stands)
}

/// Whether the provisions that these fields name bind whom each strand is for, and are of kinds that the procedure can
/// be opened under (4.1).
pub(super) fn provisions_bind<'a>(
    (procedure, law): (&Procedure, &Law),
    fields: &Few<Code, FieldValue>,
    strands: impl IntoIterator<Item = &'a StrandName>,
) -> bool {
    let provisions = &law.instrument.provisions;
    let place_of = |field: &Code| procedure.strands.iter().position(|name| name == field);
    let bearer = Code::new("bearer");
    let good = |code: &str, bearers: &BTreeSet<ParticipantId>| {
        let provision = Code::new(code).and_then(|code| provisions.get(&code));
        provision.is_some_and(|provision| {
            (procedure.under.is_empty() || procedure.under.contains(&provision.kind))
                && bearers.iter().all(|bearer| provision.bearers.contains(bearer))
        })
    };
    let of_provisions: Vec<&Code> = procedure
        .fields
        .iter()
        .filter(|(_, field)| matches!(field.holds, Holds::Provision))
        .map(|(name, _)| name)
        .collect();
    strands.into_iter().all(|strand| {
        let parts: Vec<&str> = strand.as_str().split(':').collect();
        let part = |field: &Code| place_of(field).and_then(|place| parts.get(place));
        let own = bearer.as_ref().and_then(&part).and_then(|who| ParticipantId::new(who));
        let bearers = match own {
            Some(bearer) => BTreeSet::from([bearer]),
            None => participants(bearer.as_ref().and_then(|name| fields.get(name))),
        };
        of_provisions.iter().all(|name| match place_of(name) {
            Some(_) => part(name).is_some_and(|code| good(code, &bearers)),
            None => words(fields.get(*name)).all(|word| good(&word.to_string(), &bearers)),
        })
    })
}

/// Whether a field of participants names an excluded group. Other fields may: a group can be what a
/// report is about.
pub(super) fn names_excluded(
    procedure: &Procedure,
    fields: &Fields,
    context: Context<'_>,
) -> Result<(), VoidReason> {
    let of_participants = |name: &Code| {
        procedure.fields.get(name).is_some_and(|field| matches!(field.holds, Holds::Participant(_)))
    };
    let named = fields.iter().filter(|(name, _)| of_participants(name));
    let mut words = named.flat_map(|(_, value)| words(Some(value)));
    if words.any(|word| context.ledger.excluded.names(&word.to_string()).is_some()) {
        return Err(VoidReason::Excluded);
    }
    Ok(())
}

/// Whether a field of participants names a seat that nobody has taken.
pub(super) fn names_vacant(law: &Law, procedure: &Procedure, fields: &Fields, context: Context<'_>) -> bool {
    procedure
        .fields
        .iter()
        .filter(|(_, field)| matches!(field.holds, Holds::Participant(_)))
        .flat_map(|(name, _)| participants(fields.get(name)))
        .any(|who: ParticipantId| law.role(&who).is_some() && context.is_vacant(&who))
}

/// Whether a file is granted to a seat that nobody has taken.
pub(super) fn grants_vacant(files: &[File], context: Context<'_>) -> bool {
    files.iter().flat_map(|file| &file.grants).any(|grant| context.is_vacant(&grant.to))
}
