//! The pages.

pub(crate) mod feed;
pub mod form;
pub mod list;
pub mod matter;
pub mod overview;
pub(crate) mod path;
pub mod record;
pub(crate) mod shell;
pub mod sign;
pub(crate) mod sorry;
pub mod unsigned;
pub mod way_in;

use docket::v1::{Matter, MatterKey, Replay};
use terms::Reference;

use crate::desk::Desk;
use crate::web::answer::{Answer, Sorry};
use crate::web::asked::Asked;
use crate::web::assets;

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

/// A reference that was pasted anywhere opens its matter.
pub(crate) fn search(desk: &Desk, asked: &Asked) -> Result<Answer, Sorry> {
    let text = asked.query("q").unwrap_or_default().trim();
    let none = || Sorry::NoReference(text.to_owned());
    let reference = Reference::parse(&text.to_uppercase()).ok_or_else(none)?;
    let held = desk.held();
    let (_, matter) = find(held.replay(), &reference).ok_or_else(none)?;
    Ok(Answer::See(format!("/{}/{}/{reference}", desk.agreement(), path::of_kind(&matter.kind))))
}

/// A matter by the reference that people say.
pub(crate) fn find<'r>(replay: &'r Replay, reference: &Reference) -> Option<(MatterKey, &'r Matter)> {
    let mut all = replay.settlement().matters().iter();
    all.find(|(_, matter)| matter.reference == *reference).map(|(key, matter)| (*key, matter))
}
