//! The form for relief in a matter, and for what is said later of an entry in it: kept as a draft, read and signed as any
//! other; and on the matter's page, who may give which relief, and which waits for others.

use act::Body;
use act::value::MatterRef;
use askama::Template;
use docket::v1::{Matter, MatterKey};
use docket::view::{ReliefSought, relief_sought, relief_sought_in};
use lang::Arg;
use lang::time::length;
use serde::Serialize;
use store::About;
use terms::{ActId, Code, Instant, Reference};

use super::choice::Choice;
use super::form::control::{Control, Places, controls};
use super::form::placed_by_name;
use super::path;
use super::shell::{Shell, reader};
use crate::correction::Correction;
use crate::desk::{Desk, Held};
use crate::relief::{LENGTH, Relief, STATE, STEP, UNIT, UNITS, clocks, states, strands, written};
use crate::web::answer::{Answer, Sorry, either};
use crate::web::asked::{Asked, Sent};
use crate::web::session::fresh_name;
use crate::words::lack::says as lack_says;
use crate::words::matter::{Named, strand};
use crate::words::when::When;
use crate::words::{Reader, Speech, Takes, Who, takes};
use crate::writing::{FIELD, STRAND};

/// The page's answer.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct ToGive {
    draft: String,
    relief: &'static str,
    matter_id: String,
    /// The act that it is said of.
    act: Option<String>,
    matter: Named,
    #[serde(skip)]
    says: String,
    takes: Option<Takes>,
    strands: Vec<Choice>,
    clocks: Vec<Choice>,
    states: Vec<Choice>,
    /// How long, as typed, and in which unit.
    length: Option<String>,
    #[serde(skip)]
    units: Vec<Choice>,
    most: Option<u64>,
    #[serde(skip)]
    most_words: String,
    /// The fields of a correction.
    fields: Vec<Control>,
    /// What is lacking: the field, and why.
    lacks: Vec<(String, String)>,
    kept: Option<When>,
}

impl ToGive {
    /// What the procedure calls a field.
    fn label(&self, at: &str) -> Option<&str> {
        self.fields.iter().find(|field| field.id == at).map(|field| field.label.as_str())
    }
}

#[derive(Template)]
#[template(path = "relief.html")]
struct Page<'a> {
    shell: Shell,
    data: &'a ToGive,
    heading: String,
    places: Places,
    /// Where somebody begins to type: what stands is looked at first.
    focus: &'static str,
}

/// What it is called, and what it is and is not.
pub(super) fn words(relief: Relief) -> (&'static str, &'static str) {
    match relief {
        Relief::Extend => ("relief-extend", "relief-extend-says"),
        Relief::Suspend => ("relief-suspend", "relief-suspend-says"),
        Relief::Resume => ("relief-resume", "relief-resume-says"),
        Relief::SetAside => ("relief-set-aside", "relief-set-aside-says"),
        Relief::Withdraw => ("relief-withdraw", "relief-withdraw-says"),
        Relief::Correct => ("relief-correct", "relief-correct-says"),
        Relief::Confirm => ("relief-confirm", "relief-confirm-says"),
        Relief::Disown => ("relief-disown", "relief-disown-says"),
    }
}

/// The same, by the word of its act.
pub(super) fn title(reader: Reader<'_>, relief: &Code) -> String {
    match Relief::of(relief.as_str()) {
        Some(relief) => reader.texts.say(words(relief).0, &[]),
        None => relief.to_string(),
    }
}

/// The form for relief in a matter.
pub(crate) fn begin(desk: &Desk, asked: &Asked) -> Result<Answer, Sorry> {
    let held = desk.held();
    let text = asked.part("reference");
    let none = || Sorry::NoReference(text.to_owned());
    let (_, matter) = held.find(&Reference::parse(text).ok_or_else(none)?).ok_or_else(none)?;
    if path::of_kind(&matter.kind) != asked.part("kind") {
        return Err(Sorry::NotFound);
    }
    let act = asked.query("act");
    let about = crate::relief::about(asked.part("relief"), &matter.id.to_string(), act);
    let about = about.ok_or(Sorry::NotFound)?;
    let id = fresh_name().map_err(Sorry::Broken)?;
    let begins = correction(&held, &about).map(|correction| correction.begins()).unwrap_or_default();
    page(desk, &held, asked, (&id, &about), (&begins, None))
}

/// The entry that a correction is of, if it is one and there is such an entry.
fn correction<'r>(held: &'r Held, about: &About) -> Option<Correction<'r>> {
    match about {
        About::Relief { relief, matter, act: Some(act) } if relief.as_str() == Relief::Correct.as_str() => {
            Correction::of(held.replay(), matter, act)
        }
        _ => None,
    }
}

/// What was typed into such a form; whether there is such a thing, and whether nothing is lacking.
pub(crate) fn typed(desk: &Desk, held: &Held, asked: &Asked, about: &About) -> (Sent, bool, bool) {
    let About::Relief { relief, matter, .. } = about else { return (Sent::new(), false, false) };
    let known = Relief::of(relief.as_str());
    let (Some(relief), true) = (known, held.replay().settlement().matter(matter).is_some()) else {
        return (Sent::new(), false, false);
    };
    let corrected = correction(held, about);
    if relief == Relief::Correct && corrected.is_none() {
        return (Sent::new(), false, false);
    }
    let mut own: Vec<String> = relief.fields().into_iter().map(str::to_owned).collect();
    let inputs = corrected.map(|correction| correction.inputs()).unwrap_or_default();
    own.extend(inputs.iter().map(|input| format!("{FIELD}{}", input.name)));
    let sent = asked.sent.iter().filter(|(name, _)| own.contains(name));
    let mut typed: Sent = sent.map(|(name, values)| (name.clone(), values.clone())).collect();
    placed_by_name(desk, &inputs, &mut typed);
    // A form that shows ticks says so: none is ticked then, if it sends none.
    if asked.sent.contains_key("ticks") {
        typed.entry(STRAND.to_owned()).or_default();
    }
    let is_whole = written(held, about, desk.now(), &typed).is_ok();
    (typed, true, is_whole)
}

pub(crate) fn page(
    desk: &Desk,
    held: &Held,
    asked: &Asked,
    (id, about): (&str, &About),
    (typed, kept): (&Sent, Option<Instant>),
) -> Result<Answer, Sorry> {
    let reader = reader(desk, held, asked);
    let About::Relief { relief, matter: matter_id, act } = about else { return Err(Sorry::NotFound) };
    let relief = Relief::of(relief.as_str()).ok_or(Sorry::NotFound)?;
    let (_, matter) = reader.replay.settlement().matter(matter_id).ok_or(Sorry::NotFound)?;
    let lacks = match written(held, about, reader.now, typed) {
        Err(lacks) if asked.query("look").is_some() => lacks,
        _ => Vec::new(),
    };
    let why = |at: &str| lacks.iter().find(|lack| lack.at == at).map(|lack| lack_says(reader, lack));
    let correction = correction(held, about);
    if relief == Relief::Correct && correction.is_none() {
        return Err(Sorry::NotFound);
    }
    let fields = correction.map(|correction| {
        let form = correction.form(reader.now);
        controls(desk, reader, (&matter.procedure, &form, &correction.inputs()), typed, &why)
    });
    let has = |field: &str| relief.fields().contains(&field);
    let first = |name: &str| typed.get(name).and_then(|all| all.first()).cloned().unwrap_or_default();
    let most = relief.most(matter);
    let data = ToGive {
        draft: id.to_owned(),
        relief: relief.as_str(),
        matter_id: matter_id.to_string(),
        act: act.as_ref().map(ToString::to_string),
        matter: Named::of(reader, matter),
        says: reader.texts.say(words(relief).1, &[]),
        takes: relief.by(matter).and_then(|by| takes(reader, Some(&matter.procedure), by)),
        strands: if has(STRAND) { lives(reader, matter, typed) } else { Vec::new() },
        clocks: if has(STEP) {
            named(reader, matter, clocks(matter), &first(STEP), &|_| Speech::default())
        } else {
            Vec::new()
        },
        states: if has(STATE) {
            let says = |state: &Code| reader.state_says(&matter.procedure, state);
            named(reader, matter, states(matter), &first(STATE), &says)
        } else {
            Vec::new()
        },
        length: has(LENGTH).then(|| first(LENGTH)),
        units: units(reader, &first(UNIT)),
        most: most.map(|most| most.0),
        most_words: most.map(|most| length(reader.texts, most.0)).unwrap_or_default(),
        fields: fields.unwrap_or_default(),
        lacks: lacks.iter().map(|lack| (lack.at.clone(), lack_says(reader, lack))).collect(),
        kept: kept.map(|kept| When::of(reader, kept)),
    };
    either(asked, &data, || {
        let heading = reader.texts.say(words(relief).0, &[]);
        let places = Places::of(desk, reader, &data.fields);
        let shell = Shell::of(reader, asked, heading.clone());
        Page { shell, data: &data, heading, places, focus: "" }.render()
    })
}

fn lives(reader: Reader<'_>, matter: &Matter, typed: &Sent) -> Vec<Choice> {
    if matter.strands.len() < 2 {
        return Vec::new();
    }
    let ticked = strands(matter, typed);
    let life =
        |name: &act::value::StrandName| Choice::of(name, strand(reader, matter, name), ticked.contains(name));
    matter.strands.keys().map(life).collect()
}

/// Steps or states; a single one is chosen.
fn named(
    reader: Reader<'_>,
    matter: &Matter,
    all: Vec<&Code>,
    chosen: &str,
    says: &dyn Fn(&Code) -> Speech,
) -> Vec<Choice> {
    let is_alone = all.len() == 1;
    let choice = |code: &Code| {
        let words = reader.word(&matter.procedure, code);
        Choice::of(code, words, is_alone || code.as_str() == chosen).noted(says(code))
    };
    all.into_iter().map(choice).collect()
}

fn units(reader: Reader<'_>, chosen: &str) -> Vec<Choice> {
    let unit = |(unit, _): &(&str, u64)| {
        let words = if *unit == "days" { "relief-days" } else { "relief-hours" };
        Choice::of(unit, reader.texts.say(words, &[]), *unit == chosen)
    };
    UNITS.iter().map(unit).collect()
}

/// Relief that somebody may give in a matter, for its page.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Open {
    relief: &'static str,
    #[serde(skip)]
    pub(super) words: String,
    #[serde(skip)]
    pub(super) says: String,
    pub(super) takes: Option<Takes>,
    pub(super) href: String,
}

/// Relief that waits for others, for the matter's page.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Waiting {
    relief: &'static str,
    /// What is wanted, in words.
    pub(super) says: String,
    /// For which lives, if there are several.
    pub(super) strands: Vec<String>,
    pub(super) by: Vec<Who>,
    pub(super) takes: Option<Takes>,
    /// What the one who reads this would have to say, to say the same; nothing, if that was said or is not theirs to say.
    pub(super) same: Option<Same>,
    /// Where the one who reads this takes their own voice back.
    pub(super) withdraw: Option<String>,
}

/// A form that is filled in.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Same {
    pub(super) draft: String,
    pub(super) fields: Vec<(&'static str, String)>,
}

/// What may be given in a matter by the one who reads this.
pub(super) fn open(reader: Reader<'_>, matter: &Matter) -> Vec<Open> {
    let all = Relief::GIVEN.into_iter().filter(|one| one.is_open_to(reader.me, matter, reader.now));
    let open = |relief: Relief| Open {
        relief: relief.as_str(),
        words: reader.texts.say(words(relief).0, &[]),
        says: reader.texts.say(words(relief).1, &[]),
        takes: relief.by(matter).and_then(|by| takes(reader, Some(&matter.procedure), by)),
        href: format!("{}/relief/{}", Named::of(reader, matter).href, relief.as_str()),
    };
    all.map(open).collect()
}

/// What was asked for in a matter and waits for others.
pub(super) fn waiting(
    reader: Reader<'_>,
    (key, matter): (MatterKey, &Matter),
    act_at: &dyn Fn(u64) -> Result<ActId, Sorry>,
) -> Result<Vec<Waiting>, Sorry> {
    let mut all = Vec::new();
    for sought in relief_sought_in(reader.replay, key) {
        let (body, strands) = (sought.asked.body, sought.asked.strands);
        let Some(relief) = Relief::of(body.kind().as_str()) else { continue };
        let own = sought.voices.get(reader.me).and_then(|entries| entries.last());
        let href = Named::of(reader, matter).href;
        let withdraw = own.map(|entry| -> Result<String, Sorry> {
            let query = in_address(&act_at(*entry)?);
            Ok(format!("{href}/relief/{}?act={query}", Relief::Withdraw.as_str()))
        });
        let may_join = sought.could_join.contains(reader.me);
        let same = may_join.then(|| same(relief, body, &matter.id)).transpose()?;
        let is_several = matter.strands.len() > 1;
        let named = strands.iter().filter(|_| is_several);
        all.push(Waiting {
            relief: relief.as_str(),
            says: wanted(reader, body),
            strands: named.map(|name| strand(reader, matter, name)).collect(),
            by: sought.voices.keys().map(|who| reader.who(who)).collect(),
            takes: sought.takes.and_then(|by| takes(reader, Some(&matter.procedure), by)),
            same,
            withdraw: withdraw.transpose()?,
        });
    }
    Ok(all)
}

/// Relief that somebody could join, for the overview.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Join {
    pub(super) matter: Named,
    pub(super) says: String,
    pub(super) by: Vec<Who>,
}

/// All relief that waits for others, and that the one who reads this could join; nobody is pressed to.
pub(super) fn could_join(reader: Reader<'_>) -> Vec<Join> {
    let all = relief_sought(reader.replay).into_iter();
    let join = |sought: ReliefSought<'_>| Join {
        matter: Named::of(reader, sought.matter),
        says: wanted(reader, sought.asked.body),
        by: sought.voices.keys().map(|who| reader.who(who)).collect(),
    };
    all.filter(|sought| sought.could_join.contains(reader.me)).map(join).collect()
}

/// An act's id as part of an address.
pub(super) fn in_address(act: &ActId) -> String {
    act.to_string().replace('+', "%2B").replace('/', "%2F").replace('=', "%3D")
}

/// What a body wants, in words.
pub(super) fn wanted(reader: Reader<'_>, body: &Body) -> String {
    let text = |seconds: u64| length(reader.texts, seconds);
    match body {
        Body::Extend(extend) => {
            let (step, more) = (reader.word_in(&extend.matter, &extend.step), text(extend.seconds));
            reader.texts.say("relief-more", &[("step", Arg::Text(&step)), ("length", Arg::Text(&more))])
        }
        Body::Suspend(suspend) => {
            reader.texts.say("relief-stands", &[("length", Arg::Text(&text(suspend.seconds)))])
        }
        Body::SetAside(set_aside) => reader.texts.say(
            "relief-back-to",
            &[("state", Arg::Text(&reader.word_in(&set_aside.matter, &set_aside.to)))],
        ),
        Body::Resume(_) => reader.texts.say("relief-go-on", &[]),
        _ => String::new(),
    }
}

/// The form that says the same.
fn same(relief: Relief, body: &Body, matter: &MatterRef) -> Result<Same, Sorry> {
    let mut fields = vec![("relief", relief.as_str().to_owned()), ("matter", matter.to_string())];
    let length = |seconds: u64| {
        let (unit, size) = UNITS.into_iter().find(|(_, size)| seconds.is_multiple_of(*size))?;
        Some([(LENGTH, (seconds / size).to_string()), (UNIT, unit.to_owned())])
    };
    let strands = match body {
        Body::Extend(extend) => {
            fields.push((STEP, extend.step.to_string()));
            fields.extend(length(extend.seconds).into_iter().flatten());
            &extend.strands
        }
        Body::Suspend(suspend) => {
            fields.extend(length(suspend.seconds).into_iter().flatten());
            &suspend.strands
        }
        Body::SetAside(set_aside) => {
            fields.push((STATE, set_aside.to.to_string()));
            &set_aside.strands
        }
        Body::Resume(resume) => &resume.strands,
        _ => return Err(Sorry::NotFound),
    };
    fields.extend(strands.iter().map(|name| (STRAND, name.to_string())));
    Ok(Same { draft: fresh_name().map_err(Sorry::Broken)?, fields })
}
