//! Who signed two things of which one is false: named, and written out for anybody to check.

use std::path::{Path, PathBuf};

use audit::contradiction::collect::FOUND_MAX;
use audit::contradiction::{Convict, Copy, Found, gather};
use audit::{Checked, Source};
use node::batch::Threads;
use serde_json::{Value, json};
use terms::Hash;

use super::kind;
use crate::failure::Failure;
use crate::file;
use crate::show::text::{count, safe};

/// What was found, and where it was written.
#[derive(Default)]
pub(super) struct Contradictions {
    found: Vec<(Found, Option<PathBuf>)>,
    /// Why none could be looked for.
    undecided: Vec<String>,
}

impl Contradictions {
    /// Looks at one register, beside other copies of it.
    pub(super) fn look(&mut self, source: &dyn Source, checked: &Checked, copies: &[Copy<'_>]) {
        match gather(source, checked, copies, &mut Threads::start()) {
            Ok(found) => {
                for found in found {
                    if self.found.iter().all(|(other, _)| other.file != found.file) {
                        self.found.push((found, None));
                    }
                }
            }
            Err(why) => self.undecided.push(why.to_string()),
        }
    }

    /// Writes each into the folder, if one was named. What is there already stays.
    ///
    /// # Errors
    ///
    /// The folder is a node's, a file can't be written, or another stands at its name.
    pub(super) fn write(mut self, folder: Option<&Path>) -> Result<Contradictions, Failure> {
        let Some(folder) = folder.filter(|_| !self.found.is_empty()) else { return Ok(self) };
        outside_nodes(folder)?;
        std::fs::create_dir_all(folder).map_err(|error| Failure::unwritable(folder, &error))?;
        for (found, written) in &mut self.found {
            let path = folder.join(name(found));
            file::write_once(&path, &found.file)?;
            *written = Some(path);
        }
        Ok(self)
    }

    /// Whether none was found.
    pub(super) const fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// Each in a few lines; nothing if there is none.
    pub(super) fn print(&self) {
        for why in &self.undecided {
            println!("\nNo contradiction can be looked for: {}.", safe(why));
        }
        if self.found.is_empty() {
            return;
        }
        println!("\n{}", count(self.found.len() as u64, "contradiction", "contradictions"));
        for (found, written) in &self.found {
            println!("C{} `{}`, {}", found.kind.number(), found.kind, safe(&found.at));
            println!("  {}", safe(&found.conviction.sentence()));
            if let Some(path) = written {
                println!("  written: {}", path.display());
            }
        }
        if self.found.iter().any(|(_, written)| written.is_none()) {
            println!("`--evidence DIR` writes each as a small file, which anybody can check.");
        }
        if self.found.len() >= FOUND_MAX {
            println!("Of each kind, {FOUND_MAX} are given at most.");
        }
        println!("A contradiction convicts a key. Who held it, and whether it was stolen, bytes cannot say.");
    }

    /// Adds all of it to an answer for machines.
    pub(super) fn add_to(&self, answer: &mut Value) {
        let one = |(found, written): &(Found, Option<PathBuf>)| {
            json!({
                "kind": found.kind.as_str(),
                "number": found.kind.number(),
                "convicts": word(&found.conviction.convicts),
                "says": found.conviction.sentence(),
                "at": found.at,
                "file": written.as_ref().map(|path| path.display().to_string()),
            })
        };
        answer["contradictions"] = self.found.iter().map(one).collect();
        answer["contradictions-undecided"] = json!(self.undecided);
    }
}

/// That a folder, there or not, is not in a node's: that may have no file that nobody knows.
fn outside_nodes(folder: &Path) -> Result<(), Failure> {
    let whole = std::path::absolute(folder).map_err(|error| Failure::unwritable(folder, &error))?;
    let there = whole.ancestors().find_map(|above| above.canonicalize().ok()).unwrap_or(whole);
    let Some(node) = there.ancestors().find(|above| kind::is_node(above)) else { return Ok(()) };
    let message = format!("`{}` is a node's folder: it may have no other file", node.display());
    Err(Failure::usage("mithaq::exists", message).help("name a folder beside it"))
}

/// By kind and content, so that the same one has the same name however often it is found.
fn name(found: &Found) -> String {
    let hash = Hash::of(&found.file).to_hex();
    format!("{}-{}.contradiction.json", found.kind, hash.get(..16).unwrap_or(&hash))
}

/// Whom it convicts, as `docs/vectors/contradictions/index.json` says it.
pub(super) fn word(convict: &Convict) -> String {
    match convict {
        Convict::Registrar(_) => "registrar".to_owned(),
        Convict::Witness { name, .. } => format!("witness {name}"),
        Convict::Author { participant, label, .. } => format!("author {participant}/{label}"),
        Convict::Intake { participant, label, .. } => format!("intake {participant}/{label}"),
        Convict::Node { participant, label, .. } => format!("node {participant}/{label}"),
        Convict::Nobody => "nobody".to_owned(),
    }
}
