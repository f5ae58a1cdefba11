//! A node's folder, as `audit` reads it.

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use audit::Source;
use terms::Hash;

/// Files under a folder.
#[derive(Clone, Debug)]
pub struct Disk {
    root: PathBuf,
}

impl Disk {
    /// The files under `root`.
    #[must_use]
    pub fn at(root: &Path) -> Disk {
        Disk { root: root.to_owned() }
    }
}

impl Source for Disk {
    fn list(&self) -> Result<Vec<String>, String> {
        let mut files = Vec::new();
        walk(&self.root, "", &mut files)?;
        files.sort_unstable();
        Ok(files)
    }

    fn read(&self, path: &str, limit: u64) -> Result<Option<Vec<u8>>, String> {
        let file = match fs::File::open(self.root.join(path)) {
            Ok(file) => file,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error.to_string()),
        };
        let mut bytes = Vec::new();
        file.take(limit + 1).read_to_end(&mut bytes).map_err(|error| error.to_string())?;
        if bytes.len() as u64 > limit {
            Err(format!("it is larger than {limit} bytes"))
        } else {
            Ok(Some(bytes))
        }
    }

    fn hash(&self, path: &str) -> Result<(Hash, u64), String> {
        let mut file = fs::File::open(self.root.join(path)).map_err(|error| error.to_string())?;
        vault::hash_of(&mut file).map_err(|error| error.to_string())
    }

    fn check_own(&self, path: &str) -> Result<(), String> {
        let full = self.root.join(path);
        if path == "lock" {
            let length = fs::metadata(&full).map_err(|error| error.to_string())?.len();
            return if length == 0 {
                Ok(())
            } else {
                Err("the lock file is empty, and this is not".to_owned())
            };
        }
        let bytes = fs::read(&full).map_err(|error| error.to_string())?;
        match path.strip_prefix("queue/").and_then(Hash::from_hex) {
            Some(name) if Hash::of(&bytes) != name => {
                Err("its bytes have not the hash that it is named by".to_owned())
            }
            Some(_) => act::Submission::parse(&bytes).map(drop).map_err(|fault| fault.to_string()),
            None => register::check_own(path, &bytes),
        }
    }
}

/// The files under a folder, with `/` between names. A link is no file of a register.
fn walk(folder: &Path, prefix: &str, files: &mut Vec<String>) -> Result<(), String> {
    let entries = fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    for entry in entries {
        let entry = entry.map_err(|error| error.to_string())?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = if prefix.is_empty() { name } else { format!("{prefix}/{name}") };
        let kind = entry.file_type().map_err(|error| error.to_string())?;
        if kind.is_dir() {
            walk(&entry.path(), &path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}
