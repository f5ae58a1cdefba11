//! What a fuzzer once came by, replayed on a stable compiler; and a few hundred thousand changes more,
//! the same in every run. `MITHAQ_FUZZ_S=60` goes on for a minute with each reader.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use readers::{READERS, Reader, stage};

fn fuzz() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The files of `fuzz/⟨kind⟩/⟨reader⟩`, by name.
fn kept(kind: &str, reader: &str) -> Vec<(String, Vec<u8>)> {
    let Ok(listed) = fs::read_dir(fuzz().join(kind).join(reader)) else { return Vec::new() };
    let mut files: Vec<_> = listed
        .flatten()
        .map(|file| (file.file_name().to_string_lossy().into_owned(), fs::read(file.path()).expect("a file")))
        .collect();
    files.sort();
    files
}

/// Runs one, and says with which bytes it broke.
fn check(name: &str, reader: Reader, what: &str, bytes: &[u8]) {
    let held = catch_unwind(AssertUnwindSafe(|| reader(bytes)));
    let file = std::env::temp_dir().join(format!("mithaq-{name}"));
    if held.is_err() {
        let _ = fs::write(&file, bytes);
    }
    assert!(held.is_ok(), "`{name}` broke over {what}; the bytes are in {}", file.display());
}

#[test]
fn what_was_found_stays_mended() {
    for (name, reader) in READERS {
        for (file, bytes) in kept("found", name) {
            check(name, *reader, &format!("fuzz/found/{name}/{file}"), &bytes);
        }
    }
}

#[test]
fn each_reader_has_its_target() {
    let manifest = fs::read_to_string(fuzz().join("Cargo.toml")).expect("a manifest");
    for (name, _) in READERS {
        let target = fs::read_to_string(fuzz().join(format!("fuzz_targets/{name}.rs"))).unwrap_or_default();
        assert!(target.contains(&format!("\"{name}\"")), "{name} has no target");
        assert!(manifest.contains(&format!("name = \"{name}\"")), "{name} stands in no manifest");
    }
    assert_eq!(manifest.matches("[[bin]]").count(), READERS.len(), "a target without a reader");
}

/// Numbers that are the same on every machine (SplitMix64).
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }
}

/// Bytes with one to eight changes: bits, pieces moved and doubled, cuts, parts of another.
fn changed(dice: &mut Dice, of: &[u8], other: &[u8]) -> Vec<u8> {
    let mut bytes = of.to_vec();
    for _ in 0..=dice.below(8) {
        let at = dice.below(bytes.len() + 1);
        let end = at + dice.below((bytes.len() - at).min(64) + 1);
        match dice.below(8) {
            0 | 1 if at < bytes.len() => bytes[at] ^= 1 << dice.below(8),
            2 if at < bytes.len() => bytes[at] = dice.next() as u8,
            3 => drop(bytes.drain(at..end)),
            4 => {
                let piece = bytes[at..end].to_vec();
                let to = dice.below(bytes.len() + 1);
                bytes.splice(to..to, piece);
            }
            5 => {
                let from = dice.below(other.len() + 1);
                let to = from + dice.below((other.len() - from).min(64) + 1);
                bytes.splice(at..end, other[from..to].iter().copied());
            }
            6 => bytes.truncate(at),
            _ => bytes.insert(at, [0, b'\n', b' ', b'"', 0xff, dice.next() as u8][dice.below(6)]),
        }
    }
    bytes
}

/// For a tenth of a second a reader, or as many as the environment says: the corpus, then changes of
/// it, always the same ones in the same order.
#[test]
fn nothing_breaks_a_reader() {
    let asked = std::env::var("MITHAQ_FUZZ_S").ok().and_then(|text| text.parse().ok());
    let long = asked.map_or(Duration::from_millis(100), Duration::from_secs);
    let seeds = stage::seeds();
    for (name, reader) in READERS {
        let own = seeds.iter().filter(|(of, _)| of == name).map(|(_, bytes)| bytes.clone());
        let mut corpus: Vec<Vec<u8>> = own.collect();
        corpus.extend(kept("corpus", name).into_iter().map(|(_, bytes)| bytes));
        corpus.extend([Vec::new(), vec![0; 64], vec![0xff; 64], b"\n\n".to_vec()]);
        for (at, bytes) in corpus.iter().enumerate() {
            check(name, *reader, &format!("seed {at}"), bytes);
        }
        let mut dice = Dice(0x6d69_7468_6171);
        let until = Instant::now() + long;
        let mut count = 0_u64;
        while Instant::now() < until {
            let (one, other) = (dice.below(corpus.len()), dice.below(corpus.len()));
            let bytes = changed(&mut dice, &corpus[one], &corpus[other]);
            check(name, *reader, &format!("change {count}"), &bytes);
            count += 1;
        }
        if asked.is_some() {
            println!("{name}: {count} changes of {}", corpus.len());
        }
    }
}
