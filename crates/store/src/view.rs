//! Lists as somebody wants them again.

use rusqlite::params;

use crate::watch::name;
use crate::{Fault, Name, Private};

/// Most views of one person.
const VIEWS_MAX: u32 = 200;

/// A view: a page under a filter, with a name. It is private to whoever saved it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    /// Its name in an address.
    pub id: Name,
    /// Whose; empty for those who did not say who they are.
    pub who: String,
    /// The page: the last part of its path.
    pub page: String,
    /// What it is called.
    pub name: String,
    /// The filter, as it stands in an address.
    pub query: String,
}

impl Private {
    /// Saves a view; one of this name that is there stays as it is.
    ///
    /// # Errors
    ///
    /// [`Fault::Full`], or the disk failed.
    pub fn save_view(&self, view: &View) -> Result<(), Fault> {
        let mut connection = self.connection();
        let change = connection.transaction()?;
        let count = "SELECT count(*) FROM view WHERE who = ?1";
        let known: u32 = change.query_row(count, [&view.who], |row| row.get(0))?;
        if known >= VIEWS_MAX {
            return Err(Fault::Full);
        }
        change.execute(
            "INSERT OR IGNORE INTO view (id, who, page, name, query) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![view.id.as_str(), view.who, view.page, view.name, view.query],
        )?;
        change.commit()?;
        Ok(())
    }

    /// Somebody's views of a page, by their names.
    ///
    /// # Errors
    ///
    /// They can't be read.
    pub fn views(&self, who: &str, page: &str) -> Result<Vec<View>, Fault> {
        let connection = self.connection();
        let sql = "SELECT id, name, query FROM view WHERE who = ?1 AND page = ?2 ORDER BY name, id";
        let mut all = connection.prepare(sql)?;
        let mut rows = all.query([who, page])?;
        let mut views = Vec::new();
        while let Some(row) = rows.next()? {
            views.push(View {
                id: name(&row.get::<_, String>(0)?)?,
                who: who.to_owned(),
                page: page.to_owned(),
                name: row.get(1)?,
                query: row.get(2)?,
            });
        }
        Ok(views)
    }

    /// Drops a view of somebody. Nothing happens if it is none of theirs.
    ///
    /// # Errors
    ///
    /// The disk failed.
    pub fn drop_view(&self, who: &str, id: &Name) -> Result<(), Fault> {
        self.connection().execute("DELETE FROM view WHERE who = ?1 AND id = ?2", [who, id.as_str()])?;
        Ok(())
    }
}
