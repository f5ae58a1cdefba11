//! Files that a person names.

use std::io::{ErrorKind, Write as _};
use std::path::Path;

use crate::failure::Failure;

/// That a file is there, before a passphrase is asked for.
pub(crate) fn present(path: &Path) -> Result<(), Failure> {
    let about = std::fs::metadata(path).map_err(|error| Failure::unreadable(path, &error))?;
    if about.is_file() { Ok(()) } else { Err(Failure::no_file(path)) }
}

/// That nothing is there yet.
pub(crate) fn absent(path: &Path) -> Result<(), Failure> {
    if path.symlink_metadata().is_ok() { Err(there(path)) } else { Ok(()) }
}

fn there(path: &Path) -> Failure {
    Failure::usage("mithaq::exists", format!("there is a file `{}` already", path.display()))
        .help("choose another name: nothing is overwritten")
}

/// Writes a new file; none is overwritten.
pub(crate) fn write_new(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let failed = |error: std::io::Error| match error.kind() {
        ErrorKind::AlreadyExists => there(path),
        _ => Failure::unwritable(path, &error),
    };
    let mut file = std::fs::File::create_new(path).map_err(failed)?;
    file.write_all(bytes).map_err(failed)?;
    file.sync_all().map_err(failed)
}

/// Writes a file whole, unless it stands there with these very bytes; another is never written over.
pub(crate) fn write_once(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    if path.symlink_metadata().is_ok() {
        let same = std::fs::read(path).is_ok_and(|there| there == bytes);
        return if same { Ok(()) } else { Err(there(path)) };
    }
    // A part that an earlier run left behind is nobody's.
    let part = path.with_extension("part");
    let failed = |error| Failure::unwritable(path, &error);
    let mut file = std::fs::File::create(&part).map_err(failed)?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(failed)?;
    std::fs::rename(&part, path).map_err(failed)
}

/// Writes a file anew: beside its place, and then over it.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let part = path.with_extension("part");
    let failed = |error| Failure::unwritable(path, &error);
    std::fs::write(&part, bytes).map_err(failed)?;
    std::fs::rename(&part, path).map_err(failed)
}
