//! What a camera wrote into a picture or a film, beside what its act says of time and place: facts next to each other, and how far
//! they are apart. What that means is for people.

use std::io::{BufReader, Seek, SeekFrom};

use act::Body;
use act::value::{FieldValue, Fields, Word};
use docket::v1::Matter;
use exif::{DateTime, Exif, In, Rational, Tag, Value};
use lang::Arg;
use lang::time::length;
use node::film::Film;
use place::geodesic::bearing;
use place::{mgrs, notation};
use serde::Serialize;
use terms::{Instant, Place, Seconds};
use vault::Content;

use super::Reader;
use super::when::When;

/// The largest picture that is looked into, in bytes.
const BYTES_MAX: u64 = 64 << 20;

/// The longest name of a device that is shown, in characters.
const DEVICE_MAX: usize = 80;

/// What a camera wrote.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Camera {
    /// When it was taken, by the camera's clock as if that showed UTC; and how many minutes it says to be ahead of that.
    taken: Option<(Instant, Option<i32>)>,
    place: Option<Place>,
    device: Option<String>,
    /// Which way it looked, in degrees from north.
    direction: Option<u64>,
}

/// A line of the table.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Beside {
    of: &'static str,
    #[serde(skip)]
    pub(crate) name: String,
    pub(crate) stated: String,
    pub(crate) in_file: String,
    pub(crate) together: String,
}

impl Camera {
    /// What stands in a picture; nothing, if nothing does that can be read.
    pub(crate) fn of(content: &mut Content) -> Option<Camera> {
        if content.size() > BYTES_MAX {
            return None;
        }
        content.seek(SeekFrom::Start(0)).ok()?;
        let read = exif::Reader::new().read_from_container(&mut BufReader::new(content)).ok()?;
        let camera = Camera::read(&read);
        (camera != Camera::default()).then_some(camera)
    }

    fn read(exif: &Exif) -> Camera {
        let ascii = |tag: Tag| match &exif.get_field(tag, In::PRIMARY)?.value {
            Value::Ascii(lines) => lines.first().cloned(),
            _ => None,
        };
        let numbers = |tag: Tag| match &exif.get_field(tag, In::PRIMARY)?.value {
            Value::Rational(numbers) => Some(numbers.clone()),
            _ => None,
        };
        let make =
            [ascii(Tag::Make), ascii(Tag::Model)].into_iter().flatten().filter_map(|text| plain(&text));
        let device: Vec<String> = make.collect();
        let offset = ascii(Tag::OffsetTimeOriginal);
        let direction = numbers(Tag::GPSImgDirection).and_then(|all| number(*all.first()?));
        Camera {
            taken: ascii(Tag::DateTimeOriginal).and_then(|text| taken(&text, offset.as_deref())),
            place: position(&ascii, &numbers),
            device: (!device.is_empty()).then(|| device.join(" ").chars().take(DEVICE_MAX).collect()),
            direction: direction.and_then(|degrees| whole(degrees, 360)),
        }
    }

    /// What stands in a film, of any size; nothing, if nothing does that can be read.
    pub(crate) fn of_film(content: &mut Content) -> Option<Camera> {
        let film = Film::read(content).ok()??;
        let camera = Camera::filmed(&film);
        (camera != Camera::default()).then_some(camera)
    }

    /// The camera's own clock comes before the one that the format has, in UTC.
    fn filmed(film: &Film) -> Camera {
        let device: Vec<&str> = [&film.make, &film.model].into_iter().flatten().map(String::as_str).collect();
        Camera {
            taken: film.told.as_deref().and_then(told).or(film.made.map(|at| (at, Some(0)))),
            place: film.place.as_deref().and_then(placed),
            device: (!device.is_empty()).then(|| device.join(" ").chars().take(DEVICE_MAX).collect()),
            direction: None,
        }
    }

    /// What it says beside what an act says, or the matter that the act is of.
    pub(crate) fn beside(&self, reader: Reader<'_>, body: &Body, matter: Option<&Matter>) -> Vec<Beside> {
        let none = || reader.texts.say("none", &[]);
        let (time, place) = stated(body, matter);
        let line =
            |of, name: &str, stated: Option<String>, in_file: Option<String>, together: Option<String>| {
                Beside {
                    of,
                    name: reader.texts.say(name, &[]),
                    stated: stated.unwrap_or_else(none),
                    in_file: in_file.unwrap_or_else(none),
                    together: together.unwrap_or_else(none),
                }
            };
        let taken = self.taken.map(|(clock, ahead)| at(clock, ahead.unwrap_or(reader.offset())));
        let in_file = taken.map(|at| {
            let time = When::of(reader, at).words();
            let is_told = self.taken.is_some_and(|(_, ahead)| ahead.is_some());
            let id = if is_told { "camera-clock" } else { "camera-clock-here" };
            reader.texts.say(id, &[("time", Arg::Text(&time))])
        });
        let times = time.map(|(from, to)| {
            let from_words = When::of(reader, from).words();
            if from == to { from_words } else { format!("{from_words} – {}", When::of(reader, to).words()) }
        });
        let apart = taken.zip(time).map(|(at, (from, to))| time_apart(reader, at, from, to));
        let distance =
            self.place.as_ref().zip(place.as_ref()).map(|(own, said)| way_apart(reader, own, said));
        let grid = |place: &Place| mgrs::grouped(&mgrs::mgrs(place, mgrs::digits(place)));
        let stated_place = place.as_ref().map(|place| format!("{} ± {} m", grid(place), place.radius_m));
        let degrees = self.direction.map(|degrees| format!("{degrees}°"));
        vec![
            line("taken", "camera-taken", times, in_file, apart),
            line("place", "camera-place", stated_place, self.place.as_ref().map(grid), distance),
            line("device", "camera-device", None, self.device.clone(), None),
            line("direction", "camera-direction", None, degrees, None),
        ]
    }
}

/// The time that a clock shows which is so many minutes ahead of UTC.
fn at(clock: Instant, ahead: i32) -> Instant {
    let by = Seconds(u64::from(ahead.unsigned_abs()) * 60);
    if ahead < 0 { clock.plus(by) } else { clock.minus(by) }
}

fn time_apart(reader: Reader<'_>, at: Instant, from: Instant, to: Instant) -> String {
    let (id, apart) = if at < from {
        ("camera-before", from.since(at))
    } else if at > to {
        ("camera-after", at.since(to))
    } else {
        return reader.texts.say("camera-same-time", &[]);
    };
    reader.texts.say(id, &[("length", Arg::Text(&length(reader.texts, apart.0)))])
}

fn way_apart(reader: Reader<'_>, own: &Place, said: &Place) -> String {
    let metres = bearing(own, said).distance_mm.div_ceil(1000);
    let id = if metres <= said.radius_m + own.radius_m { "camera-within" } else { "camera-apart" };
    reader.texts.say(id, &[("metres", Arg::Text(&metres.to_string()))])
}

/// The time and the place that an act says, else those of its matter.
fn stated(body: &Body, matter: Option<&Matter>) -> (Option<(Instant, Instant)>, Option<Place>) {
    let own: Option<&Fields> = match body {
        Body::Open(open) => Some(&open.fields),
        Body::Step(step) => Some(&step.fields),
        _ => None,
    };
    let alike = matter.map(Matter::fields_of_all);
    let all = || {
        let own = own.into_iter().flat_map(|fields| fields.iter());
        own.map(|(_, value)| value)
            .chain(alike.iter().flat_map(|fields| fields.iter()).map(|(_, value)| value))
    };
    let time = all().find_map(|value| match value {
        FieldValue::One(Word::Instant(at)) => Some((*at, *at)),
        FieldValue::Window(window) => Some((window.start, window.end)),
        _ => None,
    });
    let place = all().find_map(|value| match value {
        FieldValue::Place(place) => Some(*place),
        _ => None,
    });
    (time, place)
}

/// The camera's clock, as if it showed UTC, and how far ahead of that it says to be.
fn taken(text: &[u8], offset: Option<&[u8]>) -> Option<(Instant, Option<i32>)> {
    let mut read = DateTime::from_ascii(text).ok()?;
    if let Some(offset) = offset {
        let _ = read.parse_offset(offset);
    }
    let DateTime { year, month, day, hour, minute, second, .. } = read;
    let clock = format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z");
    Some((Instant::parse(&clock)?, read.offset.map(i32::from).filter(|minutes| minutes.abs() <= 16 * 60)))
}

/// The clock of a film's camera, as `2027-03-02T12:08:10+0430`.
fn told(text: &str) -> Option<(Instant, Option<i32>)> {
    let (clock, offset) = text.split_at_checked("2027-03-02T12:08:10".len())?;
    let clock = Instant::parse(&format!("{clock}Z"))?;
    let digits = offset.replace(':', "");
    let (sign, hours, minutes) = match (digits.get(..1), digits.get(1..3), digits.get(3..5)) {
        (Some("Z"), None, None) => return Some((clock, Some(0))),
        (Some("+"), Some(hours), Some(minutes)) => (1, hours, minutes),
        (Some("-"), Some(hours), Some(minutes)) => (-1, hours, minutes),
        _ => return Some((clock, None)),
    };
    let ahead = hours.parse::<i32>().ok().zip(minutes.parse::<i32>().ok());
    let ahead = ahead.map(|(hours, minutes)| sign * (hours * 60 + minutes));
    Some((clock, ahead.filter(|minutes| minutes.abs() <= 16 * 60)))
}

/// Where a film was made, as `+34.5253+069.1783+1790.0/`: how high that is, is left out.
fn placed(text: &str) -> Option<Place> {
    let third = text.match_indices(['+', '-']).nth(2).map_or(text.len(), |(at, _)| at);
    notation::read(text.get(..third)?).ok()
}

fn position(
    ascii: &dyn Fn(Tag) -> Option<Vec<u8>>,
    numbers: &dyn Fn(Tag) -> Option<Vec<Rational>>,
) -> Option<Place> {
    let part = |tag: Tag, way: Tag, back: &[u8], most: i64| {
        let all = numbers(tag)?;
        let mut parts = all.iter().map(|one| number(*one));
        let degrees = parts.next()??
            + parts.next().flatten().unwrap_or(0.0) / 60.0
            + parts.next().flatten().unwrap_or(0.0) / 3600.0;
        let e7 = i64::try_from(whole(degrees * 1e7, 1 << 40)?).ok().filter(|e7| *e7 <= most)?;
        Some(if ascii(way)?.starts_with(back) { -e7 } else { e7 })
    };
    let lat_e7 = part(Tag::GPSLatitude, Tag::GPSLatitudeRef, b"S", 900_000_000)?;
    let lon_e7 = part(Tag::GPSLongitude, Tag::GPSLongitudeRef, b"W", 1_800_000_000)?;
    let error = numbers(Tag::GPSHPositioningError).and_then(|all| number(*all.first()?));
    let radius_m = error.and_then(|metres| whole(metres.ceil(), Place::RADIUS_MOST)).unwrap_or_default();
    Some(Place { lat_e7, lon_e7, radius_m })
}

fn number(rational: Rational) -> Option<f64> {
    (rational.denom != 0).then(|| f64::from(rational.num) / f64::from(rational.denom))
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "looked at before")]
fn whole(number: f64, most: u64) -> Option<u64> {
    let rounded = number.round();
    (rounded >= 0.0 && rounded <= most as f64).then_some(rounded as u64)
}

/// A name without what moves a cursor or turns a line.
fn plain(text: &[u8]) -> Option<String> {
    let text: String = String::from_utf8_lossy(text).chars().filter(|it| !it.is_control()).collect();
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cameras_clock_is_read_with_its_offset_if_it_has_one() {
        let time = |text: &str| Instant::parse(text).expect("a time");
        let read = |text: &str, offset: Option<&str>| taken(text.as_bytes(), offset.map(str::as_bytes));
        let clock = time("2027-03-02T07:38:10Z");
        assert_eq!(read("2027:03:02 07:38:10", None), Some((clock, None)));
        assert_eq!(read("2027:03:02 07:38:10", Some("+04:30")), Some((clock, Some(270))));
        assert_eq!(read("2027:03:02 07:38:10", Some("   :  ")), Some((clock, None)));
        for bad in ["", "    :  :     :  :  ", "2027:02:30 07:38:10", "2027:03:02 25:00:00"] {
            assert_eq!(read(bad, None), None, "{bad}");
        }
        assert_eq!(at(clock, 270), time("2027-03-02T03:08:10Z"));
        assert_eq!(at(clock, -60), time("2027-03-02T08:38:10Z"));
    }

    #[test]
    fn a_films_own_clock_comes_before_the_formats() {
        let time = |text: &str| Instant::parse(text).expect("a time");
        let clock = time("2027-03-02T12:08:10Z");
        assert_eq!(told("2027-03-02T12:08:10+0430"), Some((clock, Some(270))));
        assert_eq!(told("2027-03-02T12:08:10-01:00"), Some((clock, Some(-60))));
        assert_eq!(told("2027-03-02T12:08:10Z"), Some((clock, Some(0))));
        assert_eq!(told("2027-03-02T12:08:10"), Some((clock, None)));
        assert_eq!(told("2 March 2027"), None);
        let film = Film {
            made: Some(time("2027-03-02T07:38:10Z")),
            place: Some("+34.5253+069.1783+1790.0/".to_owned()),
            make: Some("Acme".to_owned()),
            ..Film::default()
        };
        let camera = Camera::filmed(&film);
        assert_eq!(camera.taken, Some((time("2027-03-02T07:38:10Z"), Some(0))));
        assert_eq!(camera.place.map(|at| (at.lat_e7, at.lon_e7)), Some((345_253_000, 691_783_000)));
        assert_eq!(placed("-34.5253-069.1783/").map(|at| at.lat_e7), Some(-345_253_000));
        let told = Film { told: Some("2027-03-02T12:08:10+0430".to_owned()), ..film };
        assert_eq!(Camera::filmed(&told).taken, Some((clock, Some(270))));
    }

    #[test]
    fn a_position_is_on_the_globe_or_none() {
        let of = |num: u32, denom: u32| Rational { num, denom };
        let read = |lat: Vec<Rational>, south: &'static [u8]| {
            let numbers = move |tag: Tag| match tag {
                Tag::GPSLatitude => Some(lat.clone()),
                Tag::GPSLongitude => Some(vec![of(69, 1), of(10, 1), of(1212, 100)]),
                _ => None,
            };
            let ascii = move |tag: Tag| match tag {
                Tag::GPSLatitudeRef => Some(south.to_vec()),
                Tag::GPSLongitudeRef => Some(b"E".to_vec()),
                _ => None,
            };
            position(&ascii, &numbers).map(|place| (place.lat_e7, place.lon_e7))
        };
        assert_eq!(read(vec![of(34, 1), of(30, 1), of(0, 1)], b"N"), Some((345_000_000, 691_700_333)));
        assert_eq!(read(vec![of(34, 1), of(30, 1), of(0, 1)], b"S"), Some((-345_000_000, 691_700_333)));
        assert_eq!(read(vec![of(345, 10)], b"N"), Some((345_000_000, 691_700_333)));
        assert_eq!(read(vec![of(91, 1)], b"N"), None);
        assert_eq!(read(vec![of(1, 0)], b"N"), None);
        assert_eq!(read(vec![of(u32::MAX, 1)], b"N"), None);
        assert_eq!(read(Vec::new(), b"N"), None);
    }

    #[test]
    fn no_name_turns_a_line() {
        assert_eq!(plain(b" Acme\x1b[2J \0"), Some("Acme[2J".to_owned()));
        assert_eq!(plain(b"\0"), None);
    }
}
