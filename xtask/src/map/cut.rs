//! Lines and areas cut for tiles, each in its tile's own steps.

use std::collections::BTreeMap;

/// The side of a tile in its own steps, and how far a line goes on beyond it.
pub(super) const SIDE: f64 = 4096.0;
const BUFFER: f64 = 64.0;

/// Vertices nearer than this, in the same steps, are one.
const NEAR: f64 = 12.0;

pub(super) type Line = Vec<(f64, f64)>;

/// The lines of each tile of a zoom.
pub(super) fn lines(all: &[Line], zoom: u8) -> BTreeMap<(u32, u32), Vec<Line>> {
    let count = 1_u32 << zoom;
    let world = f64::from(count) * SIDE;
    let mut tiles: BTreeMap<(u32, u32), Vec<Line>> = BTreeMap::new();
    for one in all {
        let line = thinned(one.iter().map(|(x, y)| (x * world, y * world)));
        let mut open: BTreeMap<(u32, u32), Line> = BTreeMap::new();
        for pair in line.windows(2) {
            let here = touched(pair, count);
            // A line that leaves a tile ends there.
            let left: Vec<(u32, u32)> = open.keys().filter(|at| !here.contains(at)).copied().collect();
            for at in left {
                tiles.entry(at).or_default().extend(open.remove(&at));
            }
            for at in here {
                open.entry(at).or_insert_with(|| vec![within(at, pair[0])]).push(within(at, pair[1]));
            }
        }
        for (at, line) in open {
            tiles.entry(at).or_default().push(line);
        }
    }
    tiles
}

/// The areas of each tile of a zoom, each as rings: the one around it the one way about, holes the other.
pub(super) fn areas(all: &[Vec<Line>], zoom: u8) -> BTreeMap<(u32, u32), Vec<Vec<Line>>> {
    let count = 1_u32 << zoom;
    let world = f64::from(count) * SIDE;
    let mut tiles: BTreeMap<(u32, u32), Vec<Vec<Line>>> = BTreeMap::new();
    for rings in all {
        let rings = rings.iter().map(|ring| thinned(ring.iter().map(|(x, y)| (x * world, y * world))));
        // Three corners, and the first again; what is smaller is not seen.
        let rings: Vec<Line> = rings.collect();
        let Some(around) = rings.first().filter(|ring| ring.len() > 3) else { continue };
        for at in touched(&corners(around), count) {
            let mut cut = Vec::new();
            for (place, ring) in rings.iter().enumerate() {
                let mut ring = clipped(ring.iter().map(|point| within(at, *point)).collect());
                let is_around = place == 0;
                if ring.len() < 3 || area(&ring) == 0.0 {
                    if is_around {
                        break;
                    }
                    continue;
                }
                // With y downwards, positive is clockwise as it is seen.
                if (area(&ring) > 0.0) != is_around {
                    ring.reverse();
                }
                cut.push(ring);
            }
            if !cut.is_empty() {
                tiles.entry(at).or_default().push(cut);
            }
        }
    }
    tiles
}

/// A point in the steps of a tile.
fn within(at: (u32, u32), (x, y): (f64, f64)) -> (f64, f64) {
    ((x - f64::from(at.0) * SIDE).round(), (y - f64::from(at.1) * SIDE).round())
}

/// The least and the greatest of a ring.
fn corners(ring: &Line) -> [(f64, f64); 2] {
    ring.iter().fold([(f64::MAX, f64::MAX), (f64::MIN, f64::MIN)], |[least, most], (x, y)| {
        [(least.0.min(*x), least.1.min(*y)), (most.0.max(*x), most.1.max(*y))]
    })
}

/// What of a ring lies in a tile and a little beyond (Sutherland and Hodgman); without its first corner again at its end.
fn clipped(mut ring: Line) -> Line {
    if ring.first() == ring.last() {
        ring.pop();
    }
    let (least, most) = (-BUFFER, SIDE + BUFFER);
    // For each side: how far within it a point is.
    let sides: [&dyn Fn((f64, f64)) -> f64; 4] =
        [&|(x, _)| x - least, &|(x, _)| most - x, &|(_, y)| y - least, &|(_, y)| most - y];
    for side in sides {
        let mut out = Line::new();
        for (place, &here) in ring.iter().enumerate() {
            let before = ring[(place + ring.len() - 1) % ring.len()];
            let (from, to) = (side(before), side(here));
            if (from < 0.0) != (to < 0.0) {
                let part = from / (from - to);
                let between = |from: f64, to: f64| (from + (to - from) * part).round();
                out.push((between(before.0, here.0), between(before.1, here.1)));
            }
            if to >= 0.0 {
                out.push(here);
            }
        }
        out.dedup();
        ring = out;
    }
    ring
}

/// Twice the area of a ring, with a sign.
fn area(ring: &Line) -> f64 {
    let next = ring.iter().cycle().skip(1);
    ring.iter().zip(next).map(|((ax, ay), (bx, by))| ax * by - bx * ay).sum()
}

/// The tiles that a stretch may touch.
fn touched(pair: &[(f64, f64)], count: u32) -> Vec<(u32, u32)> {
    let ((ax, ay), (bx, by)) = (pair[0], pair[1]);
    let tile = |part: f64| ((part / SIDE).floor().max(0.0) as u32).min(count - 1);
    let columns = tile(ax.min(bx) - BUFFER)..=tile(ax.max(bx) + BUFFER);
    let rows = tile(ay.min(by) - BUFFER)..=tile(ay.max(by) + BUFFER);
    columns.flat_map(|x| rows.clone().map(move |y| (x, y))).collect()
}

/// Without vertices that are too near to the one before; an island that becomes a point goes.
fn thinned(points: impl Iterator<Item = (f64, f64)>) -> Line {
    let mut out = Line::new();
    let mut last = None;
    for (x, y) in points {
        let is_near = out.last().is_some_and(|(px, py): &(f64, f64)| (px - x).hypot(py - y) < NEAR);
        last = is_near.then_some((x, y));
        if !is_near {
            out.push((x, y));
        }
    }
    if out.len() > 1 {
        out.extend(last);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{SIDE, area, areas, clipped};

    #[test]
    fn an_area_is_cut_at_the_sides_of_its_tiles() {
        // A square over the corner of four tiles.
        let square = vec![(0.4, 0.4), (0.4, 0.6), (0.6, 0.6), (0.6, 0.4), (0.4, 0.4)];
        let hole = vec![(0.41, 0.41), (0.41, 0.42), (0.42, 0.42), (0.42, 0.41), (0.41, 0.41)];
        let tiles = areas(&[vec![square, hole]], 1);
        assert_eq!(tiles.len(), 4);
        for (at, cut) in &tiles {
            assert!(area(&cut[0][0]) > 0.0, "{at:?}");
            let most = cut[0].iter().flatten().map(|(x, y)| x.max(*y)).fold(f64::MIN, f64::max);
            assert!(most <= SIDE + 64.0, "{at:?}: {most}");
        }
        let with_hole = &tiles[&(0, 0)][0];
        assert!(with_hole.len() == 2 && area(&with_hole[1]) < 0.0, "{with_hole:?}");
        assert!(tiles.iter().filter(|(at, _)| **at != (0, 0)).all(|(_, cut)| cut[0].len() == 1));
    }

    #[test]
    fn what_lies_outside_is_gone() {
        assert!(clipped(vec![(-500.0, -500.0), (-400.0, -500.0), (-400.0, -400.0)]).is_empty());
        let whole = vec![(10.0, 10.0), (20.0, 10.0), (20.0, 20.0)];
        assert_eq!(clipped(whole.clone()), whole);
    }
}
