//! What is to be said: the form of an opening or a step, as its procedure has it; a new kind of matter has its forms at
//! once. What is typed is kept as a draft until it is signed or dropped.

pub(super) mod control;
mod tier;

use act::body::Tier;
use askama::Template;
use instrument::procedure::{Holds, Leads};
use lang::Arg;
use node::form::receivers;
use serde::Serialize;
use store::{About, Draft, DraftId, State};
use terms::{Code, Reference};

use self::control::{Control, Places, controls};
use super::begun::{call, cited};
use super::choice::Choice;
use super::evidence::{Sending, attached, deed, size};
use super::held::HELD;
use super::places::by_name;
use super::shell::{Shell, reader};
use super::{path, relief};
use crate::desk::{Desk, Held};
use crate::signing::drop_half;
use crate::web::answer::{Answer, Sorry, either};
use crate::web::asked::{Asked, Form as Wanted, Sent};
use crate::web::session::{fresh_name, mark};
use crate::web::upload::{BYTES_MAX, FORM_BYTES_MAX};
use crate::words::clock::{Asking, asking_of};
use crate::words::decides::deciders;
use crate::words::lack::says as lack_says;
use crate::words::matter::{Named, strand};
use crate::words::when::When;
use crate::words::{Reader, Speech, Takes, Who, takes};
use crate::writing::{BEHALF, CHOICE, FIELD, FILES, Input, STRAND, TEXT, TIER, Writing, tier_word, tiers};

/// The page's answer.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct ToFill {
    draft: String,
    kind: String,
    /// As acts name it.
    matter_id: Option<String>,
    matter: Option<Named>,
    step: Option<String>,
    /// What the procedure says of it.
    says: Option<Speech>,
    /// What it takes, where one alone does not decide.
    takes: Option<Takes>,
    tier: Tier,
    /// The clock of the step, if it is asked of the one who reads this.
    asking: Option<Asking>,
    is_open_to_me: bool,
    /// On whose behalf it is written down, if it is; and on whose it could be, each with the address of that form.
    behalf: Option<Who>,
    represented: Vec<(Who, String)>,
    /// To whom it belongs, if it is not.
    belongs_to: String,
    eyes: u64,
    groups: Vec<Group>,
    fields: Vec<Control>,
    text: String,
    is_text_needed: bool,
    text_why: Option<String>,
    /// The files that go with it.
    files: Vec<Sending>,
    files_why: Option<String>,
    /// Who can open the text.
    readers: Vec<Who>,
    unable: Vec<Who>,
    /// The largest file, and the largest that a browser without scripts can send.
    #[serde(skip)]
    most: (String, String),
    /// The fields that name others who can, and have nothing in them yet.
    named_later: String,
    kept: Option<When>,
    /// Where somebody begins to type: the first that has to be filled in, and is not.
    #[serde(skip)]
    focus: String,
}

impl ToFill {
    /// Whether how freely it may be spoken of is chosen in it.
    fn has_tiers(&self) -> bool {
        self.groups.iter().any(|group| group.id == TIER)
    }

    /// Where somebody begins to type. What is wrong is read first, if anything is.
    fn focus(&self) -> String {
        if !self.wrongs().is_empty() {
            return String::new();
        }
        let is_open = |options: &[Choice]| !options.is_empty() && options.iter().all(|it| !it.is_chosen);
        let groups = self.groups.iter().filter(|group| is_open(&group.options)).map(|group| &group.id);
        let fields = self.fields.iter().filter(|field| match field.is {
            "radios" | "ticks" | "select" => field.is_needed && is_open(&field.options),
            _ => field.is_needed && field.value(0).is_empty(),
        });
        let mut open = groups.chain(fields.map(|field| &field.id));
        open.next().map_or_else(|| TEXT.to_owned(), Clone::clone)
    }

    /// Words do as well.
    fn needs_files(&self) -> bool {
        false
    }

    /// What the form says it is about.
    fn about(&self) -> Vec<(&str, &str)> {
        let of = [("matter", &self.matter_id), ("step", &self.step)];
        let of = of.into_iter().filter_map(|(name, value)| Some((name, value.as_deref()?)));
        [("kind", self.kind.as_str())].into_iter().chain(of).collect()
    }

    fn wrongs(&self) -> Vec<(&str, &str, &str)> {
        let groups =
            self.groups.iter().map(|group| (group.id.as_str(), group.label.as_str(), group.why.as_deref()));
        let fields =
            self.fields.iter().map(|field| (field.id.as_str(), field.label.as_str(), field.why.as_deref()));
        let all = groups.chain(fields).chain([(TEXT, "", self.text_why.as_deref())]);
        let all = all.chain([(FILES, "", self.files_why.as_deref())]);
        all.filter_map(|(id, label, why)| Some((id, label, why?))).collect()
    }
}

/// A choice between a few, whose consequence stands with each: the tier, the choice of a step, the lives.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Group {
    id: String,
    #[serde(skip)]
    label: String,
    #[serde(skip)]
    note: String,
    several: bool,
    options: Vec<Choice>,
    why: Option<String>,
}

#[derive(Template)]
#[template(path = "form.html")]
struct Page<'a> {
    shell: Shell,
    data: &'a ToFill,
    heading: String,
    belongs: String,
    places: Places,
}

/// The form for a matter of a kind that is opened. How freely it may be spoken of is chosen before anything is typed.
pub(crate) fn opening(desk: &Desk, asked: &Asked) -> Result<Answer, Sorry> {
    let held = desk.held();
    let kind = path::kind_at(held.replay(), held.index(), asked.part("kind")).ok_or(Sorry::NoKind)?.clone();
    if let Some(chooser) = tier::choice(desk, &held, asked, &kind)? {
        return Ok(chooser);
    }
    fresh(desk, &held, asked, About::Opening(kind))
}

/// The form for a step of a matter.
pub(crate) fn step(desk: &Desk, asked: &Asked) -> Result<Answer, Sorry> {
    let held = desk.held();
    let text = asked.part("reference");
    let none = || Sorry::NoReference(text.to_owned());
    let (_, matter) = held.find(&Reference::parse(text).ok_or_else(none)?).ok_or_else(none)?;
    let step = Code::new(asked.part("step")).ok_or(Sorry::NotFound)?;
    if path::of_kind(&matter.kind) != asked.part("kind") {
        return Err(Sorry::NotFound);
    }
    fresh(desk, &held, asked, About::Step { kind: matter.kind.clone(), matter: matter.id, step })
}

fn fresh(desk: &Desk, held: &Held, asked: &Asked, about: About) -> Result<Answer, Sorry> {
    let id = fresh_name().map_err(Sorry::Broken)?;
    let begins = begins(desk, held, asked, &about)?;
    page(desk, held, asked, (&id, &about), (&begins, None))
}

/// What a form has in it when it is opened: its address says on whose behalf it is, how freely it may be spoken of, with whom a
/// call was, and what it is about.
fn begins(desk: &Desk, held: &Held, asked: &Asked, about: &About) -> Result<Sent, Sorry> {
    let mut typed = match (about, asked.query("with")) {
        (About::Opening(kind), Some(with)) => call(desk, held, asked, kind, with)?,
        (About::Opening(kind), None) => cited(held, asked, kind),
        _ => Sent::new(),
    };
    for (said, field) in [("for", BEHALF), ("tier", TIER)] {
        typed.extend(asked.query(said).map(|value| (field.to_owned(), vec![value.to_owned()])));
    }
    Ok(typed)
}

/// A draft, as the form that it is.
pub(crate) fn draft(desk: &Desk, asked: &Asked) -> Result<Answer, Sorry> {
    let draft = named(desk, asked)?;
    if draft.state != State::Open {
        return Ok(Answer::See(format!("/{}/sign/{}", desk.agreement(), draft.id)));
    }
    let held = desk.held();
    if let About::Deed { .. } = &draft.about {
        return deed::page(
            desk,
            &held,
            asked,
            (draft.id.as_str(), &draft.about),
            (&draft.typed, Some(draft.touched)),
        );
    }
    if let About::Relief { .. } = &draft.about {
        let kept = (&draft.typed, Some(draft.touched));
        return relief::page(desk, &held, asked, (draft.id.as_str(), &draft.about), kept);
    }
    let kept = Some(draft.touched);
    page(desk, &held, asked, (draft.id.as_str(), &draft.about), (&draft.typed, kept))
}

/// The draft that a path names.
pub(crate) fn named(desk: &Desk, asked: &Asked) -> Result<Draft, Sorry> {
    let id = DraftId::new(asked.part("draft")).ok_or(Sorry::NoDraft)?;
    desk.private.draft(&id)?.ok_or(Sorry::NoDraft)
}

/// Keeps what was typed, whatever it is; where it is to be signed, looks whether it can be.
pub(crate) fn keep(desk: &Desk, asked: &Asked) -> Result<Answer, Sorry> {
    let id = DraftId::new(asked.part("draft")).ok_or(Sorry::NoDraft)?;
    let about = about(&asked.sent).ok_or(Sorry::NotFound)?;
    let (typed, is_there, is_whole) = {
        let held = desk.held();
        match &about {
            About::Deed { .. } => deed::typed(&held, asked, &about),
            About::Relief { .. } => relief::typed(desk, &held, asked, &about),
            About::Opening(_) | About::Step { .. } => typed_of_matter(desk, &held, asked, &about),
        }
    };
    if !is_there {
        return Err(Sorry::NotFound);
    }
    let session = asked.session.as_deref().map(mark).unwrap_or_default();
    match desk.private.keep(&id, &about, &typed, &session, desk.now()) {
        // A form that was signed already, and is sent again: its page says what became of it.
        Err(store::Fault::Signed) if asked.form == Wanted::Page && asked.sent(HELD).is_none() => {
            return Ok(Answer::See(format!("/{}/sign/{id}", desk.agreement())));
        }
        other => other?,
    }
    if asked.form == Wanted::Json {
        let held = desk.held();
        let reader = reader(desk, &held, asked);
        let time = When::of(reader, desk.now()).clock;
        let says = reader.texts.say("kept-at", &[("time", Arg::Text(&time))]);
        return Ok(Answer::Json(serde_json::json!({"kept": desk.now(), "says": says}).to_string()));
    }
    let root = format!("/{}", desk.agreement());
    Ok(Answer::See(match (asked.sent("go"), is_whole) {
        (Some("sign"), true) => format!("{root}/sign/{id}"),
        (Some("sign"), false) => format!("{root}/unsigned/{id}?look=1"),
        _ => format!("{root}/unsigned/{id}"),
    }))
}

/// What was typed into the form of an opening or a step; whether there is such a thing, and whether nothing is lacking.
fn typed_of_matter(desk: &Desk, held: &Held, asked: &Asked, about: &About) -> (Sent, bool, bool) {
    let writing = Writing::of(held.replay(), about);
    let inputs = writing.as_ref().map(Writing::inputs).unwrap_or_default();
    let mut typed = typed(asked, &inputs, writing.as_ref());
    placed_by_name(desk, &inputs, &mut typed);
    let written = writing.as_ref().map(|writing| writing.written(held.me(), desk.now(), &typed).is_ok());
    (typed, written.is_some(), written == Some(true))
}

/// Places that were typed by a name, by where that is.
pub(super) fn placed_by_name(desk: &Desk, inputs: &[Input<'_>], typed: &mut Sent) {
    for input in inputs.iter().filter(|input| input.field.holds == Holds::Place) {
        if let Some(values) = typed.get_mut(&format!("{FIELD}{}", input.name)) {
            by_name(desk, values);
        }
    }
}

/// What a form says it is about.
pub(super) fn about(sent: &Sent) -> Option<About> {
    let first = |name: &str| {
        let first = sent.get(name).and_then(|values| values.first());
        first.map(String::as_str).filter(|value| !value.is_empty())
    };
    if let Some(deed) = first("deed") {
        let exhibit = first("exhibit").map(str::parse);
        return Some(About::Deed { deed: Code::new(deed)?, exhibit: exhibit.transpose().ok()? });
    }
    if let Some(relief) = first("relief") {
        return crate::relief::about(relief, first("matter")?, first("act"));
    }
    let kind = Code::new(first("kind")?)?;
    match (first("matter"), first("step")) {
        (None, None) => Some(About::Opening(kind)),
        (Some(matter), Some(step)) => {
            Some(About::Step { kind, matter: matter.parse().ok()?, step: Code::new(step)? })
        }
        _ => None,
    }
}

/// What was typed, of the fields that the form has.
fn typed(asked: &Asked, inputs: &[Input<'_>], writing: Option<&Writing<'_>>) -> Sent {
    let own = |name: &str| {
        [CHOICE, TIER, TEXT, FILES, BEHALF].contains(&name)
            || name
                .strip_prefix(FIELD)
                .is_some_and(|field| inputs.iter().any(|one| one.name.as_str() == field))
    };
    let sent = asked.sent.iter().filter(|(name, _)| own(name));
    let mut typed: Sent = sent.map(|(name, values)| (name.clone(), values.clone())).collect();
    // A form that shows ticks says so: none is ticked then, if it sends none.
    if writing.is_some_and(Writing::has_lives) && asked.sent.contains_key("ticks") {
        typed.insert(STRAND.to_owned(), asked.sent.get(STRAND).cloned().unwrap_or_default());
    }
    typed
}

/// Drops a draft.
pub(crate) fn discard(desk: &Desk, asked: &Asked) -> Result<Answer, Sorry> {
    let draft = named(desk, asked)?;
    desk.private.drop_draft(&draft.id)?;
    for upload in attached(desk, &draft.typed) {
        desk.evidence.uploads.drop_one(&upload.id)?;
    }
    drop_half(desk, &draft.id)?;
    Ok(Answer::See(format!("/{}/unsigned", desk.agreement())))
}

fn page(
    desk: &Desk,
    held: &Held,
    asked: &Asked,
    (id, about): (&str, &About),
    (typed, kept): (&Sent, Option<terms::Instant>),
) -> Result<Answer, Sorry> {
    let reader = reader(desk, held, asked);
    let writing = Writing::of(reader.replay, about).ok_or(Sorry::NotFound)?;
    let lacks = match writing.written(reader.me, reader.now, typed) {
        Err(lacks) if asked.query("look").is_some() => lacks,
        _ => Vec::new(),
    };
    let form = writing.filled(reader.me, reader.now, typed);
    let actor = writing.actor(reader.me, typed);
    let named = writing.procedure.seen_by.iter().filter_map(|set| set.field());
    let named_later: Vec<String> = named
        .filter(|field| !form.fields.contains_key(*field))
        .map(|field| reader.word(writing.procedure, field))
        .collect();
    let why = |at: &str| {
        let lack = lacks.iter().find(|lack| lack.at == at)?;
        Some(lack_says(reader, lack))
    };
    let tier = match writing.of {
        Some(of) => of.matter.tier,
        None if typed.get(TIER).is_some_and(|all| all.contains(&"without-prejudice".to_owned())) => {
            Tier::WithoutPrejudice
        }
        None => tiers(writing.procedure).first().copied().unwrap_or_default(),
    };
    let receivers = receivers(reader.replay.ledger(), reader.me, writing.procedure, &form);
    let who = |all: &[terms::ParticipantId]| reader.in_order(all);
    let fields = controls(desk, reader, (writing.procedure, &form, &writing.inputs()), typed, &why);
    let by = writing.of.map_or(&writing.procedure.open.by, |of| &of.rule.by);
    let mut data = ToFill {
        draft: id.to_owned(),
        kind: about.kind().to_string(),
        matter_id: writing.of.map(|of| of.matter.id.to_string()),
        matter: writing.of.map(|of| Named::of(reader, of.matter)),
        step: writing.of.map(|of| of.step.to_string()),
        says: writing_says(reader, &writing),
        takes: takes(reader, Some(writing.procedure), by),
        tier,
        asking: writing.of.and_then(|of| asking_of(reader, of.key, of.step)),
        is_open_to_me: writing.is_open_to(&actor),
        behalf: (actor != *reader.me).then(|| reader.who(&actor)),
        represented: represented(reader, &writing, &actor, asked),
        belongs_to: by.to_string(),
        eyes: writing.eyes() as u64,
        groups: groups(reader, &writing, typed, &why),
        fields,
        text: typed.get(TEXT).and_then(|all| all.first()).cloned().unwrap_or_default(),
        is_text_needed: writing.needs_text(),
        text_why: why(TEXT),
        files: attached(desk, typed).iter().map(|upload| Sending::of(reader, upload)).collect(),
        most: (size(reader, BYTES_MAX), size(reader, FORM_BYTES_MAX)),
        files_why: why(FILES).or_else(|| gone(desk, reader, typed)),
        readers: who(&receivers.can),
        unable: who(&receivers.cannot),
        named_later: reader.texts.series(&named_later),
        kept: kept.map(|kept| When::of(reader, kept)),
        focus: String::new(),
    };
    data.focus = data.focus();
    either(asked, &data, || {
        let heading = heading(reader, &writing);
        let who = reader.who(reader.me).label;
        let by = deciders(reader, Some(writing.procedure), by);
        let args = [("who", Arg::Text(&who)), ("by", Arg::Text(&by))];
        let belongs = reader.texts.say("form-not-yours", &args);
        let places = Places::of(desk, reader, &data.fields);
        let shell = Shell::of(reader, asked, heading.clone());
        Page { shell, data: &data, heading, belongs, places }.render()
    })
}

/// On whose behalf it could be written down, beside the one for whom it is.
fn represented(
    reader: Reader<'_>,
    writing: &Writing<'_>,
    actor: &terms::ParticipantId,
    asked: &Asked,
) -> Vec<(Who, String)> {
    let others = writing.represented(reader.me).into_iter().filter(|who| *who != actor);
    others
        .filter(|who| writing.is_open_to(who))
        .map(|who| (reader.who(who), format!("{}?for={who}", asked.path)))
        .collect()
}

/// What is said if a file that the draft names is here no more.
fn gone(desk: &Desk, reader: Reader<'_>, typed: &Sent) -> Option<String> {
    let named = typed.get(FILES).map_or(0, Vec::len);
    (attached(desk, typed).len() < named).then(|| reader.texts.say("lack-file", &[]))
}

/// `New: Incident`, or the step's word.
pub(crate) fn heading(reader: Reader<'_>, writing: &Writing<'_>) -> String {
    match writing.of {
        Some(of) => reader.word(writing.procedure, of.step),
        None => reader.texts.say("form-new", &[("title", Arg::Text(&reader.title(writing.procedure)))]),
    }
}

/// What is to be known of the step, or of the procedure that it opens.
pub(crate) fn writing_says(reader: Reader<'_>, writing: &Writing<'_>) -> Option<Speech> {
    match writing.of {
        Some(of) => reader.step_says(writing.procedure, of.step),
        None => reader.says(writing.procedure),
    }
}

fn groups(
    reader: Reader<'_>,
    writing: &Writing<'_>,
    typed: &Sent,
    why: &dyn Fn(&str) -> Option<String>,
) -> Vec<Group> {
    let say = |id: &str| reader.texts.say(id, &[]);
    let is_typed =
        |name: &str, value: &str| typed.get(name).is_some_and(|all| all.iter().any(|one| one == value));
    let mut groups = Vec::new();
    let all = tiers(writing.procedure);
    if writing.of.is_none() && all.len() > 1 {
        let options = all.into_iter().map(|tier| {
            let (label, note) = tier::words(tier);
            let value = tier_word(tier);
            Choice::of(value, say(label), is_typed(TIER, value)).noted(say(note))
        });
        let (label, note) = (say("form-tier"), String::new());
        let (id, options) = (TIER.to_owned(), options.collect());
        groups.push(Group { id, label, note, several: false, options, why: why(TIER) });
    }
    if let Some(of) = writing.of.filter(|of| matches!(of.rule.leads, Leads::Choice(_))) {
        let options = writing.choices().iter().map(|(choice, to)| {
            let note = match to {
                Some(to) => reader.state_says(&of.matter.procedure, to),
                None => say("choice-stays").into(),
            };
            Choice::of(choice, reader.word(writing.procedure, choice), is_typed(CHOICE, choice.as_str()))
                .noted(note)
        });
        let (label, note) = (say("form-choice"), String::new());
        let (id, options) = (CHOICE.to_owned(), options.collect());
        groups.push(Group { id, label, note, several: false, options, why: why(CHOICE) });
    }
    if let Some(of) = writing.of.filter(|_| writing.has_lives()) {
        let possible = writing.possible(&writing.actor(reader.me, typed));
        let ticked = writing.strands(reader.me, typed);
        let options =
            of.matter.strands.iter().filter(|(name, _)| possible.contains(name) || ticked.contains(name));
        let options = options.map(|(name, life)| {
            let note = reader.state_says(&of.matter.procedure, &life.state);
            Choice::of(name, strand(reader, of.matter, name), ticked.contains(name)).noted(note)
        });
        let (label, note) = (say("form-strand"), say("form-strand-says"));
        let (id, options) = (STRAND.to_owned(), options.collect());
        groups.push(Group { id, label, note, several: true, options, why: why(STRAND) });
    }
    groups
}
