//! What is said of a register before anything else: that it is an exercise, and its clause on standing
//! (PRACTICE N1, N21).

use std::collections::BTreeSet;

use act::{Body, Entry};
use audit::Source;
use audit::folder::ANNEX_BYTES_MAX;
use instrument::Instrument;
use node::disk::Disk;
use terms::Hash;
use tlog::TilePath;

use crate::cli::Globals;
use crate::show::text::safe;

/// What is said first.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Mark {
    /// Whether it is an exercise.
    pub(crate) exercise: bool,
    /// The clause that taking part implies no recognition, in the instrument's words.
    pub(crate) standing: Option<String>,
}

impl Mark {
    pub(crate) fn of(instrument: &Instrument) -> Mark {
        Mark { exercise: instrument.exercise, standing: instrument.standing.clone() }
    }

    /// What the register of a folder or a bundle says, and its genesis hash. Nothing here is checked but
    /// that the instrument is the one that the genesis names.
    pub(crate) fn at(source: &dyn Source) -> Option<(Hash, Mark)> {
        let first = source.list().ok()?.into_iter().find_map(|path| {
            let tile = TilePath::parse(path.strip_prefix("register/")?)?;
            (audit::folder::is_entry_bundle(&tile) && tile.index() == 0).then_some((path, tile))
        });
        let (path, tile) = first?;
        let bytes = source.read(&path, ANNEX_BYTES_MAX).ok()??;
        let entry = Entry::parse(tlog::bundle::from_bytes(&bytes, tile.width()).ok()?.first()?).ok()?;
        let Body::Genesis(genesis) = entry.act().body() else { return None };
        let named = genesis.annexes.instrument.sha256;
        let text = source.read(&format!("register/annex/{}", named.to_hex()), ANNEX_BYTES_MAX).ok().flatten();
        let text = text.filter(|text| Hash::of(text) == named).and_then(|text| String::from_utf8(text).ok());
        let instrument = text.and_then(|text| instrument::terms(&text).ok());
        let standing = instrument.and_then(|instrument| instrument.standing);
        Some((entry.act().id().0, Mark { exercise: genesis.exercise, standing }))
    }

    /// What the register of this node says, without opening a keyring.
    pub(crate) fn here(globals: &Globals) -> Option<(Hash, Mark)> {
        Mark::at(&Disk::at(&globals.data))
    }

    pub(crate) fn print(&self) {
        Mark::print_all([self.clone()]);
    }

    /// Those of several registers, each clause once.
    pub(crate) fn print_all(marks: impl IntoIterator<Item = Mark>) {
        let marks: BTreeSet<Mark> = marks.into_iter().collect();
        if marks.iter().any(|mark| mark.exercise) {
            println!("EXERCISE");
        }
        let clauses: BTreeSet<&String> = marks.iter().filter_map(|mark| mark.standing.as_ref()).collect();
        for clause in clauses {
            println!("{}", safe(clause));
        }
    }
}
