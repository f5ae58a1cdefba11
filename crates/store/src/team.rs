//! Teams that are out: when each was heard last, and by when it is to be heard again.

use rusqlite::{Connection, OptionalExtension as _, Row, params};
use terms::Instant;

use crate::draft::{seconds, time};
use crate::watch::{Line, maybe, name, write};
use crate::{Fault, Name, Private};

/// Most teams: those that are over can be dropped.
const TEAMS_MAX: u32 = 500;

/// The longest that is said of a team's name or place, in bytes of UTF-8.
const WORDS_BYTES_MAX: usize = 400;

/// A team, as it said last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Team {
    /// Its name here.
    pub id: Name,
    /// What it is called.
    pub name: String,
    /// Where it was, in free words; may be empty.
    pub place: String,
    /// When it was heard.
    pub heard: Instant,
    /// By when it is to be heard again; none while it is in.
    pub next: Option<Instant>,
    /// The line of the log of the watch that says so.
    pub log: Name,
}

impl Private {
    /// A team was heard: how it stands now, and the line of the log that says so, both or neither. Whoever says so has seen it as
    /// an earlier line left it; a team that goes out, as none did. The same again changes nothing.
    ///
    /// # Errors
    ///
    /// [`Fault::Full`] if there are too many or too much is said, [`Fault::Taken`] if there is another line of this name,
    /// [`Fault::Done`] if the team was heard, or dropped, since it was seen so, or the disk failed.
    pub fn heard(&self, team: &Team, line: &Line, seen: Option<&Name>) -> Result<(), Fault> {
        let mut connection = self.connection();
        let change = connection.transaction()?;
        let stands = find(&change, &team.id)?;
        if let Some(known) = stands.as_ref().filter(|known| known.log == line.id) {
            let said = |team: &Team| {
                let span = team.next.map(|next| next.since(team.heard));
                (team.name.clone(), team.place.clone(), span)
            };
            return if said(known) == said(team) { Ok(()) } else { Err(Fault::Taken) };
        }
        if stands.as_ref().map(|known| &known.log) != seen {
            return Err(Fault::Done);
        }
        let known = "SELECT EXISTS (SELECT 1 FROM watch WHERE id = ?1)";
        if change.query_row(known, [line.id.as_str()], |row| row.get::<_, bool>(0))? {
            return Err(Fault::Taken);
        }
        let sql = "INSERT INTO team (id, name, place, heard, next, log) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
            ON CONFLICT (id) DO UPDATE SET name = ?2, place = ?3, heard = ?4, next = ?5, log = ?6";
        let (heard, next) = (seconds(team.heard), team.next.map(seconds));
        change
            .execute(sql, params![team.id.as_str(), team.name, team.place, heard, next, line.id.as_str()])?;
        let count: u32 = change.query_row("SELECT count(*) FROM team", [], |row| row.get(0))?;
        if count > TEAMS_MAX || team.name.len() > WORDS_BYTES_MAX || team.place.len() > WORDS_BYTES_MAX {
            return Err(Fault::Full);
        }
        write(&change, line)?;
        change.commit()?;
        Ok(())
    }

    /// The teams: those that are out first, the one that is to be heard soonest before others.
    ///
    /// # Errors
    ///
    /// They can't be read.
    pub fn teams(&self) -> Result<Vec<Team>, Fault> {
        let connection = self.connection();
        let mut all = connection.prepare(
            "SELECT id, name, place, heard, next, log FROM team ORDER BY next IS NULL, next, name, id",
        )?;
        let rows = all.query_map([], |row| Ok(read(row)))?;
        rows.map(|row| row.map_err(Fault::from).and_then(|row| row)).collect()
    }

    /// A team.
    ///
    /// # Errors
    ///
    /// It can't be read.
    pub fn team(&self, id: &Name) -> Result<Option<Team>, Fault> {
        find(&self.connection(), id)
    }

    /// Drops a team that is in, and writes over it; what the log says of it stays. Nothing happens if it is out, or there is
    /// none.
    ///
    /// # Errors
    ///
    /// The disk failed.
    pub fn drop_team(&self, id: &Name) -> Result<(), Fault> {
        self.connection().execute("DELETE FROM team WHERE id = ?1 AND next IS NULL", [id.as_str()])?;
        self.settle()
    }
}

fn find(connection: &Connection, id: &Name) -> Result<Option<Team>, Fault> {
    let one = "SELECT id, name, place, heard, next, log FROM team WHERE id = ?1";
    connection.query_row(one, [id.as_str()], |row| Ok(read(row))).optional()?.transpose()
}

fn read(row: &Row<'_>) -> Result<Team, Fault> {
    Ok(Team {
        id: name(&row.get::<_, String>(0)?)?,
        name: row.get(1)?,
        place: row.get(2)?,
        heard: time(row.get(3)?)?,
        next: maybe(row, 4)?,
        log: name(&row.get::<_, String>(5)?)?,
    })
}
