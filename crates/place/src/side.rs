//! The nearest point of a line, and the side of it.

use crate::geodesic::{MEAN_RADIUS_M, Point, Way, go, way};

/// Nearer than this to a vertex, in metres, a foot is the vertex.
const VERTEX_M: f64 = 1e-4;
/// The foot is found to this, in metres along the line; the distance is then far better.
const FOOT_M: f64 = 1e-5;
/// Each step halves what is left at worst.
const STEPS_MOST: usize = 100;

/// A stretch of a line between two vertices: a geodesic.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Edge {
    pub(crate) from: Point,
    pub(crate) to: Point,
    /// Its own way.
    pub(crate) way: Way,
}

impl Edge {
    pub(crate) fn new(from: Point, to: Point) -> Edge {
        Edge { from, to, way: way(from, to) }
    }
}

/// Where on an edge its nearest point is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Foot {
    /// At its first vertex.
    From,
    /// At its second.
    To,
    /// Between them, and the point is on the right hand there.
    Within { is_right: bool },
}

/// The nearest point of an edge: how far, where, and the way from there to the point.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Near {
    pub(crate) metres: f64,
    pub(crate) foot: Foot,
    pub(crate) at: Point,
}

/// The nearest point of an edge of at most a thousand kilometres.
///
/// Going along the edge, the distance falls while the point lies ahead and grows once it lies behind. Where that turns is
/// the foot: found by the right triangle on a sphere, and by halves where the sphere is no good guess.
pub(crate) fn nearest(edge: &Edge, point: Point) -> Near {
    let (start, end) = (way(edge.from, point), way(edge.to, point));
    let length = edge.way.metres;
    let ahead = |direction: f64, to_point: f64| (to_point - direction).to_radians().cos();
    let turns = ahead(edge.way.leaves, start.leaves) > 0.0 && ahead(edge.way.arrives, end.leaves) < 0.0;
    if !turns || start.metres < VERTEX_M || end.metres < VERTEX_M {
        return if start.metres <= end.metres {
            Near { metres: start.metres, foot: Foot::From, at: edge.from }
        } else {
            Near { metres: end.metres, foot: Foot::To, at: edge.to }
        };
    }
    let (mut low, mut high) = (0.0, length);
    let (mut along, mut here, mut heading, mut to_point) = (0.0, edge.from, edge.way.leaves, start);
    for _ in 0..STEPS_MOST {
        let forward = ahead(heading, to_point.leaves);
        if forward > 0.0 {
            low = along;
        } else {
            high = along;
        }
        let angle = to_point.metres / MEAN_RADIUS_M;
        let guess = along + MEAN_RADIUS_M * (angle.sin() * forward).atan2(angle.cos());
        let next = if guess > low && guess < high { guess } else { f64::midpoint(low, high) };
        let step = (next - along).abs();
        along = next;
        (here, heading) = go(edge.from, edge.way.leaves, along);
        to_point = way(here, point);
        if step < FOOT_M || to_point.metres < FOOT_M {
            break;
        }
    }
    let foot = if along < VERTEX_M {
        Foot::From
    } else if along > length - VERTEX_M {
        Foot::To
    } else {
        Foot::Within { is_right: (to_point.leaves - heading).to_radians().sin() > 0.0 }
    };
    Near { metres: to_point.metres, foot, at: here }
}

/// Whether a point whose nearest point is the vertex between two edges is on the right hand: whether the way to it leaves
/// the vertex within the right hand's turn, from the way on to the way back.
pub(crate) fn is_right_of_vertex(before: &Edge, after: &Edge, point: Point) -> bool {
    let on = after.way.leaves;
    let back = before.way.arrives + 180.0;
    let to_point = way(after.from, point).leaves;
    let turn = |to: f64| (to - on).rem_euclid(360.0);
    turn(to_point) < turn(back)
}

/// By how many metres, at most, an edge moves if somebody draws it straight in longitude and latitude.
pub(crate) fn doubt(edge: &Edge) -> f64 {
    let length = edge.way.metres;
    let lat = edge.from.lat.abs().max(edge.to.lat.abs());
    let about = length * length * lat.to_radians().tan() / (8.0 * MEAN_RADIUS_M);
    if lat < 85.0 && about < 0.25 {
        return about;
    }
    let turn = (edge.to.lon - edge.from.lon + 180.0).rem_euclid(360.0) - 180.0;
    (1..8)
        .map(|eighth| {
            let part = f64::from(eighth) / 8.0;
            let drawn = Point {
                lat: edge.from.lat + (edge.to.lat - edge.from.lat) * part,
                lon: edge.from.lon + turn * part,
            };
            nearest(edge, drawn).metres
        })
        .fold(0.0, f64::max)
}

/// Metres between two points of space: never more than the way over the ground.
pub(crate) fn chord(a: [f64; 3], b: [f64; 3]) -> f64 {
    (0..3).map(|axis| (a[axis] - b[axis]) * (a[axis] - b[axis])).sum::<f64>().sqrt()
}
