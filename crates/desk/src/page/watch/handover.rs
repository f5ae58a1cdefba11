//! Who hands the watch to whom, with what is open: both confirm it.

use askama::Template;
use lang::Arg;
use serde::{Deserialize, Serialize};
use store::task::Which;
use store::{Handover, Name, Part};
use terms::{Code, Seconds};

use super::entry;
use super::line::says;
use crate::desk::{Desk, Held};
use crate::index::Asks;
use crate::page::new_name;
use crate::page::shell::{Shell, reader};
use crate::people::known;
use crate::web::answer::{Answer, Sorry, either};
use crate::web::asked::Asked;
use crate::words::clock::{Asking, is_asked};
use crate::words::when::When;
use crate::words::{Reader, sentence};

/// What is due within so long is carried over.
const AHEAD: Seconds = Seconds::hours(24);

/// The kind of matter that tells guarantors of something: one that waits for its acknowledgement is carried over.
const NOTICE: &str = "notice";

/// Something that is open when the watch goes over, in the words of whoever handed it over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Item {
    /// `team`, `due`, `notice`, `task` or `unsigned`.
    is: String,
    reference: String,
    says: String,
    /// Who is to act; may be empty.
    who: String,
    /// When, as it was read; may be empty.
    due: String,
}

impl Item {
    /// Who has the watch sees tasks and drafts only if those are for them, too.
    fn may_be_seen(&self, reader: Reader<'_>) -> bool {
        match self.is.as_str() {
            "task" => reader.may.see(Part::Tasks),
            "unsigned" => reader.may.see(Part::Drafts),
            _ => true,
        }
    }
}

/// The page's answer before it is handed over.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct ToGive {
    giver: Option<String>,
    is_mine: bool,
    takers: Vec<String>,
    items: Vec<Item>,
}

/// The page's answer once it is.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Given {
    giver: String,
    taker: String,
    says: String,
    items: Vec<Item>,
    given: When,
    taken: Option<When>,
    withdrawn: Option<When>,
    may_take: bool,
    may_withdraw: bool,
}

#[derive(Template)]
#[template(path = "hand-over.html")]
struct GivePage<'a> {
    shell: Shell,
    data: &'a ToGive,
    note: Option<String>,
    fresh: String,
}

#[derive(Template)]
#[template(path = "handover.html")]
struct Page<'a> {
    shell: Shell,
    data: &'a Given,
    path: String,
    heading: String,
}

/// What is open now: teams that are out, what is asked of us within a day, notices that nobody has acknowledged, tasks, drafts.
pub(super) fn items(desk: &Desk, reader: Reader<'_>) -> Result<Vec<Item>, Sorry> {
    let mut items = Vec::new();
    let of_shift = |ask: &&Asks| ask.is_of(reader.me) || ask.kind.as_str() == NOTICE && ask.is_pressing;
    let all = reader.index.asks().iter().filter(of_shift);
    for ask in all.filter_map(|ask| ask.at(reader.replay, reader.now)) {
        let asking = Asking::of(reader, &ask);
        let due = asking.left.due.as_ref().map(|due| due.at);
        let is_soon = due.is_some_and(|due| due <= reader.now.plus(AHEAD));
        let is = match (is_asked(&ask, reader.me) && is_soon, ask.matter.kind.as_str() == NOTICE) {
            (true, _) => "due",
            (false, true) if ask.rule.is_pressed() => "notice",
            _ => continue,
        };
        let who: Vec<&str> = asking.of.iter().map(|who| who.label.as_str()).collect();
        items.push(Item {
            is: is.to_owned(),
            reference: asking.matter.reference.clone(),
            says: format!("{} · {} · {}", asking.step_words, asking.matter.title, asking.left.words),
            who: reader.texts.series(&who),
            due: asking.left.due.as_ref().map(When::words).unwrap_or_default(),
        });
    }
    for team in desk.private.teams()? {
        let Some(next) = team.next else { continue };
        let said = [team.name, team.place].into_iter().filter(|said| !said.is_empty()).collect::<Vec<_>>();
        items.push(Item {
            is: "team".to_owned(),
            reference: String::new(),
            says: said.join(" · "),
            who: String::new(),
            due: When::of(reader, next).words(),
        });
    }
    for task in desk.private.tasks(Which::Open)? {
        let matter = task.matter.and_then(|id| reader.replay.settlement().matter(&id));
        items.push(Item {
            is: "task".to_owned(),
            reference: matter.map(|(_, matter)| matter.reference.to_string()).unwrap_or_default(),
            says: task.says,
            who: task.who.as_ref().map(ToString::to_string).unwrap_or_default(),
            due: task.due.map(|due| When::of(reader, due).words()).unwrap_or_default(),
        });
    }
    if reader.waiting > 0 {
        let says = reader.texts.say("unsigned-count", &[("n", Arg::Number(reader.waiting))]);
        let says = sentence(&says);
        let (reference, who, due) = (String::new(), String::new(), String::new());
        items.push(Item { is: "unsigned".to_owned(), reference, says, who, due });
    }
    items.retain(|item| item.may_be_seen(reader));
    // Who is out first, then what is due, then the others, each in its own order.
    items.sort_by_key(|item| {
        ["team", "due", "notice", "task", "unsigned"].iter().position(|is| *is == item.is)
    });
    Ok(items)
}

pub(crate) fn to_give(desk: &Desk, asked: &Asked) -> Result<Answer, Sorry> {
    let held = desk.held();
    let reader = reader(desk, &held, asked);
    let shift = desk.private.shift()?;
    let is_mine = shift.as_ref().is_some_and(|shift| asked.person.as_ref() == Some(&shift.by));
    let giver = shift.map(|shift| shift.by.to_string());
    let takers = known(desk, &held)?.into_iter().map(|who| who.to_string());
    let takers = takers.filter(|who| giver.as_ref() != Some(who)).collect();
    let data = ToGive { giver, is_mine, takers, items: items(desk, reader)? };
    either(asked, &data, || {
        let shell = Shell::of(reader, asked, reader.texts.say("handover-title", &[]));
        let note = asked.query("note").and_then(|note| says(reader, note));
        let fresh = new_name().map(|name| name.to_string()).unwrap_or_default();
        GivePage { shell, data: &data, note, fresh }.render()
    })
}

/// Hands it over, as whoever has the watch.
pub(crate) fn give(desk: &Desk, asked: &Asked) -> Result<Answer, Sorry> {
    let root = format!("/{}", desk.agreement());
    let Some(giver) = asked.person.clone() else {
        return Ok(Answer::See(format!("{root}/settings?note=who")));
    };
    let id = super::named(asked)?;
    let held = desk.held();
    let items = items(desk, reader(desk, &held, asked))?;
    let taker = asked.sent("taker").and_then(Code::new);
    let Some(taker) = taker.filter(|taker| *taker != giver) else {
        return Ok(Answer::See(format!("{root}/watch/hand-over?note=taker")));
    };
    let handover = Handover {
        id: id.clone(),
        giver,
        taker,
        says: asked.sent("says").unwrap_or_default().trim().to_owned(),
        items: serde_json::to_string(&items)?,
        given: desk.now(),
        taken: None,
        withdrawn: None,
    };
    desk.private.hand_over(&handover)?;
    Ok(Answer::See(format!("{root}/watch/hand-over/{id}")))
}

fn named(desk: &Desk, asked: &Asked) -> Result<Handover, Sorry> {
    let id = Name::new(asked.part("handover")).ok_or(Sorry::NotFound)?;
    desk.private.handover(&id)?.ok_or(Sorry::NotFound)
}

pub(crate) fn show(desk: &Desk, asked: &Asked) -> Result<Answer, Sorry> {
    let handover = named(desk, asked)?;
    let held = desk.held();
    let reader = reader(desk, &held, asked);
    let waits = handover.taken.is_none() && handover.withdrawn.is_none();
    let mut items: Vec<Item> = serde_json::from_str(&handover.items)?;
    items.retain(|item| item.may_be_seen(reader));
    let is = |who: &Code| waits && asked.person.as_ref() == Some(who);
    let data = Given {
        may_take: is(&handover.taker),
        may_withdraw: is(&handover.giver),
        giver: handover.giver.to_string(),
        taker: handover.taker.to_string(),
        says: handover.says,
        items,
        given: When::of(reader, handover.given),
        taken: handover.taken.map(|at| When::of(reader, at)),
        withdrawn: handover.withdrawn.map(|at| When::of(reader, at)),
    };
    either(asked, &data, || {
        let args = [("giver", Arg::Text(&data.giver)), ("taker", Arg::Text(&data.taker))];
        let heading = reader.texts.say("handover-of", &args);
        let path = format!("/{}/watch/hand-over/{}", reader.agreement, handover.id);
        Page { shell: Shell::of(reader, asked, heading.clone()), data: &data, path, heading }.render()
    })
}

/// Takes it, or withdraws it.
pub(crate) fn settle(desk: &Desk, asked: &Asked) -> Result<Answer, Sorry> {
    let handover = named(desk, asked)?;
    let here = format!("/{}/watch/hand-over/{}", desk.agreement(), handover.id);
    let Some(person) = asked.person.clone() else {
        return Ok(Answer::See(format!("/{}/settings?note=who", desk.agreement())));
    };
    match asked.sent("go") {
        Some("take") => {
            let held = desk.held();
            let line = entry(asked, taken(desk, &held, asked, &handover), desk.now())?;
            desk.private.take_over(&handover.id, &person, &new_name()?, &line)?;
        }
        Some("withdraw") => desk.private.withdraw_handover(&handover.id, &person, desk.now())?,
        _ => return Err(Sorry::NotFound),
    }
    Ok(Answer::See(here))
}

/// What the log says of it.
fn taken(desk: &Desk, held: &Held, asked: &Asked, handover: &Handover) -> String {
    let texts = reader(desk, held, asked).texts;
    let (giver, taker) = (handover.giver.to_string(), handover.taker.to_string());
    let args = [("giver", Arg::Text(&giver)), ("taker", Arg::Text(&taker))];
    texts.say("watch-taken", &args)
}
