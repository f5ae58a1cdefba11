//! The map of a list: drawn once for a page without a script, and as tiles for one that moves. What is on it is what the
//! same address has as a table.

use terms::Place;

use super::{Row, View, Wanted, has_places, look};
use crate::desk::Desk;
use crate::index::Life;
use crate::map::drawings::Drawings;
use crate::map::mercator::{Spot, TileAt};
use crate::map::place_of;
use crate::map::points::Points;
use crate::map::tile::{Said, tile};
use crate::page::map::Sketch;
use crate::page::path;
use crate::page::shell::reader;
use crate::web::answer::{Answer, Sorry};
use crate::web::asked::Asked;
use crate::words::Reader;
use crate::words::matter::Named;

/// The page with the map that moves.
pub(crate) fn show(desk: &Desk, asked: &Asked) -> Result<Answer, Sorry> {
    super::page(desk, asked, true)
}

/// A tile of it.
pub(crate) fn one(desk: &Desk, asked: &Asked) -> Result<Answer, Sorry> {
    let at = TileAt::read(asked.part("z"), asked.part("x"), asked.part("y")).ok_or(Sorry::NotFound)?;
    let held = desk.held();
    let reader = reader(desk, &held, asked);
    let kind = path::kind_at(reader.replay, reader.index, asked.part("kind")).ok_or(Sorry::NoKind)?;
    if !has_places(reader, kind) {
        return Err(Sorry::NotFound);
    }
    let wanted = Wanted::read((desk, &held), reader, (asked, false), kind)?;
    let points = held.points.of(&wanted.name(reader), || points(reader, &desk.drawings, &wanted));
    let matters = reader.replay.settlement().matters();
    let find = |key: &_| matters.get(key).and_then(|matter| Some((matter, place_of(matter)?)));
    let say = |matter| {
        let named = Named::of(reader, matter);
        Said { reference: named.reference, title: named.title, href: named.href }
    };
    Ok(Answer::Tile(tile(at, &points, find, say)?))
}

impl Wanted<'_> {
    /// What its list is called among those whose places are kept. What is asked of whom moves with time, and a line's file may
    /// come, so a list that goes by these is looked at again each minute.
    fn name(&self, reader: Reader<'_>) -> String {
        let by_time =
            self.view == View::Ours || ["of", "area"].iter().any(|it| !self.filter.typed(it).is_empty());
        let minute = if by_time { reader.now.secs() / 60 } else { 0 };
        // What is new is so to whoever asks.
        let new = self.new.as_ref().filter(|_| self.view == View::New);
        // Titles are in the reader's language.
        let language = self.filter.words.as_ref().map(|_| reader.texts.language().tag);
        let (kind, view, pairs) = (self.kind, self.view.word(), self.filter.pairs());
        format!("{kind} {view} {minute} {pairs:?} {new:?} {language:?}")
    }
}

fn points(reader: Reader<'_>, drawings: &Drawings, wanted: &Wanted<'_>) -> Points {
    let Some(matters) = reader.index.kind(wanted.kind) else { return Points::default() };
    let all = look(reader, drawings, matters, wanted);
    let spot = |(life, _): (Life, _)| Some((Spot::of(&matters.spot(&life)?), matters.key(&life)));
    Points::new(all.rows(matters).filter_map(spot))
}

/// Draws the places of a page, and gives each row its number.
pub(super) fn sketch(desk: &Desk, reader: Reader<'_>, rows: &mut [Row]) -> Option<Sketch> {
    let places: Vec<Place> = rows.iter().filter_map(|row| row.at).collect();
    let sketch = Sketch::of(desk, reader, reader.instrument(), &places)?;
    for (row, number) in rows.iter_mut().filter(|row| row.at.is_some()).zip(&sketch.numbers) {
        row.pin = Some(*number);
    }
    Some(sketch)
}
