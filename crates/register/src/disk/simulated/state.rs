//! What a simulated disk has, and what a crash leaves of it.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};

use super::platter::{self, Platter};
use super::{Failure, Then};

#[derive(Clone, Default)]
pub(super) struct State {
    pub(super) files: Vec<Contents>,
    pub(super) folders: BTreeMap<PathBuf, Names>,
    pub(super) locks: BTreeSet<PathBuf>,
    pub(super) operations: u64,
    pub(super) writes: BTreeSet<u64>,
    pub(super) fault: Option<(u64, Failure, Then)>,
    pub(super) off: bool,
    pub(super) platter: Option<Platter>,
}

#[derive(Clone, Default)]
pub(super) struct Contents {
    pub(super) seen: Vec<u8>,
    pub(super) durable: Vec<u8>,
    /// A sync failed: as Linux does, later ones say that all is well and bring nothing.
    pub(super) given_up: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Node {
    File(usize),
    Folder,
}

#[derive(Clone, Default)]
pub(super) struct Names {
    pub(super) seen: BTreeMap<String, Node>,
    pub(super) durable: BTreeMap<String, Node>,
    /// What was done since the last sync: a name, and what it means now.
    pub(super) pending: Vec<(String, Option<Node>)>,
}

impl State {
    pub(super) fn names(&mut self, folder: &Path) -> io::Result<&mut Names> {
        self.folders.get_mut(folder).ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    pub(super) fn node(&self, path: &Path) -> io::Result<Node> {
        let (folder, name) = split(path)?;
        let names = self.folders.get(folder).ok_or(io::ErrorKind::NotFound)?;
        names.seen.get(name).copied().ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    pub(super) fn set(&mut self, path: &Path, node: Option<Node>) -> io::Result<()> {
        let (folder, name) = split(path)?;
        let names = self.names(folder)?;
        match node {
            Some(node) => names.seen.insert(name.to_owned(), node),
            None => names.seen.remove(name),
        };
        names.pending.push((name.to_owned(), node));
        Ok(())
    }

    pub(super) fn drop_unreachable(&mut self) {
        let named = |folders: &BTreeMap<PathBuf, Names>, path: &Path| match split(path) {
            Ok((parent, name)) => folders.get(parent).is_some_and(|names| names.seen.contains_key(name)),
            Err(_) => true,
        };
        // Parents sort before what is in them.
        for path in self.folders.keys().cloned().collect::<Vec<_>>() {
            if !named(&self.folders, &path) {
                self.folders.remove(&path);
            }
        }
    }

    pub(super) fn sync_file(&mut self, file: usize) -> io::Result<()> {
        let contents = &mut self.files[file];
        if contents.given_up {
            return Ok(());
        }
        let before = std::mem::replace(&mut contents.durable, contents.seen.clone());
        let Some(platter) = &self.platter else { return Ok(()) };
        for (path, _) in platter.names.iter().filter(|(_, on_it)| **on_it == file) {
            let new = self.files[file].durable.strip_prefix(&before[..]).unwrap_or_default();
            platter::append(path, new)?;
        }
        Ok(())
    }

    pub(super) fn sync_folder(&mut self, folder: &Path) -> io::Result<()> {
        let names = self.names(folder)?;
        names.pending.clear();
        names.durable = names.seen.clone();
        let Some(mut platter) = self.platter.take() else { return Ok(()) };
        let done = self.bring(folder, &mut platter);
        self.platter = Some(platter);
        done
    }
}

pub(super) fn split(path: &Path) -> io::Result<(&Path, &str)> {
    let parent = path.parent().ok_or(io::ErrorKind::InvalidInput)?;
    let name = path.file_name().and_then(|name| name.to_str()).ok_or(io::ErrorKind::InvalidInput)?;
    Ok((parent, name))
}

/// A sequence of numbers that looks random (SplitMix64).
pub(super) struct Dice(pub(super) u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(super) fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    /// What is found of a file.
    pub(super) fn survivor(&mut self, file: &Contents) -> Vec<u8> {
        let common = file.durable.len().min(file.seen.len());
        if file.given_up || file.seen[..common] != file.durable[..] {
            return file.durable.clone();
        }
        let new = &file.seen[common..];
        let some = self.below(new.len() as u64 + 1) as usize;
        let mut found = file.durable.clone();
        match self.below(4) {
            0 => {}
            1 => found.extend_from_slice(new),
            2 => found.extend_from_slice(&new[..some]),
            // The length got there, and only some of the bytes.
            _ => {
                found.extend_from_slice(&new[..some]);
                found.resize(file.seen.len(), 0);
            }
        }
        found
    }
}
