//! A reference line as somebody drew it: read from its file, and asked how far and on which side a place is.
//!
//! In reading order:
//! - [`read`](mod@read): GeoJSON to vertices, and all that is wrong with it;
//! - `crossing`: whether the line meets itself, in whole numbers.

mod crossing;
pub mod read;

use instrument::place::Side;
use terms::Place;

use crate::geodesic::{self, Point, azimuth, metres, millimetres, way};
use crate::side::{self, Edge, Foot, chord, is_right_of_vertex, nearest};

/// Nearer than this, in millimetres, a place is on the line: what is computed is no better.
const ON_MM: u64 = 1;

/// A vertex: degrees × 10⁷.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Vertex {
    pub(crate) lat_e7: i64,
    pub(crate) lon_e7: i64,
}

impl Vertex {
    fn point(self) -> Point {
        Point::of_e7(self.lat_e7, self.lon_e7)
    }

    /// Whether both are one point of the globe: the antimeridian has two names, and a pole has many.
    pub(crate) const fn is_same(self, other: Vertex) -> bool {
        self.lat_e7 == other.lat_e7
            && ((self.lon_e7 - other.lon_e7) % 3_600_000_000 == 0 || self.lat_e7.abs() == 900_000_000)
    }
}

/// A reference line. Its vertices are whole numbers; between them it follows geodesics of WGS 84.
///
/// It has one piece or several, each with a direction: that of its vertices. Pieces that begin where the one before ends
/// are joined. A piece that ends where it begins has no ends.
#[derive(Clone, Debug)]
pub struct Line {
    pieces: Vec<Piece>,
    doubt_m: u64,
}

#[derive(Clone, Debug)]
struct Piece {
    vertices: Vec<Vertex>,
    edges: Vec<Edge>,
    /// The vertices in space, one more than edges.
    space: Vec<[f64; 3]>,
    is_closed: bool,
}

impl Piece {
    fn new(vertices: &[Vertex]) -> Piece {
        let points: Vec<Point> = vertices.iter().map(|vertex| vertex.point()).collect();
        let is_closed = match vertices {
            [first, _, .., last] => first.is_same(*last),
            _ => false,
        };
        Piece {
            vertices: vertices.to_vec(),
            edges: points.windows(2).map(|pair| Edge::new(pair[0], pair[1])).collect(),
            space: points.iter().map(|point| point.in_space()).collect(),
            is_closed,
        }
    }

    /// Metres that an edge is away at least, from what its ends are away in space: no point of it is farther from both
    /// than half of it.
    fn least(&self, edge: usize, point: [f64; 3]) -> f64 {
        let ends = chord(self.space[edge], point).min(chord(self.space[edge + 1], point));
        ends - self.edges[edge].way.metres / 2.0
    }

    /// The edges before and after a vertex; none of one at an end.
    fn around(&self, vertex: usize) -> Option<(&Edge, &Edge)> {
        let last = self.edges.len();
        match vertex {
            0 if self.is_closed => Some((&self.edges[last - 1], &self.edges[0])),
            vertex if vertex == last && self.is_closed => Some((&self.edges[last - 1], &self.edges[0])),
            0 => None,
            vertex => Some((&self.edges[vertex - 1], self.edges.get(vertex)?)),
        }
    }

    fn ends(&self) -> impl Iterator<Item = Point> {
        let ends = match (self.is_closed, self.edges.first(), self.edges.last()) {
            (false, Some(first), Some(last)) => vec![first.from, last.to],
            _ => Vec::new(),
        };
        ends.into_iter()
    }
}

/// Where a place is, as seen from the nearest point of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Position {
    /// On this hand, for whoever goes along the line.
    Beside(Side),
    /// Within a millimetre of it.
    On,
    /// The nearest point is an end of the line: there is no side beyond it.
    Beyond,
}

/// The nearest point of a line, as seen from a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Nearest {
    /// How far, in whole millimetres, rounded to the nearest.
    pub distance_mm: u64,
    /// In which direction from the place: thousandths of a degree clockwise from true north.
    pub azimuth_mdeg: u32,
    /// On which side the place is.
    pub position: Position,
}

impl Line {
    /// Makes a line of pieces; each has at least two vertices, none equal to the one before.
    fn new(pieces: &[Vec<Vertex>]) -> Line {
        let pieces: Vec<Piece> = pieces.iter().map(|vertices| Piece::new(vertices)).collect();
        let doubts = pieces.iter().flat_map(|piece| &piece.edges).map(side::doubt);
        let doubt_m = millimetres(doubts.fold(0.0, f64::max)).div_ceil(1_000);
        Line { pieces, doubt_m }
    }

    /// Of how many stretches it is made.
    #[must_use]
    pub fn edges(&self) -> usize {
        self.pieces.iter().map(|piece| piece.edges.len()).sum()
    }

    /// Of how many pieces it is made, once those that follow each other are joined.
    #[must_use]
    pub fn pieces(&self) -> usize {
        self.pieces.len()
    }

    /// Its vertices, to be drawn: of each piece in order, latitude and longitude in degrees × 10⁷.
    pub fn drawn(&self) -> impl Iterator<Item = Vec<(i64, i64)>> {
        let pair = |vertex: &Vertex| (vertex.lat_e7, vertex.lon_e7);
        self.pieces.iter().map(move |piece| piece.vertices.iter().map(pair).collect())
    }

    /// Its length in whole metres, rounded down.
    #[must_use]
    pub fn length_m(&self) -> u64 {
        let metres = self.pieces.iter().flat_map(|piece| &piece.edges).map(|edge| edge.way.metres).sum();
        millimetres(metres) / 1_000
    }

    /// By how much it moves, at most, if somebody draws its stretches straight in longitude and latitude, as RFC 7946 has
    /// it, and not as geodesics: whole metres, rounded up.
    #[must_use]
    pub const fn doubt_m(&self) -> u64 {
        self.doubt_m
    }

    /// The nearest point, and on which side of it a place is.
    #[must_use]
    pub fn nearest(&self, place: &Place) -> Nearest {
        self.nearest_to(Point::of(place))
    }

    pub(crate) fn nearest_to(&self, point: Point) -> Nearest {
        let space = point.in_space();
        let all = || {
            self.pieces.iter().flat_map(|piece| {
                (0..piece.edges.len()).map(move |edge| (piece, edge, piece.least(edge, space)))
            })
        };
        // The likeliest edge first: then few others can be nearer.
        let first = all().min_by(|a, b| a.2.total_cmp(&b.2));
        let Some((piece, edge, _)) = first else {
            unreachable!("a line has at least one edge");
        };
        let mut best = (piece, edge, nearest(&piece.edges[edge], point));
        for (piece, edge, least) in all() {
            if least < best.2.metres {
                let near = nearest(&piece.edges[edge], point);
                if near.metres < best.2.metres {
                    best = (piece, edge, near);
                }
            }
        }
        let (piece, edge, near) = best;
        let distance_mm = millimetres(near.metres);
        let is_right = match near.foot {
            Foot::Within { is_right } => Some(is_right),
            Foot::From => piece.around(edge).map(|(before, after)| is_right_of_vertex(before, after, point)),
            Foot::To => {
                piece.around(edge + 1).map(|(before, after)| is_right_of_vertex(before, after, point))
            }
        };
        let position = match is_right {
            _ if distance_mm <= ON_MM => Position::On,
            Some(true) => Position::Beside(Side::Right),
            Some(false) => Position::Beside(Side::Left),
            None => Position::Beyond,
        };
        Nearest { distance_mm, azimuth_mdeg: azimuth(way(point, near.at)), position }
    }

    /// Millimetres to the nearest end; none if it has no ends.
    pub(crate) fn to_end_mm(&self, place: &Place) -> Option<u64> {
        let point = Point::of(place);
        let ends = self.pieces.iter().flat_map(Piece::ends);
        ends.map(|end| millimetres(metres(end, point))).min()
    }

    /// Whether the side is another somewhere around a place, `metres` from it: looked at in eight directions.
    pub(crate) fn turns_within(&self, place: &Place, metres: f64, position: Position) -> bool {
        let point = Point::of(place);
        (0..8).any(|eighth| {
            let (there, _) = geodesic::go(point, 45.0 * f64::from(eighth), metres);
            self.nearest_to(there).position != position
        })
    }
}
