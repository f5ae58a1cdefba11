//! Style sheets, fonts, scripts and the verifier's module: in the program, under names that change with their bytes, so that a browser keeps them
//! for good.

use std::io::Read as _;
use std::sync::{LazyLock, OnceLock};

use flate2::Compression;
use flate2::read::{GzDecoder, GzEncoder};
use sha2::{Digest as _, Sha256};

/// A file that pages ask for.
pub(crate) struct Asset {
    /// Its name in a page.
    name: &'static str,
    pub(crate) media: &'static str,
    pub(crate) bytes: &'static [u8],
    /// Whether the bytes are compressed (gzip).
    pub(crate) is_pressed: bool,
}

impl Asset {
    /// Its bytes as they are meant, for whoever takes nothing compressed.
    pub(crate) fn plain(&self) -> Vec<u8> {
        let mut out = Vec::new();
        if !self.is_pressed {
            return self.bytes.to_vec();
        }
        let read = GzDecoder::new(self.bytes).read_to_end(&mut out);
        read.map(|_| out).unwrap_or_default()
    }
}

const CSS: &str = "text/css; charset=utf-8";
const FONT: &str = "font/woff2";
const SCRIPT: &str = "text/javascript; charset=utf-8";
const GLYPHS: &str = "application/x-protobuf";
const ICON: &str = "image/svg+xml";

macro_rules! asset {
    ($name:literal, $media:expr) => {
        Asset {
            name: $name,
            media: $media,
            bytes: include_bytes!(concat!("../../assets/", $name)),
            is_pressed: false,
        }
    };
}

/// What `cargo xtask map` keeps compressed.
macro_rules! pressed {
    ($name:literal, $media:expr) => {
        Asset {
            name: $name,
            media: $media,
            bytes: include_bytes!(concat!("../../assets/map/", $name, ".gz")),
            is_pressed: true,
        }
    };
}

/// The sheets, in the order in which a page has them; the last only in an exercise.
const SHEETS: [&str; 10] = [
    "tokens.css",
    "fonts.css",
    "base.css",
    "shell.css",
    "table.css",
    "form.css",
    "matter.css",
    "figure.css",
    "print.css",
    "exercise.css",
];

const ALL: [Asset; 41] = [
    asset!("icon.svg", ICON),
    asset!("prove.js", SCRIPT),
    Asset { name: "judge.js", media: SCRIPT, bytes: verifier::JUDGE.as_bytes(), is_pressed: false },
    Asset { name: "verifier.wasm", media: "application/wasm", bytes: verifier::MODULE, is_pressed: false },
    asset!("keep.js", SCRIPT),
    asset!("upload.js", SCRIPT),
    asset!("passkey.js", SCRIPT),
    asset!("sign.js", SCRIPT),
    asset!("enrol.js", SCRIPT),
    asset!("enter.js", SCRIPT),
    asset!("offline.js", SCRIPT),
    asset!("alerts.js", SCRIPT),
    asset!("keys.js", SCRIPT),
    asset!("tokens.css", CSS),
    asset!("fonts.css", CSS),
    asset!("base.css", CSS),
    asset!("shell.css", CSS),
    asset!("table.css", CSS),
    asset!("form.css", CSS),
    asset!("matter.css", CSS),
    asset!("figure.css", CSS),
    asset!("print.css", CSS),
    asset!("exercise.css", CSS),
    asset!("fonts/plex-sans-400.woff2", FONT),
    asset!("fonts/plex-sans-600.woff2", FONT),
    asset!("fonts/plex-mono-400.woff2", FONT),
    asset!("fonts/nastaliq-400.woff2", FONT),
    asset!("fonts/nastaliq-700.woff2", FONT),
    asset!("map.css", CSS),
    asset!("map.js", SCRIPT),
    asset!("place.js", SCRIPT),
    pressed!("maplibre-gl.mjs", SCRIPT),
    pressed!("maplibre-gl-worker.mjs", SCRIPT),
    pressed!("glyphs/0-255.pbf", GLYPHS),
    pressed!("glyphs/256-511.pbf", GLYPHS),
    pressed!("glyphs/1536-1791.pbf", GLYPHS),
    pressed!("glyphs/1792-2047.pbf", GLYPHS),
    pressed!("glyphs/8192-8447.pbf", GLYPHS),
    pressed!("glyphs/8704-8959.pbf", GLYPHS),
    pressed!("glyphs/64256-64511.pbf", GLYPHS),
    pressed!("glyphs/65024-65279.pbf", GLYPHS),
];

/// Letters of labels: a file for each 256 characters. Of those that no font here has, there is a file with none.
static NO_LETTERS: Asset = Asset { name: "", media: GLYPHS, bytes: &[], is_pressed: false };

/// The letters from one character to another, `0-255`.
pub(crate) fn letters(edition: &str, range: &str) -> Option<&'static Asset> {
    let (first, last) = range.split_once('-')?;
    let (first, last): (u32, u32) = (first.parse().ok()?, last.parse().ok()?);
    let is_range = first % 256 == 0 && last.checked_sub(first) == Some(255) && last <= 0xffff;
    let found = find(edition, &format!("glyphs/{range}.pbf"));
    found.or_else(|| Some(&NO_LETTERS).filter(|_| is_range && edition == *EDITION))
}

/// The first 64 bits of SHA-256 over all of them, in hex: sheets name fonts beside them.
static EDITION: LazyLock<String> = LazyLock::new(|| {
    let mut hash = Sha256::new();
    for asset in &ALL {
        hash.update(asset.name.as_bytes());
        hash.update(asset.bytes);
    }
    hash.finalize()[..8].iter().map(|byte| format!("{byte:02x}")).collect()
});

/// The folder that they stand in.
pub(crate) fn folder() -> String {
    format!("/assets/{}", *EDITION)
}

/// The addresses of the sheets of a page.
pub(crate) fn sheets(is_exercise: bool) -> Vec<String> {
    let count = if is_exercise { SHEETS.len() } else { SHEETS.len() - 1 };
    SHEETS[..count].iter().map(|name| format!("{}/{name}", folder())).collect()
}

/// Those that shrink: texts and the module. Fonts are compressed by themselves.
const SHRINK: [&str; 4] = [CSS, SCRIPT, ICON, "application/wasm"];

/// Each as it is sent to whoever takes gzip, once somebody has.
static PRESSED: [OnceLock<Vec<u8>>; ALL.len()] = [const { OnceLock::new() }; ALL.len()];

/// An asset for whoever takes gzip, if that makes it smaller.
pub(crate) fn pressed(asset: &Asset) -> Option<&'static [u8]> {
    let place = ALL.iter().position(|known| known.name == asset.name)?;
    if asset.is_pressed {
        return Some(asset.bytes);
    }
    SHRINK
        .contains(&asset.media)
        .then(|| PRESSED[place].get_or_init(|| press(asset.bytes, Compression::best())))
        .map(Vec::as_slice)
}

/// Bytes, compressed.
pub(crate) fn press(bytes: &[u8], how: Compression) -> Vec<u8> {
    let mut out = Vec::new();
    match GzEncoder::new(bytes, how).read_to_end(&mut out) {
        Ok(_) => out,
        Err(never) => unreachable!("a slice can be read: {never}"),
    }
}

/// One of them, by its edition and name.
pub(crate) fn find(edition: &str, name: &str) -> Option<&'static Asset> {
    static FOUND: [Asset; ALL.len()] = ALL;
    FOUND.iter().find(|asset| asset.name == name && edition == *EDITION)
}
