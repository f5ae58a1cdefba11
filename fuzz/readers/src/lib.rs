//! Can foreign bytes break a reader? Every reader of FORMATS.md as a function of bytes alone, which
//! panics if a promise of that reader does not hold: that it never panics itself, that what it took is
//! written as the same bytes, that no bytes make the honest guilty.
//!
//! In reading order:
//! - [`READERS`]: all of them, by name;
//! - `note`, `tree`, `act`, `instrument`, `vault`, `words`, `place`, `film`, `stick`: the readers of one file or text;
//! - `proof`, `guilt`, `folder`, `replay`: those of many, which begin from a register of ours;
//! - `stage`: that register; `bytes`, `edits`: how fuzzed bytes change it.
//!
//! The fuzzer (`fuzz/`, `cargo xtask fuzz`) and the replay of its corpus (`tests/corpus.rs`) both run
//! what stands here.

mod act;
mod bytes;
mod edits;
mod film;
mod folder;
mod guilt;
mod instrument;
mod note;
mod place;
mod proof;
mod replay;
pub mod stage;
mod stick;
mod tree;
mod vault;
mod words;

/// A reader, and what it must keep whatever the bytes are.
pub type Reader = fn(&[u8]);

/// Every reader, by the name of its fuzz target.
pub const READERS: &[(&str, Reader)] = &[
    ("note", note::note),
    ("signature-line", note::signature_line),
    ("vkey", note::vkey),
    ("receipt", note::receipt),
    ("intake", note::intake),
    ("passkey", note::passkey),
    ("ed25519", note::ed25519),
    ("checkpoint", tree::checkpoint),
    ("cosigned", tree::cosigned),
    ("policy", tree::policy),
    ("tile-path", tree::tile_path),
    ("tile", tree::tile),
    ("entry-bundle", tree::entry_bundle),
    ("log-proof", tree::log_proof),
    ("add-checkpoint", tree::add_checkpoint),
    ("merkle", tree::merkle),
    ("json", act::json),
    ("act", act::act),
    ("submission", act::submission),
    ("entry", act::entry),
    ("statement", act::statement),
    ("instrument", instrument::instrument),
    ("folding", instrument::folding),
    ("grant", vault::grant),
    ("sealed-grant", vault::sealed_grant),
    ("keyring", vault::keyring),
    ("recipient", vault::recipient),
    ("words", words::words),
    ("place", place::place),
    ("line", place::line),
    ("film", film::film),
    ("manifest", stick::manifest),
    ("stick", stick::stick),
    ("own", folder::own),
    ("path", folder::path),
    ("folder", folder::folder),
    ("standing", proof::standing),
    ("contradiction", guilt::contradiction),
    ("innocent", guilt::innocent),
    ("replay", replay::replay),
];

/// Runs the reader of this name.
///
/// # Panics
///
/// If a promise does not hold; or no reader is called so.
pub fn run(name: &str, bytes: &[u8]) {
    let (_, reader) = READERS.iter().find(|(other, _)| *other == name).expect("a reader of this name");
    reader(bytes);
}
