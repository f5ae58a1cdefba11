//! Who may see and do what of the private side.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::params;
use terms::Code;

use crate::{Fault, Private};

/// What somebody may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// Read and write the log of the watch, and take the watch.
    Watch,
    /// See and set tasks.
    Tasks,
    /// Read and write notes on matters.
    Notes,
    /// Read and write what is noted of good offices.
    GoodOffices,
    /// See and change the directory.
    Directory,
    /// Read and write drafts of acts.
    Drafts,
    /// Sign what goes into the register.
    Publish,
    /// Say who may what.
    Access,
}

impl Part {
    /// All of them.
    pub const ALL: [Part; 8] = [
        Part::Watch,
        Part::Tasks,
        Part::Notes,
        Part::GoodOffices,
        Part::Directory,
        Part::Drafts,
        Part::Publish,
        Part::Access,
    ];

    /// Its word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Part::Watch => "watch",
            Part::Tasks => "tasks",
            Part::Notes => "notes",
            Part::GoodOffices => "good-offices",
            Part::Directory => "directory",
            Part::Drafts => "drafts",
            Part::Publish => "publish",
            Part::Access => "access",
        }
    }

    /// The part of a word.
    #[must_use]
    pub fn of(word: &str) -> Option<Part> {
        Part::ALL.into_iter().find(|part| part.as_str() == word)
    }
}

impl Private {
    /// What somebody may; nobody in particular may nothing, as soon as it is said of anybody what they may.
    ///
    /// # Errors
    ///
    /// It can't be read.
    pub fn parts(&self, who: Option<&Code>) -> Result<BTreeSet<Part>, Fault> {
        let access = self.access()?;
        if access.is_empty() {
            return Ok(Part::ALL.into());
        }
        Ok(who.and_then(|who| access.get(who)).cloned().unwrap_or_default())
    }

    /// Who may what; nobody, while each may all of it.
    ///
    /// # Errors
    ///
    /// It can't be read.
    pub fn access(&self) -> Result<BTreeMap<Code, BTreeSet<Part>>, Fault> {
        let connection = self.connection();
        let mut all = connection.prepare("SELECT who, part FROM access")?;
        let mut rows = all.query([])?;
        let mut access: BTreeMap<Code, BTreeSet<Part>> = BTreeMap::new();
        while let Some(row) = rows.next()? {
            let who = Code::new(&row.get::<_, String>(0)?).ok_or(Fault::Garbled("who it is"))?;
            let part = Part::of(&row.get::<_, String>(1)?).ok_or(Fault::Garbled("what somebody may"))?;
            access.entry(who).or_default().insert(part);
        }
        Ok(access)
    }

    /// Says who may what. Without anybody, each may all of it.
    ///
    /// # Errors
    ///
    /// [`Fault::OthersToDo`] if nobody could change it again, or the disk failed.
    pub fn set_access(&self, access: &BTreeMap<Code, BTreeSet<Part>>) -> Result<(), Fault> {
        let is_set = access.values().any(|parts| !parts.is_empty());
        if is_set && access.values().all(|parts| !parts.contains(&Part::Access)) {
            return Err(Fault::OthersToDo);
        }
        let mut connection = self.connection();
        let change = connection.transaction()?;
        change.execute("DELETE FROM access", [])?;
        for (who, part) in access.iter().flat_map(|(who, parts)| parts.iter().map(move |part| (who, part))) {
            let sql = "INSERT INTO access (who, part) VALUES (?1, ?2)";
            change.execute(sql, params![who.as_str(), part.as_str()])?;
        }
        change.commit()?;
        Ok(())
    }
}
