//! Where a story is played: a folder that is left behind, and one beside it with the keys. What an earlier story left there is
//! played anew; anything else is left alone.

use std::collections::BTreeSet;
use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use node::Fault;

use crate::failure::Failure;
use crate::show::error::aside;

/// The first line of what an earlier story left, by which it is known.
pub(super) const MARK: &str = "EXERCISE. What the story of `mithaq demo` left behind.";

/// In the folder of keys: the mark, then each file that the story left, in both folders.
const LEFT: &str = "left-by-the-story.txt";

/// Its second line while the story is played; then come the files.
const PLAYED: &str = "It is being played.";

/// In the folder of keys: held while a story is played.
const LOCK: &str = "lock";

/// Two folders that are a story's until this is dropped.
pub(super) struct Place {
    /// What is left behind, and verified.
    pub(super) out: PathBuf,
    /// Keys, and what was opened: beside it, never in it.
    pub(super) keys: PathBuf,
    /// Two stories in one place would destroy each other.
    _lock: File,
}

fn unknown(what: String) -> Failure {
    Fault::Unknown(what).into()
}

fn unreadable(path: &Path) -> impl FnOnce(io::Error) -> Failure + use<> {
    let path = path.to_owned();
    move |error| Fault::Io { path, error }.into()
}

fn unwritable(path: &Path) -> impl FnOnce(io::Error) -> Failure + use<> {
    let path = path.to_owned();
    move |error| Failure::unwritable(&path, &error)
}

impl Place {
    /// Makes room at `out`. Nothing is removed before all that is there has been looked at.
    pub(super) fn clear(out: &Path) -> Result<Place, Failure> {
        let keys = beside(out);
        for (folder, mark) in [(out, "README.txt"), (&keys, LEFT)] {
            if !is_empty(folder).map_err(unreadable(folder))? && !is_marked(&folder.join(mark)) {
                return Err(unknown(format!(
                    "{} is there, and is no earlier story: choose another folder with `--out`",
                    folder.display()
                )));
            }
        }
        fs::create_dir_all(&keys).map_err(unwritable(&keys))?;
        let lock = keys.join(LOCK);
        let lock = File::options().append(true).create(true).open(&lock).map_err(unwritable(&lock))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(unknown(format!("a story is being played in {}", out.display())));
            }
            Err(TryLockError::Error(error)) => return Err(unwritable(&keys)(error)),
        }
        let found = files_of(out, &keys).map_err(unreadable(out))?;
        let list = fs::read_to_string(keys.join(LEFT)).unwrap_or_default();
        let left: BTreeSet<&str> = list.lines().skip(1).collect();
        if left.contains(PLAYED) {
            return Err(unknown(format!(
                "the story in {} was cut short: take it and {} away, or choose another folder with `--out`",
                out.display(),
                keys.display()
            )));
        }
        if let Some(other) = found.iter().find(|path| !left.contains(path.as_str())) {
            return Err(unknown(format!(
                "{} is an earlier story, and `{other}` is not what it left: take that away, or choose another folder \
                 with `--out`",
                out.display()
            )));
        }
        if !found.is_empty() {
            aside(format_args!("the earlier story in {} is replaced\n", out.display()));
        }
        for folder in [out, &keys] {
            for path in children(folder).map_err(unreadable(folder))? {
                // The lock stays, and goes on being held.
                if path != keys.join(LOCK) {
                    let removed =
                        if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
                    removed.map_err(unwritable(&path))?;
                }
            }
        }
        for folder in [out, &keys.join("stick"), &keys.join("desk")] {
            fs::create_dir_all(folder).map_err(unwritable(folder))?;
        }
        for path in [out.join("README.txt"), keys.join(LEFT)] {
            fs::write(&path, format!("{MARK}\n{PLAYED}\n")).map_err(unwritable(&path))?;
        }
        Ok(Place { out: out.to_owned(), keys, _lock: lock })
    }

    /// The story is over: what is there by now is what it left.
    pub(super) fn leave(&self) -> Result<(), Failure> {
        let found = files_of(&self.out, &self.keys).map_err(unreadable(&self.out))?;
        let lines: String = found.iter().map(|path| format!("{path}\n")).collect();
        let list = self.keys.join(LEFT);
        fs::write(&list, format!("{MARK}\n{lines}")).map_err(unwritable(&list))
    }
}

/// Where the keys lie: beside the folder, never in it.
fn beside(out: &Path) -> PathBuf {
    let mut name = out.file_name().unwrap_or_default().to_os_string();
    name.push(".keys");
    out.with_file_name(name)
}

fn is_marked(file: &Path) -> bool {
    fs::read_to_string(file).is_ok_and(|text| text.starts_with(MARK))
}

fn is_empty(folder: &Path) -> io::Result<bool> {
    Ok(children(folder)?.is_empty())
}

/// What lies in a folder; nothing, if it is not there.
fn children(folder: &Path) -> io::Result<Vec<PathBuf>> {
    match fs::read_dir(folder) {
        Ok(found) => found.map(|entry| entry.map(|entry| entry.path())).collect(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

/// All files of both folders, each after the name of its folder, but for the lock.
fn files_of(out: &Path, keys: &Path) -> io::Result<BTreeSet<String>> {
    let mut found = BTreeSet::new();
    for (root, called) in [(out, "out"), (keys, "keys")] {
        let mut folders = vec![root.to_owned()];
        while let Some(folder) = folders.pop() {
            for path in children(&folder)? {
                // A link is not followed: it is a file that no story leaves.
                if path.is_dir() && !path.is_symlink() {
                    folders.push(path);
                } else if path != keys.join(LOCK) {
                    let within = path.strip_prefix(root).unwrap_or(&path);
                    found.insert(format!("{called}/{}", within.display()));
                }
            }
        }
    }
    Ok(found)
}
