//! Which files a node's folder may have (DECISIONS, *register folder*). A file that is none of these is
//! a wrong: junk could hide in it.

use note::{KeyName, VerifierKey};
use terms::Hash;
use tlog::TilePath;

/// A file of a node's folder, by its path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Known {
    /// The largest checkpoint with a quorum.
    Checkpoint,
    /// A tile of hashes, or a bundle of entries.
    Tile(TilePath),
    /// A plain text, by its hash.
    Annex(Hash),
    /// A sealed file, by its hash.
    Sealed(Hash),
    /// A sealed grant, by its hash.
    Grant(Hash),
    /// A note: refusal, state note, freeze, receipt; by its hash.
    Note(Hash),
    /// What only this node uses.
    Own,
}

/// Reads a path of a node's folder.
#[must_use]
pub fn know(path: &str) -> Option<Known> {
    let hashed = |folder: &str| path.strip_prefix(folder).and_then(Hash::from_hex);
    if let Some(rest) = path.strip_prefix("register/") {
        if rest == "checkpoint" {
            return Some(Known::Checkpoint);
        }
        if let Some(tile) = TilePath::parse(rest) {
            return Some(Known::Tile(tile));
        }
        return hashed("register/annex/").map(Known::Annex);
    }
    if path == "lock" || path == "queue/journal" || path == "queue/held" {
        return Some(Known::Own);
    }
    if is_piece(path) {
        return Some(Known::Own);
    }
    if ["witness/witness-", "witness/intake-", "queue/", "queue/stopped-"]
        .iter()
        .any(|folder| hashed(folder).is_some())
    {
        return Some(Known::Own);
    }
    hashed("sealed/")
        .map(Known::Sealed)
        .or_else(|| hashed("grant/").map(Known::Grant))
        .or_else(|| hashed("note/").map(Known::Note))
}

/// A part of a sealed file whose rest has not come yet: `queue/piece/HEX/OFFSET-HEX`, by the hash of the
/// whole file, where the part begins in it, and its own hash.
fn is_piece(path: &str) -> bool {
    piece(path).is_some()
}

/// The hash of the whole file, the place in it, and the hash of the part.
#[must_use]
pub fn piece(path: &str) -> Option<(Hash, u64, Hash)> {
    let (whole, rest) = path.strip_prefix("queue/piece/")?.split_once('/')?;
    let (offset, part) = rest.split_once('-')?;
    let number: u64 = offset.parse().ok().filter(|number: &u64| number.to_string() == offset)?;
    Some((Hash::from_hex(whole)?, number, Hash::from_hex(part)?))
}

/// The file in which a witness remembers what it cosigned of a registrar's key; `log` is that key under
/// its checkpoint name.
#[must_use]
pub fn witness_file(log: &VerifierKey, witness: &KeyName, key: &Hash) -> String {
    let of = format!("{}\n{}\n{witness}\n{key}", log.name(), Hash::of(log.raw()));
    format!("witness/witness-{}", Hash::of(of.as_bytes()).to_hex())
}

/// The file in which an intake key remembers its last stamp.
#[must_use]
pub fn intake_file(name: &KeyName, key: &Hash) -> String {
    format!("witness/intake-{}", Hash::of(format!("{name}\n{key}").as_bytes()).to_hex())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_hides() {
        let hex = Hash::of(b"x").to_hex();
        for good in [
            "register/checkpoint".to_owned(),
            "register/tile/0/000.p/5".to_owned(),
            "register/tile/entries/x001/234".to_owned(),
            format!("register/annex/{hex}"),
            format!("sealed/{hex}"),
            format!("grant/{hex}"),
            format!("note/{hex}"),
            format!("witness/witness-{hex}"),
            format!("witness/intake-{hex}"),
            format!("queue/{hex}"),
            "queue/journal".to_owned(),
            "queue/held".to_owned(),
            format!("queue/stopped-{hex}"),
            format!("queue/piece/{hex}/0-{hex}"),
            "lock".to_owned(),
        ] {
            assert!(know(&good).is_some(), "{good}");
        }
        for bad in [
            "register/checkpoint~".to_owned(),
            "register/tile/0/000.p/0".to_owned(),
            "checkpoint".to_owned(),
            format!("sealed/{}", hex.to_uppercase()),
            format!("sealed/{hex}.tmp"),
            "sealed/../lock".to_owned(),
            "queue/part-1".to_owned(),
            format!("queue/piece/{hex}/00-{hex}"),
            format!("queue/piece/{hex}/+1-{hex}"),
            format!("queue/piece/{hex}"),
            "readme.txt".to_owned(),
        ] {
            assert!(know(&bad).is_none(), "{bad}");
        }
    }
}
