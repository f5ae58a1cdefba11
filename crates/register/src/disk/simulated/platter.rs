//! The real folder under a simulated disk.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::state::{Contents, Names, Node, State};

/// How many bytes reach a real folder at once.
const PIECE_BYTES: usize = 61;

/// The real folder that holds what is durable.
#[derive(Clone)]
pub(super) struct Platter {
    pub(super) root: PathBuf,
    /// Where files are made before they get their name.
    pub(super) workbench: PathBuf,
    pub(super) names: BTreeMap<PathBuf, usize>,
}

impl State {
    pub(super) fn load(&mut self, folder: &Path, platter: &mut Platter) -> io::Result<()> {
        let mut names = Names::default();
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let node = if entry.file_type()?.is_dir() {
                self.load(&entry.path(), platter)?;
                Node::Folder
            } else {
                let bytes = fs::read(entry.path())?;
                platter.names.insert(entry.path(), self.files.len());
                self.files.push(Contents { seen: bytes.clone(), durable: bytes, given_up: false });
                Node::File(self.files.len() - 1)
            };
            names.seen.insert(name, node);
        }
        names.durable = names.seen.clone();
        self.folders.insert(folder.to_owned(), names);
        Ok(())
    }

    /// Brings the durable names of a folder to the platter, if the folder itself is there.
    pub(super) fn bring(&self, folder: &Path, platter: &mut Platter) -> io::Result<()> {
        if folder != platter.root && !folder.is_dir() {
            return Ok(());
        }
        let Some(names) = self.folders.get(folder) else { return Ok(()) };
        let gone = |path: &Path| {
            path.parent() == Some(folder) && {
                let name = path.file_name().unwrap_or_default().to_string_lossy();
                !names.durable.contains_key(&*name)
            }
        };
        for path in platter.names.keys().filter(|path| gone(path)).cloned().collect::<Vec<_>>() {
            platter.names.remove(&path);
            fs::remove_file(&path)?;
        }
        for (name, node) in &names.durable {
            let path = folder.join(name);
            match node {
                Node::File(file) if platter.names.get(&path) != Some(file) => {
                    let made = platter.workbench.join("file");
                    fs::write(&made, &self.files[*file].durable)?;
                    fs::rename(&made, &path)?;
                    platter.names.insert(path, *file);
                }
                Node::File(_) => {}
                Node::Folder if !path.is_dir() => {
                    fs::create_dir(&path)?;
                    self.bring(&path, platter)?;
                }
                Node::Folder => {}
            }
        }
        Ok(())
    }
}

/// Appends to a file on the platter, in small pieces, so that a process can be killed between two.
pub(super) fn append(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = fs::OpenOptions::new().append(true).open(path)?;
    bytes.chunks(PIECE_BYTES).try_for_each(|piece| file.write_all(piece))
}
