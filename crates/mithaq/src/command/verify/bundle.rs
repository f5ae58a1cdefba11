//! A bundle, as `audit` reads a folder. Nothing of it is taken in.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use audit::{Checked, Wrong};
use node::Fault;
use node::bundle::BundleSource;
use node::disk::Disk;
use terms::Instant;
use vault::Keyring;

use super::{folder, kind};
use crate::cli::Globals;
use crate::failure::{Exit, Failure};
use crate::session;
use crate::show::text::safe;

/// Checks a bundle; with a node's folder, as one with what that has already.
pub(super) fn check(
    path: &Path,
    expected: &audit::Expected,
    as_of: Option<Instant>,
    with: Option<&Path>,
    globals: &Globals,
) -> Result<(BundleSource, Checked), Failure> {
    let sealed = is_sealed(path)?;
    let ring = if sealed { keys(path, globals)? } else { Keyring::new() };
    let below = match with {
        Some(with) => {
            let manifest = node::bundle::read_manifest(path, &ring).ok();
            Some(kind::node_below(with, manifest.map(|manifest| manifest.genesis).as_ref())?)
        }
        None => None,
    };
    let below = below.as_deref().map(Disk::at);
    let source =
        BundleSource::read(path, &ring, &std::env::temp_dir(), below).map_err(|fault| match fault {
            Fault::Bundle { path, what } => {
                Failure::new(Exit::Wrong, "audit::bundle", format!("`{}`: {}", path.display(), safe(&what)))
            }
            Fault::Foreign(what) if sealed => {
                Failure::new(Exit::Undecided, "mithaq::incomplete", what).help(RECEIVER)
            }
            other => other.into(),
        })?;
    let manifest = source.manifest();
    if manifest.base > 0 && with.is_none() {
        let message = format!("the bundle begins at entry {}: what came before is not in it", manifest.base);
        return Err(Failure::new(Exit::Undecided, "mithaq::incomplete", message)
            .help("`--with FOLDER` names a node's data folder that has the entries before"));
    }
    let mut checked = folder::check(&source, expected, as_of);
    let report = &mut checked.report;
    if report
        .genesis
        .is_some_and(|genesis| genesis != manifest.genesis || report.origin != manifest.origin.as_str())
    {
        report.wrongs.push(Wrong {
            code: "audit::bundle",
            file: "manifest.json".to_owned(),
            entry: None,
            what: "it names another register than the entries are of".to_owned(),
        });
    }
    Ok((source, checked))
}

const RECEIVER: &str = "its receiver checks it with its own keys: `--keys DIR`";

fn is_sealed(path: &Path) -> Result<bool, Failure> {
    let unreadable = |error: std::io::Error| Failure::unreadable(path, &error);
    let file = File::open(path).map_err(unreadable)?;
    let mut start = Vec::new();
    file.take(vault::parcel::MAGIC.len() as u64).read_to_end(&mut start).map_err(unreadable)?;
    Ok(start == vault::parcel::MAGIC)
}

fn keys(path: &Path, globals: &Globals) -> Result<Keyring, Failure> {
    if session::home(globals).key_store().ring_path().exists() {
        return session::ring(globals);
    }
    let message = format!("`{}` is sealed to its receiver", path.display());
    Err(Failure::new(Exit::Undecided, "mithaq::incomplete", message).help(RECEIVER))
}
