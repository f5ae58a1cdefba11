//! What somebody here is to do: in a matter or not, by when, and whose it is.

use askama::Template;
use lang::Arg;
use lang::time::length;
use node::form::instant;
use serde::Serialize;
use store::task::Which;
use store::{Fault, Name, SAYS_BYTES_MAX, Task};
use terms::{Code, Reference};

use super::saved::Saved;
use super::sheet::table;
use super::shell::{Shell, reader};
use super::{back, find, fresh, new_name};
use crate::desk::Desk;
use crate::people::known;
use crate::web::answer::{Answer, Sorry, either};
use crate::web::asked::{Asked, Form};
use crate::words::Reader;
use crate::words::matter::Named;
use crate::words::when::{When, in_a_field};
use crate::writing::plain_digits;

/// The page's answer.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Worklist {
    view: &'static str,
    open: u64,
    mine: u64,
    all: u64,
    /// Which these are, of those of the view.
    from: u64,
    to: u64,
    of: u64,
    tasks: Vec<Todo>,
}

/// A task.
#[derive(Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Todo {
    pub(super) id: String,
    pub(super) says: String,
    pub(super) matter: Option<Named>,
    /// Whose it is; empty for nobody's.
    pub(super) who: String,
    pub(super) is_mine: bool,
    pub(super) due: Option<When>,
    /// How long it has, in words; empty without a time.
    #[serde(skip)]
    pub(super) left: String,
    /// Whether it is overdue for whoever reads this.
    pub(super) is_late: bool,
    pub(super) by: String,
    pub(super) made: When,
    pub(super) done: Option<When>,
    pub(super) done_by: String,
}

impl Todo {
    pub(super) fn of(reader: Reader<'_>, asked: &Asked, task: &Task) -> Todo {
        let who = |who: &Option<Code>| who.as_ref().map(ToString::to_string).unwrap_or_default();
        let is_mine = task.who.is_some() && task.who == asked.person;
        let is_over = task.due.is_some_and(|due| due < reader.now) && task.done.is_none();
        let matter = task.matter.and_then(|id| reader.replay.settlement().matter(&id));
        let left = match task.due.filter(|_| task.done.is_none()) {
            Some(due) if is_over => {
                let late = length(reader.texts, reader.now.since(due).0);
                reader.texts.say("left-overdue", &[("length", Arg::Text(&late))])
            }
            Some(due) => length(reader.texts, due.since(reader.now).0),
            None => String::new(),
        };
        Todo {
            id: task.id.to_string(),
            says: task.says.clone(),
            matter: matter.map(|(_, matter)| Named::of(reader, matter)),
            who: who(&task.who),
            is_mine,
            due: task.due.map(|due| When::of(reader, due)),
            left,
            is_late: is_mine && is_over,
            by: who(&task.by),
            made: When::of(reader, task.made),
            done: task.done.map(|done| When::of(reader, done)),
            done_by: who(&task.done_by),
        }
    }

    /// Those that are not done.
    pub(super) fn open(desk: &Desk, reader: Reader<'_>, asked: &Asked) -> Result<Vec<Todo>, Sorry> {
        let tasks = desk.private.tasks(Which::Open)?;
        Ok(tasks.iter().map(|task| Todo::of(reader, asked, task)).collect())
    }
}

#[derive(Template)]
#[template(path = "worklist.html")]
struct Page<'a> {
    shell: Shell,
    data: &'a Worklist,
    saved: Saved,
    path: String,
    fresh: String,
    people: Vec<String>,
    typed: Typed,
    answer: String,
    pages: String,
    before: u64,
    behind: u64,
}

/// What was typed for a task that could not be set.
#[derive(Default)]
struct Typed {
    says: String,
    reference: String,
    who: String,
    due: String,
    why: Option<&'static str>,
}

#[derive(Template)]
#[template(path = "task.html")]
struct OnePage<'a> {
    shell: Shell,
    data: &'a Todo,
    path: String,
    people: Vec<String>,
    due: String,
}

pub(crate) fn show(desk: &Desk, asked: &Asked) -> Result<Answer, Sorry> {
    page(desk, asked, Typed::default())
}

fn page(desk: &Desk, asked: &Asked, typed: Typed) -> Result<Answer, Sorry> {
    let held = desk.held();
    let reader = reader(desk, &held, asked);
    let tasks = desk.private.tasks(Which::All)?;
    let tasks: Vec<Todo> = tasks.iter().map(|task| Todo::of(reader, asked, task)).collect();
    let is_open = |task: &&Todo| task.done.is_none();
    let is_mine = |task: &&Todo| task.done.is_none() && task.is_mine;
    let count = |of: &dyn Fn(&&Todo) -> bool| tasks.iter().filter(of).count() as u64;
    let (open, mine, all) = (count(&is_open), count(&is_mine), tasks.len() as u64);
    let (view, tasks) = match asked.query("view") {
        Some("all") => ("all", tasks),
        Some("mine") => ("mine", tasks.into_iter().filter(|task| is_mine(&task)).collect()),
        _ => ("open", tasks.into_iter().filter(|task| is_open(&task)).collect()),
    };
    if asked.form == Form::Csv {
        return Ok(Answer::Csv("worklist".to_owned(), sheet(reader, &tasks)?));
    }
    let late = tasks.iter().filter(|task| task.is_late).count() as u64;
    let of = tasks.len() as u64;
    let from = asked.query("from").and_then(|from| from.parse::<usize>().ok()).unwrap_or(1).max(1);
    let tasks: Vec<Todo> = tasks.into_iter().skip(from - 1).take(ROWS).collect();
    let from = if tasks.is_empty() { 0 } else { from as u64 };
    let to = from + (tasks.len() as u64).saturating_sub(1);
    let data = Worklist { view, open, mine, all, from, to, of, tasks };
    either(asked, &data, || {
        let shell = Shell::of(reader, asked, reader.texts.say("worklist", &[]));
        let mut answer = reader.texts.say("worklist-count", &[("n", data.open.into())]);
        if late > 0 {
            answer = format!("{answer} {}", reader.texts.say("asked-overdue", &[("n", late.into())]));
        }
        let people = known(desk, &held).unwrap_or_default().iter().map(ToString::to_string).collect();
        let path = format!("/{}/worklist", reader.agreement);
        let (fresh, saved) = (fresh().unwrap_or_default(), Saved::of(desk, asked));
        let args = [("from", data.from.into()), ("to", data.to.into()), ("all", data.of.into())];
        let pages = reader.texts.say("pages", &args);
        let (before, behind) = (data.from.saturating_sub(ROWS as u64).max(1), data.to + 1);
        Page { shell, data: &data, saved, path, fresh, people, typed, answer, pages, before, behind }.render()
    })
}

/// How many stand on a page.
const ROWS: usize = 200;

/// The columns: what the reader's language calls each, and its stable word.
const COLUMNS: [(&str, &str); 8] = [
    ("col-task", "task"),
    ("col-reference", "reference"),
    ("col-whose", "who"),
    ("col-due", "due"),
    ("col-set-by", "by"),
    ("task-made", "made"),
    ("task-done", "done"),
    ("task-done-by", "done-by"),
];

fn sheet(reader: Reader<'_>, tasks: &[Todo]) -> Result<String, Sorry> {
    let time = |when: &Option<When>| when.as_ref().map(|when| when.at.to_string()).unwrap_or_default();
    let cells = |task: &Todo| {
        [
            task.says.clone(),
            task.matter.as_ref().map(|matter| matter.reference.clone()).unwrap_or_default(),
            task.who.clone(),
            time(&task.due),
            task.by.clone(),
            task.made.at.to_string(),
            time(&task.done),
            task.done_by.clone(),
        ]
    };
    table(reader.texts, COLUMNS, tasks.iter().map(cells))
}

/// Sets a task. What can't be read stays on the page.
pub(crate) fn set(desk: &Desk, asked: &Asked) -> Result<Answer, Sorry> {
    let id = asked.sent("id").and_then(Name::new).map_or_else(new_name, Ok)?;
    let read = {
        let held = desk.held();
        task(reader(desk, &held, asked), asked, id)
    };
    let kept = match read {
        Ok(task) => match desk.private.set_task(&task) {
            Err(Fault::Taken) => Err("sent-before"),
            done => Ok(done?),
        },
        Err(why) => Err(why),
    };
    match kept {
        Ok(()) => Ok(Answer::See(back(desk, asked, "worklist"))),
        Err(why) => {
            let text = |name: &str| asked.sent(name).unwrap_or_default().to_owned();
            let (says, reference, who, due) = (text("says"), text("reference"), text("who"), text("due"));
            page(desk, asked, Typed { says, reference, who, due, why: Some(why) })
        }
    }
}

fn task(reader: Reader<'_>, asked: &Asked, id: Name) -> Result<Task, &'static str> {
    let says = asked.sent("says").unwrap_or_default().trim().to_owned();
    if says.is_empty() {
        return Err("task-empty");
    }
    if says.len() > SAYS_BYTES_MAX {
        return Err("watch-long");
    }
    let matter = match asked.sent("reference").map(str::trim).filter(|text| !text.is_empty()) {
        None => None,
        Some(text) => {
            let reference = Reference::parse(&text.to_uppercase()).ok_or("task-no-matter")?;
            Some(find(reader.replay, reader.index, &reference).ok_or("task-no-matter")?.1.id)
        }
    };
    let (who, due) = whose(reader, asked)?;
    let (by, made) = (asked.person.clone(), reader.now);
    Ok(Task { id, says, matter, by, made, who, due, done: None, done_by: None })
}

/// Whose it is to be, and by when.
fn whose(reader: Reader<'_>, asked: &Asked) -> Result<(Option<Code>, Option<terms::Instant>), &'static str> {
    let who = asked.sent("who").map(|who| Code::new(who.trim()).ok_or("task-no-person")).transpose()?;
    let due = asked.sent("due").map(plain_digits);
    let due = due.map(|due| instant(&due, reader.offset()).ok_or("watch-no-time")).transpose()?;
    Ok((who, due))
}

fn named(desk: &Desk, asked: &Asked) -> Result<Task, Sorry> {
    let id = Name::new(asked.part("task")).ok_or(Sorry::NotFound)?;
    desk.private.task(&id)?.ok_or(Sorry::NotFound)
}

/// A task, to be given to another.
pub(crate) fn one(desk: &Desk, asked: &Asked) -> Result<Answer, Sorry> {
    let task = named(desk, asked)?;
    let held = desk.held();
    let reader = reader(desk, &held, asked);
    let data = Todo::of(reader, asked, &task);
    either(asked, &data, || {
        let shell = Shell::of(reader, asked, reader.texts.say("col-task", &[]));
        let people = known(desk, &held).unwrap_or_default().iter().map(ToString::to_string).collect();
        let path = format!("/{}/worklist/{}", reader.agreement, task.id);
        let due = task.due.map(|due| in_a_field(due, reader.offset())).unwrap_or_default();
        OnePage { shell, data: &data, path, people, due }.render()
    })
}

/// It is done, or not after all, or somebody else's.
pub(crate) fn change(desk: &Desk, asked: &Asked) -> Result<Answer, Sorry> {
    let task = named(desk, asked)?;
    match asked.sent("go") {
        Some("done") => desk.private.task_done(&task.id, asked.person.as_ref(), desk.now())?,
        Some("open") => desk.private.task_open(&task.id)?,
        Some("erase") => desk.private.erase_task(&task.id)?,
        Some("assign") => {
            let held = desk.held();
            let read = whose(reader(desk, &held, asked), asked);
            let Ok((who, due)) = read else {
                return Ok(Answer::See(format!("/{}/worklist/{}", desk.agreement(), task.id)));
            };
            desk.private.assign(&task.id, who.as_ref(), due)?;
        }
        _ => return Err(Sorry::NotFound),
    }
    Ok(Answer::See(back(desk, asked, "worklist")))
}
