//! The list for a spreadsheet.

use lang::Texts;

use super::Row;
use crate::page::sheet::table;
use crate::web::answer::Sorry;
use crate::words::Who;

/// The columns: what the reader's language calls each, and its stable word.
const COLUMNS: [(&str, &str); 12] = [
    ("col-reference", "reference"),
    ("col-matter", "matter"),
    ("col-what", "filed-with"),
    ("exhibit-name", "name"),
    ("exhibit-filer", "filer"),
    ("exhibit-offered-at", "offered"),
    ("exhibit-granted", "granted"),
    ("exhibit-holders", "holders"),
    ("exhibit-opened-by", "opened"),
    ("col-state", "state"),
    ("exhibit-sha", "sha256"),
    ("exhibit-size", "bytes"),
];

pub(super) fn sheet(texts: &Texts, rows: &[Row]) -> Result<String, Sorry> {
    let everyone = |all: &[Who]| all.iter().map(|who| who.label.as_str()).collect::<Vec<_>>().join("; ");
    let cells = |row: &Row| {
        [
            row.reference.clone(),
            row.matter.as_ref().map(|matter| matter.reference.clone()).unwrap_or_default(),
            row.filed_with.clone(),
            row.name.clone().unwrap_or_default(),
            row.filer.label.clone(),
            row.offered.at.to_string(),
            everyone(&row.granted),
            everyone(&row.holders),
            everyone(&row.opened),
            row.states.join("; "),
            row.sha256.clone(),
            row.bytes.to_string(),
        ]
    };
    table(texts, COLUMNS, rows.iter().map(cells))
}
