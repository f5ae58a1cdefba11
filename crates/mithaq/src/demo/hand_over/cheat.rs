//! A registrar that cheats, and is convicted. Its parties are invented, since no real name plays the
//! cheat; the files that convict it are all that is kept of it.

use std::fs;
use std::path::Path;

use act::body::Offer;
use act::{Body, Entry};
use audit::Expected;
use audit::contradiction::{confirm, gather};
use node::batch::Threads;
use node::disk::Disk;
use node::evidence::Evidence;
use node::{Fault, Home, Node};
use terms::{Instant, VoiceName};

use super::super::cast::{Stage, enrol_all, who};
use super::super::check::checked;
use super::super::tell::Teller;
use super::KEYS;
use crate::hosted::taking_hosted;

const INSTRUMENT: &str = include_str!("../../../../../instruments/exercise-two.toml");

/// Plays it, and gives the name of the cheats' register.
pub(super) fn play(story: &Stage, tell: &mut Teller) -> Result<VoiceName, Fault> {
    tell.chapter("A registrar that cheats");
    let begins = Instant::parse("2026-02-02T08:00:00Z").unwrap_or(Instant::EPOCH);
    let back_room = story.keys.join("cheat");
    let mut stage = Stage::new(&back_room, &back_room.join("keys"), "register.example/river-accord", begins)?;
    fs::create_dir_all(stage.keys.join("stick")).map_err(io(&stage.keys))?;
    tell.say(
        "Another register, of parties that do not exist: North runs it, Harbour cosigns. Harbour hands an \
         offer in, and North's receipt for it comes back as a note of a few lines, which Harbour keeps. Then \
         North puts an older copy of its disk back, enters an act of its own at that place, and has that \
         cosigned. To somebody else it has shown the register in which Harbour's offer stands.",
    );
    let harbour_ring = stage.keyring("harbour", false)?;
    let ring = stage.keyring("north", true)?;
    let mut north = stage.found(
        &taking_hosted(INSTRUMENT),
        ("north", ring),
        &[("harbour", &harbour_ring)],
        &["harbour"],
        1,
    )?;
    enrol_all(&mut north, &KEYS, "Liaison office", stage.now)?;
    let mut harbour = stage.join("harbour", harbour_ring, &mut north, true, true)?;
    enrol_all(&mut harbour, &KEYS, "Facilitation desk", stage.now)?;
    stage.carry(&mut harbour, &mut north, None)?;
    stage.settle(&mut north, &mut harbour, None)?;

    // North keeps a copy of all that it has, its keys' records too: nothing of its own will show the theft.
    drop(north);
    let home = stage.home("north");
    let older = Home::new(&stage.out.join("older"), &stage.keys.join("older"));
    copy(&home, &older)?;
    let mut north = stage.open("north")?;

    // The promise: North registers Harbour's offer, and its receipt travels to Harbour as a file.
    let offer = offer_of(&harbour, "EXERCISE. An invented exhibit.")?;
    let offer = harbour.write(vec![harbour.signer("liaison-1")?], offer, stage.now)?;
    let offer = harbour.sign(offer, None)?;
    let index = north.size();
    north.submit(&offer, stage.now)?;
    let entry = Entry::parse(&north.entry(index)?)?;
    let promise = entry.receipt().to_note(entry.receipt_line().clone(), north.origin(), &north.genesis());
    let promise = promise.map_err(|error| Fault::Foreign(error.to_string()))?;
    let shown = north.sign_checkpoint()?;
    let (receipt, elsewhere) = (stage.keys.join("stick/receipt"), stage.keys.join("stick/shown-elsewhere"));
    fs::write(&receipt, promise.to_bytes()).map_err(io(&receipt))?;
    fs::write(&elsewhere, shown.to_bytes()).map_err(io(&elsewhere))?;
    keep(&harbour, &receipt)?;

    // The theft.
    drop(north);
    copy(&older, &home)?;
    let mut north = stage.open("north")?;
    let own = offer_of(&north, "EXERCISE. Another invented exhibit.")?;
    north.act("liaison-1", own, stage.now)?;
    stage.settle(&mut north, &mut harbour, None)?;

    // Whoever was shown the other register passes its checkpoint on; Harbour looks at what it holds.
    keep(&harbour, &elsewhere)?;
    let genesis = harbour.genesis();
    let folder = harbour.home().data.clone();
    drop((north, harbour));
    let checked = checked(&folder, &Expected::Genesis(genesis));
    let foreign = |error: audit::contradiction::Unconfirmed| Fault::Foreign(error.to_string());
    let found = gather(&Disk::at(&folder), &checked, &[], &mut Threads::start()).map_err(foreign)?;
    tell.say("Harbour checks its folder, with the note in it. It finds, and writes out:");
    for contradiction in &found {
        let kind = contradiction.kind.as_str();
        let path = story.out.join(format!("river-accord-{kind}.contradiction.json"));
        fs::write(&path, &contradiction.file).map_err(io(&path))?;
        let conviction = confirm(&contradiction.file, &Expected::Genesis(genesis)).map_err(foreign)?;
        tell.line(format!("river-accord-{kind}.contradiction.json  ({} bytes)", contradiction.file.len()));
        tell.say(conviction.sentence());
    }
    if found.len() < 2 {
        return Err(Fault::Unknown("the registrar cheated, and was not convicted of all of it".to_owned()));
    }
    let voice = VoiceName::of(&genesis);
    tell.say(
        "Each file convicts North's key, offline, and nobody else, before anybody who knows that register's \
         name. That somebody was slow or silent convicts nobody. The name is:",
    );
    tell.line(voice);
    fs::remove_dir_all(&back_room).map_err(io(&back_room))?;
    Ok(voice)
}

/// Takes a note in that came as a file, as far as it is one of this register's.
fn keep(node: &Node, file: &Path) -> Result<(), Fault> {
    let note = fs::read(file).map_err(io(file))?;
    audit::folder::check_note(&note, node.docket()).map_err(Fault::Foreign)?;
    node.notes().put(&note)?;
    Ok(())
}

/// Puts one home's files in the place of another's.
fn copy(from: &Home, to: &Home) -> Result<(), Fault> {
    copy_folder(&from.data, &to.data)?;
    copy_folder(&from.keys, &to.keys)
}

fn copy_folder(from: &Path, to: &Path) -> Result<(), Fault> {
    if to.exists() {
        fs::remove_dir_all(to).map_err(io(to))?;
    }
    fs::create_dir_all(to).map_err(io(to))?;
    for entry in fs::read_dir(from).map_err(io(from))? {
        let entry = entry.map_err(io(from))?;
        let (source, target) = (entry.path(), to.join(entry.file_name()));
        if source.is_dir() {
            copy_folder(&source, &target)?;
        } else {
            fs::copy(&source, &target).map_err(io(&source))?;
        }
    }
    Ok(())
}

fn io(path: &Path) -> impl FnOnce(std::io::Error) -> Fault + use<> {
    let path = path.to_owned();
    |error| Fault::Io { path, error }
}

fn offer_of(node: &Node, text: &str) -> Result<Body, Fault> {
    let mut plain = text.as_bytes();
    let bytes = plain.len() as u64;
    let evidence = Evidence { plain: &mut plain, bytes, media_type: "text/plain; charset=utf-8", name: None };
    let to = [who("harbour")?, who("north")?];
    let (file, _) = node.seal(evidence, &to, &mut |_, _| {})?;
    Ok(Body::Offer(Offer { files: vec![file] }))
}
