//! What stands at a path: by what is in it, and only then by its name.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use node::disk::Disk;
use terms::Hash;

use crate::failure::Failure;
use crate::mark::Mark;

/// What can be verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// A node's data folder.
    Node,
    /// A folder of such folders and of files from them.
    Collection,
    /// A bundle, sealed or plain.
    Bundle,
    /// A bare proof of inclusion.
    Proof,
    /// A standing proof.
    Standing,
    /// A contradiction.
    Contradiction,
}

/// How much of a file is looked at.
const HEAD_BYTES: u64 = 1024;

/// Looks at what a person named.
pub(crate) fn of(path: &Path) -> Result<Found, Failure> {
    let about = std::fs::metadata(path).map_err(|error| Failure::unreadable(path, &error))?;
    if about.is_dir() {
        return if is_node(path) { Ok(Found::Node) } else { Ok(Found::Collection) };
    }
    if !about.is_file() {
        return Err(unknown(path));
    }
    let file = File::open(path).map_err(|error| Failure::unreadable(path, &error))?;
    let mut head = Vec::new();
    file.take(HEAD_BYTES).read_to_end(&mut head).map_err(|error| Failure::unreadable(path, &error))?;
    by_content(&head).or_else(|| by_name(path)).ok_or_else(|| unknown(path))
}

/// Whether a folder is a node's: it has a register, or what only a node has.
pub(crate) fn is_node(path: &Path) -> bool {
    path.join("register").is_dir()
}

/// The folders of nodes right below a folder.
pub(super) fn nodes_below(path: &Path) -> Result<Vec<PathBuf>, Failure> {
    let unreadable = |error| Failure::unreadable(path, &error);
    let entries = std::fs::read_dir(path).map_err(unreadable)?;
    let mut nodes = Vec::new();
    for entry in entries {
        let entry = entry.map_err(unreadable)?;
        if entry.file_type().map_err(unreadable)?.is_dir() && is_node(&entry.path()) {
            nodes.push(entry.path());
        }
    }
    nodes.sort_unstable();
    Ok(nodes)
}

/// A node's folder that somebody named; or in the folder of several that they named, the first that is of
/// this register.
///
/// # Errors
///
/// There is none.
pub(super) fn node_below(path: &Path, register: Option<&Hash>) -> Result<PathBuf, Failure> {
    if is_node(path) {
        return Ok(path.to_owned());
    }
    let nodes = nodes_below(path)?;
    let of_it = |node: &&PathBuf| {
        register
            .is_none_or(|register| Mark::at(&Disk::at(node)).is_some_and(|(genesis, _)| genesis == *register))
    };
    let found = nodes.iter().find(of_it).cloned();
    found.ok_or_else(|| {
        let message = match nodes.as_slice() {
            [] => format!("there is no register in `{}`", path.display()),
            _ => format!("no register in `{}` is the one that this is of", path.display()),
        };
        Failure::usage("mithaq::no_register", message).help(
            "`--with` names a node's data folder, which has a folder `register`, or a folder of such folders",
        )
    })
}

/// By the name alone, for files in a collection.
pub(crate) fn by_name(path: &Path) -> Option<Found> {
    let name = path.file_name()?.to_str()?;
    if name.ends_with(".tlog-proof") {
        Some(Found::Proof)
    } else if name.ends_with(".mithaq-proof") {
        Some(Found::Standing)
    } else if name.ends_with(".contradiction.json") {
        Some(Found::Contradiction)
    } else if name.ends_with(".mithaq") {
        Some(Found::Bundle)
    } else {
        None
    }
}

fn by_content(head: &[u8]) -> Option<Found> {
    const AGE: &[u8] = b"age-encryption.org/v1";
    let tar = head.get(257..262) == Some(b"ustar");
    let json = |word: &str| {
        let text = String::from_utf8_lossy(head);
        text.starts_with('{') && text.contains(word)
    };
    if tar || head.starts_with(AGE) {
        Some(Found::Bundle)
    } else if head.starts_with(b"c2sp.org/tlog-proof@v1") {
        Some(Found::Proof)
    } else if json("\"mithaq.contradiction/") {
        Some(Found::Contradiction)
    } else if json("\"mithaq.proof/") {
        Some(Found::Standing)
    } else {
        None
    }
}

fn unknown(path: &Path) -> Failure {
    Failure::usage("mithaq::unknown_file", format!("`{}` is nothing that can be verified", path.display()))
        .help("name a node's data folder, a bundle, a proof, or a contradiction")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_its_first_bytes() {
        let mut tar = vec![0; 512];
        tar[257..262].copy_from_slice(b"ustar");
        for (head, found) in [
            (tar.as_slice(), Some(Found::Bundle)),
            (b"age-encryption.org/v1\n-> X25519", Some(Found::Bundle)),
            (b"c2sp.org/tlog-proof@v1\n", Some(Found::Proof)),
            (b"{\"format\":\"mithaq.contradiction/v1\"", Some(Found::Contradiction)),
            (b"{\"format\":\"mithaq.proof/v1\"", Some(Found::Standing)),
            (b"", None),
            (b"hello", None),
        ] {
            assert_eq!(by_content(head), found);
        }
    }
}
