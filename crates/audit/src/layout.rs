//! Which files a node's folder may have (DECISIONS, *register folder*). A file that is none of these is
//! a wrong: junk could hide in it.

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
    if path == "lock" || path == "queue/journal" {
        return Some(Known::Own);
    }
    if ["witness/witness-", "witness/intake-", "queue/"].iter().any(|folder| hashed(folder).is_some()) {
        return Some(Known::Own);
    }
    hashed("sealed/")
        .map(Known::Sealed)
        .or_else(|| hashed("grant/").map(Known::Grant))
        .or_else(|| hashed("note/").map(Known::Note))
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
            "readme.txt".to_owned(),
        ] {
            assert!(know(&bad).is_none(), "{bad}");
        }
    }
}
