//! What stands beside a matter and is for those who work here: tasks, notes, and what is noted of good offices. Notes have pages
//! of their own, too, with those of all matters and of none.

use act::value::MatterRef;
use askama::Template;
use serde::Serialize;
use store::memo::Circle;
use store::task::Which;
use store::{Memo, Name, Part};
use terms::Reference;

use super::sheet::table;
use super::shell::{Shell, reader};
use super::worklist::Todo;
use super::{back, fresh, new_name};
use crate::desk::Desk;
use crate::people::must;
use crate::web::answer::{Answer, Sorry, either};
use crate::web::asked::{Asked, Form};
use crate::words::Reader;
use crate::words::matter::Named;
use crate::words::when::When;

/// What stands beside a matter; a part that is not open to whoever reads it is none.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Beside {
    pub(super) tasks: Option<Vec<Todo>>,
    pub(super) notes: Option<Vec<Noted>>,
    pub(super) offices: Option<Vec<Noted>>,
    /// The names of what its forms would keep.
    #[serde(skip)]
    pub(super) fresh: [String; 3],
}

/// A note.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Noted {
    pub(super) id: String,
    pub(super) at: When,
    pub(super) by: String,
    pub(super) says: String,
    pub(super) matter: Option<Named>,
}

impl Noted {
    fn of(reader: Reader<'_>, memo: &Memo) -> Noted {
        let matter = memo.matter.and_then(|id| reader.replay.settlement().matter(&id));
        Noted {
            id: memo.id.to_string(),
            at: When::of(reader, memo.at),
            by: memo.by.as_ref().map(ToString::to_string).unwrap_or_default(),
            says: memo.says.clone(),
            matter: matter.map(|(_, matter)| Named::of(reader, matter)),
        }
    }

    fn all(
        desk: &Desk,
        reader: Reader<'_>,
        circle: Circle,
        of: Option<&MatterRef>,
    ) -> Result<Option<Vec<Noted>>, Sorry> {
        if !reader.may.see(part(circle)) {
            return Ok(None);
        }
        let memos = desk.private.memos(circle, of)?;
        Ok(Some(memos.iter().map(|memo| Noted::of(reader, memo)).collect()))
    }
}

const fn part(circle: Circle) -> Part {
    match circle {
        Circle::Internal => Part::Notes,
        Circle::GoodOffices => Part::GoodOffices,
    }
}

impl Beside {
    pub(super) fn of(
        desk: &Desk,
        reader: Reader<'_>,
        asked: &Asked,
        matter: &MatterRef,
    ) -> Result<Beside, Sorry> {
        let tasks = || -> Result<Vec<Todo>, Sorry> {
            let tasks = desk.private.tasks(Which::Of(matter))?;
            Ok(tasks.iter().map(|task| Todo::of(reader, asked, task)).collect())
        };
        Ok(Beside {
            tasks: reader.may.see(Part::Tasks).then(tasks).transpose()?,
            notes: Noted::all(desk, reader, Circle::Internal, Some(matter))?,
            offices: Noted::all(desk, reader, Circle::GoodOffices, Some(matter))?,
            fresh: [fresh()?, fresh()?, fresh()?],
        })
    }

    /// Whether anything of it is open to whoever reads this.
    pub(super) fn is_open(&self) -> bool {
        self.tasks.is_some() || self.notes.is_some() || self.offices.is_some()
    }
}

/// The page's answer: what is noted, in all matters and in none.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct AllNoted {
    notes: Vec<Noted>,
}

#[derive(Template)]
#[template(path = "noted.html")]
struct Page<'a> {
    shell: Shell,
    data: &'a AllNoted,
    path: String,
    circle: &'static str,
    words: Words,
    fresh: String,
    says: String,
    reference: String,
    why: Option<&'static str>,
}

/// What a page of notes says of them.
struct Words {
    name: String,
    /// The band over it, if it has one.
    band: Option<String>,
    title: String,
    says: String,
    add: String,
    none: String,
}

impl Words {
    fn of(reader: Reader<'_>, circle: Circle) -> Words {
        let say = |id: &str| reader.texts.say(id, &[]);
        match circle {
            Circle::Internal => Words {
                name: say("notes"),
                band: None,
                title: say("notes-title"),
                says: say("private-says"),
                add: say("notes-add"),
                none: say("offices-none"),
            },
            Circle::GoodOffices => Words {
                name: say("offices"),
                band: Some(say("offices-band")),
                title: say("offices-title"),
                says: say("offices-says"),
                add: say("offices-add"),
                none: say("offices-none"),
            },
        }
    }
}

pub(crate) fn offices(desk: &Desk, asked: &Asked) -> Result<Answer, Sorry> {
    page(desk, asked, Circle::GoodOffices, None)
}

pub(crate) fn notes(desk: &Desk, asked: &Asked) -> Result<Answer, Sorry> {
    page(desk, asked, Circle::Internal, None)
}

fn page(desk: &Desk, asked: &Asked, circle: Circle, why: Option<&'static str>) -> Result<Answer, Sorry> {
    let held = desk.held();
    let reader = reader(desk, &held, asked);
    let notes = Noted::all(desk, reader, circle, None)?.unwrap_or_default();
    let data = AllNoted { notes };
    // What is noted of good offices is nothing for a spreadsheet that goes round.
    if asked.form == Form::Csv && circle == Circle::Internal {
        return Ok(Answer::Csv("notes".to_owned(), sheet(reader, &data.notes)?));
    }
    either(asked, &data, || {
        let text = |name: &str| asked.sent(name).unwrap_or_default().to_owned();
        let words = Words::of(reader, circle);
        let shell = Shell::of(reader, asked, words.name.clone());
        let path = format!("/{}/{}", reader.agreement, page_of(circle));
        let (fresh, says, reference) = (fresh().unwrap_or_default(), text("says"), text("reference"));
        let circle = word(circle);
        Page { shell, data: &data, path, circle, words, fresh, says, reference, why }.render()
    })
}

/// The columns: what the reader's language calls each, and its stable word.
const COLUMNS: [(&str, &str); 4] =
    [("col-time", "at"), ("col-by", "by"), ("watch-says", "text"), ("col-matter", "matter")];

fn sheet(reader: Reader<'_>, notes: &[Noted]) -> Result<String, Sorry> {
    let cells = |note: &Noted| {
        let matter = note.matter.as_ref().map(|matter| matter.reference.clone());
        [note.at.at.to_string(), note.by.clone(), note.says.clone(), matter.unwrap_or_default()]
    };
    table(reader.texts, COLUMNS, notes.iter().map(cells))
}

/// The last part of the address of a circle's page.
const fn page_of(circle: Circle) -> &'static str {
    match circle {
        Circle::Internal => "notes",
        Circle::GoodOffices => "good-offices",
    }
}

/// The word for a circle in a form.
const fn word(circle: Circle) -> &'static str {
    match circle {
        Circle::Internal => "internal",
        Circle::GoodOffices => "good-offices",
    }
}

/// Which circle a form is for.
fn circle(asked: &Asked) -> Result<Circle, Sorry> {
    let all = [Circle::Internal, Circle::GoodOffices];
    all.into_iter().find(|circle| asked.sent("circle") == Some(word(*circle))).ok_or(Sorry::NotFound)
}

/// Notes something down, in the matter that the form names.
pub(crate) fn note(desk: &Desk, asked: &Asked) -> Result<Answer, Sorry> {
    let circle = circle(asked)?;
    must(desk, asked, part(circle))?;
    let id = asked.sent("id").and_then(Name::new).map_or_else(new_name, Ok)?;
    let text = asked.sent("reference").unwrap_or_default().trim().to_uppercase();
    let held = desk.held();
    let matter = Reference::parse(&text).and_then(|it| held.find(&it).map(|(_, it)| it.id));
    let says = asked.sent("says").unwrap_or_default().trim().to_owned();
    // The form of a matter's page says where it leads back to; that of the circle's own page is shown again.
    let is_own = asked.sent("back").is_none();
    match (says.is_empty(), text.is_empty() || matter.is_some()) {
        (false, true) => {
            let (by, at) = (asked.person.clone(), desk.now());
            match desk.private.note_down(&Memo { id, circle, matter, says, by, at }) {
                Err(store::Fault::Taken) if is_own => page(desk, asked, circle, Some("sent-before")),
                done => {
                    done?;
                    Ok(Answer::See(back(desk, asked, page_of(circle))))
                }
            }
        }
        (is_empty, _) if is_own => {
            page(desk, asked, circle, Some(if is_empty { "watch-empty" } else { "task-no-matter" }))
        }
        _ => Ok(Answer::See(back(desk, asked, page_of(circle)))),
    }
}

/// Erases a note.
pub(crate) fn erase(desk: &Desk, asked: &Asked) -> Result<Answer, Sorry> {
    let circle = circle(asked)?;
    must(desk, asked, part(circle))?;
    let id = asked.sent("id").and_then(Name::new).ok_or(Sorry::NotFound)?;
    desk.private.erase_memo(circle, &id)?;
    Ok(Answer::See(back(desk, asked, page_of(circle))))
}
