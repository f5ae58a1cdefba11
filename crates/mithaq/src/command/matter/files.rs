//! What is handed over with an opening or a step: sealed files, for whom the procedure says.

use std::path::PathBuf;

use act::Body;
use act::body::Offer;
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
    /// What was written here, to go as a text.
    words: Vec<String>,
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
        let mut chosen = Chosen { paths: self.file.clone(), words: Vec::new(), to: Vec::new() };
        for path in &chosen.paths {
            crate::file::present(path)?;
        }
        if chosen.paths.is_empty() && asker.asks() && (needed || !self.yes) {
            ask(asker, needed, &mut chosen)?;
        }
        if chosen.is_empty() {
            if needed && !asker.asks() {
                asker.lacks("`--file FILE`: this step needs an exhibit");
            }
            return Ok(chosen);
        }
        chosen.to = if self.to.is_empty() {
            seen_by(node, asker, procedure, form)
        } else {
            self.to.iter().map(|who| resolve::participant(node, who)).collect::<Result<Vec<_>, _>>()?
        };
        Ok(chosen)
    }
}

impl Chosen {
    /// Seals them.
    pub(crate) fn seal(&self, node: &Node, signing: &Signing) -> Result<Vec<File>, Failure> {
        if self.is_empty() {
            return Ok(Vec::new());
        }
        let mut files = seal_files(node, &self.paths, &self.to, None, (signing, Usual::Officer))?;
        for words in &self.words {
            match node.seal_words(words, &self.to) {
                Ok(file) => files.push(file),
                Err(failure) => {
                    node.take_back(&Body::Offer(Offer { files }))?;
                    return Err(failure.into());
                }
            }
        }
        Ok(files)
    }

    const fn is_empty(&self) -> bool {
        self.paths.is_empty() && self.words.is_empty()
    }
}

/// What is typed to write here.
const WORDS: &str = "words";

/// What is handed over next.
enum Next {
    File(PathBuf),
    Words,
    Nothing,
}

fn ask(asker: &Asker, needed: bool, chosen: &mut Chosen) -> Result<(), Failure> {
    asker.say("");
    let may = if needed { "one at least is needed" } else { "Enter for none" };
    asker.say(&format!(
        "What is handed over, sealed: the path of a file; or `{WORDS}`, to write here what was seen, said or reported. {may}."
    ));
    loop {
        let next = asker.until("file", |typed| {
            if typed.is_empty() {
                let enough = !needed || !chosen.is_empty();
                return if enough { Ok(Next::Nothing) } else { Err("this step needs an exhibit".to_owned()) };
            }
            if typed == WORDS {
                return Ok(Next::Words);
            }
            let path = PathBuf::from(typed);
            crate::file::present(&path)
                .map_err(|failure| format!("{}; to write here, type `{WORDS}` first", failure.message))?;
            Ok(Next::File(path))
        })?;
        match next {
            Next::File(path) => chosen.paths.push(path),
            Next::Words => chosen.words.extend(written(asker)?),
            Next::Nothing => return Ok(()),
        }
        asker.say("Another, or Enter to go on.");
    }
}

/// Lines that are written here, up to an empty one; nothing, if there is none.
fn written(asker: &Asker) -> Result<Option<String>, Failure> {
    asker.say("As many lines as it takes; an empty one ends them.");
    let mut lines: Vec<String> = Vec::new();
    loop {
        let line = asker.line("")?;
        if line.is_empty() {
            return Ok((!lines.is_empty()).then(|| lines.join("\n")));
        }
        lines.push(line);
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
