//! What `mithaq open` and `mithaq step` share: answers, from arguments or asked for one by one; what follows from
//! them; and the signature.

pub(super) mod correct;
pub(super) mod field;
pub(super) mod files;
pub(super) mod follows;
pub(super) mod signing;

use std::collections::BTreeMap;
use std::path::PathBuf;

use act::Body;
use act::body::{Transcribe, Transcribed};
use act::value::{Fields, StrandName};
use instrument::procedure::Field;
use node::Node;
use terms::{Code, ParticipantId};

use super::act::write::{Signing, Usual, act_with_annexes};
use crate::ask::Asker;
use crate::cli::Globals;
use crate::failure::{Exit, Failure};
use crate::resolve;
use node::form::{Asked, Form};

/// Answers that are given as arguments.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct Answers {
    /// A field and its value, commas between several; again for each field.
    #[arg(long, value_name = "NAME=VALUE")]
    field: Vec<String>,
    /// One of the lives of the matter, as `south` or `south:p1`; again for each.
    #[arg(long, value_name = "STRAND")]
    strand: Vec<String>,
    /// A file that is handed over with it, sealed; again for each.
    #[arg(long, value_name = "FILE")]
    file: Vec<PathBuf>,
    /// Who may open the files; again for each. Without it, whom the procedure names and who has a key for it.
    #[arg(long, value_name = "PARTICIPANT")]
    to: Vec<String>,
    /// Writes down what this participant says by voice or on paper; it is never its signature, and it may confirm or
    /// disown it.
    #[arg(long, value_name = "PARTICIPANT")]
    on_behalf_of: Option<String>,
    /// Signs without asking once more.
    #[arg(long)]
    yes: bool,
    /// Asks for what is missing even where there is no terminal: answers are read from the standard input, a line
    /// each.
    #[arg(long)]
    ask: bool,
    #[command(flatten)]
    signing: Signing,
}

/// Fields with the texts that they name.
#[derive(Default)]
pub(super) struct Filled {
    pub(super) fields: Fields,
    pub(super) annexes: Vec<Vec<u8>>,
}

impl Answers {
    pub(super) fn asker(&self) -> Asker {
        Asker::new(self.ask)
    }

    /// Whose act it is: this node's participant's, unless it is written down for another.
    pub(super) fn actor(&self, node: &Node) -> Result<ParticipantId, Failure> {
        let named = self.on_behalf_of.as_ref().map(|who| resolve::participant(node, who)).transpose()?;
        Ok(named.unwrap_or_else(|| node.me().clone()))
    }

    /// The body, as it is signed.
    pub(super) fn body(&self, actor: ParticipantId, what: Transcribed) -> Body {
        match (&self.on_behalf_of, what) {
            (Some(_), what) => Body::Transcribe(Transcribe { on_behalf_of: actor, what }),
            (None, Transcribed::Open(open)) => Body::Open(open),
            (None, Transcribed::Step(step)) => Body::Step(step),
        }
    }

    /// Fills fields: from the arguments, else by asking. `asked` says in which order, and whether each has to be given.
    pub(super) fn fill(
        &self,
        asker: &mut Asker,
        asked: &[Asked<'_>],
        form: &mut Form<'_>,
    ) -> Result<Filled, Failure> {
        let known = asked.iter().map(|asked| (asked.name, asked.field)).collect();
        let given = given(&self.field, &known)?;
        let mut filled = Filled::default();
        for &Asked { name, field, is_needed } in asked {
            let value = match given.get(name) {
                Some(text) => Some(field::read(form, name, field, text).map_err(|why| {
                    Failure::usage("mithaq::field", format!("`{name}` can't be `{text}`: {why}"))
                })?),
                // Whoever agreed beforehand is asked for nothing that may be left out.
                None if asker.asks() && (is_needed || !self.yes) => {
                    field::ask(asker, form, name, field, is_needed)?
                }
                None => {
                    if is_needed {
                        asker.lacks(format!("`--field {name}=…`: {}", field::hint(form, name, field)));
                    }
                    None
                }
            };
            if let Some((value, annex)) = value {
                form.learn(name, &value);
                filled.annexes.extend(annex);
                filled.fields.insert(name.clone(), value);
            }
        }
        Ok(filled)
    }

    /// Who signs. Where nobody can be asked, all that is missing is said here, before anything is sealed.
    pub(super) fn agreed(&self, node: &Node, asker: &mut Asker, eyes: u32) -> Result<Signing, Failure> {
        let signing = signing::chosen(node, asker, &self.signing, eyes)?;
        if !self.yes && !asker.asks() {
            asker.lacks("`--yes`, once you have read what is to be signed: nobody is asked here");
        }
        asker.complete()?;
        Ok(signing)
    }

    /// Shows what follows, asks once more, signs, and hands in. What was sealed goes if nobody signs.
    pub(super) fn sign(
        &self,
        node: &mut Node,
        asker: &Asker,
        signing: &Signing,
        (body, annexes): (Body, &[Vec<u8>]),
        globals: &Globals,
    ) -> Result<Exit, Failure> {
        match self.confirmed(node, asker, signing, &body, globals) {
            Ok(true) => act_with_annexes(node, signing, Usual::Officer, body, annexes, globals),
            Ok(false) => {
                node.take_back(&body)?;
                Err(Failure::new(Exit::Refused, "mithaq::not_signed", "nothing was signed")
                    .help("what was sealed for it is removed; the files that you named are as they were"))
            }
            Err(failure) => {
                node.take_back(&body)?;
                Err(failure)
            }
        }
    }

    /// Whether somebody agreed, once what follows was shown.
    fn confirmed(
        &self,
        node: &Node,
        asker: &Asker,
        signing: &Signing,
        body: &Body,
        globals: &Globals,
    ) -> Result<bool, Failure> {
        let effect = follows::show(node, signing, body, globals)?;
        // What comes to nothing is not asked about: it is refused with its reason where it is signed.
        if self.yes || !(effect || signing.anyway) {
            return Ok(true);
        }
        let what = if signing.draft.is_some() { "draft it? yes or no" } else { "sign it? yes or no" };
        asker.yes(what)
    }

    /// The strands that were named.
    pub(super) fn named_strands(&self) -> Result<Vec<StrandName>, Failure> {
        let read = |text: &String| {
            StrandName::new(text.clone())
                .map_err(|what| Failure::usage("mithaq::usage", format!("`{text}`: {what}")))
        };
        let named = self.strand.iter().map(read).collect::<Result<Vec<_>, _>>()?;
        let twice = named.iter().enumerate().find(|(place, name)| named[..*place].contains(name));
        match twice {
            None => Ok(named),
            Some((_, name)) => Err(Failure::usage("mithaq::usage", format!("`{name}` is named twice"))),
        }
    }

    /// Whether it is signed even if it comes to nothing.
    pub(super) const fn anyway(&self) -> bool {
        self.signing.anyway
    }
}

/// The values that were given as arguments, by field.
fn given(texts: &[String], known: &BTreeMap<&Code, &Field>) -> Result<BTreeMap<Code, String>, Failure> {
    let mut given = BTreeMap::new();
    for text in texts {
        let (name, value) = text.split_once('=').ok_or_else(|| {
            Failure::usage("mithaq::usage", format!("`{text}` is no field with a value"))
                .help("write it as `--field grade=serious`")
        })?;
        let found = Code::new(name.trim()).filter(|code| known.contains_key(code));
        let code = found.ok_or_else(|| {
            let names = known.keys().map(|name| name.as_str());
            let failure =
                Failure::usage("mithaq::unknown_field", format!("there is no field `{name}` to give here"));
            match resolve::nearest(name, names.clone()) {
                Some(guess) => failure.help(format!("did you mean `{guess}`?")),
                None if known.is_empty() => failure.help("it takes no fields"),
                None => failure.help(format!("there is {}", names.collect::<Vec<_>>().join(", "))),
            }
        })?;
        if given.insert(code, value.trim().to_owned()).is_some() {
            let message = format!("`{name}` is given twice");
            return Err(
                Failure::usage("mithaq::usage", message).help("several values have commas between them")
            );
        }
    }
    Ok(given)
}
