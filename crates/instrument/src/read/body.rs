//! `[body.X]`, `[provision.X]`, `[relief]` and `[transcription]`.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use terms::{Code, ParticipantId, Seconds};

use super::fields::{Fields, Value};
use super::participant::Seat;
use super::who::{Known, deciders, number};
use super::{Notes, basis_of, by_language, known};
use crate::fault::{Fault, did_you_mean, shown};
use crate::model::{Basis, Provision, Transcription};
use crate::procedure::{Extend, Relief};
use crate::who::{Body, Count, Rule};

/// The names of bodies, before any of them is read: they name each other's words.
pub(super) fn names(
    table: &[(&str, Value<'_>)],
    seats: &BTreeMap<ParticipantId, Seat>,
    notes: &mut Notes<'_>,
) -> BTreeSet<Code> {
    let mut names = BTreeSet::new();
    for (key, value) in table {
        let Some(name) = name_but(&terms::name::RESERVED, key, value, notes) else { continue };
        if seats.keys().any(|id| id.as_str() == name.as_str()) {
            let message = format!("`{name}` is a participant and a body");
            let help = "one name, one thing: call one of them otherwise".to_owned();
            notes.wrong("instrument::twice_a_name", value.key_span(), message, help);
        } else {
            names.insert(name);
        }
    }
    names
}

/// A name that people choose.
pub(super) fn name_read(key: &str, value: &Value<'_>, notes: &mut Notes<'_>) -> Option<Code> {
    let code = Code::new(key);
    if code.is_none() {
        notes.add(Fault::UnreadableName { name: key.to_owned() }, &[value.key_span()]);
    }
    code
}

/// The same where some words mean something.
pub(super) fn name_but(
    reserved: &[&str],
    key: &str,
    value: &Value<'_>,
    notes: &mut Notes<'_>,
) -> Option<Code> {
    if reserved.contains(&key) {
        notes.add(Fault::ReservedName { name: key.to_owned() }, &[value.key_span()]);
        return None;
    }
    name_read(key, value, notes)
}

pub(super) fn bodies(
    table: Vec<(&str, Value<'_>)>,
    names: &BTreeSet<Code>,
    above: Basis,
    seats: &BTreeMap<ParticipantId, Seat>,
    notes: &mut Notes<'_>,
) -> BTreeMap<Code, Body> {
    let words = Known { seats, bodies: names, fields: BTreeSet::new(), matter: false };
    let mut bodies = BTreeMap::new();
    let mut spans = BTreeMap::new();
    for (key, value) in table {
        let Some(name) = Code::new(key).filter(|name| names.contains(name)) else { continue };
        let span = value.key_span();
        let Some(body) = value.table(notes).and_then(|fields| body_read(fields, above, &words, notes)) else {
            continue;
        };
        spans.insert(name.clone(), span);
        bodies.insert(name, body);
    }
    circles(&bodies, &spans, notes);
    bodies
}

/// A body that decides, or meets, by its own decision never does.
fn circles(bodies: &BTreeMap<Code, Body>, spans: &BTreeMap<Code, Range<usize>>, notes: &mut Notes<'_>) {
    let asks = |body: &Body| -> Vec<Code> {
        let rule = match &body.decides {
            Rule::Items(items) => Some(items),
            Rule::Members(_) => None,
        };
        let items = rule.into_iter().chain(&body.quorum).flat_map(|items| &items.0);
        let by_rule = items.filter(|item| matches!(item.count, Count::Rule | Count::Quorum));
        by_rule.filter_map(|item| item.of.set.body().cloned()).collect()
    };
    for (name, span) in spans {
        let mut asked = BTreeSet::new();
        let mut new: Vec<Code> = bodies.get(name).map(asks).unwrap_or_default();
        while let Some(other) = new.pop() {
            if asked.insert(other.clone()) {
                new.extend(bodies.get(&other).map(asks).unwrap_or_default());
            }
        }
        if asked.contains(name) {
            let message = format!("`{name}` would decide by its own decision");
            let help =
                "let its rule ask members, by name or as `any of` a set, and no body that asks it back";
            notes.wrong("instrument::bodies_in_circles", span.clone(), message, help.to_owned());
        }
    }
}

fn body_read(mut fields: Fields<'_>, above: Basis, words: &Known<'_>, notes: &mut Notes<'_>) -> Option<Body> {
    let basis = basis_of(&mut fields, above, notes);
    let members = fields
        .needed("members", "members = [\"…\"]", notes)
        .and_then(|value| participants(&value, words.seats, notes));
    let chair = fields.optional("chair").and_then(|value| {
        let chair = participant(&value, words.seats, notes)?;
        if members.as_ref().is_some_and(|members| !members.contains(&chair)) {
            let message = format!("`{chair}` chairs it, and is no member");
            let help = "add it to `members`, or name a member".to_owned();
            notes.wrong("instrument::chair_outside", value.span(), message, help);
        }
        Some(chair)
    });
    let decides = fields.needed("decides", "decides = \"most\"", notes).and_then(|value| {
        let word = value.as_string();
        Some(match word.map(|word| (word, number(word))) {
            Some(("all", _)) => Rule::Members(Count::All),
            Some(("most", _)) => Rule::Members(Count::Most),
            Some((_, Some(number))) => Rule::Members(Count::Number(number)),
            Some(_) | None => Rule::Items(deciders(&value, words, notes)?),
        })
    });
    let quorum = fields.optional("quorum").and_then(|value| deciders(&value, words, notes));
    fields.finish(notes);
    Some(Body { members: members?, chair, decides: decides?, quorum, basis })
}

/// A list of participants, none twice, at least one.
fn participants(
    value: &Value<'_>,
    seats: &BTreeMap<ParticipantId, Seat>,
    notes: &mut Notes<'_>,
) -> Option<Vec<ParticipantId>> {
    let mut first: BTreeMap<ParticipantId, Range<usize>> = BTreeMap::new();
    let mut all = Vec::new();
    let mut whole = true;
    for item in value.list(notes)? {
        let Some(id) = participant(&item, seats, notes) else {
            whole = false;
            continue;
        };
        if let Some(first) = first.get(&id) {
            notes.add(Fault::TwiceAName { name: id.to_string() }, &[item.span(), first.clone()]);
        } else {
            first.insert(id.clone(), item.span());
            all.push(id);
        }
    }
    if all.is_empty() && whole {
        let message = "nobody is named here".to_owned();
        notes.wrong("instrument::nobody", value.span(), message, "name at least one participant".to_owned());
    }
    (!all.is_empty()).then_some(all)
}

pub(super) fn participant(
    value: &Value<'_>,
    seats: &BTreeMap<ParticipantId, Seat>,
    notes: &mut Notes<'_>,
) -> Option<ParticipantId> {
    let word = value.string(notes)?;
    let id = ParticipantId::new(word).filter(|id| seats.contains_key(id));
    if id.is_none() {
        let fault = Fault::UnknownWho { word: word.to_owned(), known: known(seats.keys()) };
        notes.add(fault, &[value.span()]);
    }
    id
}

/// `[provision.X]`: what each bearer owes.
pub(super) fn provisions(
    table: Option<Fields<'_>>,
    (above, languages): (Basis, &[String]),
    seats: &BTreeMap<ParticipantId, Seat>,
    notes: &mut Notes<'_>,
) -> BTreeMap<Code, Provision> {
    let mut provisions = BTreeMap::new();
    for (key, value) in table.into_iter().flat_map(Fields::entries) {
        let name = name_read(key, &value, notes);
        let span = value.key_span();
        let Some(mut fields) = value.table(notes) else { continue };
        let basis = basis_of(&mut fields, above, notes);
        let kind = fields.needed("kind", "kind = \"obligation\"", notes).and_then(|value| {
            let word = value.string(notes)?;
            let kind = Code::new(word);
            if kind.is_none() {
                notes.add(Fault::UnreadableName { name: word.to_owned() }, &[value.span()]);
            }
            kind
        });
        let bearers = match fields.optional("bearers") {
            Some(value) if value.is_empty_list() => None,
            Some(value) => Some(participants(&value, seats, notes).unwrap_or_default()),
            None => None,
        };
        if bearers.is_none() {
            let message = format!("nobody owes the provision `{}`", shown(key));
            let help = "name its bearers, as `bearers = [\"…\"]`".to_owned();
            notes.missing_wrong("instrument::no_bearer", span, message, help);
        }
        let text = fields.needed("text", "text = \"…\"", notes).and_then(|value| value.paragraph(notes));
        let mut texts = BTreeMap::new();
        for (tag, value) in by_language(&mut fields, "texts", languages, notes) {
            texts.extend(value.paragraph(notes).map(|text| (tag, text)));
        }
        let not_invoked =
            fields.optional("not_invoked").and_then(|value| value.boolean(notes)).unwrap_or(false);
        fields.finish(notes);
        if let (Some(name), Some(kind), Some(bearers), Some(text)) = (name, kind, bearers, text) {
            provisions.insert(name, Provision { kind, bearers, text, texts, basis, not_invoked });
        }
    }
    provisions
}

/// `[relief]`: who may give more time, and how much.
pub(super) fn relief(table: Option<Fields<'_>>, words: &Known<'_>, notes: &mut Notes<'_>) -> Relief {
    let Some(mut fields) = table else { return Relief::default() };
    let bounded = |value: Value<'_>, times: bool, notes: &mut Notes<'_>| {
        let span = value.key_span();
        let mut fields = value.table(notes)?;
        let by = fields
            .needed("by", "by = \"any of guarantors\"", notes)
            .and_then(|value| deciders(&value, words, notes));
        let most = super::calendar::length(&mut fields, "most", notes).map(|(most, _)| most);
        let number =
            if times { fields.optional("times").and_then(|value| value.count(notes)) } else { Some(1) };
        fields.finish(notes);
        let missing = match (most, number) {
            (None | Some(Seconds(0)), _) => Some("`most = \"72h\"`"),
            (_, None | Some(0)) => Some("`times = 1`"),
            _ => None,
        };
        if let Some(missing) = missing {
            let message = "this relief has no bound".to_owned();
            let help = format!("add {missing}: relief without a bound is a new negotiation");
            notes.missing_wrong("instrument::relief_without_bound", span, message, help);
        }
        Some((by?, most?, number?))
    };
    let extend = fields.optional("extend").and_then(|value| bounded(value, true, notes));
    let suspend = fields.optional("suspend").and_then(|value| bounded(value, false, notes));
    let cut = fields.optional("cut").and_then(|value| bounded(value, false, notes));
    let set_aside = fields.optional("set-aside").and_then(|value| {
        let mut fields = value.table(notes)?;
        let by = fields
            .needed("by", "by = \"all of guarantors\"", notes)
            .and_then(|value| deciders(&value, words, notes));
        fields.finish(notes);
        by
    });
    fields.finish(notes);
    Relief {
        extend: extend.map(|(by, most, times)| Extend { by, most, times }),
        suspend: suspend.map(|(by, most, _)| (by, most)),
        cut: cut.map(|(by, most, _)| (by, most)),
        set_aside,
    }
}

/// `[transcription]`: who writes down what another says and will not log in to say.
pub(super) fn transcription(
    table: Option<Fields<'_>>,
    seats: &BTreeMap<ParticipantId, Seat>,
    notes: &mut Notes<'_>,
) -> Option<Transcription> {
    let mut fields = table?;
    let by = fields
        .needed("by", "by = \"secretariat\"", notes)
        .and_then(|value| participant(&value, seats, notes));
    let whom = fields.needed("for", "for = [\"…\"]", notes);
    let on_behalf_of = whom.as_ref().and_then(|value| participants(value, seats, notes));
    fields.finish(notes);
    let (by, on_behalf_of) = (by?, on_behalf_of?);
    if let Some(value) = whom.filter(|_| on_behalf_of.contains(&by)) {
        let message = format!("`{by}` would write down what it says itself");
        let help = "leave it out of `for`: it signs what it says".to_owned();
        notes.wrong("instrument::for_itself", value.span(), message, help);
    }
    Some(Transcription { by, on_behalf_of: on_behalf_of.into_iter().collect() })
}

/// The words of a closed list that there are, for whoever mistyped one.
pub(super) fn one_of<W: Copy>(
    code: &'static str,
    value: &Value<'_>,
    what: &str,
    all: &[(&'static str, W)],
    notes: &mut Notes<'_>,
) -> Option<W> {
    let word = value.string(notes)?;
    let found = all.iter().find(|(known, _)| *known == word);
    if found.is_none() {
        let known: Vec<String> = all.iter().map(|(known, _)| (*known).to_owned()).collect();
        let message = format!("unknown {what} `{}`", shown(word));
        notes.wrong(code, value.span(), message, did_you_mean(word, &known));
    }
    found.map(|(_, word)| *word)
}
