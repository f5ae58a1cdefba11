//! What happened in earlier years, as one source coded it: real events, entered as a table, under no accusation.

/// Events of organised violence, a line each after the head.
pub(super) const TABLE: &[u8] = include_bytes!("../../../../data/incidents-af-pk.csv");

/// Whose work the table is.
pub(super) const CREDIT: &str = "\
The table of history among the annexes: UCDP Georeferenced Event Dataset (GED), Uppsala Conflict Data
Program, Uppsala University, CC BY 4.0; reduced to events near one line, values unchanged.
";

#[cfg(test)]
mod tests {
    #[test]
    fn the_table_has_its_rows() {
        let lines = super::TABLE.split(|b| *b == b'\n').filter(|line| !line.is_empty() && line[0] != b'#');
        assert_eq!(lines.count(), 1501);
        assert!(super::TABLE.starts_with(b"# UCDP"), "it says itself whose work it is");
    }
}
