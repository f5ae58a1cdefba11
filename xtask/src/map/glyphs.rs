//! Letters for a map's labels: signed distance fields of 24 pixels, in files of 256 characters, as MapLibre asks for them
//! (`glyphs.proto` of its style specification). The distance is exact, from the outline itself.

use ttf_parser::{Face, OutlineBuilder};

/// The name of the one set of letters; pages name it too.
const NAME: &str = "Mithaq";

/// Pixels of an em.
const SIZE: f32 = 24.0;

/// Pixels around each letter.
const BUFFER: i32 = 3;

/// Over how many pixels the distance runs, and where in it the edge lies.
const RADIUS: f32 = 8.0;
const CUTOFF: f32 = 0.25;

/// From the top of a line to its baseline, in pixels: one for all fonts, so that scripts stand on one line.
const TO_BASELINE: i32 = 27;

/// The first character of each file, and whether its letters are of the second font.
const RANGES: [(u32, bool); 8] = [
    (0x0000, false),
    (0x0100, false),
    (0x0600, true),
    (0x0700, true),
    (0x2000, false),
    (0x2200, false),
    (0xfb00, true),
    (0xfe00, true),
];

/// The files, each by its first and last character: `0-255`.
pub(super) fn ranges(latin: &[u8], arabic: &[u8]) -> Result<Vec<(String, Vec<u8>)>, String> {
    let face = |bytes| Face::parse(bytes, 0).map_err(|error| format!("a font can't be read: {error}"));
    let (latin, arabic) = (face(latin)?, face(arabic)?);
    let each = RANGES.iter().map(|(first, is_arabic)| {
        let range = format!("{first}-{}", first + 255);
        let face = if *is_arabic { &arabic } else { &latin };
        let mut stack = Vec::new();
        text(&mut stack, 1, NAME.as_bytes());
        text(&mut stack, 2, range.as_bytes());
        for letter in (*first..first + 256).filter_map(char::from_u32) {
            if let Some(glyph) = glyph(face, letter) {
                text(&mut stack, 3, &glyph);
            }
        }
        let mut file = Vec::new();
        text(&mut file, 1, &stack);
        (range, file)
    });
    Ok(each.collect())
}

fn glyph(face: &Face<'_>, letter: char) -> Option<Vec<u8>> {
    let id = face.glyph_index(letter)?;
    let scale = SIZE / f32::from(face.units_per_em());
    let mut outline = Outline { scale, ..Outline::default() };
    let advance = (f32::from(face.glyph_hor_advance(id)?) * scale).round();
    let mut out = Vec::new();
    number(&mut out, 1, u64::from(u32::from(letter)));
    if let Some(bounds) = face.outline_glyph(id, &mut outline) {
        let floor = |part: i16| (f32::from(part) * scale).floor() as i32;
        let ceil = |part: i16| (f32::from(part) * scale).ceil() as i32;
        let (left, bottom) = (floor(bounds.x_min), floor(bounds.y_min));
        let (right, top) = (ceil(bounds.x_max), ceil(bounds.y_max));
        let mut bitmap = Vec::new();
        for y in (bottom - BUFFER..top + BUFFER).rev() {
            for x in left - BUFFER..right + BUFFER {
                bitmap.push(outline.level(x as f32 + 0.5, y as f32 + 0.5));
            }
        }
        text(&mut out, 2, &bitmap);
        number(&mut out, 3, u64::try_from(right - left).ok()?);
        number(&mut out, 4, u64::try_from(top - bottom).ok()?);
        signed(&mut out, 5, left);
        signed(&mut out, 6, top - TO_BASELINE);
    } else {
        // A space has no outline.
        for field in [3, 4, 5, 6] {
            number(&mut out, field, 0);
        }
    }
    number(&mut out, 7, advance.max(0.0) as u64);
    Some(out)
}

/// An outline as short straight edges, in pixels, `y` upwards.
#[derive(Default)]
struct Outline {
    scale: f32,
    edges: Vec<[f32; 4]>,
    first: (f32, f32),
    last: (f32, f32),
}

impl Outline {
    /// What stands in a pixel: 255 well inside, 0 well outside.
    fn level(&self, x: f32, y: f32) -> u8 {
        let (mut nearest, mut winding) = (f32::INFINITY, 0);
        for [ax, ay, bx, by] in &self.edges {
            let (dx, dy) = (bx - ax, by - ay);
            let along = (((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy)).clamp(0.0, 1.0);
            nearest = nearest.min((ax + along * dx - x).hypot(ay + along * dy - y));
            let is_left = dx * (y - ay) - (x - ax) * dy > 0.0;
            if *ay <= y && *by > y && is_left {
                winding += 1;
            } else if *ay > y && *by <= y && !is_left {
                winding -= 1;
            }
        }
        let distance = if winding == 0 { nearest } else { -nearest };
        (255.0 - 255.0 * (distance / RADIUS + CUTOFF)).round().clamp(0.0, 255.0) as u8
    }

    fn to(&mut self, x: f32, y: f32) {
        let (ax, ay) = self.last;
        if (ax, ay) != (x, y) {
            self.edges.push([ax, ay, x, y]);
        }
        self.last = (x, y);
    }

    /// Goes along a curve in eight steps.
    fn along(&mut self, at: impl Fn(f32) -> (f32, f32)) {
        for step in 1..=8_u8 {
            let (x, y) = at(f32::from(step) / 8.0);
            self.to(x, y);
        }
    }
}

impl OutlineBuilder for Outline {
    fn move_to(&mut self, x: f32, y: f32) {
        self.last = (x * self.scale, y * self.scale);
        self.first = self.last;
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.to(x * self.scale, y * self.scale);
    }

    fn quad_to(&mut self, bx: f32, by: f32, x: f32, y: f32) {
        let (s, (ax, ay)) = (self.scale, self.last);
        self.along(|t| {
            let (u, m, w) = ((1.0 - t) * (1.0 - t), 2.0 * t * (1.0 - t), t * t);
            (u * ax + m * bx * s + w * x * s, u * ay + m * by * s + w * y * s)
        });
    }

    fn curve_to(&mut self, bx: f32, by: f32, cx: f32, cy: f32, x: f32, y: f32) {
        let (s, (ax, ay)) = (self.scale, self.last);
        self.along(|t| {
            let r = 1.0 - t;
            let (a, b, c, d) = (r * r * r, 3.0 * r * r * t, 3.0 * r * t * t, t * t * t);
            (a * ax + (b * bx + c * cx + d * x) * s, a * ay + (b * by + c * cy + d * y) * s)
        });
    }

    fn close(&mut self) {
        let (x, y) = self.first;
        self.to(x, y);
    }
}

/// Protocol Buffers: a number, a signed one, bytes.
fn number(out: &mut Vec<u8>, field: u64, value: u64) {
    varint(out, field << 3);
    varint(out, value);
}

fn signed(out: &mut Vec<u8>, field: u64, value: i32) {
    number(out, field, u64::from((value << 1 ^ value >> 31) as u32));
}

fn text(out: &mut Vec<u8>, field: u64, bytes: &[u8]) {
    varint(out, field << 3 | 2);
    varint(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

fn varint(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}
