//! Pieces of sealed files: in a bundle, and where they wait for the rest.

use std::collections::{BTreeMap, BTreeSet};

use terms::Hash;

use crate::named::Named;
use crate::report::Report;
use crate::source::Piece;

/// The path of a piece in a bundle.
pub(crate) fn path(piece: &Piece) -> String {
    format!("sealed/{}.at/{}", piece.whole.to_hex(), piece.offset)
}

/// Each by itself: an act names its file, and it lies within that.
pub(crate) fn check(pieces: &[(String, Piece)], named: &Named, report: &mut Report) {
    for (path, piece) in pieces {
        match named.sealed.get(&piece.whole).and_then(BTreeSet::last) {
            None => {
                report.wrong(
                    "audit::unnamed_file",
                    path,
                    None,
                    "no act names the file that this is a part of",
                );
            }
            Some(bytes) if piece.offset.checked_add(piece.size).is_none_or(|end| end > *bytes) => {
                report.wrong("audit::size", path, None, "it goes beyond the size that its file's act says");
            }
            Some(_) => {}
        }
    }
}

/// Those of one bundle beside each other: of each file in order, none over another; and where all of a file
/// is there, it has the hash that it is named by.
pub(crate) fn check_together(pieces: &[(String, Piece)], named: &Named, report: &mut Report) {
    let mut ends: BTreeMap<Hash, u64> = BTreeMap::new();
    for (path, piece) in pieces {
        let end = piece.offset.saturating_add(piece.size);
        let before = ends.insert(piece.whole, end);
        if before.is_some_and(|before| piece.offset < before) {
            report.wrong(
                "audit::piece",
                path,
                None,
                "it begins before the piece of its file that came last ends",
            );
        }
        // Who gives a file another size than it has does not make its pieces wrong: the largest counts.
        let bytes = named.sealed.get(&piece.whole).and_then(BTreeSet::last);
        if bytes == Some(&end) && piece.up_to_here.is_some_and(|found| found != piece.whole) {
            report.wrong("audit::hash", path, None, "with it its file is whole, and has another hash");
        }
    }
}
