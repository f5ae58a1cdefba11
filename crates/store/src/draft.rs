//! What was written and is not signed: as it was typed, whatever it is.

use std::collections::BTreeMap;

use act::value::MatterRef;
use rusqlite::{OptionalExtension as _, Row, params};
use serde_json::{Value, json};
use terms::{ActId, Code, Hash, Instant, Item};

use crate::{Fault, Name, Private};

/// Most drafts that wait at one time; each new one beyond needs that another is dropped or signed.
const OPEN_MAX: u32 = 1_000;

/// How many of those that are signed are remembered: so long a form that is sent again is known.
const SIGNED_KEPT: u32 = 1_000;

/// The name of a draft.
pub type DraftId = Name;

/// What is being written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum About {
    /// The opening of a matter of this kind.
    Opening(Code),
    /// A step in a matter of this kind.
    Step {
        /// The kind.
        kind: Code,
        /// The matter.
        matter: MatterRef,
        /// The step.
        step: Code,
    },
    /// Something that is said of an exhibit, or the offer of some.
    Deed {
        /// What is said, as the kind of its act.
        deed: Code,
        /// Of which; an offer is of none yet.
        exhibit: Option<Item>,
    },
    /// Relief in a matter, or what is said later of an entry in it.
    Relief {
        /// What is said, as the kind of its act.
        relief: Code,
        /// The matter.
        matter: MatterRef,
        /// The act that it is said of; relief is of none.
        act: Option<ActId>,
    },
}

/// What stands before a deed where a kind of matter else stands: no kind has such a sign in it.
const DEED: &str = "exhibit:";

/// The same, before relief.
const RELIEF: &str = "relief:";

impl About {
    /// The kind of matter, or of act.
    #[must_use]
    pub const fn kind(&self) -> &Code {
        match self {
            About::Opening(kind)
            | About::Step { kind, .. }
            | About::Deed { deed: kind, .. }
            | About::Relief { relief: kind, .. } => kind,
        }
    }

    /// As its columns have it.
    fn columns(&self) -> (String, Option<String>, Option<String>) {
        match self {
            About::Opening(kind) => (kind.to_string(), None, None),
            About::Step { kind, matter, step } => {
                (kind.to_string(), Some(matter.to_string()), Some(step.to_string()))
            }
            About::Relief { relief, matter, act } => {
                let act = act.as_ref().map(ToString::to_string);
                (format!("{RELIEF}{relief}"), Some(matter.to_string()), act)
            }
            About::Deed { deed, exhibit } => {
                (format!("{DEED}{deed}"), exhibit.as_ref().map(ToString::to_string), None)
            }
        }
    }

    fn of_columns(kind: &str, matter: Option<&str>, step: Option<&str>) -> Result<About, Fault> {
        let code = |text: &str| Code::new(text).ok_or(Fault::Garbled("a code"));
        if let Some(deed) = kind.strip_prefix(DEED) {
            let exhibit = matter.map(|item| item.parse().map_err(|_| Fault::Garbled("an exhibit")));
            return Ok(About::Deed { deed: code(deed)?, exhibit: exhibit.transpose()? });
        }
        let known = |matter: &str| matter.parse().map_err(|_| Fault::Garbled("a matter"));
        if let (Some(relief), Some(matter)) = (kind.strip_prefix(RELIEF), matter) {
            let act = step.map(|act| Hash::from_base64(act).map(ActId).ok_or(Fault::Garbled("an act")));
            let (relief, matter) = (code(relief)?, known(matter)?);
            return Ok(About::Relief { relief, matter, act: act.transpose()? });
        }
        let kind = code(kind)?;
        match (matter, step) {
            (None, None) => Ok(About::Opening(kind)),
            (Some(matter), Some(step)) => {
                let matter = known(matter)?;
                Ok(About::Step { kind, matter, step: code(step)? })
            }
            _ => Err(Fault::Garbled("a step without its matter")),
        }
    }
}

/// An officer who has read a draft and agrees to sign it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agreed {
    /// The label of the officer's key.
    pub by: Code,
    /// What was read.
    pub read: Hash,
    /// When.
    pub at: Instant,
}

/// Where a draft stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It can be written on.
    Open,
    /// It is being signed, as this act: whether that was handed in, the node says.
    Signing(ActId),
    /// It is signed, as this act.
    Signed(ActId),
}

/// A draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// Its name.
    pub id: DraftId,
    /// What it is to be.
    pub about: About,
    /// Its fields, each with what was typed; empty once it is signed.
    pub typed: BTreeMap<String, Vec<String>>,
    /// Who has read it.
    pub agreed: Vec<Agreed>,
    /// Which session touched it last.
    pub session: String,
    /// When it was begun.
    pub begun: Instant,
    /// When it was touched last.
    pub touched: Instant,
    /// Where it stands.
    pub state: State,
    /// The entry of its act, once that is final.
    pub entry: Option<u64>,
}

impl Private {
    /// Keeps a draft as it is now; one of this name that is open gives way to it. What an officer has agreed to stays with
    /// it: whether it is still what was read, its hash says.
    ///
    /// # Errors
    ///
    /// [`Fault::Signed`] if it is signed, dropped or about something else; [`Fault::Full`]; or the disk failed.
    pub fn keep(
        &self,
        id: &DraftId,
        about: &About,
        typed: &BTreeMap<String, Vec<String>>,
        session: &str,
        now: Instant,
    ) -> Result<(), Fault> {
        if self.dropped().contains(id.as_str()) {
            return Err(Fault::Signed);
        }
        let mut connection = self.connection();
        let change = connection.transaction()?;
        let (kind, matter, step) = about.columns();
        let typed = json!(typed).to_string();
        let now = seconds(now);
        let known = change.execute(
            "UPDATE draft SET typed = ?1, session = ?2, touched = ?3
             WHERE id = ?4 AND state = 'open' AND kind = ?5 AND matter IS ?6 AND step IS ?7",
            params![typed, session, now, id.as_str(), kind, matter, step],
        )?;
        if known == 0 {
            let count = "SELECT count(*) FROM draft WHERE state = 'open'";
            let open: u32 = change.query_row(count, [], |row| row.get(0))?;
            if open >= OPEN_MAX {
                return Err(Fault::Full);
            }
            let new = change.execute(
                "INSERT OR IGNORE INTO draft (id, kind, matter, step, typed, session, begun, touched)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7)",
                params![id.as_str(), kind, matter, step, typed, session, now],
            )?;
            if new == 0 {
                return Err(Fault::Signed);
            }
        }
        change.commit()?;
        self.count(&connection)
    }

    /// A draft.
    ///
    /// # Errors
    ///
    /// It can't be read.
    pub fn draft(&self, id: &DraftId) -> Result<Option<Draft>, Fault> {
        let connection = self.connection();
        let found = connection
            .query_row(&format!("{SELECT} WHERE id = ?1"), [id.as_str()], |row| Ok(read(row)))
            .optional()?;
        found.transpose()
    }

    /// The drafts that are not signed, the one touched last first.
    ///
    /// # Errors
    ///
    /// They can't be read.
    pub fn drafts(&self) -> Result<Vec<Draft>, Fault> {
        let connection = self.connection();
        let mut all =
            connection.prepare(&format!("{SELECT} WHERE state <> 'signed' ORDER BY touched DESC, id"))?;
        let rows = all.query_map([], |row| Ok(read(row)))?;
        rows.map(|row| row.map_err(Fault::from).and_then(|row| row)).collect()
    }

    /// Notes that an officer has read a draft and agrees to it; of what the same officer agreed to before, the last counts.
    ///
    /// # Errors
    ///
    /// It is not open, or the disk failed.
    pub fn agree(&self, id: &DraftId, agreed: &Agreed) -> Result<(), Fault> {
        let draft = self.draft(id)?.ok_or(Fault::NoDraft)?;
        let mut all = draft.agreed;
        all.retain(|other| other.by != agreed.by);
        all.push(agreed.clone());
        let all: Vec<Value> = all
            .iter()
            .map(|one| json!({"by": one.by, "read": one.read.to_string(), "at": seconds(one.at).to_string()}))
            .collect();
        self.only_if_open("UPDATE draft SET agreed = ?1 WHERE id = ?2 AND state = 'open'", &json!(all), id)?;
        self.agreed_to(id, &agreed.by, &agreed.read)
    }

    /// Notes, before it is signed, which act a draft becomes.
    ///
    /// # Errors
    ///
    /// It is not open, or the disk failed.
    pub fn begin_signing(&self, id: &DraftId, act: &ActId) -> Result<(), Fault> {
        let change = "UPDATE draft SET state = 'signing', act = ?1 WHERE id = ?2 AND state = 'open'";
        self.only_if_open(change, &json!(act), id)
    }

    fn only_if_open(&self, change: &str, value: &Value, id: &DraftId) -> Result<(), Fault> {
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        match self.connection().execute(change, params![text, id.as_str()])? {
            0 => Err(Fault::Signed),
            _ => Ok(()),
        }
    }

    /// Nothing came of signing it: it can be written on.
    ///
    /// # Errors
    ///
    /// The disk failed.
    pub fn reopen(&self, id: &DraftId, act: &ActId) -> Result<(), Fault> {
        let change =
            "UPDATE draft SET state = 'open', act = NULL WHERE id = ?1 AND state = 'signing' AND act = ?2";
        self.connection().execute(change, params![id.as_str(), act.to_string()])?;
        Ok(())
    }

    /// It was handed in. What was typed is written over: what stands in the act is in the register, and the rest sealed.
    ///
    /// # Errors
    ///
    /// The disk failed.
    pub fn signed(&self, id: &DraftId, act: &ActId) -> Result<(), Fault> {
        {
            let mut connection = self.connection();
            let change = connection.transaction()?;
            change.execute(
                "UPDATE draft SET state = 'signed', typed = '{}', agreed = '[]'
                 WHERE id = ?1 AND state = 'signing' AND act = ?2",
                params![id.as_str(), act.to_string()],
            )?;
            change.execute(
                "DELETE FROM draft WHERE state = 'signed' AND id NOT IN
                 (SELECT id FROM draft WHERE state = 'signed' ORDER BY touched DESC, id LIMIT ?1)",
                [SIGNED_KEPT],
            )?;
            change.commit()?;
            self.count(&connection)?;
        }
        self.settle()
    }

    /// Notes the entry of a signed draft's act.
    ///
    /// # Errors
    ///
    /// The disk failed.
    pub fn entered(&self, id: &DraftId, entry: u64) -> Result<(), Fault> {
        let entry = i64::try_from(entry).unwrap_or(i64::MAX);
        let change = "UPDATE draft SET entry = ?1 WHERE id = ?2 AND state = 'signed'";
        self.connection().execute(change, params![entry, id.as_str()])?;
        Ok(())
    }

    /// Drops a draft that is open, and writes over what was typed.
    ///
    /// # Errors
    ///
    /// The disk failed.
    pub fn drop_draft(&self, id: &DraftId) -> Result<(), Fault> {
        {
            let connection = self.connection();
            connection.execute("DELETE FROM draft WHERE id = ?1 AND state = 'open'", [id.as_str()])?;
            // A page that is open elsewhere may still save it.
            self.dropped().insert(id.as_str().to_owned());
            self.count(&connection)?;
        }
        self.settle()
    }
}

const SELECT: &str =
    "SELECT id, kind, matter, step, typed, agreed, session, begun, touched, state, act, entry FROM draft";

/// SQLite's integers have a sign; a time that is out of their range is not one.
pub(crate) fn seconds(at: Instant) -> i64 {
    i64::try_from(at.secs()).unwrap_or(i64::MAX)
}

/// A time as it was kept.
pub(crate) fn time(seconds: i64) -> Result<Instant, Fault> {
    u64::try_from(seconds).ok().and_then(Instant::from_secs).ok_or(Fault::Garbled("a time"))
}

fn read(row: &Row<'_>) -> Result<Draft, Fault> {
    let text = |at: usize| row.get::<_, String>(at).map_err(Fault::from);
    let maybe = |at: usize| row.get::<_, Option<String>>(at).map_err(Fault::from);
    let when = |at: usize| time(row.get(at)?);
    let about = About::of_columns(&text(1)?, maybe(2)?.as_deref(), maybe(3)?.as_deref())?;
    let act = maybe(10)?.and_then(|act| Hash::from_base64(&act)).map(ActId);
    let state = match (text(9)?.as_str(), act) {
        ("open", None) => State::Open,
        ("signing", Some(act)) => State::Signing(act),
        ("signed", Some(act)) => State::Signed(act),
        _ => return Err(Fault::Garbled("a state")),
    };
    Ok(Draft {
        id: DraftId::new(&text(0)?).ok_or(Fault::Garbled("a name"))?,
        about,
        typed: serde_json::from_str(&text(4)?).map_err(|_| Fault::Garbled("what was typed"))?,
        agreed: agreed(&text(5)?).ok_or(Fault::Garbled("who agreed"))?,
        session: text(6)?,
        begun: when(7)?,
        touched: when(8)?,
        state,
        entry: row.get::<_, Option<i64>>(11)?.and_then(|entry| u64::try_from(entry).ok()),
    })
}

fn agreed(text: &str) -> Option<Vec<Agreed>> {
    let all: Vec<BTreeMap<String, String>> = serde_json::from_str(text).ok()?;
    let one = |one: &BTreeMap<String, String>| {
        Some(Agreed {
            by: Code::new(one.get("by")?)?,
            read: Hash::from_base64(one.get("read")?)?,
            at: time(one.get("at")?.parse().ok()?).ok()?,
        })
    };
    all.iter().map(one).collect()
}
