//! An act on its way from machine to machine, until all its keys have signed.

use std::path::{Path, PathBuf};

use act::{Act, Submission};
use audit::named::annexes_of;
use node::{Home, Node};
use note::{KeyName, SignatureLine, SigningKey, VerifierKey};
use serde::{Deserialize, Serialize};
use serde_json::json;
use terms::SignerName;
use vault::{Keyring, Secret};

use super::write::{read_annex, sealed_beside, tell};
use crate::cli::Globals;
use crate::failure::{Exit, Failure, plain_json};
use crate::file;
use crate::session;
use crate::show::text::safe;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  mithaq act sign seat-of-kabul.json --look
  mithaq act sign seat-of-kabul.json")]
pub(crate) struct Sign {
    /// The drafted act; signatures are added to it.
    file: PathBuf,
    /// Shows what would be signed, and signs nothing.
    #[arg(long)]
    look: bool,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  mithaq act submit seat-of-kabul.json
  mithaq act submit batch.json --annex incidents.csv

An annex goes wherever its act goes: with it into the register, or onto the next stick to the registrar.")]
pub(crate) struct Submit {
    /// The drafted act.
    file: PathBuf,
    /// An annex that the act names, if it is not here yet; again for each.
    #[arg(long, value_name = "FILE")]
    annex: Vec<PathBuf>,
}

/// The file.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Draft {
    format: String,
    /// The act's text.
    act: String,
    /// The signature lines so far.
    signatures: Vec<String>,
}

const FORMAT: &str = "mithaq.draft/v1";

impl Draft {
    pub(super) fn new(act: &Act) -> Draft {
        Draft { format: FORMAT.to_owned(), act: act.text().to_owned(), signatures: Vec::new() }
    }

    fn read(path: &Path) -> Result<Draft, Failure> {
        let bytes = std::fs::read(path).map_err(|error| Failure::unreadable(path, &error))?;
        let wrong = |what: String| {
            Failure::usage("mithaq::garbled", format!("`{}` is no drafted act: {what}", path.display()))
                .help("an act is drafted with `--draft FILE`")
        };
        let draft: Draft = serde_json::from_slice(&bytes).map_err(|error| wrong(plain_json(&error)))?;
        if draft.format == FORMAT { Ok(draft) } else { Err(wrong(format!("its format is not `{FORMAT}`"))) }
    }

    fn act(&self) -> Result<Act, Failure> {
        Ok(Act::parse(&self.act).map_err(node::Fault::from)?)
    }

    fn bytes(&self) -> Result<Vec<u8>, Failure> {
        let mut bytes = serde_json::to_vec_pretty(self)
            .map_err(|error| Failure::new(Exit::Machine, "mithaq::unwritable", error))?;
        bytes.push(b'\n');
        Ok(bytes)
    }

    pub(super) fn write_new(&self, path: &Path) -> Result<(), Failure> {
        file::write_new(path, &self.bytes()?)
    }

    /// Signs with every key of a keyring that is to sign and has not; gives how many did. Where the first
    /// signer's key is here, the act's number is used up with that, whether or not it is ever handed in.
    pub(super) fn sign(&mut self, ring: &Keyring, home: &Home) -> Result<usize, Failure> {
        let act = self.act()?;
        let mut added = 0;
        for (place, signer) in act.head().signers.iter().enumerate() {
            let name = act.origin().key_name(signer);
            let (Some(Secret::Ed25519(seed)), Some(key_name)) =
                (ring.get(&name).map(vault::Key::secret), KeyName::new(&name))
            else {
                continue;
            };
            let key = SigningKey::from_seed(seed);
            let vkey = VerifierKey::plain(key_name.clone(), key.public());
            let there = self.lines().any(|line| vkey.made(&line));
            if !there {
                if place == 0 {
                    node::numbers::take(home, &act)?;
                }
                self.signatures.push(key.sign_note(act.text(), &key_name).to_string());
                added += 1;
            }
        }
        Ok(added)
    }

    fn lines(&self) -> impl Iterator<Item = SignatureLine> {
        self.signatures.iter().filter_map(|line| SignatureLine::parse(line).ok())
    }

    fn missing(&self) -> Result<Vec<SignerName>, Failure> {
        let act = self.act()?;
        let signed = |signer: &SignerName| {
            let name = act.origin().key_name(signer);
            self.lines().any(|line| line.name.as_str() == name)
        };
        Ok(act.head().signers.iter().filter(|signer| !signed(signer)).cloned().collect())
    }

    fn submission(&self) -> Result<Submission, Failure> {
        let act = self.act()?;
        let lines = act
            .head()
            .signers
            .iter()
            .filter_map(|signer| {
                let name = act.origin().key_name(signer);
                self.lines().find(|line| line.name.as_str() == name)
            })
            .collect();
        Ok(Submission::new(act, lines, Vec::new(), Vec::new()).map_err(node::Fault::from)?)
    }

    /// Says what would be signed, and who has still to sign.
    pub(super) fn tell(&self, path: &Path, globals: &Globals) -> Result<(), Failure> {
        let act = self.act()?;
        let missing: Vec<String> = self.missing()?.iter().map(ToString::to_string).collect();
        if globals.json {
            println!(
                "{:#}",
                json!({"file": path.display().to_string(), "act": act.id(), "kind": act.kind(),
                "waits-for": missing})
            );
            return Ok(());
        }
        println!("`{}` by {}, act {}", act.kind(), act.head().by, act.id());
        println!("{}", act.text().lines().map(safe).collect::<Vec<_>>().join("\n"));
        if missing.is_empty() {
            let annex = if annexes_of(act.body()).is_empty() { "" } else { " --annex FILE" };
            println!("all have signed; `mithaq act submit {}{annex}` hands it in", path.display());
        } else {
            println!("waits for the signatures of {}", missing.join(", "));
        }
        Ok(())
    }
}

pub(crate) fn sign(args: &Sign, globals: &Globals) -> Result<Exit, Failure> {
    let mut draft = Draft::read(&args.file)?;
    if !args.look {
        if draft.sign(&session::ring(globals)?, &session::home(globals))? == 0 {
            return Err(Failure::usage(
                "mithaq::unsigned",
                "no key in this keyring is still to sign this act",
            ));
        }
        file::replace(&args.file, &draft.bytes()?)?;
    }
    draft.tell(&args.file, globals)?;
    Ok(Exit::Good)
}

pub(crate) fn submit(args: &Submit, globals: &Globals) -> Result<Exit, Failure> {
    let draft = Draft::read(&args.file)?;
    let missing: Vec<String> = draft.missing()?.iter().map(ToString::to_string).collect();
    if !missing.is_empty() {
        return Err(Failure::new(Exit::Refused, "mithaq::unsigned", "not every key has signed")
            .help(format!("it waits for {}", missing.join(", "))));
    }
    let mut node: Node = session::node(globals)?;
    let submission = draft.submission()?;
    let now = session::now(globals)?;
    let (body, aside) = (submission.act().body(), sealed_beside(&args.file));
    node.bring_back(body, &aside)?;
    let annexes = args.annex.iter().map(|path| read_annex(path)).collect::<Result<Vec<_>, _>>()?;
    node.submit_with_annexes(&submission, &annexes, now)?;
    node.drop_aside(body, &aside)?;
    tell(&node, &submission, globals, json!({}))
}
