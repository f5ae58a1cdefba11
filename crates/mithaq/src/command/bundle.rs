//! `mithaq bundle`: everything on a stick, or through a folder that both reach.

use std::path::PathBuf;

use node::bundle::{self, BundleSource, Imported, Manifest};
use serde_json::json;
use terms::Hash;

use crate::cli::Globals;
use crate::failure::{Exit, Failure};
use crate::file;
use crate::mark::Mark;
use crate::resolve;
use crate::session;
use crate::show::progress::{Progress, Unit};
use crate::show::table::{self, right, table};
use crate::show::text::{bytes, count, number, safe};

/// `mithaq bundle`
#[derive(Debug, clap::Args)]
#[command(subcommand_required = true, arg_required_else_help = true)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Writes what a participant lacks, sealed to it.
    Export(Export),
    /// Takes a bundle in: checks it, and does what this node's roles are.
    Import(Import),
    /// Says what is in a bundle, and takes nothing in.
    List(Import),
}

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  mithaq bundle export --to doha --out /media/stick/for-doha.mithaq

A bundle has entries, cosignatures, acts on their way to the registrar, and the sealed files that the
receiver was granted: what it lacks, as far as its own last bundle said. With `--whole` all of it.")]
struct Export {
    /// For whom.
    #[arg(long, value_name = "PARTICIPANT")]
    to: String,
    /// The file that is written; it must not be there yet.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Leaves it unsealed, so that `tar` lists it: for a receiver that has no `seal` key yet. What is
    /// sealed in it stays sealed.
    #[arg(long)]
    plain: bool,
    /// Writes everything from entry 0 on, whatever the receiver was seen to hold: for a machine that is
    /// new, or has lost what it had.
    #[arg(long)]
    whole: bool,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  mithaq bundle import /media/stick/for-doha.mithaq

The same bundle can be taken in twice. Exit code 1 says that something in it is wrong: keep the stick.")]
struct Import {
    /// The bundle.
    file: PathBuf,
}

pub(crate) fn run(args: &Args, globals: &Globals) -> Result<Exit, Failure> {
    match &args.command {
        Command::Export(args) => export(args, globals),
        Command::Import(args) => import(args, globals),
        Command::List(args) => list(args, globals),
    }
}

fn export(args: &Export, globals: &Globals) -> Result<Exit, Failure> {
    let mut node = session::node(globals)?;
    let to = resolve::participant(&node, &args.to)?;
    if to == *node.me() {
        let others = node.docket().instrument().participants.keys().filter(|who| *who != node.me());
        let others: Vec<&str> = others.map(terms::ParticipantId::as_str).collect();
        return Err(Failure::usage("mithaq::usage", "a bundle goes to somebody else")
            .help(format!("the others are {}", others.join(", "))));
    }
    file::absent(&args.out)?;
    let mut progress = Progress::new("writing the bundle", Unit::Bytes);
    let export = bundle::Export {
        to: &to,
        target: &args.out,
        plain: args.plain,
        largest: None,
        part_bytes: bundle::PART_BYTES_MAX,
        whole: args.whole,
        paced: None,
    };
    let exported = node.export_parts(&export, &mut |done, of| progress.tell(done, of))?;
    drop(progress);
    let files: Vec<String> = exported.files.iter().map(|file| file.display().to_string()).collect();
    if globals.json {
        println!(
            "{:#}",
            json!({"files": files, "to": to, "base": exported.manifest.base,
            "size": exported.manifest.size, "entries": exported.entries, "submissions": exported.submissions,
            "sealed": exported.sealed, "bytes": exported.bytes, "plain": args.plain})
        );
        return Ok(Exit::Good);
    }
    println!(
        "wrote {} for `{to}`: {}, {} on the way to the registrar, {}; {}",
        files.join(", "),
        count(exported.entries, "entry", "entries"),
        count(exported.submissions, "act", "acts"),
        count(exported.sealed, "sealed file", "sealed files"),
        bytes(exported.bytes),
    );
    Ok(Exit::Good)
}

fn import(args: &Import, globals: &Globals) -> Result<Exit, Failure> {
    file::present(&args.file)?;
    let mut node = session::node(globals)?;
    let now = session::now(globals)?;
    let mut progress = Progress::new("reading the bundle", Unit::Bytes);
    let imported = node.import(&args.file, now, &mut |done, of| progress.tell(done, of))?;
    drop(progress);
    if globals.json {
        println!(
            "{:#}",
            json!({"from": imported.from, "entries": imported.entries, "cosigned": imported.cosigned,
            "mark": imported.mark, "registered": imported.registered, "refused": imported.refused,
            "stamped": imported.stamped, "sealed": imported.sealed, "grants": imported.grants,
            "wrongs": imported.wrongs, "remarks": imported.remarks})
        );
        return Ok(exit(&imported));
    }
    Ok(tell_imported(&imported))
}

const fn exit(imported: &Imported) -> Exit {
    if !imported.wrongs.is_empty() {
        Exit::Wrong
    } else if !imported.refused.is_empty() {
        Exit::Refused
    } else {
        Exit::Good
    }
}

/// Says what came of a bundle.
pub(crate) fn tell_imported(imported: &Imported) -> Exit {
    if let Some(from) = &imported.from {
        println!("from `{from}`");
    }
    let said = [
        (imported.entries, "new entry", "new entries"),
        (imported.registered, "act registered", "acts registered"),
        (imported.stamped, "act stamped, to be carried on", "acts stamped, to be carried on"),
        (imported.grants, "grant", "grants"),
        (imported.sealed, "sealed file", "sealed files"),
    ];
    for (n, one, many) in said {
        if n > 0 {
            println!("{}", count(n, one, many));
        }
    }
    if let Some(size) = imported.cosigned {
        println!(
            "cosigned as far as {}: take a bundle back, so that the registrar enters the mark",
            number(size)
        );
    }
    if let Some(index) = imported.mark {
        println!("a mark stands at entry {}: what it covers is final", number(index));
    }
    for ground in &imported.refused {
        println!("refused: `{}`; the signed refusal is kept", safe(ground));
    }
    for wrong in &imported.wrongs {
        println!("Wrong: {}", safe(wrong));
    }
    for remark in &imported.remarks {
        println!("{}", safe(remark));
    }
    exit(imported)
}

/// What the bundle's register says: as this node knows it, or as the bundle brings it, if that begins it.
fn mark(args: &Import, ring: &vault::Keyring, manifest: &Manifest, globals: &Globals) -> Option<Mark> {
    let of_it = |(genesis, mark): (Hash, Mark)| (genesis == manifest.genesis).then_some(mark);
    Mark::here(globals).and_then(of_it).or_else(|| {
        if manifest.base > 0 {
            return None;
        }
        let source = BundleSource::read(&args.file, ring, &std::env::temp_dir(), None).ok()?;
        Mark::at(&source).and_then(of_it)
    })
}

fn list(args: &Import, globals: &Globals) -> Result<Exit, Failure> {
    file::present(&args.file)?;
    let ring = match session::home(globals).key_store().ring_path().exists() {
        true => session::ring(globals)?,
        false => vault::Keyring::new(),
    };
    let manifest = bundle::read_manifest(&args.file, &ring)?;
    let mark = mark(args, &ring, &manifest, globals);
    if globals.json {
        let mut value = json!(manifest);
        value["exercise"] = json!(mark.map(|mark| mark.exercise));
        println!("{value:#}");
        return Ok(Exit::Good);
    }
    mark.unwrap_or_default().print();
    println!("register  {}", manifest.origin);
    println!("by voice  {}", terms::VoiceName::of(&manifest.genesis));
    println!(
        "from `{}` to `{}`, entries {} to {}, part {} of {}",
        manifest.from, manifest.to, manifest.base, manifest.size, manifest.part, manifest.parts
    );
    let mut rows = table(["BYTES", "FILE"]);
    for listed in &manifest.list {
        rows.add_row([number(listed.size), safe(&listed.path)]);
    }
    right(&mut rows, &[0]);
    table::print(&mut rows);
    Ok(Exit::Good)
}
