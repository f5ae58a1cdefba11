//! What is begun often, from the first page: by one press, and with what is known already. A draft that is begun with words from elsewhere on the private side.

use act::body::Tier;
use docket::v1::Matter;
use instrument::Procedure;
use instrument::procedure::{Effect, Holds};
use node::form::may_open;
use store::{About, DraftId, Part};
use terms::{Code, Instant, ParticipantId, Reference};

use super::agreement::drafts::is_text;
use super::fresh;
use super::path::of_kind;
use super::tray::Tray;
use crate::deed::cuttable;
use crate::desk::{Desk, Held};
use crate::people::must;
use crate::web::answer::Sorry;
use crate::web::asked::{Asked, Sent};
use crate::web::session::mark;
use crate::words::when::in_a_field;
use crate::words::{Reader, Who};
use crate::writing::{FIELD, TEXT, tier_word, tiers};

/// The field of a procedure that says when something happened, where it has one.
const TIME: &str = "time";

/// The kind of matter that a call is, and its fields: with whom, and by what.
pub(super) const CONTACT: &str = "contact";
const OTHER: &str = "other";
const CHANNEL: &str = "channel";

/// The other kinds that are begun often, as far as the agreement has them.
const OFTEN: [&str; 2] = ["incident", "notice"];

/// The kinds of matter that the participant may open: each with its title.
pub(super) fn kinds(reader: Reader<'_>) -> Vec<(Code, String)> {
    let instrument = reader.instrument();
    let may = instrument.procedures.iter().filter(|(_, it)| may_open(instrument, reader.me, &it.open.by));
    may.map(|(kind, procedure)| (kind.clone(), reader.title(procedure))).collect()
}

/// What the address of a form says that it is about: another matter, and a clause.
pub(super) const ABOUT: &str = "about";
pub(super) const CLAUSE: &str = "clause";

/// The field of an opening that names a matter of a kind, if it asks for one.
fn naming<'p>(procedure: &'p Procedure, kind: &Code) -> Option<&'p Code> {
    let is_it = |holds: &Holds| matches!(holds, Holds::Matter { kind: Some(of), .. } if of == kind);
    let mut all =
        procedure.fields.iter().filter(|(name, field)| is_it(&field.holds) && !procedure.comes_later(name));
    all.next().map(|(name, _)| name)
}

/// What can be opened about a matter by the participant: each with its form, in which the matter is filled in. What is
/// without prejudice is cited in nothing.
pub(super) fn about_it(reader: Reader<'_>, matter: &Matter) -> Vec<(String, String)> {
    if !reader.may.see(Part::Drafts) || matter.tier == Tier::WithoutPrejudice {
        return Vec::new();
    }
    let instrument = reader.instrument();
    let is_in =
        |procedure: &Procedure, name: &Code| match procedure.fields.get(name).map(|field| &field.holds) {
            Some(Holds::Matter { states, .. }) => {
                states.is_empty() || matter.strands.values().any(|life| states.contains(&life.state))
            }
            _ => false,
        };
    let all = kinds(reader).into_iter().filter(|(kind, _)| {
        let procedure = instrument.procedures.get(kind).filter(|_| *kind != matter.kind);
        procedure.is_some_and(|it| naming(it, &matter.kind).is_some_and(|name| is_in(it, name)))
    });
    let form =
        |kind: &Code| format!("/{}/{}/new?{ABOUT}={}", reader.agreement, of_kind(kind), matter.reference);
    all.map(|(kind, title)| (title, form(&kind))).collect()
}

/// What can be opened under a clause by the participant: whether that is about the clause, or about other words for it.
pub(super) fn under_it(reader: Reader<'_>, clause: &Code, is_in_other_words: bool) -> Vec<(String, String)> {
    let instrument = reader.instrument();
    let Some(provision) = instrument.provisions.get(clause).filter(|_| reader.may.see(Part::Drafts)) else {
        return Vec::new();
    };
    let names = |procedure: &Procedure| {
        let fields = procedure.fields.iter().filter(|(name, _)| !procedure.comes_later(name));
        procedure.under.contains(&provision.kind)
            && fields.into_iter().any(|(_, field)| matches!(field.holds, Holds::Provision))
    };
    let all = kinds(reader).into_iter().filter(|(kind, _)| {
        let procedure = instrument.procedures.get(kind);
        procedure.is_some_and(|it| if is_in_other_words { words_of(it).is_some() } else { names(it) })
    });
    let form = |kind: &Code| format!("/{}/{}/new?{CLAUSE}={clause}", reader.agreement, of_kind(kind));
    all.map(|(kind, title)| (title, form(&kind))).collect()
}

/// The field of a procedure that has words which are negotiated; a whole agreement is no clause.
fn words_of(procedure: &Procedure) -> Option<&Code> {
    if !is_text(procedure) || procedure.effects.values().any(|effect| *effect == Effect::Amend) {
        return None;
    }
    procedure.fields.iter().find(|(_, field)| matches!(field.holds, Holds::Text)).map(|(name, _)| name)
}

/// What a form begins with by what its address says that it is about.
pub(super) fn cited(held: &Held, asked: &Asked, kind: &Code) -> Sent {
    let instrument = held.replay().instrument();
    let mut typed = Sent::new();
    let Some(procedure) = instrument.procedures.get(kind) else { return typed };
    let other = asked.query(ABOUT).and_then(Reference::parse).and_then(|reference| held.find(&reference));
    if let Some((name, matter)) = other.and_then(|(_, it)| Some((naming(procedure, &it.kind)?, it))) {
        typed.insert(format!("{FIELD}{name}"), vec![matter.reference.to_string()]);
    }
    let clause = asked.query(CLAUSE).and_then(Code::new);
    if let Some((id, provision)) = clause.and_then(|id| instrument.provisions.get_key_value(&id)) {
        let named = procedure
            .fields
            .iter()
            .find(|(name, field)| matches!(field.holds, Holds::Provision) && !procedure.comes_later(name));
        typed.extend(named.map(|(name, _)| (format!("{FIELD}{name}"), vec![id.to_string()])));
        let words = words_of(procedure);
        typed.extend(words.map(|name| (format!("{FIELD}{name}"), vec![provision.text.clone()])));
    }
    typed
}

/// Keeps a draft that opens a matter of a kind, with the words in it and the time if its procedure asks for one.
pub(super) fn begin(
    (desk, held): (&Desk, &Held),
    asked: &Asked,
    kind: &Code,
    (words, at): (&str, Instant),
) -> Result<DraftId, Sorry> {
    must(desk, asked, Part::Drafts)?;
    let mut typed = filled(held, kind, at, &[]).ok_or(Sorry::NoKind)?;
    if !words.is_empty() {
        typed.insert(TEXT.to_owned(), vec![words.to_owned()]);
    }
    let id = DraftId::new(&fresh()?).ok_or(Sorry::NoDraft)?;
    let session = asked.session.as_deref().map(mark).unwrap_or_default();
    desk.private.keep(&id, &About::Opening(kind.clone()), &typed, &session, desk.now())?;
    Ok(id)
}

/// What a form for a call with somebody begins with: whom it was with, by what as far as that is known, and that it was now.
pub(super) fn call(desk: &Desk, held: &Held, asked: &Asked, kind: &Code, with: &str) -> Result<Sent, Sorry> {
    let named = match asked.query(CHANNEL) {
        Some(channel) => channel.to_owned(),
        None => ParticipantId::new(with).map(|who| usual(desk, asked, &who)).transpose()?.unwrap_or_default(),
    };
    filled(held, kind, desk.now(), &[(OTHER, with), (CHANNEL, &named)]).ok_or(Sorry::NoKind)
}

/// The time, where a procedure asks for one, and whatever of the values it asks for.
fn filled(held: &Held, kind: &Code, at: Instant, values: &[(&str, &str)]) -> Option<Sent> {
    let instrument = held.replay().instrument();
    let mut typed = Sent::new();
    for (name, field) in &instrument.procedures.get(kind)?.fields {
        let given = values.iter().find(|(known, value)| *known == name.as_str() && !value.is_empty());
        let value = match (given, &field.holds) {
            (Some((_, value)), _) => (*value).to_owned(),
            (None, Holds::Instant) if name.as_str() == TIME => {
                in_a_field(at, instrument.calendar.zone_offset_minutes)
            }
            _ => continue,
        };
        typed.insert(format!("{FIELD}{name}"), vec![value]);
    }
    Some(typed)
}

/// By what somebody is called: the first number of a post of theirs that holds, of whoever is on duty before others.
fn usual(desk: &Desk, asked: &Asked, who: &ParticipantId) -> Result<String, Sorry> {
    if must(desk, asked, Part::Directory).is_err() {
        return Ok(String::new());
    }
    let now = desk.now();
    let is_theirs = |post: &store::Post| {
        let (from, until) = post.valid;
        post.participant.as_ref() == Some(who)
            && from.is_none_or(|from| from <= now)
            && until.is_none_or(|until| now <= until)
    };
    let is_on_duty = |post: &store::Post| post.duty.is_some_and(|(from, until)| from <= now && now < until);
    let posts = desk.private.posts()?;
    let mut theirs: Vec<&store::Post> =
        posts.iter().map(|(post, _)| post).filter(|it| is_theirs(it)).collect();
    theirs.sort_by_key(|post| !is_on_duty(post));
    let number = theirs.into_iter().find_map(|post| post.numbers.first());
    Ok(number.map(|(is, _)| channel(is.as_str()).to_owned()).unwrap_or_default())
}

/// By what a contact over such a number went, in the word of the library's procedure.
pub(super) fn channel(is: &str) -> &str {
    match is {
        "mobile" | "satellite" => "phone",
        "mail" => "message",
        other => other,
    }
}

/// Calls that can be logged.
pub(super) struct Calls {
    /// How freely they may be spoken of, if that can be chosen.
    pub(super) tier: Option<Tier>,
    /// With whom, each with its form.
    pub(super) with: Vec<(Who, String)>,
}

/// What can be begun from the first page by one press.
pub(super) struct Begin {
    /// Forms of kinds that are opened often: what each is called, and where it is.
    pub(super) kinds: Vec<(String, String)>,
    pub(super) calls: Vec<Calls>,
    /// Where a file is laid down that is to be offered.
    pub(super) tray: Tray,
    /// Whether it may be said that somebody could not be reached.
    pub(super) may_cut: bool,
}

impl Begin {
    /// Nothing, for whoever may write nothing here.
    pub(super) fn of(reader: Reader<'_>, held: &Held) -> Result<Option<Begin>, Sorry> {
        if !reader.may.see(Part::Drafts) {
            return Ok(None);
        }
        let form = |kind: &Code| format!("/{}/{}/new", reader.agreement, of_kind(kind));
        let open = kinds(reader);
        let often = OFTEN.iter().filter_map(|name| open.iter().find(|(kind, _)| kind.as_str() == *name));
        let call = open.iter().find(|(kind, _)| kind.as_str() == CONTACT);
        let procedure = call.and_then(|(kind, _)| Some((kind, reader.instrument().procedures.get(kind)?)));
        let calls = procedure.map(|(kind, procedure)| calls(reader, &form(kind), procedure));
        Ok(Some(Begin {
            kinds: often.map(|(kind, title)| (title.clone(), form(kind))).collect(),
            calls: calls.unwrap_or_default(),
            tray: Tray::of_offer(reader)?,
            may_cut: !cuttable(held).is_empty(),
        }))
    }
}

/// Each of its tiers with all others: how freely it may be spoken of is said before anything is typed (PRACTICE N16).
fn calls(reader: Reader<'_>, form: &str, procedure: &Procedure) -> Vec<Calls> {
    let others: Vec<Who> = reader.everyone().into_iter().filter(|who| who.id != reader.me.as_str()).collect();
    let calls = |tier: Option<Tier>| {
        let more = tier.map(|tier| format!("&tier={}", tier_word(tier))).unwrap_or_default();
        let one = |who: &Who| (who.clone(), format!("{form}?with={}{more}", who.id));
        Calls { tier, with: others.iter().map(one).collect() }
    };
    match tiers(procedure).as_slice() {
        [] | [_] => vec![calls(None)],
        several => several.iter().map(|tier| calls(Some(*tier))).collect(),
    }
}
