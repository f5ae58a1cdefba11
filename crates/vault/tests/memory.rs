//! Sealing, keeping and opening take the same memory for any size. A process of its own, since it
//! measures the whole process.

mod stage;

use stage::{Bytes, Stage};
use vault::Vault;

const SIZE: u64 = 128 << 20;

/// The most memory this process has ever had, in bytes.
fn peak_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix(" kB")?.parse::<u64>().ok().map(|kib| kib * 1024)
}

#[test]
fn constant_for_any_size() {
    let stage = Stage::new();
    let small = stage.seal(&mut Bytes::new(1 << 20));
    let Some(before) = peak_bytes() else {
        println!("skipped: no /proc here");
        return;
    };
    let _ = small;

    let mut plain = Bytes::new(SIZE);
    let sealed = stage.seal(&mut plain);
    assert!(plain.largest_read <= 64 * 1024);
    let exhibit = &sealed.exhibit;
    let mut file = stage.vault.sealed(&exhibit.sealed).expect("it was sealed");
    let harbour = Vault::at(&stage.path("harbour")).expect("a vault");
    harbour.keep(&mut file, &exhibit.sealed, exhibit.size, &mut |_, _| ()).expect("it keeps");
    let mut file = harbour.sealed(&exhibit.sealed).expect("it was kept");
    vault::open::check(&sealed.grant, &mut file, exhibit, &stage.filing, &mut |_, _| ()).expect("it opens");

    let grown = peak_bytes().expect("it was there") - before;
    assert!(grown < 4 << 20, "{grown} bytes for {SIZE}");
}
