//! A list for a spreadsheet.

use std::io::Write;

use lang::Texts;

use super::Row;
use super::columns::Column;
use crate::page::sheet::write;
use crate::web::answer::Sorry;

/// The columns: what the reader's language calls each, and its stable word.
const COLUMNS: [(&str, &str); 9] = [
    ("col-reference", "reference"),
    ("col-what", "title"),
    ("col-strand", "strand"),
    ("col-by", "opener"),
    ("col-state", "state"),
    ("col-since", "since"),
    ("col-next", "next-step"),
    ("col-held-by", "held-by"),
    ("col-due", "due"),
];

/// Those of a list whose matters can have a place, behind the others: where.
const PLACES: [(&str, &str); 4] =
    [("col-grid", "grid"), ("col-degrees", "degrees"), ("col-within", "within-m"), ("col-area", "area")];

/// Writes it: what each list has, where its matters are, and what its kind has; and at the end, under the state, that there are
/// matters whose titles were not read for the words that are looked for.
pub(super) fn sheet(
    out: &mut dyn Write,
    texts: &Texts,
    (columns, has_places, is_cut): (&[Column], bool, bool),
    rows: impl Iterator<Item = Row>,
) -> Result<(), Sorry> {
    let places = if has_places { &PLACES[..] } else { &[] };
    let all = COLUMNS.iter().chain(places);
    let mut head: Vec<(String, String)> =
        all.map(|(id, word)| (texts.say(id, &[]), (*word).to_owned())).collect();
    // Who opened it stands there already.
    let own: Vec<usize> = (0..columns.len()).filter(|at| columns[*at].column != "opener").collect();
    head.extend(own.iter().map(|at| (columns[*at].label.clone(), columns[*at].column.clone())));
    let line = |row: Row| {
        let mut line = Vec::from(cells(&row));
        if has_places {
            line.extend(placed(&row));
        }
        line.extend(own.iter().map(|at| row.cells[*at].values.join("; ")));
        line
    };
    let cut = is_cut.then(|| {
        let state = COLUMNS.iter().position(|(_, word)| *word == "state");
        (0..head.len()).map(|at| if Some(at) == state { "cut".to_owned() } else { String::new() }).collect()
    });
    write(out, &head, rows.map(line).chain(cut))
}

fn cells(row: &Row) -> [String; COLUMNS.len()] {
    let next = row.next.as_ref();
    let held_by: Vec<&str> = next.iter().flat_map(|next| &next.of).map(|who| who.label.as_str()).collect();
    let due = next.and_then(|next| next.left.due.as_ref()).map(|due| due.at.to_string());
    [
        row.matter.reference.clone(),
        row.matter.title.clone(),
        row.strand.clone(),
        row.opener.label.clone(),
        row.state.clone(),
        row.since.at.to_string(),
        next.map(|next| next.step.clone()).unwrap_or_default(),
        held_by.join("; "),
        due.unwrap_or_default(),
    ]
}

fn placed(row: &Row) -> [String; PLACES.len()] {
    row.place.as_ref().map_or_else(Default::default, |at| {
        // An area by its code; where it is not determined, why, by stable words.
        let area =
            at.area.clone().unwrap_or_else(|| format!("not determined: {}", at.not_determined.join("; ")));
        [at.grid.clone(), at.degrees.clone(), at.within_m.to_string(), area]
    })
}

#[cfg(test)]
mod tests {
    use lang::LANGUAGES;
    use terms::Instant;

    use super::*;
    use crate::words::Who;
    use crate::words::matter::Named;
    use crate::words::when::When;

    fn row(title: &str) -> Row {
        let at = Instant::parse("2026-01-05T08:00:00Z").expect("a time");
        let tier = act::body::Tier::Record;
        Row {
            matter: Named {
                reference: "NOTE-26-0001-K".to_owned(),
                title: title.to_owned(),
                href: String::new(),
                tier,
                band: None,
            },
            what: None,
            strand: String::new(),
            opener: Who { id: "north".to_owned(), label: "North".to_owned(), pattern: "p1" },
            state: "open".to_owned(),
            state_words: String::new(),
            since: When {
                at,
                date: String::new(),
                clock: String::new(),
                beside: None,
                utc: String::new(),
                is_today: false,
            },
            is_over: false,
            is_new: false,
            next: None,
            cells: Vec::new(),
            place: None,
            pin: None,
            at: None,
        }
    }

    #[test]
    fn another_reader_of_csv_gets_what_was_meant() {
        let titles = ["South, p1", "a \"b\"", "two\r\nlines", "مشق", "\u{2068}=1+1\u{2069}", ""];
        for language in &LANGUAGES {
            let mut text = Vec::new();
            sheet(&mut text, Texts::of(language), (&[], false, false), titles.into_iter().map(row))
                .expect("made");
            let text = String::from_utf8(text).expect("a text");
            assert!(!text.starts_with('\u{feff}') && text.ends_with("\r\n"));
            let mut reader = csv::Reader::from_reader(text.as_bytes());
            let head = reader.headers().expect("a head").clone();
            for (cell, (_, word)) in head.iter().zip(COLUMNS) {
                assert!(cell.ends_with(&format!(" [{word}]")), "{cell}");
            }
            let read: Vec<String> =
                reader.records().map(|row| row.expect("whole").get(1).expect("a title").to_owned()).collect();
            assert_eq!(read, ["South, p1", "a \"b\"", "two\r\nlines", "مشق", "'=1+1", ""]);
        }
    }
}
