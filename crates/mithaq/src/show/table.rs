//! Tables that fit the terminal.

use comfy_table::{CellAlignment, ColumnConstraint, ContentArrangement, Table};

/// Columns without lines, as wide as the terminal at most.
pub(crate) fn table<const N: usize>(head: [&str; N]) -> Table {
    let mut table = Table::new();
    table.load_style(comfy_table::presets::NOTHING);
    table.set_content_arrangement(ContentArrangement::Dynamic);
    if let Some(width) = width() {
        table.set_width(width);
    }
    if N > 0 {
        table.set_header(head);
    }
    table
}

/// Aligns a column of numbers.
pub(crate) fn right(table: &mut Table, columns: &[usize]) {
    for column in columns {
        if let Some(column) = table.column_mut(*column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
}

/// Prints a table.
pub(crate) fn print(table: &mut Table) {
    for line in lines(table) {
        println!("{line}");
    }
}

/// The lines of a table, without spaces at their ends.
pub(crate) fn lines(table: &mut Table) -> Vec<String> {
    for column in table.column_iter_mut() {
        column.set_padding((0, 2));
    }
    table.lines().map(|line| line.trim_end().to_owned()).collect()
}

/// How wide the answer may be: as COLUMNS says, else as the terminal is; nothing if it goes into a file, which
/// has no width.
pub(crate) fn width() -> Option<u16> {
    let said = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    said.filter(|width| *width > 0)
        .or_else(|| terminal_size::terminal_size_of(std::io::stdout()).map(|(width, _)| width.0))
}

/// Keeps columns as wide as what stands in them: times and references are not broken.
pub(crate) fn whole(table: &mut Table, columns: &[usize]) {
    for column in columns {
        if let Some(column) = table.column_mut(*column) {
            column.set_constraint(ColumnConstraint::ContentWidth);
        }
    }
}

/// A text in lines of at most so many columns.
pub(crate) fn wrapped(text: &str, width: u16) -> Vec<String> {
    let mut table = Table::new();
    table.load_style(comfy_table::presets::NOTHING);
    table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width).add_row([text]);
    if let Some(column) = table.column_mut(0) {
        column.set_padding((0, 0));
    }
    table.lines().map(|line| line.trim_end().to_owned()).collect()
}

/// A text as wide as the answer may be, each line `indent` to the right.
fn indented(text: &str, indent: usize) -> Vec<String> {
    let room = width().map_or(u16::MAX, |width| width.saturating_sub(u16::try_from(indent).unwrap_or(0)));
    wrapped(text, room.max(20)).into_iter().map(|line| format!("{:indent$}{line}", "")).collect()
}

/// Prints a text as wide as the answer may be.
pub(crate) fn print_text(text: &str, indent: usize) {
    for line in indented(text, indent) {
        println!("{line}");
    }
}

/// The same on the standard error, where talk is.
pub(crate) fn print_talk(text: &str, indent: usize) {
    for line in indented(text, indent) {
        eprintln!("{line}");
    }
}
