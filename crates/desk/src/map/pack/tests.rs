use std::io::Cursor;

use pmtiles::{Compression, PmTilesWriter, TileCoord, TileId, TileType};

use super::*;

const GOOD: &str = r#"{"name": "n", "source": "somebody", "vector_layers": []}"#;

/// A pack as `pmtiles` writes it: each tile of some zooms has its own address as its bytes.
fn written(zooms: std::ops::RangeInclusive<u8>, metadata: &str, how: Compression) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    let writer = PmTilesWriter::new(TileType::Mvt).metadata(metadata).min_zoom(*zooms.start());
    let writer = writer.max_zoom(*zooms.end()).tile_compression(how).internal_compression(how);
    let mut writer = writer.create(&mut out).expect("written");
    for zoom in zooms {
        let side = 1_u32 << zoom;
        let mut all: Vec<TileCoord> =
            (0..side * side).map(|n| TileCoord::new(zoom, n / side, n % side).expect("a tile")).collect();
        all.sort_by_key(|at| TileId::from(*at).value());
        for at in all {
            writer.add_tile(at, format!("{} {} {}", at.z(), at.x(), at.y()).as_bytes()).expect("written");
        }
    }
    writer.finalize().expect("written");
    out.into_inner()
}

#[test]
fn what_another_writes_is_read() {
    for how in [Compression::Gzip, Compression::None] {
        // So many that there are directories in directories.
        let pack = Pack::of_bytes(written(0..=7, GOOD, how)).expect("good");
        for (zoom, x, y) in [(0, 0, 0), (1, 1, 0), (5, 17, 30), (7, 0, 0), (7, 127, 127), (7, 64, 3)] {
            let tile = pack.plain_tile(zoom, x, y).expect("readable").expect("a tile");
            assert_eq!(String::from_utf8_lossy(&tile), format!("{zoom} {x} {y}"));
        }
        assert_eq!(pack.plain_tile(8, 0, 0), Ok(None), "no such zoom");
        assert_eq!(pack.plain_tile(3, 8, 0), Ok(None), "no such tile");
        assert_eq!(pack.says().source, "somebody");
    }
}

#[test]
fn the_shipped_one_has_coasts_and_water_and_says_whence() {
    let pack = Pack::shipped();
    assert!(pack.says().source.contains("Natural Earth") && pack.says().licence == "public domain");
    // The world; and where the Nile comes from the lake that it comes from, and a coast is not far.
    for ((zoom, x, y), layers) in [((0, 0, 0), &["coast"][..]), ((4, 9, 8), &["coast", "river", "water"])] {
        let tile = pack.plain_tile(zoom, x, y).expect("readable").expect("a tile");
        let text = String::from_utf8_lossy(&tile);
        for layer in ["coast", "river", "water"] {
            assert_eq!(text.contains(layer), layers.contains(&layer), "{layer} at zoom {zoom}");
        }
        for other in ["country", "admin", "border", "boundary", "name", "land", "ocean"] {
            assert!(!text.contains(other), "{other}");
        }
    }
}

#[test]
fn what_is_no_pack_says_why() {
    let why = |bytes: &[u8]| Pack::of_bytes(bytes.to_vec()).map(|_| ()).expect_err("it is none");
    let good = written(0..=2, GOOD, Compression::Gzip);
    let with = |at: usize, byte: u8| {
        let mut bytes = good.clone();
        bytes[at] = byte;
        bytes
    };
    assert_eq!(why(b""), "it is cut off");
    assert_eq!(why(&[0; 200]), "it is no PMTiles file of version 3");
    assert_eq!(why(&with(7, 2)), "it is no PMTiles file of version 3");
    assert_eq!(why(&with(99, 2)), "its tiles are no vector tiles");
    assert_eq!(why(&with(98, 4)), "its tiles are compressed in another way than gzip");
    assert_eq!(why(&with(101, 30)), "its zooms, 0 to 30, can't be");
    assert_eq!(why(&with(15, 0xff)), "it is cut off: a part that it names lies beyond its end");
    let silent = written(0..=0, "{}", Compression::Gzip);
    assert_eq!(why(&silent), "it does not say where it comes from: its metadata needs `source`");
    assert!(Pack::open(Path::new("/nowhere/at/all")).expect_err("none").starts_with("it can't be opened"));
    assert_eq!(Pack::open(Path::new("/")).expect_err("none"), "it is no file");
}

#[test]
fn no_changed_byte_makes_it_fall_over() {
    let good = written(0..=3, GOOD, Compression::None);
    let mut read = 0;
    for at in 0..good.len() {
        for bit in [0x01, 0x80, 0xff] {
            let mut bytes = good.clone();
            bytes[at] ^= bit;
            let Ok(pack) = Pack::of_bytes(bytes) else { continue };
            read += 1;
            for (zoom, x, y) in [(0, 0, 0), (2, 3, 1), (3, 7, 7)] {
                let _ = pack.plain_tile(zoom, x, y);
            }
        }
    }
    assert!(read > 100, "some were read: {read}");
    for length in 0..good.len() {
        let cut = Pack::of_bytes(good[..length].to_vec());
        assert!(cut.is_err(), "{length}");
    }
}

#[test]
fn what_grows_without_end_is_stopped() {
    use std::io::Write as _;

    let mut bomb = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    for _ in 0..9 {
        bomb.write_all(&vec![0; 1 << 20]).expect("written");
    }
    let bomb = bomb.finish().expect("written");
    assert_eq!(unpacked(bomb, true, 8 << 20), Err("a part of it has more than 8388608 bytes".to_owned()));
    // As many lines as it says can't be in so few bytes.
    assert!(entries(&[0xff, 0xff, 0xff, 0xff, 0x0f, 0]).is_err());
}
