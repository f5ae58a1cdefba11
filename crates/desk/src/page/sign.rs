//! Exactly what will be signed, and what follows from it; once it is signed, what became of it.

mod changed;
pub(super) mod deed;
mod effect;
mod relief;

use act::body::Tier;
use act::value::{FieldValue, Fields, MatterRef};
use askama::Template;
use docket::v1::matter::product;
use docket::v1::{Prospect, VoidReason};
use docket::view::{said_before, steps_for};
use lang::Arg;
use serde::Serialize;
use serde_json::json;
use store::{Draft, Part, State};
use terms::{ActId, Code, Custody, Hash, RefusalGround};

use self::changed::{Changed, changed};
use self::effect::{back, effect, follows, moves};
use super::evidence::Sending;
use super::form::{heading, named, writing_says};
use super::map::Sketch;
use super::places::places_in;
use super::shell::{Shell, reader};
use crate::desk::{Desk, Held};
use crate::signing::{self, Bar, Outcome, Place, Question, Ready, look, place, settled};
use crate::web::answer::{Answer, Sorry, either};
use crate::web::asked::Asked;
use crate::web::passkey::assertion;
use crate::web::session::fresh_name;
use crate::words::clock::{Asking, asking_of};
use crate::words::matter::{Held as Value, Named, strand_of, values};
use crate::words::place::{At, Disclaimer, disclaimers};
use crate::words::void::{refusal, void};
use crate::words::when::When;
use crate::words::{Reader, Speech, Takes, Who, takes};

/// The step by which anybody says that it takes no position.
pub(crate) const RESERVE: &str = "reserve";

/// The page's answer before it is signed.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct ToSign {
    draft: String,
    kind: String,
    matter_id: Option<String>,
    matter: Option<Named>,
    step: Option<String>,
    title: String,
    /// What the button says is signed.
    #[serde(skip)]
    what: String,
    /// The procedure's own sentence on the step.
    says: Option<Speech>,
    /// What it takes, where one alone does not decide.
    takes: Option<Takes>,
    tier: Tier,
    #[serde(skip)]
    effect: String,
    moves: Vec<String>,
    choice: Option<String>,
    /// For which lives, if there are several.
    lives: Vec<String>,
    fields: Vec<Value>,
    /// Where its places are, and in which area.
    places: Vec<At>,
    text: String,
    /// The files that go with it.
    files: Vec<Sending>,
    readers: Vec<Who>,
    unable: Vec<Who>,
    follows: Vec<String>,
    #[serde(skip)]
    back: String,
    /// The clock of the step, if it is asked of the one who reads this.
    asking: Option<Asking>,
    keys: Vec<Signer>,
    eyes: u64,
    agreed: Vec<String>,
    /// Who is to sign what a passkey has signed already.
    named: Vec<String>,
    is_last: bool,
    /// What is another than when this person read it.
    changed: Option<Changed>,
    /// Whose agreement holds no more, as the draft is another by now.
    lapsed: Vec<String>,
    body: String,
    read: String,
    bar: Option<String>,
    /// What came of pressing the button, if nothing was signed.
    note: Option<String>,
    /// A fresh draft's name, and whether one may reserve one's position here instead.
    reserve: Option<String>,
    as_typed_on: When,
}

impl ToSign {
    /// What stands on each, whatever is signed; nothing else is said of it yet.
    fn bare(
        reader: Reader<'_>,
        (draft, title): (&Draft, String),
        ready: &Ready<'_>,
        (asked, origin): (&Asked, &str),
    ) -> Result<ToSign, Sorry> {
        Ok(ToSign {
            draft: draft.id.to_string(),
            kind: String::new(),
            matter_id: None,
            matter: None,
            step: None,
            what: title.clone(),
            title,
            says: None,
            takes: None,
            tier: Tier::Record,
            effect: String::new(),
            moves: Vec::new(),
            choice: None,
            lives: Vec::new(),
            fields: Vec::new(),
            places: Vec::new(),
            text: String::new(),
            files: Vec::new(),
            readers: Vec::new(),
            unable: Vec::new(),
            follows: Vec::new(),
            back: String::new(),
            asking: None,
            keys: signers(reader, ready, (asked, origin)),
            eyes: ready.eyes() as u64,
            agreed: ready.agreed().into_iter().map(ToString::to_string).collect(),
            named: ready.named(),
            is_last: ready.is_last(),
            changed: None,
            lapsed: changed::lapsed(reader, draft, ready),
            body: serde_json::to_string(&ready.written.body)?,
            read: ready.read.to_string(),
            bar: ready.bar.as_ref().map(|bar| barred(reader, bar)),
            note: note(reader, asked),
            reserve: None,
            as_typed_on: When::of(reader, draft.touched),
        })
    }

    /// Whether a passkey can sign it.
    fn has_passkey(&self) -> bool {
        self.keys.iter().any(|key| key.is_passkey)
    }

    /// Whether the first to sign says who signs after.
    fn chooses_second(&self) -> bool {
        self.eyes == 2 && self.agreed.is_empty() && self.keys.len() > 2 && self.has_passkey()
    }

    fn is_without_prejudice(&self) -> bool {
        self.tier == Tier::WithoutPrejudice
    }
}

/// An officer's key that can sign.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Signer {
    label: String,
    office: String,
    custody: &'static str,
    #[serde(skip)]
    custody_words: String,
    has_agreed: bool,
    /// Whether it is taken to sign, until another is chosen.
    #[serde(skip)]
    is_chosen: bool,
    /// Whether its passkey is asked.
    is_passkey: bool,
    /// Where its passkey works, if that is not this page.
    works_at: Option<String>,
}

/// The page's answer after it is signed.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Done {
    act: ActId,
    kind: String,
    is: &'static str,
    entry: Option<u64>,
    registered: Option<When>,
    matter: Option<Named>,
    #[serde(skip)]
    words: String,
    #[serde(skip)]
    note: String,
}

#[derive(Template)]
#[template(path = "sign.html")]
struct Page<'a> {
    shell: Shell,
    data: &'a ToSign,
    sketch: Option<Sketch>,
    disclaimer: Vec<Disclaimer>,
}

#[derive(Template)]
#[template(path = "signed.html")]
struct DonePage<'a> {
    shell: Shell,
    data: &'a Done,
    heading: String,
    draft: String,
}

pub(crate) fn show(desk: &Desk, asked: &Asked) -> Result<Answer, Sorry> {
    let draft = settled(desk, named(desk, asked)?)?;
    let held = desk.held();
    match draft.state {
        State::Open => to_sign(desk, &held, asked, &draft),
        State::Signing(act) | State::Signed(act) => done(desk, &held, asked, &draft, act),
    }
}

/// Signs, if it was read and is still what was read.
pub(crate) fn sign(desk: &Desk, asked: &Asked) -> Result<Answer, Sorry> {
    let draft = named(desk, asked)?;
    let page = format!("/{}/sign/{}", desk.agreement(), draft.id);
    let read = asked.sent("read").and_then(Hash::from_base64);
    let (Some(read), Some(by), true) = (read, asked.sent("by"), asked.sent("ticked").is_some()) else {
        return Ok(Answer::See(format!("{page}?note=tick")));
    };
    if asked.sent("ask").is_some() {
        let with: Vec<&str> = asked.sent.get("with").into_iter().flatten().map(String::as_str).collect();
        let question = match signing::ask(desk, &draft.id, (by, asked.proved.as_ref()), &with, &read)? {
            Ok(Question { challenge, rp, credential }) => {
                json!({"challenge": challenge, "rp": rp, "credentials": Vec::from_iter(credential)})
            }
            Err(outcome) => json!({"see": next(page, outcome)}),
        };
        return Ok(Answer::Json(question.to_string()));
    }
    let asserted = asked.sent("assertion").and_then(assertion);
    let outcome = signing::sign(desk, &draft.id, by, &read, asserted.as_ref())?;
    Ok(Answer::See(next(page, outcome)))
}

/// Where the button leads.
fn next(page: String, outcome: Outcome) -> String {
    match outcome {
        Outcome::Signed => page,
        Outcome::Agreed => format!("{page}?note=agreed"),
        Outcome::Changed => format!("{page}?note=changed"),
        Outcome::NotReady => format!("{page}?note=not-ready"),
        Outcome::Nothing(Prospect::Void(reason)) => format!("{page}?note=void-{reason}"),
        Outcome::Nothing(Prospect::Refused(ground)) | Outcome::Refused(ground) => {
            format!("{page}?note={ground}")
        }
        Outcome::NoPasskey => format!("{page}?note=passkey"),
        Outcome::Waits => format!("{page}?note=waits"),
    }
}

/// What is said on top when the button brought nothing into the register.
fn note(reader: Reader<'_>, asked: &Asked) -> Option<String> {
    let say = |id: &str| Some(reader.texts.say(id, &[]));
    if !reader.may.see(Part::Publish) {
        return say("sign-not-yours");
    }
    match asked.query("note")? {
        "tick" => say("sign-tick-first"),
        "agreed" => say("sign-agreed-now"),
        "changed" => say("sign-changed"),
        "not-ready" => say("sign-not-ready"),
        "passkey" => say("sign-passkey-failed"),
        "waits" => say("sign-waits"),
        word => {
            if let Some(reason) = word.strip_prefix("void-") {
                let reason = VoidReason::ALL.iter().find(|known| known.as_str() == reason)?;
                let why = void(reader.texts, *reason);
                return Some(reader.texts.say("bar-nothing", &[("why", Arg::Text(&why))]));
            }
            let ground = RefusalGround::ALL.iter().find(|known| known.as_str() == word)?;
            let why = refusal(reader.texts, *ground);
            Some(reader.texts.say("sign-refused", &[("why", Arg::Text(&why))]))
        }
    }
}

fn to_sign(desk: &Desk, held: &Held, asked: &Asked, draft: &Draft) -> Result<Answer, Sorry> {
    let reader = reader(desk, held, asked);
    let Ok(ready) = look(desk, held, draft) else {
        return Ok(Answer::See(format!("/{}/unsigned/{}?look=1", desk.agreement(), draft.id)));
    };
    let mut data = query(reader, draft, &ready, (asked, &desk.origin(&asked.host)))?;
    data.changed = changed(desk, held, reader, draft, &ready, (asked, &data))?;
    let of = ready.writing.as_ref().and_then(|writing| writing.of);
    let law = of.map_or(reader.instrument(), |of| &of.matter.law.instrument);
    let places = places_in(&ready.written.body);
    let lines = desk.drawings.of(law);
    data.places = places.iter().map(|at| At::of(reader, law, &lines, at)).collect();
    either(asked, &data, || {
        let title = reader.texts.say("sign-title", &[]);
        let sketch = if places.is_empty() { None } else { Sketch::of(desk, reader, law, &places) };
        let disclaimer = disclaimers(reader);
        Page { shell: Shell::of(reader, asked, title), data: &data, sketch, disclaimer }.render()
    })
}

fn query(
    reader: Reader<'_>,
    draft: &Draft,
    ready: &Ready<'_>,
    (asked, origin): (&Asked, &str),
) -> Result<ToSign, Sorry> {
    let Some(writing) = &ready.writing else {
        return match draft.about {
            store::About::Relief { .. } => relief::query(reader, draft, ready, (asked, origin)),
            _ => deed::query(reader, draft, ready, (asked, origin)),
        };
    };
    let of = writing.of;
    let who = |all: &[terms::ParticipantId]| reader.in_order(all);
    let said_here = ready.written.said();
    let actor = writing.actor(reader.me, &draft.typed);
    let (fields, choice, lives) = match &said_here {
        act::Body::Open(open) => {
            let lives = product(writing.procedure, &open.fields);
            (open.fields.clone(), None, if lives.len() > 1 { lives } else { Vec::new() })
        }
        act::Body::Step(step) => {
            // Whoever adds its voice says what those before it gave.
            let said = of.map(|of| said_before(of.matter, step, &actor)).unwrap_or_default().into_iter();
            let said = said.map(|(name, (value, _))| (name.clone(), value.clone()));
            let fields: Fields = said.chain(step.fields.clone()).collect();
            (fields, step.choice.as_ref(), step.strands.clone())
        }
        // A draft is of no other kind.
        _ => return Err(Sorry::NoDraft),
    };
    let fields = values(reader, writing.procedure, whole(&fields));
    let lives: Vec<String> = lives.iter().map(|name| strand_of(reader, writing.procedure, name)).collect();
    let may_reserve = of.is_some_and(|of| {
        let may = steps_for(reader.replay, of.key, reader.me);
        of.step.as_str() != RESERVE && may.iter().any(|may| may.step.as_str() == RESERVE)
    });
    let reserve = if may_reserve { Some(fresh_name().map_err(Sorry::Broken)?) } else { None };
    Ok(ToSign {
        kind: draft.about.kind().to_string(),
        matter_id: of.map(|of| of.matter.id.to_string()),
        matter: of.map(|of| Named::of(reader, of.matter)),
        step: of.map(|of| of.step.to_string()),
        what: of
            .map_or_else(|| reader.title(writing.procedure), |of| reader.word(writing.procedure, of.step)),
        says: writing_says(reader, writing),
        takes: takes(
            reader,
            Some(writing.procedure),
            of.map_or(&writing.procedure.open.by, |of| &of.rule.by),
        ),
        tier: ready.written.tier,
        effect: effect(reader, ready, writing, &actor),
        moves: moves(reader, ready),
        choice: choice.map(|choice| reader.word(writing.procedure, choice)),
        lives,
        fields,
        text: ready.written.text.clone(),
        files: ready.files.iter().map(|upload| Sending::of(reader, upload)).collect(),
        readers: who(&ready.receivers.can),
        unable: who(&ready.receivers.cannot),
        follows: follows(reader, ready, writing),
        back: back(reader, ready, writing),
        asking: of.and_then(|of| asking_of(reader, of.key, of.step)),
        reserve,
        ..ToSign::bare(reader, (draft, heading(reader, writing)), ready, (asked, origin))?
    })
}

/// The keys that can sign it. One's own is taken, if one has not signed; else one that what a passkey has begun waits for.
fn signers(reader: Reader<'_>, ready: &Ready<'_>, (asked, origin): (&Asked, &str)) -> Vec<Signer> {
    let named = ready.named();
    let mut waits = ready.keys.iter().filter(|key| !key.has_agreed).map(|key| &key.label);
    let own = waits.clone().find(|label| asked.person.as_ref() == Some(label));
    let chosen = own.or_else(|| waits.find(|label| named.iter().any(|named| named == label.as_str())));
    let keys = ready.keys.iter().map(|key| Signer {
        label: key.label.to_string(),
        office: key.office.clone(),
        custody: key.custody.as_str(),
        custody_words: match (&key.passkey, key.custody) {
            (Some(_), Custody::Device) => reader.texts.say("custody-passkey", &[]),
            (_, lies) => custody(reader, lies),
        },
        has_agreed: key.has_agreed,
        is_chosen: chosen == Some(&key.label),
        is_passkey: key.passkey.is_some(),
        works_at: key.passkey.as_ref().and_then(|passkey| {
            let is_here = passkey.origins.iter().any(|known| known == origin);
            (!is_here).then(|| passkey.origins.join(" "))
        }),
    });
    keys.collect()
}

/// Fields of no life in particular.
fn whole(fields: &Fields) -> impl Iterator<Item = (Option<String>, &Code, &FieldValue)> {
    fields.iter().map(|(name, value)| (None, name, value))
}

/// Where a key lies, in a sentence.
pub(crate) fn custody(reader: Reader<'_>, custody: Custody) -> String {
    let id = match custody {
        Custody::Hosted => "custody-hosted",
        Custody::Node => "custody-node",
        Custody::Device => "custody-device",
    };
    reader.texts.say(id, &[])
}

/// What is in the way, and what to do.
fn barred(reader: Reader<'_>, bar: &Bar) -> String {
    let me = reader.who(reader.me).label;
    let number = |number: &usize| Arg::Number(*number as u64);
    match bar {
        Bar::NoKey => reader.texts.say("bar-no-key", &[("who", Arg::Text(&me))]),
        Bar::TooFew(eyes, here) => {
            reader.texts.say("bar-too-few", &[("n", number(eyes)), ("here", number(here))])
        }
        Bar::Custody(least) => {
            let least = custody(reader, *least);
            reader.texts.say("bar-custody", &[("least", Arg::Text(&least))])
        }
        Bar::NoSeal => reader.texts.say("bar-no-seal", &[("who", Arg::Text(&me))]),
        Bar::Nothing(prospect) => {
            let why = match prospect {
                Prospect::Void(reason) => void(reader.texts, *reason),
                Prospect::Refused(ground) => refusal(reader.texts, *ground),
            };
            reader.texts.say("bar-nothing", &[("why", Arg::Text(&why))])
        }
    }
}

fn done(desk: &Desk, held: &Held, asked: &Asked, draft: &Draft, act: ActId) -> Result<Answer, Sorry> {
    let reader = reader(desk, held, asked);
    let say = |id: &str| reader.texts.say(id, &[]);
    let (mut entry, mut registered) = (None, None);
    let (is, words, note) = match place(desk, held, draft, &act)? {
        Place::Registered { entry: index, at, is_final, void: reason } => {
            entry = Some(index);
            registered = Some(When::of(reader, at));
            let words = reader.texts.say("signed-entry", &[("entry", Arg::Text(&index.to_string()))]);
            match (is_final, reason) {
                (_, Some(reason)) => {
                    let why = void(reader.texts, reason);
                    ("void", words, reader.texts.say("signed-void", &[("why", Arg::Text(&why))]))
                }
                (true, None) => ("final", words, say("signed-final")),
                (false, None) => ("pending", words, say("signed-pending")),
            }
        }
        Place::Queued => ("on-its-way", say("signed-queued"), say("signed-queued-says")),
        Place::Nowhere => ("refused", say("signed-nowhere"), say("signed-nowhere-says")),
    };
    let id = match &draft.about {
        store::About::Opening(_) => Some(MatterRef::Opened(act)),
        store::About::Step { matter, .. } | store::About::Relief { matter, .. } => Some(*matter),
        store::About::Deed { .. } => None,
    };
    let matter =
        id.and_then(|id| reader.replay.settlement().matter(&id)).map(|(_, matter)| Named::of(reader, matter));
    let kind = draft.about.kind().to_string();
    let data = Done { act, kind, is, entry, registered, matter, words, note };
    either(asked, &data, || {
        let heading = match &draft.about {
            store::About::Opening(kind) => {
                reader.texts.say("form-new", &[("title", Arg::Text(&reader.kind(kind)))])
            }
            store::About::Step { matter, step, .. } => reader.word_in(matter, step),
            store::About::Deed { deed, .. } => deed::title(reader, deed),
            store::About::Relief { relief, .. } => super::relief::title(reader, relief),
        };
        let (title, draft) = (data.words.clone(), draft.id.to_string());
        DonePage { shell: Shell::of(reader, asked, title), data: &data, heading, draft }.render()
    })
}
