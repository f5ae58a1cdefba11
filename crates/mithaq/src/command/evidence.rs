//! `mithaq evidence`: exhibits are offered, opened, answered, challenged, destroyed.

mod listed;
mod offer;
mod opened;
mod said;

use std::path::{Path, PathBuf};

use act::Body;
use act::body::Offer;
use act::value::File;
use node::Node;
use node::evidence::Evidence;
use terms::ParticipantId;

use super::act::write::{Signing, Usual, ready};
use crate::cli::Globals;
use crate::failure::{Exit, Failure};
use crate::show::progress::{Progress, Unit};

/// `mithaq evidence`
#[derive(Debug, clap::Args)]
#[command(subcommand_required = true, arg_required_else_help = true)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Seals files, grants them, and offers them by one act.
    Offer(offer::Offer),
    /// Lists exhibits: who offered them, who filed, opened and answered them.
    List,
    /// Opens an exhibit into a file, once all agrees, and signs that it did.
    Open(opened::Open),
    /// Grants an exhibit of one's own to another participant.
    Grant(offer::Grant),
    /// Says that an exhibit can't be opened, or is not what its act commits to.
    Challenge(said::Challenge),
    /// Answers an exhibit, with files or without.
    Answer(said::Answer),
    /// Destroys this node's copy of an exhibit, and says so on record.
    Destroy(said::Destroy),
    /// Counts exhibits offered, filed, shared and answered, apart, for each who filed.
    Tally,
}

pub(crate) fn run(args: &Args, globals: &Globals) -> Result<Exit, Failure> {
    match &args.command {
        Command::Offer(args) => offer::offer(args, globals),
        Command::List => listed::list(globals),
        Command::Open(args) => opened::run(args, globals),
        Command::Grant(args) => offer::grant(args, globals),
        Command::Challenge(args) => said::challenge(args, globals),
        Command::Answer(args) => said::answer(args, globals),
        Command::Destroy(args) => said::destroy(args, globals),
        Command::Tally => listed::tally(globals),
    }
}

/// Seals files for one act. Its keys are looked for first, and if a file can't be sealed none of them stays.
pub(crate) fn seal_files(
    node: &Node,
    paths: &[PathBuf],
    to: &[ParticipantId],
    media_type: Option<&str>,
    (signing, usual): (&Signing, Usual),
) -> Result<Vec<File>, Failure> {
    ready(node, signing, usual)?;
    let mut files = Vec::new();
    for path in paths {
        match seal_file(node, path, to, media_type) {
            Ok(file) => files.push(file),
            Err(failure) => {
                node.take_back(&Body::Offer(Offer { files }))?;
                return Err(failure);
            }
        }
    }
    Ok(files)
}

/// The same of one file.
pub(crate) fn seal_one(
    node: &Node,
    path: &Path,
    to: &[ParticipantId],
    media_type: Option<&str>,
    by: (&Signing, Usual),
) -> Result<File, Failure> {
    ready(node, by.0, by.1)?;
    seal_file(node, path, to, media_type)
}

/// Seals a person's file, with progress.
fn seal_file(
    node: &Node,
    path: &Path,
    to: &[ParticipantId],
    media_type: Option<&str>,
) -> Result<File, Failure> {
    let unreadable = |error| Failure::unreadable(path, &error);
    let mut plain = std::fs::File::open(path).map_err(unreadable)?;
    let about = plain.metadata().map_err(unreadable)?;
    if !about.is_file() {
        return Err(Failure::no_file(path));
    }
    let name = path.file_name().and_then(|name| name.to_str());
    let evidence = Evidence {
        plain: &mut plain,
        bytes: about.len(),
        media_type: media_type.unwrap_or_else(|| guessed_type(path)),
        name,
    };
    let mut progress = Progress::new(&format!("sealing {}", name.unwrap_or("the file")), Unit::Bytes);
    let (file, _) = node.seal(evidence, to, &mut |done, of| progress.tell(done, of))?;
    Ok(file)
}

/// What a file is, by its name. Its filer can say otherwise; its readers take neither for a fact.
fn guessed_type(path: &Path) -> &'static str {
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default().to_ascii_lowercase();
    match ending.as_str() {
        "jpg" | "jpeg" => "image/jpeg",
        "png" => "image/png",
        "tif" | "tiff" => "image/tiff",
        "heic" => "image/heic",
        "gif" => "image/gif",
        "mp4" => "video/mp4",
        "mov" => "video/quicktime",
        "mp3" => "audio/mpeg",
        "wav" => "audio/wav",
        "ogg" => "audio/ogg",
        "pdf" => "application/pdf",
        "txt" | "md" => "text/plain; charset=utf-8",
        "csv" => "text/csv",
        "json" => "application/json",
        "geojson" => "application/geo+json",
        "zip" => "application/zip",
        "docx" => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        _ => "application/octet-stream",
    }
}
