//! The pages.

pub mod access;
mod accounts;
pub(crate) mod agreement;
pub(crate) mod alerts;
mod begun;
pub mod beside;
mod choice;
pub mod directory;
pub(crate) mod enrol;
pub(crate) mod enter;
pub(crate) mod evidence;
pub(crate) mod feed;
pub mod form;
pub(crate) mod held;
pub(crate) mod help;
pub mod list;
mod look;
pub(crate) mod map;
pub mod matter;
pub mod overview;
pub(crate) mod path;
pub(crate) mod people;
pub(crate) mod places;
pub mod record;
pub(crate) mod relief;
pub mod saved;
pub(crate) mod search;
pub mod settings;
mod sheet;
pub(crate) mod shell;
pub mod sign;
pub(crate) mod sorry;
pub(crate) mod teams;
mod tray;
pub mod unsigned;
pub mod watch;
pub mod way_in;
pub mod worklist;

use docket::v1::{Matter, MatterKey, Replay};
use store::Name;
use terms::Reference;

use crate::desk::Desk;
use crate::index::Index;
use crate::web::answer::{Answer, Sorry};
use crate::web::asked::Asked;
use crate::web::assets;
use crate::web::session::fresh_name;

/// The desk's own address leads to its first page.
pub(crate) fn to_overview(desk: &Desk, _: &Asked) -> Result<Answer, Sorry> {
    Ok(Answer::See(format!("/{}/", desk.agreement())))
}

/// A style sheet or a font.
pub(crate) fn asset(_: &Desk, asked: &Asked) -> Result<Answer, Sorry> {
    let name = match asked.part("font") {
        "" => asked.part("name").to_owned(),
        font => format!("fonts/{font}"),
    };
    assets::find(asked.part("edition"), &name).map(Answer::Asset).ok_or(Sorry::NotFound)
}

/// Letters of a map's labels.
pub(crate) fn letters(_: &Desk, asked: &Asked) -> Result<Answer, Sorry> {
    assets::letters(asked.part("edition"), asked.part("range")).map(Answer::Asset).ok_or(Sorry::NotFound)
}

/// A matter by the reference that people say.
pub(crate) fn find<'r>(
    replay: &'r Replay,
    index: &Index,
    reference: &Reference,
) -> Option<(MatterKey, &'r Matter)> {
    let key = index.find(reference)?;
    Some((key, replay.settlement().matters().get(&key)?))
}

/// A name for what a form on a page will keep.
fn fresh() -> Result<String, Sorry> {
    fresh_name().map_err(Sorry::Broken)
}

/// The same, as the private side has it.
fn new_name() -> Result<Name, Sorry> {
    Name::new(&fresh()?).ok_or(Sorry::NotFound)
}

/// Where a form leads to that stands on several pages: back to the one that it says, if that is of this desk.
fn back(desk: &Desk, asked: &Asked, default: &str) -> String {
    let root = format!("/{}/", desk.agreement());
    let is_plain = |letter: u8| letter.is_ascii_alphanumeric() || b"/-_?=&%.".contains(&letter);
    let is_here = |to: &&str| to.starts_with(&root) && to.bytes().all(is_plain);
    asked.sent("back").filter(is_here).map_or_else(|| format!("{root}{default}"), str::to_owned)
}
