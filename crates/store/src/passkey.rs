//! Passkeys that officers made at this desk, and acts that wait for what they assert. No secret of theirs is here: without
//! this table a passkey is still known by the register, and its authenticator has to find it by itself.

use rusqlite::{OptionalExtension as _, Row, params};
use serde_json::json;
use terms::{Code, Hash, Instant};

use crate::draft::{DraftId, seconds, time};
use crate::{Fault, Private};

/// Most passkeys that are remembered.
const PASSKEYS_MAX: u32 = 1_000;

/// A passkey that was made here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passkey {
    /// The label of the officer's key.
    pub label: Code,
    /// The office that is to hold it.
    pub office: String,
    /// Its public key, as a verifier key.
    pub vkey: String,
    /// The relying party's id: the desk's host.
    pub rp: String,
    /// The origin of the page that it was made on.
    pub origin: String,
    /// Its name at its authenticator, in the base 64 of addresses.
    pub credential: String,
    /// When it was made.
    pub made: Instant,
}

/// An act that is written, and waits for passkeys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HalfSigned {
    /// Whose draft it is.
    pub draft: DraftId,
    /// The act's text.
    pub act: String,
    /// What its officers have read.
    pub read: Hash,
    /// The signature lines of passkeys so far.
    pub lines: Vec<String>,
    /// When it was written.
    pub made: Instant,
}

impl Private {
    /// Keeps a passkey that was made.
    ///
    /// # Errors
    ///
    /// [`Fault::Taken`] if there is one of this label or this name; [`Fault::Full`]; or the disk failed.
    pub fn keep_passkey(&self, passkey: &Passkey) -> Result<(), Fault> {
        let mut connection = self.connection();
        let change = connection.transaction()?;
        let known: u32 = change.query_row("SELECT count(*) FROM passkey", [], |row| row.get(0))?;
        if known >= PASSKEYS_MAX {
            return Err(Fault::Full);
        }
        let Passkey { label, office, vkey, rp, origin, credential, made } = passkey;
        let new = change.execute(
            "INSERT OR IGNORE INTO passkey (label, office, vkey, rp, origin, credential, made)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![label.as_str(), office, vkey, rp, origin, credential, seconds(*made)],
        )?;
        if new == 0 {
            return Err(Fault::Taken);
        }
        change.commit()?;
        Ok(())
    }

    /// The passkeys that were made here, by label.
    ///
    /// # Errors
    ///
    /// They can't be read.
    pub fn passkeys(&self) -> Result<Vec<Passkey>, Fault> {
        let connection = self.connection();
        let select = "SELECT label, office, vkey, rp, origin, credential, made FROM passkey ORDER BY label";
        let mut all = connection.prepare(select)?;
        let rows = all.query_map([], |row| Ok(passkey(row)))?;
        rows.map(|row| row.map_err(Fault::from).and_then(|row| row)).collect()
    }

    /// Forgets a passkey that nobody enrols.
    ///
    /// # Errors
    ///
    /// The disk failed.
    pub fn forget_passkey(&self, label: &Code) -> Result<(), Fault> {
        self.connection().execute("DELETE FROM passkey WHERE label = ?1", [label.as_str()])?;
        Ok(())
    }

    /// Keeps an act that waits for passkeys; what its draft had before gives way.
    ///
    /// # Errors
    ///
    /// The disk failed.
    pub fn keep_half_signed(&self, half: &HalfSigned) -> Result<(), Fault> {
        let HalfSigned { draft, act, read, lines, made } = half;
        self.connection().execute(
            "INSERT OR REPLACE INTO half_signed (draft, act, read, lines, made) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![draft.as_str(), act, read.to_string(), json!(lines).to_string(), seconds(*made)],
        )?;
        Ok(())
    }

    /// The act of a draft that waits for passkeys.
    ///
    /// # Errors
    ///
    /// It can't be read.
    pub fn half_signed(&self, draft: &DraftId) -> Result<Option<HalfSigned>, Fault> {
        let connection = self.connection();
        let select = "SELECT draft, act, read, lines, made FROM half_signed WHERE draft = ?1";
        let found = connection.query_row(select, [draft.as_str()], |row| Ok(half_signed(row))).optional()?;
        found.transpose()
    }

    /// The drafts of which an act waits.
    ///
    /// # Errors
    ///
    /// They can't be read.
    pub fn half_signed_drafts(&self) -> Result<Vec<DraftId>, Fault> {
        let connection = self.connection();
        let mut all = connection.prepare("SELECT draft FROM half_signed ORDER BY draft")?;
        let mut rows = all.query([])?;
        let mut drafts = Vec::new();
        while let Some(row) = rows.next()? {
            drafts.push(DraftId::new(&row.get::<_, String>(0)?).ok_or(Fault::Garbled("a name"))?);
        }
        Ok(drafts)
    }

    /// Drops it: it is handed in, or nothing came of it.
    ///
    /// # Errors
    ///
    /// The disk failed.
    pub fn drop_half_signed(&self, draft: &DraftId) -> Result<(), Fault> {
        self.connection().execute("DELETE FROM half_signed WHERE draft = ?1", [draft.as_str()])?;
        Ok(())
    }
}

fn passkey(row: &Row<'_>) -> Result<Passkey, Fault> {
    let text = |at: usize| row.get::<_, String>(at).map_err(Fault::from);
    Ok(Passkey {
        label: Code::new(&text(0)?).ok_or(Fault::Garbled("a label"))?,
        office: text(1)?,
        vkey: text(2)?,
        rp: text(3)?,
        origin: text(4)?,
        credential: text(5)?,
        made: time(row.get(6)?)?,
    })
}

fn half_signed(row: &Row<'_>) -> Result<HalfSigned, Fault> {
    let text = |at: usize| row.get::<_, String>(at).map_err(Fault::from);
    Ok(HalfSigned {
        draft: DraftId::new(&text(0)?).ok_or(Fault::Garbled("a name"))?,
        act: text(1)?,
        read: Hash::from_base64(&text(2)?).ok_or(Fault::Garbled("a hash"))?,
        lines: serde_json::from_str(&text(3)?).map_err(|_| Fault::Garbled("signature lines"))?,
        made: time(row.get(4)?)?,
    })
}
