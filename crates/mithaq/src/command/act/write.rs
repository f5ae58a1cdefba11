//! An act of one's own: written, signed, handed in, and told.

use std::path::{Path, PathBuf};

use act::{Body, Submission};
use node::Node;
use node::drafted::Drafted;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use terms::{Code, Instant, ParticipantId, SignerName};

use super::draft::say;
use super::prospect;
use crate::ask::Asker;
use crate::cli::Globals;
use crate::command::matter::follows;
use crate::failure::{Exit, Failure};
use crate::file;
use crate::session;
use crate::show::error::aside;

/// Who signs, and whether at once.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Signing {
    /// The label of a key that signs, if several could; again for each, in the order of signing.
    #[arg(long, value_name = "LABEL")]
    pub(crate) by: Vec<String>,
    /// Writes the act into a file, for keys that lie on other machines: `mithaq act sign` adds their
    /// signatures, `mithaq act submit` hands it in.
    #[arg(long, value_name = "FILE")]
    pub(crate) draft: Option<PathBuf>,
    /// Signs an act that would come to nothing, as far as this node can say: void, or refused.
    #[arg(long)]
    pub(crate) anyway: bool,
}

/// Which keys sign if nothing is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Usual {
    /// The officer's key that is here.
    Officer,
    /// As many roots as it takes.
    Roots,
}

/// Writes an act, signs it with the keys that are here, and hands it in.
pub(crate) fn act(
    node: &mut Node,
    signing: &Signing,
    usual: Usual,
    body: Body,
    globals: &Globals,
) -> Result<Exit, Failure> {
    act_with_annexes(node, signing, usual, body, &[], globals)
}

/// The same once what follows was shown, and, at a terminal, agreed to.
pub(crate) fn act_once_read(
    node: &mut Node,
    signing: &Signing,
    body: Body,
    globals: &Globals,
) -> Result<Exit, Failure> {
    let effect = follows::show(node, signing, &body, globals)?;
    let asker = Asker::new(false);
    if effect && asker.asks() && !asker.yes("sign it? yes or no")? {
        return Err(Failure::new(Exit::Refused, "mithaq::not_signed", "nothing was signed"));
    }
    act(node, signing, Usual::Officer, body, globals)
}

/// The same with annexes that the act names. An annex lies on the shelf once its act is signed, and not
/// before; of an act that the registrar refuses it does not stay.
pub(crate) fn act_with_annexes(
    node: &mut Node,
    signing: &Signing,
    usual: Usual,
    body: Body,
    annexes: &[Vec<u8>],
    globals: &Globals,
) -> Result<Exit, Failure> {
    let Some(submission) = written(node, signing, usual, body, annexes, globals)? else {
        return Ok(Exit::Good);
    };
    tell(node, &submission, globals, json!({}))
}

/// The same without a word; nothing if it was only drafted, which is said.
pub(crate) fn act_quietly(
    node: &mut Node,
    signing: &Signing,
    usual: Usual,
    body: Body,
    globals: &Globals,
) -> Result<Option<Submission>, Failure> {
    written(node, signing, usual, body, &[], globals)
}

/// That the keys which are to sign are at hand: asked before anything is sealed for the act.
pub(crate) fn ready(node: &Node, signing: &Signing, usual: Usual) -> Result<(), Failure> {
    for signer in signers(node, signing, usual)? {
        let name = node.origin().key_name(&signer);
        if signing.draft.is_none() && node.keyring().get(&name).is_none() {
            return Err(node::Fault::NoKey(name).into());
        }
    }
    Ok(())
}

fn signers(node: &Node, signing: &Signing, usual: Usual) -> Result<Vec<SignerName>, Failure> {
    let labels = match usual {
        Usual::Officer => session::signers(node, &signing.by)?,
        Usual::Roots if signing.draft.is_some() && signing.by.is_empty() => session::needed_roots(node),
        Usual::Roots if signing.draft.is_some() => signing.by.clone(),
        Usual::Roots => session::roots(node, &signing.by)?,
    };
    labels.iter().map(|label| signer(node, label)).collect()
}

fn written(
    node: &mut Node,
    signing: &Signing,
    usual: Usual,
    body: Body,
    annexes: &[Vec<u8>],
    globals: &Globals,
) -> Result<Option<Submission>, Failure> {
    let now = session::now(globals)?;
    let submission = match signed(node, signing, usual, body.clone(), now, globals) {
        Ok(Some(submission)) => submission,
        Ok(None) => return Ok(None),
        Err(failure) => {
            // What was sealed for it would lie here with no act that names it.
            node.take_back(&body)?;
            return Err(failure);
        }
    };
    node.submit_with_annexes(&submission, annexes, now)?;
    Ok(Some(submission))
}

/// The act with its signatures; nothing if it was only drafted, which is said.
fn signed(
    node: &Node,
    signing: &Signing,
    usual: Usual,
    body: Body,
    now: Instant,
    globals: &Globals,
) -> Result<Option<Submission>, Failure> {
    let act = node.write(signers(node, signing, usual)?, body, now)?;
    if !signing.anyway
        && let Some(prospect) = node.foresee(&act, now)?.and_then(|foreseen| foreseen.prospect)
    {
        return Err(prospect::failure(prospect));
    }
    if let Some(path) = &signing.draft {
        file::absent(path)?;
        let mut draft = Drafted::new(&act);
        draft.sign(node.keyring(), node.home())?;
        file::write_new(path, &draft.bytes())?;
        // It names no file here before it is handed in: what was sealed for it waits beside it.
        let files = node.set_aside(act.body(), &sealed_beside(path))?;
        if files > 0 && !globals.json {
            aside(format_args!(
                "what was sealed for it waits in `{}`: keep it beside the draft\n",
                sealed_beside(path).display()
            ));
        }
        say(&draft, path, globals)?;
        return Ok(None);
    }
    Ok(Some(node.sign(act, None)?))
}

/// Where the sealed files of a draft wait.
pub(crate) fn sealed_beside(draft: &Path) -> PathBuf {
    let mut name = draft.as_os_str().to_owned();
    name.push(".sealed");
    PathBuf::from(name)
}

/// The bytes of an annex.
///
/// # Errors
///
/// They can't be read, or are more than an annex has.
pub(crate) fn read_annex(path: &Path) -> Result<Vec<u8>, Failure> {
    let unreadable = |error| Failure::unreadable(path, &error);
    if std::fs::metadata(path).map_err(unreadable)?.len() > audit::folder::ANNEX_BYTES_MAX {
        return Err(Failure::usage("mithaq::usage", "an annex has at most 64 MiB").help("divide it"));
    }
    std::fs::read(path).map_err(unreadable)
}

/// `liaison-1`, or `north/root-1`.
pub(super) fn signer(node: &Node, text: &str) -> Result<SignerName, Failure> {
    let (participant, label) = match text.split_once('/') {
        Some((participant, label)) => (ParticipantId::new(participant), Code::new(label)),
        None => (Some(node.me().clone()), Code::new(text)),
    };
    match (participant, label) {
        (Some(participant), Some(label)) => Ok(SignerName::key(&participant, &label)),
        _ => {
            Err(Failure::usage("mithaq::unknown", format!("`{text}` is no key's label"))
                .help("as `liaison-1`"))
        }
    }
}

/// Says where an act stands.
pub(crate) fn tell(
    node: &Node,
    submission: &Submission,
    globals: &Globals,
    more: Value,
) -> Result<Exit, Failure> {
    let act = submission.act();
    let found = node.find(&act.id()).ok().map(|(index, _)| index);
    if globals.json {
        let mut value =
            json!({"act": act.id(), "kind": act.kind(), "entry": found, "queued": found.is_none()});
        if let (Some(value), Value::Object(more)) = (value.as_object_mut(), more) {
            value.extend(more);
        }
        println!("{value:#}");
        return Ok(Exit::Good);
    }
    match found {
        Some(index) => println!("registered at entry {index}: `{}`, act {}", act.kind(), act.id()),
        None => {
            println!("signed: `{}`, act {}", act.kind(), act.id());
            println!("it waits to be carried to the registrar: `mithaq bundle export`");
        }
    }
    Ok(Exit::Good)
}

/// A word of a closed list that stands in acts.
///
/// # Errors
///
/// It is not in the list.
pub(crate) fn word<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    serde_json::from_value(Value::String(text.to_owned())).map_err(|error| {
        let said = error.to_string();
        match (said.split_once("expected one of "), said.split_once("expected ")) {
            (Some((_, words)), _) => format!("it is one of {words}"),
            (None, Some((_, words))) => format!("it is {words}"),
            (None, None) => said,
        }
    })
}
