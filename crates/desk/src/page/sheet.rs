//! A table for a spreadsheet: CSV after RFC 4180, in UTF-8 without a mark before it, times in UTC.

use std::io::Write;

use lang::Texts;

use crate::web::answer::Sorry;

/// A table under its columns: of each, what the reader's language calls it, and its stable word.
pub(super) fn table<const N: usize>(
    texts: &Texts,
    columns: [(&str, &str); N],
    rows: impl Iterator<Item = [String; N]>,
) -> Result<String, Sorry> {
    let mut bytes = Vec::new();
    let head = columns.map(|(id, word)| (texts.say(id, &[]), word.to_owned()));
    write(&mut bytes, &head, rows.map(Vec::from))?;
    String::from_utf8(bytes).map_err(|error| Sorry::Broken(error.to_string()))
}

/// The same, as it is made, under columns each with what it is called and its stable word.
pub(super) fn write(
    out: &mut dyn Write,
    columns: &[(String, String)],
    rows: impl Iterator<Item = Vec<String>>,
) -> Result<(), Sorry> {
    let mut sheet = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out);
    sheet.write_record(columns.iter().map(|(label, word)| cell(&format!("{label} [{word}]"))))?;
    for row in rows {
        sheet.write_record(row.iter().map(|text| cell(text)))?;
    }
    Ok(sheet.flush()?)
}

/// What stands in a cell: no marks of direction, which a spreadsheet would search by, and an apostrophe before what it
/// would take for a formula.
fn cell(text: &str) -> String {
    let text = text.replace(['\u{2066}', '\u{2067}', '\u{2068}', '\u{2069}'], "");
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        for formula in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\u{2067}=1"] {
            assert!(cell(formula).starts_with('\''), "{formula:?}");
        }
        assert_eq!(cell("1-1"), "1-1");
    }
}
