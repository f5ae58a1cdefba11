//! What is handed over with an opening or a step: sealed files, for whom the procedure says.

use std::path::PathBuf;

use act::value::File;
use instrument::Procedure;
use node::Node;
use node::form::{Form, Receivers, receivers};
use terms::ParticipantId;

use super::Answers;
use crate::ask::Asker;
use crate::command::act::write::{Signing, Usual};
use crate::command::evidence::seal_files;
use crate::failure::Failure;
use crate::resolve;
use crate::say::{and, labels};

/// Which files are handed over, and to whom.
pub(crate) struct Chosen {
    paths: Vec<PathBuf>,
    to: Vec<ParticipantId>,
}

impl Answers {
    /// Chooses files: the arguments, else by asking. `needed` says that one at least has to be there.
    pub(crate) fn choose_files(
        &self,
        node: &Node,
        asker: &mut Asker,
        (procedure, form): (&Procedure, &Form<'_>),
        needed: bool,
    ) -> Result<Chosen, Failure> {
        let mut paths = self.file.clone();
        for path in &paths {
            crate::file::present(path)?;
        }
        if paths.is_empty() && asker.asks() && (needed || !self.yes) {
            paths = ask(asker, needed)?;
        }
        if paths.is_empty() {
            if needed && !asker.asks() {
                asker.lacks("`--file FILE`: this step needs an exhibit");
            }
            return Ok(Chosen { paths, to: Vec::new() });
        }
        let to = if self.to.is_empty() {
            seen_by(node, asker, procedure, form)
        } else {
            self.to.iter().map(|who| resolve::participant(node, who)).collect::<Result<Vec<_>, _>>()?
        };
        Ok(Chosen { paths, to })
    }
}

impl Chosen {
    /// Seals them.
    pub(crate) fn seal(&self, node: &Node, signing: &Signing) -> Result<Vec<File>, Failure> {
        if self.paths.is_empty() {
            return Ok(Vec::new());
        }
        seal_files(node, &self.paths, &self.to, None, (signing, Usual::Officer))
    }
}

fn ask(asker: &Asker, needed: bool) -> Result<Vec<PathBuf>, Failure> {
    asker.say("");
    let may = if needed { "one at least is needed" } else { "Enter for none" };
    asker.say(&format!("files to hand over, sealed: a path, then Enter; {may}"));
    let mut paths: Vec<PathBuf> = Vec::new();
    loop {
        let path = asker.until("file", |typed| {
            if typed.is_empty() {
                let enough = !needed || !paths.is_empty();
                return if enough { Ok(None) } else { Err("this step needs an exhibit".to_owned()) };
            }
            let path = PathBuf::from(typed);
            crate::file::present(&path).map_err(|failure| failure.message)?;
            Ok(Some(path))
        })?;
        match path {
            Some(path) => paths.push(path),
            None => return Ok(paths),
        }
    }
}

/// Whom the procedure names, of those who have a key that a grant can be sealed to.
fn seen_by(node: &Node, asker: &Asker, procedure: &Procedure, form: &Form<'_>) -> Vec<ParticipantId> {
    let Receivers { can, cannot } = receivers(node.ledger(), node.me(), procedure, form);
    if !cannot.is_empty() {
        let names = labels(form.instrument, &cannot);
        let text = format!(
            "{} can't open the files: no key of theirs for it is on record. `mithaq evidence grant` gives it later.",
            and(&names)
        );
        if asker.asks() { asker.say(&text) } else { eprintln!("{text}") }
    }
    can
}
