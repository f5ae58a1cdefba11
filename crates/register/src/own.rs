//! Files that only the node itself uses, checked by whoever checks a node's folder.

use terms::Hash;

use crate::journal;

/// Checks a file of `queue/` or `witness/` by itself: that it is whole, not that it is the newest.
///
/// # Errors
/// What is wrong with it.
pub fn check_own(path: &str, bytes: &[u8]) -> Result<(), String> {
    if path == "queue/journal" {
        let found = journal::read(bytes)?;
        return match found.torn_bytes {
            0 => Ok(()),
            torn => Err(format!("{torn} bytes at its end are torn")),
        };
    }
    let text = std::str::from_utf8(bytes).map_err(|_| "it is not UTF-8".to_owned())?;
    let unended = text.strip_suffix('\n').ok_or("it is cut off")?;
    let (body, hash) = unended.rsplit_once('\n').ok_or("it is cut off")?;
    if hash == Hash::of(format!("{body}\n").as_bytes()).to_string() {
        Ok(())
    } else {
        Err("its last line is not the hash of the lines above".to_owned())
    }
}
