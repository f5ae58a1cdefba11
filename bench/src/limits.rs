//! What this machine can do at best: syncs, signatures, batches, hashes.

use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use audit::Batcher as _;
use node::batch::Threads;
use note::{Check, SigningKey};

/// Seconds of one appended and synced kilobyte on this disk, over half a second.
pub(crate) fn sync_s(folder: &Path) -> Result<f64, String> {
    let path = folder.join("sync");
    let mut file = File::create(&path).map_err(|error| error.to_string())?;
    let began = Instant::now();
    let mut count = 0;
    while began.elapsed() < Duration::from_millis(500) {
        file.write_all(&[7; 1024]).and_then(|()| file.sync_data()).map_err(|error| error.to_string())?;
        count += 1;
    }
    let each = began.elapsed().as_secs_f64() / f64::from(count);
    std::fs::remove_file(&path).map_err(|error| error.to_string())?;
    Ok(each)
}

/// Seconds of one signature, and of one single check of it, over 700 bytes.
pub(crate) fn sign_and_check_s() -> (f64, f64) {
    let key = SigningKey::from_seed(&[9; 32]);
    let message = [5; 700];
    let (signature, sign) = time(2000, || key.sign(&message));
    let public = key.public();
    let (_, check) = time(2000, || public.verify(&message, &signature));
    (sign, check)
}

fn time<T>(rounds: u32, mut work: impl FnMut() -> T) -> (T, f64) {
    let began = Instant::now();
    let mut last = work();
    for _ in 1..rounds {
        last = work();
    }
    (last, began.elapsed().as_secs_f64() / f64::from(rounds))
}

/// Signatures a second by the batch rule on all cores, with chunks as `audit` makes them, and as many
/// keys as a register has.
pub(crate) fn batch_rate(keys: usize) -> f64 {
    const CHUNK: usize = 4096;
    let keys: Vec<SigningKey> =
        (0..keys).map(|n| SigningKey::from_seed(&[u8::try_from(n % 251).unwrap_or(0) + 1; 32])).collect();
    let checks: Vec<Check> = (0..CHUNK)
        .map(|n| {
            let key = &keys[n % keys.len()];
            let message = format!("{n:0700}").into_bytes();
            Check { key: key.public(), signature: key.sign(&message), message }
        })
        .collect();
    let mut threads = Threads::start();
    let chunks = 24;
    let began = Instant::now();
    for chunk in 0..chunks {
        threads.submit(chunk, checks.clone());
    }
    let wrong: usize = threads.done(true).iter().map(|(_, failed)| failed.len()).sum();
    assert_eq!(wrong, 0, "a signature that was just made does not hold");
    #[expect(clippy::cast_precision_loss, reason = "a rate")]
    let rate = (chunks as usize * CHUNK) as f64 / began.elapsed().as_secs_f64();
    rate
}
