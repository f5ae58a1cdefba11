//! Tessera's POSIX log on the same disk, for appends to stand beside. It checks no signature and signs no
//! receipt; it writes whole tiles and bundles for each batch, where ours keeps a journal.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The program that appends to it, built of `bench/tessera`.
pub(crate) struct Tessera(PathBuf);

/// What appends took.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Took {
    /// By the clock on the wall, in seconds.
    pub(crate) wall: f64,
    /// On all cores together, in seconds.
    pub(crate) processor: f64,
}

impl Tessera {
    /// Builds it into a folder; Go fetches its modules the first time.
    ///
    /// # Errors
    ///
    /// Why it can't be had here.
    pub(crate) fn build(folder: &Path) -> Result<Tessera, String> {
        let folder = folder.canonicalize().map_err(|error| error.to_string())?;
        let program = folder.join("tessera");
        let go = std::env::var_os("MITHAQ_GO").unwrap_or_else(|| "go".into());
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tessera");
        let built =
            Command::new(go).args(["build", "-o"]).arg(&program).arg(".").current_dir(source).output();
        let built = built.map_err(|error| format!("no Go here: {error}"))?;
        if built.status.success() {
            return Ok(Tessera(program));
        }
        let said = String::from_utf8_lossy(&built.stderr);
        Err(said.lines().last().unwrap_or("it does not build").to_owned())
    }

    /// Appends entries of a size to a new log.
    ///
    /// # Errors
    ///
    /// What it said.
    pub(crate) fn append(
        &self,
        log: &Path,
        submitters: usize,
        submissions: usize,
        bytes: usize,
    ) -> Result<Took, String> {
        let numbers = [submitters, submissions, bytes].map(|number| number.to_string());
        let ran = Command::new(&self.0).arg(log).args(numbers).output().map_err(|error| error.to_string())?;
        let said = String::from_utf8_lossy(&ran.stdout);
        let mut figures = said.split_whitespace().map(str::parse);
        match (ran.status.success(), figures.next(), figures.next()) {
            (true, Some(Ok(wall)), Some(Ok(processor))) => Ok(Took { wall, processor }),
            _ => Err(format!("Tessera: {}", String::from_utf8_lossy(&ran.stderr))),
        }
    }
}

/// Processor seconds of this process so far, of all its threads.
pub(crate) fn processor_s() -> f64 {
    // Fields 14 and 15 of the line, counted after the name in brackets; in hundredths on every Linux.
    let line = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after = line.rsplit_once(") ").map_or("", |(_, rest)| rest);
    after.split(' ').skip(11).take(2).filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() / 100.0
}
