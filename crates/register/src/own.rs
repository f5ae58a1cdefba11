//! Files that only the node itself uses, checked by whoever checks a node's folder.

use note::Intake;
use terms::{Hash, Origin};
use tlog::witness::Seen;

use crate::{intake, journal, mirror, twin, witness};

/// What a file of a node's own says, read by itself: whole, which is not to say that it is the newest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Own {
    /// `queue/journal`: entries on their way into tiles.
    Journal {
        /// The register's name.
        origin: Origin,
        /// How far the tiles went when it was begun.
        tiles: Seen,
        /// The entries that follow.
        entries: Vec<Vec<u8>>,
    },
    /// `queue/held`: how far a mirror holds entries that are not final yet.
    Held {
        /// The register's name.
        origin: Origin,
        /// How far.
        seen: Seen,
    },
    /// `witness/witness-HEX`: what a witness cosigned last.
    Witness {
        /// SHA-256 of its key.
        key: Hash,
        /// What it cosigned.
        seen: Seen,
    },
    /// `witness/intake-HEX`: the last stamp of an intake key.
    Intake {
        /// SHA-256 of its key.
        key: Hash,
        /// The stamp.
        last: Intake,
    },
    /// `queue/stopped-HEX`: a key that must not sign again.
    Stopped,
}

/// Reads a file of `queue/` or `witness/` by itself.
///
/// # Errors
/// What is wrong with it.
pub fn read_own(path: &str, bytes: &[u8]) -> Result<Own, String> {
    if path == "queue/journal" {
        let journal::Found { origin, tiles, entries, torn_bytes } = journal::read(bytes)?;
        return match torn_bytes {
            0 => Ok(Own::Journal { origin, tiles, entries }),
            torn => Err(format!("{torn} bytes at its end are torn")),
        };
    }
    if path == "queue/held" {
        let (origin, seen) = mirror::parse_held(bytes)?;
        return Ok(Own::Held { origin, seen });
    }
    let unread = || "its value is none that this program writes".to_owned();
    if path.starts_with("witness/witness-") {
        let (key, value) = twin::parse("witness", bytes)?;
        return witness::parse(&value).map(|seen| Own::Witness { key, seen }).ok_or_else(unread);
    }
    if path.starts_with("witness/intake-") {
        let (key, value) = twin::parse("intake", bytes)?;
        return intake::parse(&value).map(|last| Own::Intake { key, last }).ok_or_else(unread);
    }
    let text = std::str::from_utf8(bytes).map_err(|_| "it is not UTF-8".to_owned())?;
    let unended = text.strip_suffix('\n').ok_or("it is cut off")?;
    let (body, hash) = unended.rsplit_once('\n').ok_or("it is cut off")?;
    if hash == Hash::of(format!("{body}\n").as_bytes()).to_string() {
        Ok(Own::Stopped)
    } else {
        Err("its last line is not the hash of the lines above".to_owned())
    }
}
