//! What did a camera write into a film? The few facts of an ISO base media file (ISO 14496-12; MP4, MOV): when it was made,
//! where, by what. Of any size, in constant memory: boxes are stepped over, and few are read.
//!
//! ```text
//! ftyp, mdat …                       stepped over
//! moov ┬ mvhd                        when it was made, in seconds since 1904
//!      ├ udta ┬ ©xyz                 where, as ISO 6709: +34.5253+069.1783/
//!      │      └ ©mak, ©mod           by what
//!      └ meta ┬ keys                 the names of what stands in
//!             └ ilst                 com.apple.quicktime.creationdate, .location.ISO6709, .make, .model
//! ```

use std::io::{self, Read, Seek, SeekFrom};

use terms::Instant;

/// How many boxes are looked at, at most; a film has some dozens above its tracks.
const BOXES_MAX: usize = 4096;

/// The longest fact, in bytes.
const FACT_BYTES_MAX: u64 = 1024;

/// The largest list of names, in bytes.
const KEYS_BYTES_MAX: u64 = 64 << 10;

/// How many seconds there are from the beginning of 1904 to that of 1970.
const FROM_1904: u64 = 2_082_844_800;

/// What stands in a film, as it stands there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Film {
    /// When it was made, in UTC, as the format asks for.
    pub made: Option<Instant>,
    /// The same as the camera's own clock said it, with its offset: `2027-03-02T12:08:10+0430`.
    pub told: Option<String>,
    /// Where, as ISO 6709.
    pub place: Option<String>,
    /// Who made the camera, and what it is called.
    pub make: Option<String>,
    /// Its model.
    pub model: Option<String>,
}

/// A box: what it is, and where its content begins and ends.
#[derive(Clone, Copy)]
struct Box4 {
    is: [u8; 4],
    from: u64,
    to: u64,
}

/// What is read, and how much of it may be looked at still.
struct Reader<'f, F> {
    film: &'f mut F,
    left: usize,
}

impl Film {
    /// Reads what stands in one; nothing, if it is none or nothing does.
    ///
    /// # Errors
    ///
    /// It can't be read on; what is not as the format says is no error, and is nothing.
    pub fn read(film: &mut (impl Read + Seek)) -> io::Result<Option<Film>> {
        let end = film.seek(SeekFrom::End(0))?;
        let mut reader = Reader { film, left: BOXES_MAX };
        let mut found = Film::default();
        let Some(moov) = reader.child(0, end, *b"moov")? else { return Ok(None) };
        for part in reader.children(moov.from, moov.to)? {
            match &part.is {
                b"mvhd" => found.made = reader.made(part)?,
                b"udta" => reader.noted(part, &mut found)?,
                b"meta" => reader.listed(part, &mut found)?,
                _ => {}
            }
        }
        Ok((found != Film::default()).then_some(found))
    }
}

impl<F: Read + Seek> Reader<'_, F> {
    /// The box at a place; nothing, where none fits.
    fn at(&mut self, from: u64, end: u64) -> io::Result<Option<Box4>> {
        if self.left == 0 || end.saturating_sub(from) < 8 {
            return Ok(None);
        }
        self.left -= 1;
        let Some(head) = self.bytes(from, 8)? else { return Ok(None) };
        let (size, is) = (number(&head[..4]), [head[4], head[5], head[6], head[7]]);
        let (head, size) = match size {
            // To the end of what it stands in.
            0 => (8, end - from),
            1 => match self.bytes(from + 8, 8)? {
                Some(long) => (16, number(&long)),
                None => return Ok(None),
            },
            size => (8, size),
        };
        let to = from.checked_add(size).filter(|to| *to <= end && size >= head);
        Ok(to.map(|to| Box4 { is, from: from + head, to }))
    }

    fn children(&mut self, from: u64, end: u64) -> io::Result<Vec<Box4>> {
        let (mut all, mut at) = (Vec::new(), from);
        while let Some(one) = self.at(at, end)? {
            at = one.to;
            all.push(one);
        }
        Ok(all)
    }

    fn child(&mut self, from: u64, end: u64, is: [u8; 4]) -> io::Result<Option<Box4>> {
        let mut at = from;
        while let Some(one) = self.at(at, end)? {
            if one.is == is {
                return Ok(Some(one));
            }
            at = one.to;
        }
        Ok(None)
    }

    /// So many bytes from a place on; nothing, if there are not so many.
    fn bytes(&mut self, from: u64, count: u64) -> io::Result<Option<Vec<u8>>> {
        let mut read = Vec::new();
        self.film.seek(SeekFrom::Start(from))?;
        self.film.by_ref().take(count).read_to_end(&mut read)?;
        Ok((read.len() as u64 == count).then_some(read))
    }

    fn content(&mut self, of: Box4, most: u64) -> io::Result<Option<Vec<u8>>> {
        let size = of.to - of.from;
        if size > most { Ok(None) } else { self.bytes(of.from, size) }
    }

    fn made(&mut self, of: Box4) -> io::Result<Option<Instant>> {
        let Some(head) = self.content(of, FACT_BYTES_MAX)? else { return Ok(None) };
        let since = match head.first() {
            Some(0) => head.get(4..8).map(number),
            Some(1) => head.get(4..12).map(number),
            _ => None,
        };
        // Cameras without a clock write nothing, or the beginning.
        Ok(since.and_then(|since| since.checked_sub(FROM_1904)).and_then(Instant::from_secs))
    }

    /// `udta`: each fact is its length, its language, and its text.
    fn noted(&mut self, of: Box4, found: &mut Film) -> io::Result<()> {
        for one in self.children(of.from, of.to)? {
            let fact = match &one.is {
                b"\xa9xyz" => &mut found.place,
                b"\xa9mak" => &mut found.make,
                b"\xa9mod" => &mut found.model,
                _ => continue,
            };
            let Some(content) = self.content(one, FACT_BYTES_MAX)? else { continue };
            let length = content.get(..2).map(number).and_then(|length| usize::try_from(length).ok());
            let words = length.and_then(|length| content.get(4..)?.get(..length));
            *fact = fact.take().or(words.and_then(text));
        }
        Ok(())
    }

    /// `meta`: a list of names, and one of facts, each by the place of its name.
    fn listed(&mut self, of: Box4, found: &mut Film) -> io::Result<()> {
        // In MP4 four bytes stand before its boxes, in MOV none.
        let is_plain = self.bytes(of.from, 8)?.is_some_and(|head| head[4..] == *b"hdlr");
        let from = if is_plain { of.from } else { of.from.saturating_add(4) };
        let (mut keys, mut values) = (Vec::new(), Vec::new());
        for one in self.children(from, of.to)? {
            match &one.is {
                b"keys" => keys = self.keys(one)?,
                b"ilst" => values = self.children(one.from, one.to)?,
                _ => {}
            }
        }
        for one in values {
            let place = usize::try_from(number(&one.is)).ok().and_then(|number| number.checked_sub(1));
            let Some(key) = place.and_then(|place| keys.get(place)) else { continue };
            let fact = match key.as_slice() {
                b"com.apple.quicktime.creationdate" => &mut found.told,
                b"com.apple.quicktime.location.ISO6709" => &mut found.place,
                b"com.apple.quicktime.make" => &mut found.make,
                b"com.apple.quicktime.model" => &mut found.model,
                _ => continue,
            };
            let Some(data) = self.child(one.from, one.to, *b"data")? else { continue };
            let content = self.content(data, FACT_BYTES_MAX)?;
            // Eight bytes say of which type and in which language.
            *fact = content.and_then(|content| text(content.get(8..)?)).or(fact.take());
        }
        Ok(())
    }

    fn keys(&mut self, of: Box4) -> io::Result<Vec<Vec<u8>>> {
        let Some(content) = self.content(of, KEYS_BYTES_MAX)? else { return Ok(Vec::new()) };
        let (mut keys, mut rest) = (Vec::new(), content.get(8..).unwrap_or_default());
        while let Some((head, behind)) = rest.split_at_checked(8) {
            let size = usize::try_from(number(&head[..4])).unwrap_or(usize::MAX);
            let Some((key, behind)) = size.checked_sub(8).and_then(|size| behind.split_at_checked(size))
            else {
                break;
            };
            keys.push(key.to_vec());
            rest = behind;
        }
        Ok(keys)
    }
}

/// Up to eight bytes as a number, the highest first.
fn number(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0, |number, byte| number << 8 | u64::from(*byte))
}

/// A text without what moves a cursor; nothing, if it has no sign.
fn text(bytes: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(bytes).ok()?;
    let plain: String = text.chars().filter(|it| !it.is_control()).collect();
    Some(plain.trim().to_owned()).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    fn one(is: &[u8], content: &[u8]) -> Vec<u8> {
        let size = u32::try_from(content.len() + 8).expect("short");
        [&size.to_be_bytes()[..], is, content].concat()
    }

    fn noted(is: &[u8], words: &str) -> Vec<u8> {
        let length = u16::try_from(words.len()).expect("short");
        one(is, &[&length.to_be_bytes()[..], &[0x15, 0xc7], words.as_bytes()].concat())
    }

    fn header(secs: u64) -> Vec<u8> {
        let since = u32::try_from(secs + FROM_1904).expect("before 2040");
        one(b"mvhd", &[&[0; 4][..], &since.to_be_bytes(), &[0; 92]].concat())
    }

    fn read(bytes: &[u8]) -> Option<Film> {
        Film::read(&mut Cursor::new(bytes)).expect("it is in memory")
    }

    const SECS: u64 = 1_804_059_490;

    #[test]
    fn a_film_says_when_where_and_by_what() {
        let udta = [
            noted(b"\xa9xyz", "+34.5253+069.1783/"),
            noted(b"\xa9mak", "Acme"),
            noted(b"\xa9mod", "Z\x1b[2J"),
        ];
        let moov =
            one(b"moov", &[header(SECS), one(b"trak", &[0; 40]), one(b"udta", &udta.concat())].concat());
        let film = [one(b"ftyp", b"isom\0\0\0\0"), one(b"mdat", &[7; 5000]), moov].concat();
        let found = read(&film).expect("it says something");
        assert_eq!(found.made.map(Instant::secs), Some(SECS));
        assert_eq!(found.place.as_deref(), Some("+34.5253+069.1783/"));
        assert_eq!((found.make.as_deref(), found.model.as_deref()), (Some("Acme"), Some("Z[2J")));
        // A box may run to the end, and may be longer than four bytes can say.
        let mut open = film.clone();
        let at = open.windows(4).position(|part| part == b"moov").expect("there") - 4;
        open[at..at + 4].copy_from_slice(&[0; 4]);
        assert_eq!(read(&open), Some(found.clone()));
        let long = [&[0, 0, 0, 1][..], b"mdat", &16_u64.to_be_bytes()].concat();
        assert_eq!(read(&[&long, &film[at..]].concat()), Some(found));
    }

    #[test]
    fn a_list_of_names_and_facts_is_read_too() {
        let names = ["com.apple.quicktime.creationdate", "com.apple.quicktime.location.ISO6709", "other"];
        let key = |name: &str| one(b"mdta", name.as_bytes());
        let keys: Vec<u8> =
            [vec![0; 4], vec![0, 0, 0, 3]].into_iter().chain(names.map(key)).flatten().collect();
        let value = |place: u32, words: &str| {
            let data = one(b"data", &[&[0, 0, 0, 1, 0, 0, 0, 0][..], words.as_bytes()].concat());
            one(&place.to_be_bytes(), &data)
        };
        let values = [value(1, "2027-03-02T12:08:10+0430"), value(2, "+34.5253+069.1783/"), value(9, "x")];
        let parts = [one(b"hdlr", &[0; 24]), one(b"keys", &keys), one(b"ilst", &values.concat())].concat();
        for meta in [parts.clone(), [&[0; 4][..], &parts].concat()] {
            let found = read(&one(b"moov", &one(b"meta", &meta))).expect("it says something");
            assert_eq!(found.told.as_deref(), Some("2027-03-02T12:08:10+0430"));
            assert_eq!(found.place.as_deref(), Some("+34.5253+069.1783/"));
        }
    }

    #[test]
    fn what_says_nothing_is_nothing() {
        let zero = one(b"mvhd", &[0; 100]);
        for bytes in [
            Vec::new(),
            b"\0\0\0\x08moov".to_vec(),
            one(b"moov", &zero),
            one(b"moov", &one(b"udta", &one(b"\xa9xyz", b"\xff\xff\0\0+1"))),
            one(b"moov", &one(b"udta", &one(b"\xa9xyz", &[0; 2000]))),
            b"\0\0\0\x07moov\0\0\0\0".to_vec(),
            [&[0, 0, 0, 1][..], b"moov", &u64::MAX.to_be_bytes(), &[0; 100]].concat(),
            one(b"free", &[0; 100]).repeat(10_000),
        ] {
            assert_eq!(read(&bytes), None, "{:?}", bytes.get(..20));
        }
    }
}
