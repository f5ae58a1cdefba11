//! Whether a line meets itself: then it has more sides than two. Judged on the drawing, straight in longitude and
//! latitude, in whole numbers: the same on every machine.

use super::Vertex;

const TURN: i64 = 3_600_000_000;

/// A stretch, unrolled so that it does not jump at the antimeridian.
#[derive(Clone, Copy, Debug)]
struct Stretch {
    piece: usize,
    edge: usize,
    /// Longitude, latitude.
    from: (i64, i64),
    to: (i64, i64),
}

impl Stretch {
    fn lons(&self) -> (i64, i64) {
        (self.from.0.min(self.to.0), self.from.0.max(self.to.0))
    }

    fn lats(&self) -> (i64, i64) {
        (self.from.1.min(self.to.1), self.from.1.max(self.to.1))
    }

    fn moved(mut self, by: i64) -> Stretch {
        self.from.0 += by;
        self.to.0 += by;
        self
    }
}

/// Two stretches that meet where they should not, as (piece, edge) from 0, the earlier first.
pub(super) fn first_meeting(pieces: &[Vec<Vertex>]) -> Option<[(usize, usize); 2]> {
    let mut all: Vec<Stretch> = Vec::new();
    for (piece, vertices) in pieces.iter().enumerate() {
        for (edge, pair) in vertices.windows(2).enumerate() {
            let turn = (pair[1].lon_e7 - pair[0].lon_e7 + TURN / 2).rem_euclid(TURN) - TURN / 2;
            let from = (pair[0].lon_e7, pair[0].lat_e7);
            let stretch = Stretch { piece, edge, from, to: (from.0 + turn, pair[1].lat_e7) };
            all.push(stretch);
            // Over the antimeridian it has two names.
            let (west, east) = stretch.lons();
            if west < -TURN / 2 || (west == -TURN / 2 && east == west) {
                all.push(stretch.moved(TURN));
            } else if east >= TURN / 2 {
                all.push(stretch.moved(-TURN));
            }
        }
    }
    all.sort_by_key(Stretch::lons);
    let mut open: Vec<Stretch> = Vec::new();
    for stretch in all {
        let (west, _) = stretch.lons();
        let (south, north) = stretch.lats();
        open.retain(|other| other.lons().1 >= west);
        for other in &open {
            let (other_south, other_north) = other.lats();
            let is_apart = other_north < south || other_south > north;
            if !is_apart
                && (stretch.piece, stretch.edge) != (other.piece, other.edge)
                && clash(pieces, &stretch, other)
            {
                let mut found = [(stretch.piece, stretch.edge), (other.piece, other.edge)];
                found.sort_unstable();
                return Some(found);
            }
        }
        open.push(stretch);
    }
    None
}

/// Whether two stretches meet elsewhere than at the vertex that they share.
fn clash(pieces: &[Vec<Vertex>], a: &Stretch, b: &Stretch) -> bool {
    let follows = |first: &Stretch, second: &Stretch| {
        first.piece == second.piece && {
            let vertices = &pieces[first.piece];
            let last = vertices.len() - 2;
            let is_closed = vertices.len() > 2 && vertices[0].is_same(vertices[last + 1]);
            first.edge + 1 == second.edge || (is_closed && first.edge == last && second.edge == 0)
        }
    };
    if follows(a, b) && a.to == b.from {
        return folds_back(a.from, a.to, b.to);
    }
    if follows(b, a) && b.to == a.from {
        return folds_back(b.from, b.to, a.to);
    }
    // The copy of a neighbour at the other name of the antimeridian, or around a pole, shares its vertex too.
    if (follows(a, b) || follows(b, a)) && !meets_inside(a, b) {
        return false;
    }
    meets(a, b)
}

/// Twice the signed area of a triangle: positive if `c` is on the left hand of the way from `a` to `b`.
fn area(a: (i64, i64), b: (i64, i64), c: (i64, i64)) -> i128 {
    let wide = |to: i64, from: i64| i128::from(to) - i128::from(from);
    wide(b.0, a.0) * wide(c.1, a.1) - wide(b.1, a.1) * wide(c.0, a.0)
}

/// Whether the way on from `at` lies upon the way there.
fn folds_back(from: (i64, i64), at: (i64, i64), to: (i64, i64)) -> bool {
    let wide = |to: i64, from: i64| i128::from(to) - i128::from(from);
    let along = wide(from.0, at.0) * wide(to.0, at.0) + wide(from.1, at.1) * wide(to.1, at.1);
    area(from, at, to) == 0 && along > 0
}

fn meets(a: &Stretch, b: &Stretch) -> bool {
    let turns = [
        area(a.from, a.to, b.from).signum(),
        area(a.from, a.to, b.to).signum(),
        area(b.from, b.to, a.from).signum(),
        area(b.from, b.to, a.to).signum(),
    ];
    if turns == [0; 4] {
        let overlap = |one: (i64, i64), other: (i64, i64)| one.0 <= other.1 && other.0 <= one.1;
        return overlap(a.lons(), b.lons()) && overlap(a.lats(), b.lats());
    }
    turns[0] * turns[1] <= 0 && turns[2] * turns[3] <= 0
}

/// Whether they meet at no end of either.
fn meets_inside(a: &Stretch, b: &Stretch) -> bool {
    area(a.from, a.to, b.from).signum() * area(a.from, a.to, b.to).signum() < 0
        && area(b.from, b.to, a.from).signum() * area(b.from, b.to, a.to).signum() < 0
}
