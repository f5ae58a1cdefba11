//! A node's folder, as `audit` reads it: on the disk, or in memory.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use act::Submission;
use audit::{Own, Source};
use terms::Hash;

/// Files under a folder.
#[derive(Clone, Debug)]
pub struct Disk {
    root: PathBuf,
}

/// No file of a node's own is as large.
const OWN_BYTES_MAX: u64 = 1 << 30;

/// No folder of a node lies as deep: what does is named and not looked into.
const DEPTH_MAX: usize = 16;

/// The most files that are listed.
const FILES_MAX: usize = 10_000_000;

impl Disk {
    /// The files under `root`.
    #[must_use]
    pub fn at(root: &Path) -> Disk {
        Disk { root: root.to_owned() }
    }

    /// How many bytes all files have together.
    ///
    /// # Errors
    ///
    /// A folder or a file that can't be looked at.
    pub fn bytes(&self) -> Result<u64, String> {
        let size = |path: &String| match fs::symlink_metadata(self.root.join(path)) {
            Ok(about) => Ok(about.len()),
            // What was being written has its own name by now.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(0),
            Err(error) => Err(plain(&error)),
        };
        self.list()?.iter().map(size).sum()
    }

    /// Opens a plain file. A link could show what stands elsewhere, and a pipe never ends.
    fn open(&self, path: &str) -> Result<Option<fs::File>, String> {
        let full = self.root.join(path);
        match fs::symlink_metadata(&full) {
            Ok(about) if about.is_file() => fs::File::open(&full).map(Some).map_err(|error| plain(&error)),
            Ok(_) => Err("it is no plain file".to_owned()),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(plain(&error)),
        }
    }
}

impl Source for Disk {
    fn list(&self) -> Result<Vec<String>, String> {
        let mut files = Vec::new();
        walk(&self.root, "", 0, &mut files)?;
        files.sort_unstable();
        Ok(files)
    }

    fn read(&self, path: &str, limit: u64) -> Result<Option<Vec<u8>>, String> {
        let Some(file) = self.open(path)? else { return Ok(None) };
        let mut bytes = Vec::new();
        file.take(limit.saturating_add(1)).read_to_end(&mut bytes).map_err(|error| plain(&error))?;
        if bytes.len() as u64 > limit {
            Err(format!("it is larger than {limit} bytes"))
        } else {
            Ok(Some(bytes))
        }
    }

    fn hash(&self, path: &str) -> Result<(Hash, u64), String> {
        let mut file = self.open(path)?.ok_or("it is not there")?;
        vault::hash_of(&mut file).map_err(|error| plain(&error))
    }

    fn check_own(&self, path: &str) -> Result<(), String> {
        self.own(path).map(drop)
    }

    fn gives_out(&self, path: &str) -> Result<(), String> {
        let full = self.root.join(path);
        let read = |about: fs::Metadata| match about.is_file() {
            true => std::io::copy(&mut fs::File::open(&full)?, &mut std::io::sink()).map(drop),
            false => Ok(()),
        };
        fs::symlink_metadata(&full).and_then(read).map_err(|error| plain(&error))
    }

    fn own(&self, path: &str) -> Result<Own, String> {
        own_of(self, path)
    }
}

/// The same files in memory, by their paths: to be looked at as they would be with one of them changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Memory(pub BTreeMap<String, Vec<u8>>);

impl Memory {
    /// All files under `root`.
    ///
    /// # Errors
    ///
    /// What can't be read.
    pub fn of(root: &Path) -> Result<Memory, String> {
        let disk = Disk::at(root);
        let read = |path: String| {
            let bytes = disk.read(&path, u64::MAX)?.ok_or_else(|| format!("{path} is not there"))?;
            Ok((path, bytes))
        };
        Ok(Memory(disk.list()?.into_iter().map(read).collect::<Result<_, String>>()?))
    }

    /// With a file, in the place of one of this path if there is one.
    #[must_use]
    pub fn with(&self, path: &str, bytes: Vec<u8>) -> Memory {
        let mut files = self.clone();
        files.0.insert(path.to_owned(), bytes);
        files
    }

    /// Without the file of this path, if there is one.
    #[must_use]
    pub fn without(&self, path: &str) -> Option<Memory> {
        let mut files = self.clone();
        files.0.remove(path).map(|_| files)
    }

    /// The paths that begin so.
    #[must_use]
    pub fn below(&self, prefix: &str) -> Vec<String> {
        self.0.keys().filter(|path| path.starts_with(prefix)).cloned().collect()
    }
}

impl Source for Memory {
    fn list(&self) -> Result<Vec<String>, String> {
        Ok(self.0.keys().cloned().collect())
    }

    fn read(&self, path: &str, limit: u64) -> Result<Option<Vec<u8>>, String> {
        match self.0.get(path) {
            Some(bytes) if bytes.len() as u64 > limit => Err(format!("it is larger than {limit} bytes")),
            found => Ok(found.cloned()),
        }
    }

    fn hash(&self, path: &str) -> Result<(Hash, u64), String> {
        let bytes = self.0.get(path).ok_or("it is not there")?;
        Ok((Hash::of(bytes), bytes.len() as u64))
    }

    fn check_own(&self, path: &str) -> Result<(), String> {
        self.own(path).map(drop)
    }

    fn own(&self, path: &str) -> Result<Own, String> {
        own_of(self, path)
    }
}

/// An error of the machine, without its number.
fn plain(error: &std::io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or_default().to_lowercase()
}

/// What a file of a node's own says, wherever its bytes come from.
///
/// # Errors
///
/// What is wrong with it.
fn own_of(source: &dyn Source, path: &str) -> Result<Own, String> {
    let there = |limit| source.read(path, limit)?.ok_or_else(|| "it is not there".to_owned());
    if path == "lock" {
        return match source.hash(path)? {
            (_, 0) => Ok(Own::Checked),
            _ => Err("the lock file is empty, and this is not".to_owned()),
        };
    }
    let other = || "its bytes have not the hash that it is named by".to_owned();
    if let Some((_, _, part)) = audit::layout::piece(path) {
        let (found, bytes) = source.hash(path)?;
        return if found == part { Ok(Own::Piece(bytes)) } else { Err(other()) };
    }
    let name = path.strip_prefix("queue/").and_then(Hash::from_hex);
    let limit = if name.is_some() { tlog::bundle::ENTRY_BYTES_MAX as u64 } else { OWN_BYTES_MAX };
    let bytes = there(limit)?;
    match name {
        Some(name) if Hash::of(&bytes) != name => Err(other()),
        Some(_) => {
            let submission = Submission::parse(&bytes).map_err(|fault| fault.to_string())?;
            Ok(Own::Submission(Box::new(submission)))
        }
        None => Ok(match register::read_own(path, &bytes)? {
            register::Own::Journal { origin, tiles, entries } => Own::Journal { origin, tiles, entries },
            register::Own::Held { origin, seen } => Own::Held { origin, seen },
            register::Own::Witness { key, seen } => Own::Witness { key, seen },
            register::Own::Intake { key, last } => Own::Intake { key, last },
            register::Own::Stopped => Own::Checked,
        }),
    }
}

/// The files under a folder, with `/` between names. Links and other things that are no plain file are
/// listed like files; none of them can be read.
fn walk(folder: &Path, prefix: &str, depth: usize, files: &mut Vec<String>) -> Result<(), String> {
    let failed = |error| format!("{} can't be read on this machine: {}", folder.display(), plain(&error));
    let entries = fs::read_dir(folder).map_err(failed)?;
    for entry in entries {
        let entry = entry.map_err(failed)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = if prefix.is_empty() { name } else { format!("{prefix}/{name}") };
        let kind = entry.file_type().map_err(failed)?;
        if !kind.is_dir() {
            files.push(path);
        } else if depth == DEPTH_MAX {
            files.push(path + "/");
        } else {
            walk(&entry.path(), &path, depth + 1, files)?;
        }
        if files.len() > FILES_MAX {
            return Err(format!("there are more than {FILES_MAX} files"));
        }
    }
    Ok(())
}
