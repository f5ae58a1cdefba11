//! `mithaq act batch`: a table of many reports is one act.

use std::io::BufRead;
use std::path::PathBuf;

use act::Body;
use act::body;
use act::value::{AnnexRef, Window};
use terms::{Code, Hash, Instant};

use super::write::{Signing, Usual, act_with_annexes, read_annex};
use crate::cli::{Globals, time};
use crate::command::evidence::seal_one;
use crate::failure::{Exit, Failure};
use crate::resolve;
use crate::session;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  mithaq act batch incidents.csv --table incidents --public --from 2024-01-01 --until 2025-10-18
  mithaq act batch reports.csv --table incidents --to doha

A table that is public already may lie in every copy for ever, as an annex. Any other is an exhibit:
sealed, and erasable. The first line is the head, and is not counted. Nor are lines above it
that begin with `#`: there a table says whose work it is, and they are shown with each row.")]
pub(crate) struct Batch {
    /// The table, as CSV.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// What kind of table it is.
    #[arg(long, value_name = "CODE", value_parser = code)]
    table: Code,
    /// It is public already: an annex, in the clear, in every copy, for ever. It lies beside its act once
    /// that is handed in: of a drafted act give it to `mithaq act submit --annex` again.
    #[arg(long, conflicts_with = "to")]
    public: bool,
    /// Who may open it; again for each.
    #[arg(long, value_name = "PARTICIPANT")]
    to: Vec<String>,
    /// The first moment that it covers.
    #[arg(long, value_name = "TIME", value_parser = time, requires = "until")]
    from: Option<Instant>,
    /// The last moment that it covers.
    #[arg(long, value_name = "TIME", value_parser = time, requires = "from")]
    until: Option<Instant>,
    #[command(flatten)]
    signing: Signing,
}

fn code(text: &str) -> Result<Code, String> {
    Code::new(text).ok_or_else(|| "it has small letters, digits and hyphens, at most 32".to_owned())
}

pub(crate) fn run(args: &Batch, globals: &Globals) -> Result<Exit, Failure> {
    let mut node = session::node(globals)?;
    let rows = rows(&args.file)?;
    let mut annex_bytes = None;
    let (annex, file) = if args.public {
        let bytes = read_annex(&args.file)?;
        let named = AnnexRef { sha256: Hash::of(&bytes), size: bytes.len() as u64 };
        annex_bytes = Some(bytes);
        (Some(named), None)
    } else {
        let to = args.to.iter().map(|who| resolve::participant(&node, who)).collect::<Result<Vec<_>, _>>()?;
        let by = (&args.signing, Usual::Officer);
        (None, Some(seal_one(&node, &args.file, &to, Some("text/csv"), by)?))
    };
    let window = args.from.zip(args.until).map(|(start, end)| Window { start, end });
    let body = Body::Batch(body::Batch { table: args.table.clone(), rows, window, annex, file });
    act_with_annexes(&mut node, &args.signing, Usual::Officer, body, annex_bytes.as_slice(), globals)
}

/// Where the rows of a table end: a line feed inside quotation marks ends none, and an empty line is none.
struct Ends {
    quoted: bool,
    fresh: bool,
}

impl Ends {
    const fn new() -> Ends {
        Ends { quoted: false, fresh: true }
    }

    /// Whether a row ends with this byte.
    const fn at(&mut self, byte: u8) -> bool {
        match byte {
            b'"' => (self.quoted, self.fresh) = (!self.quoted, false),
            b'\n' if !self.quoted => return !std::mem::replace(&mut self.fresh, true),
            b'\r' => {}
            _ => self.fresh = false,
        }
        false
    }
}

/// Rows below the head.
fn rows(path: &std::path::Path) -> Result<u64, Failure> {
    let unread = |error: std::io::Error| Failure::unreadable(path, &error);
    let file = std::fs::File::open(path).map_err(unread)?;
    match count_rows(std::io::BufReader::new(file)).map_err(unread)? {
        0 => {
            Err(Failure::usage("mithaq::garbled", format!("`{}` has no row below its head", path.display())))
        }
        rows => Ok(rows),
    }
}

/// How many rows a table has below its head.
///
/// # Errors
///
/// It can't be read.
pub(crate) fn count_rows(mut table: impl BufRead) -> std::io::Result<u64> {
    while table.fill_buf()?.first() == Some(&b'#') {
        table.skip_until(b'\n')?;
    }
    let (mut lines, mut ends) = (0_u64, Ends::new());
    for byte in table.bytes() {
        lines += u64::from(ends.at(byte?));
    }
    lines += u64::from(!ends.fresh);
    Ok(lines.saturating_sub(1))
}

/// What a table says of itself above its head, a line each, and the rest of it.
pub(crate) fn above(table: &str) -> (Vec<&str>, &str) {
    let (mut says, mut rest) = (Vec::new(), table);
    while let Some(line) = rest.strip_prefix('#') {
        let (line, below) = line.split_once('\n').unwrap_or((line, ""));
        says.push(line.trim());
        rest = below;
    }
    (says, rest)
}

/// The head of a table and its row of this number, the first is 1, as they are written.
pub(crate) fn row(table: &str, number: u64) -> Option<(&str, &str)> {
    let (_, table) = above(table);
    let mut ends = Ends::new();
    let places = table.bytes().enumerate().filter_map(|(at, byte)| ends.at(byte).then_some(at));
    let mut from = 0;
    let mut each = places.chain([table.len()]).map(|end| {
        let line = table[from..end].trim_matches(['\r', '\n']);
        from = end;
        line
    });
    let head = each.next()?;
    let row = each.nth(usize::try_from(number.checked_sub(1)?).ok()?)?;
    (!row.is_empty()).then_some((head, row))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_by_its_number() {
        let table = "id,what\r\n1,\"two\nlines\"\r\n\r\n2,last";
        assert_eq!(row(table, 1), Some(("id,what", "1,\"two\nlines\"")));
        assert_eq!(row(table, 2), Some(("id,what", "2,last")));
        assert_eq!(row(table, 3), None);
        assert_eq!(row(table, 0), None);
        assert_eq!(row("id,what\n", 1), None);
        assert_eq!(row("# of whom\r\n#\nid,what\n1,a", 1), Some(("id,what", "1,a")));
        assert_eq!(count_rows("# of whom\r\n#\nid,what\n1,\"a\nb\"\n2,b".as_bytes()).expect("a table"), 2);
        assert_eq!(above("# of whom\r\n#\nid,what\n1,a").0, ["of whom", ""]);
        assert_eq!(above("id,#\n#1,a").0, Vec::<&str>::new());
    }
}
