//! The directory as a spreadsheet has it, out and in.

use std::collections::BTreeMap;

use askama::Template;
use lang::{Arg, Texts};
use serde::Serialize;
use store::{Name, Post};

use super::post::{Typed, read};
use super::{Entry, NUMBERS};
use crate::desk::Desk;
use crate::page::new_name;
use crate::page::sheet::table;
use crate::page::shell::{Shell, reader};
use crate::web::answer::{Answer, Sorry, either};
use crate::web::asked::Asked;
use crate::words::Reader;

/// Most rows that come in at once.
const ROWS_MAX: usize = 2_000;

/// The columns: what the reader's language calls each, and its stable word.
const COLUMNS: [(&str, &str); 13] = [
    ("post-id", "id"),
    ("col-of", "participant"),
    ("post-office", "office"),
    ("post-role", "role"),
    ("post-person", "person"),
    ("post-numbers", "numbers"),
    ("post-languages", "languages"),
    ("post-note", "note"),
    ("post-from", "valid-from"),
    ("post-until", "valid-until"),
    ("post-duty", "on-duty-until"),
    ("post-tested", "tested"),
    ("test-result", "result"),
];

pub(super) fn sheet(texts: &Texts, posts: &[Entry]) -> Result<String, Sorry> {
    let time = |when: &Option<crate::words::when::When>| {
        when.as_ref().map(|when| when.at.to_string()).unwrap_or_default()
    };
    let cells = |post: &Entry| {
        let numbers: Vec<String> =
            post.numbers.iter().map(|number| format!("{} {}", number.is, number.number)).collect();
        let tested = post.tested.as_ref();
        [
            post.id.clone(),
            post.participant.as_ref().map(|who| who.id.clone()).unwrap_or_default(),
            post.office.clone(),
            post.role.clone(),
            post.person.clone(),
            numbers.join("; "),
            post.languages.clone(),
            post.note.clone(),
            time(&post.valid_from),
            time(&post.valid_until),
            time(&post.duty_until),
            tested.map(|tested| tested.at.at.to_string()).unwrap_or_default(),
            tested.map(|tested| tested.result.to_owned()).unwrap_or_default(),
        ]
    };
    table(texts, COLUMNS, posts.iter().map(cells))
}

/// A row that can't be taken in, and why.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Wrong {
    line: u64,
    says: String,
}

/// The page's answer.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Import {
    wrongs: Vec<Wrong>,
}

#[derive(Template)]
#[template(path = "directory-import.html")]
struct Page<'a> {
    shell: Shell,
    data: &'a Import,
    text: &'a str,
    columns: String,
}

pub(crate) fn show(desk: &Desk, asked: &Asked) -> Result<Answer, Sorry> {
    page(desk, asked, Vec::new(), "")
}

fn page(desk: &Desk, asked: &Asked, wrongs: Vec<Wrong>, text: &str) -> Result<Answer, Sorry> {
    let held = desk.held();
    let reader = reader(desk, &held, asked);
    let data = Import { wrongs };
    either(asked, &data, || {
        let shell = Shell::of(reader, asked, reader.texts.say("directory-import", &[]));
        let columns = COLUMNS.map(|(_, word)| word)[..10].join(", ");
        Page { shell, data: &data, text, columns }.render()
    })
}

/// Takes all rows in, or none.
pub(crate) fn take(desk: &Desk, asked: &Asked) -> Result<Answer, Sorry> {
    let text = asked.sent("csv").unwrap_or_default();
    let before: Vec<Post> = desk.private.posts()?.into_iter().map(|(post, _)| post).collect();
    let read = {
        let held = desk.held();
        rows(reader(desk, &held, asked), asked, text, &before)?
    };
    match read {
        Ok(posts) => {
            desk.private.keep_posts(&posts)?;
            Ok(Answer::See(format!("/{}/directory", desk.agreement())))
        }
        Err(wrongs) => page(desk, asked, wrongs, text),
    }
}

type Rows = Result<Vec<Post>, Vec<Wrong>>;

fn rows(reader: Reader<'_>, asked: &Asked, text: &str, before: &[Post]) -> Result<Rows, Sorry> {
    let (mut posts, mut wrongs): (Vec<Post>, Vec<Wrong>) = (Vec::new(), Vec::new());
    let mut wrong = |line: u64, id: &str| {
        let says = reader.texts.say("import-row", &[("n", Arg::Number(line))]);
        wrongs.push(Wrong { line, says: format!("{says} {}", reader.texts.say(id, &[])) });
    };
    let mut rows = csv::ReaderBuilder::new().flexible(true).from_reader(text.trim_start().as_bytes());
    let columns: Vec<String> = match rows.headers() {
        Ok(head) => head.iter().map(column).collect(),
        Err(_) => Vec::new(),
    };
    if !columns.iter().any(|column| column == "office") {
        wrong(1, "import-no-office");
        return Ok(Err(wrongs));
    }
    for (row, number) in rows.records().zip(2_u64..) {
        let Ok(row) = row else {
            wrong(number, "import-no-row");
            continue;
        };
        if posts.len() >= ROWS_MAX {
            wrong(number, "import-too-many");
            break;
        }
        let cells: BTreeMap<&str, String> =
            columns.iter().map(String::as_str).zip(row.iter().map(plain)).collect();
        let typed = typed(&cells);
        let id = cells.get("id").and_then(|id| Name::new(id));
        let known = before.iter().find(|post| match &id {
            Some(id) => post.id == *id,
            None => is_same(post, &typed),
        });
        let id = known.map(|post| post.id.clone()).or(id).map_or_else(new_name, Ok)?;
        match read(reader, &typed, known, (id, asked.person.clone())) {
            Ok(post) => posts.push(post),
            Err(why) => wrong(number, why),
        }
    }
    Ok(if wrongs.is_empty() { Ok(posts) } else { Err(wrongs) })
}

/// A column by its stable word: `Office [office]`, or `office` alone.
fn column(head: &str) -> String {
    let word = head.rsplit_once('[').and_then(|(_, rest)| rest.strip_suffix(']')).unwrap_or(head);
    word.trim().trim_start_matches('\u{feff}').to_lowercase()
}

/// A cell without the mark that keeps a spreadsheet from taking it for a formula.
fn plain(cell: &str) -> String {
    let bare = cell.strip_prefix('\'').filter(|rest| rest.starts_with(['=', '+', '-', '@']));
    bare.unwrap_or(cell).trim().to_owned()
}

fn typed(cells: &BTreeMap<&str, String>) -> Typed {
    let text = |name: &str| cells.get(name).cloned().unwrap_or_default();
    let numbers = text("numbers");
    let number = |one: &str| {
        let one = one.trim();
        match one.split_once(' ').filter(|(is, _)| NUMBERS.contains(is)) {
            Some((is, number)) => (is.to_owned(), number.to_owned()),
            None => ("phone".to_owned(), one.to_owned()),
        }
    };
    Typed {
        participant: text("participant"),
        office: text("office"),
        role: text("role"),
        person: text("person"),
        numbers: numbers.split(';').map(number).collect(),
        languages: text("languages"),
        note: text("note"),
        from: text("valid-from"),
        until: text("valid-until"),
    }
}

/// Whether a row without a name is of a post that is there.
fn is_same(post: &Post, typed: &Typed) -> bool {
    let participant = post.participant.as_ref().map(ToString::to_string).unwrap_or_default();
    participant == typed.participant.trim()
        && post.office == typed.office.trim()
        && post.role == typed.role.trim()
        && post.person == typed.person.trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_out_comes_in_as_it_was() {
        assert_eq!(column("دفتر [office]"), "office");
        assert_eq!(column("\u{feff}Office"), "office");
        assert_eq!(plain("'+93 20 555"), "+93 20 555");
        assert_eq!(plain("'tis"), "'tis");
        let cells = BTreeMap::from([("numbers", "hotline +1 2; radio chan 4; 555".to_owned())]);
        let numbers: Vec<(String, String)> = typed(&cells).numbers;
        let is: Vec<(&str, &str)> = numbers.iter().map(|(is, it)| (is.as_str(), it.as_str())).collect();
        assert_eq!(is, [("hotline", "+1 2"), ("radio", "chan 4"), ("phone", "555")]);
    }
}
