//! The instrument's reference lines whose files are here.

use std::collections::BTreeMap;
use std::path::Path;

use instrument::Instrument;
use instrument::place::LineFile;
use place::Line;
use place::line::read::{BYTES_MOST, read};
use terms::{Code, Hash};

/// The lines whose files are at hand and are those that the instrument names: annexes of the register, or what lies in a folder
/// ([`crate::Home::lines`]) under any name. A line whose file is not there, or is none, is left out: by it nothing is
/// determined.
#[must_use]
pub fn drawn(
    instrument: &Instrument,
    annex: impl Fn(&Hash) -> Option<Vec<u8>>,
    folder: &Path,
) -> BTreeMap<Code, Line> {
    let mut lines = BTreeMap::new();
    if instrument.lines.is_empty() {
        return lines;
    }
    let beside = files(folder);
    for (name, line) in &instrument.lines {
        let annex = match line.file {
            LineFile::Annex(hash) => annex(&hash),
            LineFile::Elsewhere(_) => None,
        };
        let bytes = annex.or_else(|| beside.get(&line.file.hash()).cloned());
        let text = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
        let line = text.and_then(|text| read(&text, Some(line.precision_m)).ok());
        lines.extend(line.map(|line| (name.clone(), line)));
    }
    lines
}

/// The files of the folder by their hashes.
fn files(folder: &Path) -> BTreeMap<Hash, Vec<u8>> {
    let files = std::fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    let fits = |of: std::fs::Metadata| of.is_file() && of.len() <= BYTES_MOST as u64;
    let small = files.filter(|file| file.metadata().is_ok_and(fits));
    let read = small.filter_map(|file| std::fs::read(file.path()).ok());
    read.map(|bytes| (Hash::of(&bytes), bytes)).collect()
}
