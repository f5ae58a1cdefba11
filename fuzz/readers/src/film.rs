//! What a camera wrote into a film.

use std::io::{self, Cursor, Read, Seek, SeekFrom};

use node::film::Film;

/// How much of a film is read, whatever it is: a few facts, and the heads of boxes.
const READ_MOST: u64 = 1 << 20;

/// A film that counts what is read of it.
struct Counted<'f>(Cursor<&'f [u8]>, u64);

impl Read for Counted<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.0.read(into)?;
        self.1 += read as u64;
        Ok(read)
    }
}

impl Seek for Counted<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.0.seek(to)
    }
}

pub(crate) fn film(bytes: &[u8]) {
    let mut film = Counted(Cursor::new(bytes), 0);
    let found = Film::read(&mut film).expect("nothing fails in memory");
    assert!(film.1 <= READ_MOST, "{} bytes were read", film.1);
    for fact in
        found.into_iter().flat_map(|found| [found.told, found.place, found.make, found.model]).flatten()
    {
        assert!(!fact.trim().is_empty() && !fact.chars().any(char::is_control), "{fact:?}");
    }
}

fn one(is: &[u8], content: &[u8]) -> Vec<u8> {
    let size = u32::try_from(content.len() + 8).unwrap_or(u32::MAX);
    [&size.to_be_bytes()[..], is, content].concat()
}

pub(crate) fn seeds(add: &mut dyn FnMut(&'static str, &[u8])) {
    let header = one(b"mvhd", &[&[0; 4][..], &0xe7ae_9a62_u32.to_be_bytes(), &[0; 92]].concat());
    let place = one(b"\xa9xyz", b"\0\x12\x15\xc7+34.5253+069.1783/");
    let make = one(b"\xa9mak", b"\0\x04\x15\xc7Acme");
    let udta = one(b"udta", &[place, make].concat());
    let keys = one(b"mdta", b"com.apple.quicktime.location.ISO6709");
    let keys = one(b"keys", &[&[0, 0, 0, 0, 0, 0, 0, 1][..], &keys].concat());
    let data = one(b"data", b"\0\0\0\x01\0\0\0\0+34.5253+069.1783/");
    let list = one(b"ilst", &one(&1_u32.to_be_bytes(), &data));
    let meta = one(b"meta", &[one(b"hdlr", &[0; 24]), keys, list].concat());
    let kind = one(b"ftyp", b"isom\0\0\0\0");
    for parts in [[header.clone(), udta].concat(), [header, meta].concat()] {
        add("film", &[kind.clone(), one(b"mdat", &[7; 64]), one(b"moov", &parts)].concat());
    }
}
