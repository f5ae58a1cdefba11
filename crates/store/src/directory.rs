//! Whom one can call: posts, those who hold them, and when their numbers were tested.

use rusqlite::{Connection, OptionalExtension as _, Row, params};
use terms::{Code, Instant, ParticipantId};

use crate::draft::{seconds, time};
use crate::watch::{Line, maybe, name, somebody, write};
use crate::{Fault, Name, Private};

/// Most posts.
const POSTS_MAX: u32 = 5_000;

/// A post.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Post {
    /// Its name.
    pub id: Name,
    /// Whose it is; nothing for others.
    pub participant: Option<ParticipantId>,
    /// The office, in its own words.
    pub office: String,
    /// What it does there; may be empty.
    pub role: String,
    /// Who holds it; may be empty.
    pub person: String,
    /// What each number is, and the number.
    pub numbers: Vec<(Code, String)>,
    /// Which languages are spoken there; may be empty.
    pub languages: String,
    /// What else is to be known; may be empty.
    pub note: String,
    /// From when until when it holds, as far as that is known.
    pub valid: (Option<Instant>, Option<Instant>),
    /// From when until when somebody is on duty there.
    pub duty: Option<(Instant, Instant)>,
    /// When it was changed last.
    pub changed: Instant,
    /// By whom, if that was said.
    pub changed_by: Option<Code>,
}

/// What came of a test.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TestResult {
    /// Somebody answered.
    Answered,
    /// It rang, and nobody did.
    NoAnswer,
    /// It did not ring.
    OutOfOrder,
}

impl TestResult {
    /// All of them.
    pub const ALL: [TestResult; 3] = [TestResult::Answered, TestResult::NoAnswer, TestResult::OutOfOrder];

    /// Its word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            TestResult::Answered => "answered",
            TestResult::NoAnswer => "no-answer",
            TestResult::OutOfOrder => "out-of-order",
        }
    }

    /// The result of a word.
    #[must_use]
    pub fn of(word: &str) -> Option<TestResult> {
        TestResult::ALL.into_iter().find(|result| result.as_str() == word)
    }
}

/// A test of a post's numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineTest {
    /// When.
    pub at: Instant,
    /// By whom, if that was said.
    pub by: Option<Code>,
    /// What came of it.
    pub result: TestResult,
}

impl Private {
    /// Keeps posts as they are now, all or none; one of a name that is there gives way.
    ///
    /// # Errors
    ///
    /// [`Fault::Full`], or the disk failed.
    pub fn keep_posts(&self, posts: &[Post]) -> Result<(), Fault> {
        {
            let mut connection = self.connection();
            let change = connection.transaction()?;
            for post in posts {
                keep(&change, post)?;
            }
            let count: u32 = change.query_row("SELECT count(*) FROM directory", [], |row| row.get(0))?;
            if count > POSTS_MAX {
                return Err(Fault::Full);
            }
            change.commit()?;
        }
        // What a post was before is written over.
        self.settle()
    }

    /// Says until when somebody is on duty at a post, or that nobody is.
    ///
    /// # Errors
    ///
    /// [`Fault::NoLine`], or the disk failed.
    pub fn on_duty(&self, id: &Name, duty: Option<(Instant, Instant)>) -> Result<(), Fault> {
        let (from, until) = duty.map(|(from, until)| (seconds(from), seconds(until))).unzip();
        let sql = "UPDATE directory SET duty_from = ?1, duty_until = ?2 WHERE id = ?3";
        let known = self.connection().execute(sql, params![from, until, id.as_str()])?;
        if known == 0 { Err(Fault::NoLine) } else { Ok(()) }
    }

    /// Notes a test of a post's numbers, and writes it in the log of the watch. One of this name that is there stays.
    ///
    /// # Errors
    ///
    /// [`Fault::NoLine`], or the disk failed.
    pub fn tested(&self, post: &Name, test: &LineTest, line: &Line) -> Result<(), Fault> {
        let mut connection = self.connection();
        let change = connection.transaction()?;
        find(&change, post)?.ok_or(Fault::NoLine)?;
        let new = change.execute(
            "INSERT OR IGNORE INTO line_test (id, post, at, by, result) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![
                line.id.as_str(),
                post.as_str(),
                seconds(test.at),
                test.by.as_ref().map(Code::as_str),
                test.result.as_str()
            ],
        )?;
        if new > 0 {
            write(&change, line)?;
        }
        change.commit()?;
        Ok(())
    }

    /// Erases a post with its tests, and writes over them. Nothing happens if there is none.
    ///
    /// # Errors
    ///
    /// The disk failed.
    pub fn erase_post(&self, id: &Name) -> Result<(), Fault> {
        self.connection().execute("DELETE FROM directory WHERE id = ?1", [id.as_str()])?;
        self.settle()
    }

    /// A post.
    ///
    /// # Errors
    ///
    /// It can't be read.
    pub fn post(&self, id: &Name) -> Result<Option<Post>, Fault> {
        find(&self.connection(), id)
    }

    /// All posts, each with its last test, in the order of their offices.
    ///
    /// # Errors
    ///
    /// They can't be read.
    pub fn posts(&self) -> Result<Vec<(Post, Option<LineTest>)>, Fault> {
        let connection = self.connection();
        let mut all = connection.prepare(&format!(
            "{SELECT}, t.at, t.by, t.result FROM directory d LEFT JOIN line_test t ON t.rowid =
             (SELECT rowid FROM line_test WHERE post = d.id ORDER BY at DESC, rowid DESC LIMIT 1)
             ORDER BY office, role, d.id"
        ))?;
        let rows = all.query_map([], |row| Ok(read(row).and_then(|post| Ok((post, test(row, 14)?)))))?;
        rows.map(|row| row.map_err(Fault::from).and_then(|row| row)).collect()
    }

    /// The tests of a post, the last first, at most so many.
    ///
    /// # Errors
    ///
    /// They can't be read.
    pub fn tests(&self, post: &Name, most: u32) -> Result<Vec<LineTest>, Fault> {
        let connection = self.connection();
        let sql =
            "SELECT at, by, result FROM line_test WHERE post = ?1 ORDER BY at DESC, rowid DESC LIMIT ?2";
        let mut all = connection.prepare(sql)?;
        let rows = all.query_map(params![post.as_str(), most], |row| Ok(test(row, 0)))?;
        let rows = rows.map(|row| row.map_err(Fault::from).and_then(|row| row));
        rows.filter_map(Result::transpose).collect()
    }
}

fn keep(connection: &Connection, post: &Post) -> Result<(), Fault> {
    let (from, until) = post.duty.map(|(from, until)| (seconds(from), seconds(until))).unzip();
    connection.execute(
        "INSERT INTO directory (id, participant, office, role, person, numbers, languages, note,
         valid_from, valid_until, duty_from, duty_until, changed, changed_by)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
         ON CONFLICT (id) DO UPDATE SET participant = ?2, office = ?3, role = ?4, person = ?5, numbers = ?6,
         languages = ?7, note = ?8, valid_from = ?9, valid_until = ?10, duty_from = ?11, duty_until = ?12,
         changed = ?13, changed_by = ?14",
        params![
            post.id.as_str(),
            post.participant.as_ref().map_or("", ParticipantId::as_str),
            post.office,
            post.role,
            post.person,
            serde_json::json!(post.numbers).to_string(),
            post.languages,
            post.note,
            post.valid.0.map(seconds),
            post.valid.1.map(seconds),
            from,
            until,
            seconds(post.changed),
            post.changed_by.as_ref().map(Code::as_str)
        ],
    )?;
    Ok(())
}

fn find(connection: &Connection, id: &Name) -> Result<Option<Post>, Fault> {
    let one = format!("{SELECT} FROM directory d WHERE d.id = ?1");
    connection.query_row(&one, [id.as_str()], |row| Ok(read(row))).optional()?.transpose()
}

const SELECT: &str = "SELECT d.id, participant, office, role, person, numbers, languages, note,
    valid_from, valid_until, duty_from, duty_until, changed, changed_by";

fn test(row: &Row<'_>, first: usize) -> Result<Option<LineTest>, Fault> {
    let Some(at) = maybe(row, first)? else { return Ok(None) };
    let result = TestResult::of(&row.get::<_, String>(first + 2)?).ok_or(Fault::Garbled("a result"))?;
    Ok(Some(LineTest { at, by: somebody(row, first + 1)?, result }))
}

fn read(row: &Row<'_>) -> Result<Post, Fault> {
    let participant: String = row.get(1)?;
    let participant = match participant.as_str() {
        "" => None,
        id => Some(ParticipantId::new(id).ok_or(Fault::Garbled("a participant"))?),
    };
    let numbers: Vec<(String, String)> =
        serde_json::from_str(&row.get::<_, String>(5)?).map_err(|_| Fault::Garbled("numbers"))?;
    let number = |(is, number): (String, String)| {
        Code::new(&is).map(|is| (is, number)).ok_or(Fault::Garbled("what a number is"))
    };
    Ok(Post {
        id: name(&row.get::<_, String>(0)?)?,
        participant,
        office: row.get(2)?,
        role: row.get(3)?,
        person: row.get(4)?,
        numbers: numbers.into_iter().map(number).collect::<Result<_, Fault>>()?,
        languages: row.get(6)?,
        note: row.get(7)?,
        valid: (maybe(row, 8)?, maybe(row, 9)?),
        duty: maybe(row, 10)?.zip(maybe(row, 11)?),
        changed: time(row.get(12)?)?,
        changed_by: somebody(row, 13)?,
    })
}
