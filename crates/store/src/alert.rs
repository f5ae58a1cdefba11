//! What somebody here has to be told of, up a ladder until someone takes it; raised, told and noted for sending in one change,
//! so that no stop of the program loses any of it.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension as _, Row, params};
use terms::{Code, Instant, Seconds};

use crate::draft::{seconds, time};
use crate::watch::{maybe, somebody};
use crate::{Fault, Private};

/// How many are kept; of more, the oldest that are over or taken are dropped.
const ALERTS_MAX: u32 = 10_000;

/// How far what happened was looked through.
const EVENTS: &str = "events";

/// What an alert is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AlertKind {
    /// Something was served on the participant.
    Served,
    /// Half of the time is over in which the participant is asked for a step.
    Half,
    /// All of it is.
    Overdue,
    /// A matter was graded as grave.
    Grave,
    /// A key is convicted, or the registrar let in what it had to refuse.
    Misbehaviour,
    /// A task in a matter was given to somebody.
    Assigned,
    /// A team was not heard in time.
    Team,
}

impl AlertKind {
    /// All of them.
    pub const ALL: [AlertKind; 7] = [
        AlertKind::Served,
        AlertKind::Half,
        AlertKind::Overdue,
        AlertKind::Grave,
        AlertKind::Misbehaviour,
        AlertKind::Assigned,
        AlertKind::Team,
    ];

    /// Its word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            AlertKind::Served => "served",
            AlertKind::Half => "half",
            AlertKind::Overdue => "overdue",
            AlertKind::Grave => "grave",
            AlertKind::Misbehaviour => "misbehaviour",
            AlertKind::Assigned => "assigned",
            AlertKind::Team => "team",
        }
    }

    /// The kind of a word.
    #[must_use]
    pub fn of(word: &str) -> Option<AlertKind> {
        AlertKind::ALL.into_iter().find(|kind| kind.as_str() == word)
    }

    /// Whether it is about something that may be over before anybody takes it.
    const fn passes(self) -> bool {
        matches!(self, AlertKind::Half | AlertKind::Overdue | AlertKind::Assigned | AlertKind::Team)
    }
}

/// Something that somebody has to be told of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alert {
    /// Its name: the same whenever it is found.
    pub id: String,
    /// What it is about.
    pub kind: AlertKind,
    /// The matter's reference; empty if it is about the record itself.
    pub reference: String,
    /// When it came about.
    pub since: Instant,
    /// Until when something is to be done, where that is so.
    pub due: Option<Instant>,
    /// Whom alone it concerns first.
    pub whom: Option<Code>,
}

/// An alert as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Raised {
    /// Its place among those that were raised, from 1.
    pub seq: u64,
    /// The alert.
    pub alert: Alert,
    /// When it was found.
    pub raised: Instant,
    /// When what it is about was over, if nobody had taken it.
    pub over: Option<Instant>,
    /// When it was taken, and by whom.
    pub taken: Option<(Instant, Code)>,
    /// Who was told, rung by rung.
    pub told: Vec<Told>,
}

/// That somebody was told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// Which rung of the ladder, from 1.
    pub rung: u32,
    /// A person or a post; empty if nobody was on duty.
    pub who: String,
    /// When.
    pub at: Instant,
}

/// What a look at everything found.
#[derive(Clone, Debug)]
pub struct Look<'a> {
    /// What is to be raised, if it was not yet.
    pub found: &'a [Alert],
    /// How many events were looked through for it, from the first on.
    pub events: u64,
    /// Who is told, one after the other, beginning with whoever is on duty.
    pub ladder: &'a [String],
    /// How long each has to take it before the next is told.
    pub step: Seconds,
    /// Whether each telling is also to be sent to a program outside.
    pub sends: bool,
    /// Now.
    pub now: Instant,
}

impl Private {
    /// How many events were looked through already; none, if nobody ever looked.
    ///
    /// # Errors
    ///
    /// It can't be read.
    pub fn events_seen(&self) -> Result<Option<u64>, Fault> {
        let far = "SELECT far FROM reached WHERE what = ?1";
        let far: Option<i64> = self.connection().query_row(far, [EVENTS], |row| row.get(0)).optional()?;
        Ok(far.map(|far| u64::try_from(far).unwrap_or_default()))
    }

    /// Takes in what was found: raises what is new, tells the first rung of it, tells the next of what nobody took in time, and
    /// says that it is over with what was found before and is no more. Gives the place of the newest.
    ///
    /// # Errors
    ///
    /// The disk failed: then nothing of it is so.
    pub fn look_at_alerts(&self, look: &Look<'_>) -> Result<u64, Fault> {
        let mut connection = self.connection();
        let change = connection.transaction()?;
        for alert in look.found {
            raise(&change, alert, look)?;
        }
        pass(&change, look)?;
        climb(&change, look)?;
        change.execute(
            "INSERT OR REPLACE INTO reached (what, far) VALUES (?1, ?2)",
            params![EVENTS, i64::try_from(look.events).unwrap_or(i64::MAX)],
        )?;
        change.execute(
            "DELETE FROM alert WHERE (taken IS NOT NULL OR over IS NOT NULL)
             AND seq <= (SELECT max(seq) FROM alert) - ?1",
            [ALERTS_MAX],
        )?;
        change.execute("DELETE FROM alert_told WHERE alert NOT IN (SELECT id FROM alert)", [])?;
        change.execute("DELETE FROM outgoing WHERE alert NOT IN (SELECT id FROM alert)", [])?;
        let newest: i64 = change.query_row("SELECT ifnull(max(seq), 0) FROM alert", [], |row| row.get(0))?;
        change.commit()?;
        self.count(&connection)?;
        Ok(u64::try_from(newest).unwrap_or_default())
    }

    /// Somebody takes an alert: then nobody else is told. Of several who take it at once the first has it.
    ///
    /// # Errors
    ///
    /// [`Fault::NoLine`] if there is none, [`Fault::Done`] if another took it, or the disk failed.
    pub fn take_alert(&self, id: &str, by: &Code, now: Instant) -> Result<(), Fault> {
        let connection = self.connection();
        let has = "SELECT taken_by FROM alert WHERE id = ?1";
        let has = connection.query_row(has, [id], |row| row.get::<_, Option<String>>(0)).optional()?;
        match has.ok_or(Fault::NoLine)? {
            Some(other) if other == by.as_str() => Ok(()),
            Some(_) => Err(Fault::Done),
            None => {
                let sql = "UPDATE alert SET taken = ?1, taken_by = ?2 WHERE id = ?3";
                connection.execute(sql, params![seconds(now), by.as_str(), id])?;
                self.count(&connection)
            }
        }
    }

    /// The alerts, the newest first: those that wait, or all.
    ///
    /// # Errors
    ///
    /// They can't be read.
    pub fn alerts(&self, only_waiting: bool) -> Result<Vec<Raised>, Fault> {
        let connection = self.connection();
        let mut all = connection.prepare(
            "SELECT seq, id, kind, reference, since, due, whom, raised, over, taken, taken_by FROM alert
             WHERE NOT ?1 OR (taken IS NULL AND over IS NULL) ORDER BY seq DESC",
        )?;
        let rows = all.query_map([only_waiting], |row| Ok(read(row)))?;
        let mut alerts: Vec<Raised> =
            rows.map(|row| row.map_err(Fault::from).and_then(|row| row)).collect::<Result<_, _>>()?;
        for raised in &mut alerts {
            raised.told = told(&connection, &raised.alert.id)?;
        }
        Ok(alerts)
    }

    /// An alert.
    ///
    /// # Errors
    ///
    /// It can't be read.
    pub fn alert(&self, id: &str) -> Result<Option<Raised>, Fault> {
        let one =
            "SELECT seq, id, kind, reference, since, due, whom, raised, over, taken, taken_by FROM alert
             WHERE id = ?1";
        self.connection().query_row(one, [id], |row| Ok(read(row))).optional()?.transpose()
    }

    /// The alerts that were raised behind a place, the oldest first: at most so many.
    ///
    /// # Errors
    ///
    /// They can't be read.
    pub fn alerts_behind(&self, seq: u64, most: u32) -> Result<Vec<Raised>, Fault> {
        let connection = self.connection();
        let mut all = connection.prepare(
            "SELECT seq, id, kind, reference, since, due, whom, raised, over, taken, taken_by FROM alert
             WHERE seq > ?1 ORDER BY seq LIMIT ?2",
        )?;
        let seq = i64::try_from(seq).unwrap_or(i64::MAX);
        let rows = all.query_map(params![seq, most], |row| Ok(read(row)))?;
        rows.map(|row| row.map_err(Fault::from).and_then(|row| row)).collect()
    }

    /// The place of the newest alert; 0 if there is none.
    ///
    /// # Errors
    ///
    /// It can't be read.
    pub fn newest_alert(&self) -> Result<u64, Fault> {
        let newest = "SELECT ifnull(max(seq), 0) FROM alert";
        let newest: i64 = self.connection().query_row(newest, [], |row| row.get(0))?;
        Ok(u64::try_from(newest).unwrap_or_default())
    }
}

/// Raises an alert that was not raised before, and tells the first of it.
fn raise(change: &Connection, alert: &Alert, look: &Look<'_>) -> Result<(), Fault> {
    let new = change.execute(
        "INSERT OR IGNORE INTO alert (id, kind, reference, since, due, whom, raised) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![
            alert.id,
            alert.kind.as_str(),
            alert.reference,
            seconds(alert.since),
            alert.due.map(seconds),
            alert.whom.as_ref().map(Code::as_str),
            seconds(look.now)
        ],
    )?;
    if new == 0 {
        return Ok(());
    }
    let first = alert.whom.as_ref().map(Code::as_str).or(look.ladder.first().map(String::as_str));
    tell(change, &alert.id, 1, first.unwrap_or_default(), look)
}

/// Says that what stood before and was not found now is over.
fn pass(change: &Connection, look: &Look<'_>) -> Result<(), Fault> {
    let standing: BTreeSet<&str> = look.found.iter().map(|alert| alert.id.as_str()).collect();
    for (id, kind, _) in waiting(change)? {
        if kind.passes() && !standing.contains(id.as_str()) {
            let sql = "UPDATE alert SET over = ?1 WHERE id = ?2";
            change.execute(sql, params![seconds(look.now), id])?;
        }
    }
    Ok(())
}

/// Tells the next rung of what nobody took in time.
fn climb(change: &Connection, look: &Look<'_>) -> Result<(), Fault> {
    for (id, _, whom) in waiting(change)? {
        let told = told(change, &id)?;
        let Some(last) = told.last().filter(|last| last.at.plus(look.step) <= look.now) else { continue };
        // Nobody is told twice of the same.
        let was_told = |who: &str| told.iter().any(|told| told.who == who) || whom.as_deref() == Some(who);
        if let Some(next) = look.ladder.iter().find(|who| !was_told(who)) {
            tell(change, &id, last.rung + 1, next, look)?;
        }
    }
    Ok(())
}

fn waiting(change: &Connection) -> Result<Vec<(String, AlertKind, Option<String>)>, Fault> {
    let open = "SELECT id, kind, whom FROM alert WHERE taken IS NULL AND over IS NULL";
    let mut open = change.prepare(open)?;
    let mut rows = open.query([])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        let kind = AlertKind::of(&row.get::<_, String>(1)?).ok_or(Fault::Garbled("the kind of an alert"))?;
        all.push((row.get(0)?, kind, row.get(2)?));
    }
    Ok(all)
}

fn tell(change: &Connection, id: &str, rung: u32, who: &str, look: &Look<'_>) -> Result<(), Fault> {
    let sql = "INSERT INTO alert_told (alert, rung, who, at) VALUES (?1, ?2, ?3, ?4)";
    change.execute(sql, params![id, rung, who, seconds(look.now)])?;
    if look.sends {
        let sql = "INSERT INTO outgoing (id, alert, rung, made, next) VALUES (?1, ?2, ?3, ?4, ?4)";
        change.execute(sql, params![format!("{id}.{rung}"), id, rung, seconds(look.now)])?;
    }
    Ok(())
}

fn told(connection: &Connection, id: &str) -> Result<Vec<Told>, Fault> {
    let mut all =
        connection.prepare("SELECT rung, who, at FROM alert_told WHERE alert = ?1 ORDER BY rung")?;
    let mut rows = all.query([id])?;
    let mut told = Vec::new();
    while let Some(row) = rows.next()? {
        told.push(Told { rung: row.get(0)?, who: row.get(1)?, at: time(row.get(2)?)? });
    }
    Ok(told)
}

fn read(row: &Row<'_>) -> Result<Raised, Fault> {
    let kind = AlertKind::of(&row.get::<_, String>(2)?).ok_or(Fault::Garbled("the kind of an alert"))?;
    Ok(Raised {
        seq: u64::try_from(row.get::<_, i64>(0)?).unwrap_or_default(),
        alert: Alert {
            id: row.get(1)?,
            kind,
            reference: row.get(3)?,
            since: time(row.get(4)?)?,
            due: maybe(row, 5)?,
            whom: somebody(row, 6)?,
        },
        raised: time(row.get(7)?)?,
        over: maybe(row, 8)?,
        taken: maybe(row, 9)?.zip(somebody(row, 10)?),
        told: Vec::new(),
    })
}
