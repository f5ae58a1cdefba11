//! Sealing, both hashes included, beside `age` and two `sha256sum` of the same files.

use std::fs::File;
use std::io::{Read, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant as Clock;

use terms::{Hash, ParticipantId};
use vault::{Filing, Identity, MediaType, ToSeal, Vault, fresh_salt};

use crate::{Outcome, median, peak_mib};

const ROUNDS: usize = 3;

pub(crate) fn run(folder: &Path, megabytes: u64) -> Outcome {
    println!("\nseal: {megabytes} MB, with the commitment and the hash of what is sealed");
    let io = |error: std::io::Error| error.to_string();
    let plain = folder.join("plain");
    let mut file = File::create(&plain).map_err(io)?;
    let mut block = vec![0; 1_000_000];
    getrandom::fill(&mut block).map_err(|error| error.to_string())?;
    for _ in 0..megabytes {
        file.write_all(&block).map_err(io)?;
    }
    file.sync_all().map_err(io)?;
    let identity = Identity::generate();
    let recipient = identity.recipient().to_string();

    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    let mut have_age = true;
    for round in 0..ROUNDS {
        let began = Clock::now();
        let home = folder.join(format!("vault-{round}"));
        let vault = Vault::at(&home).map_err(io)?;
        let filing =
            Filing { genesis: Hash::of(b"bench"), filer: ParticipantId::new("north").ok_or("an id")? };
        let to_seal = ToSeal {
            filing: &filing,
            salt: fresh_salt().map_err(io)?,
            media_type: MediaType::new("application/octet-stream").ok_or("a type")?,
            name: None,
            own: &[identity.recipient()],
            plain_bytes: megabytes * 1_000_000,
        };
        let mut input = File::open(&plain).map_err(io)?;
        vault.seal(&mut input, to_seal, &mut |_, _| {}).map_err(|error| error.to_string())?;
        ours.push(began.elapsed().as_secs_f64());
        std::fs::remove_dir_all(&home).map_err(io)?;
        if have_age {
            match age_and_hashes(folder, &plain, &recipient)? {
                Some(took) => theirs.push(took),
                None => have_age = false,
            }
        }
    }
    let (ours, spread) = median(ours);
    if theirs.is_empty() {
        println!("  {ours:.2} s, ±{spread:.0} %; `age` is not on this machine, so beside nothing");
        return Ok(());
    }
    let (theirs, _) = median(theirs);
    println!(
        "  {:.0} % of the time of `age` and two `sha256sum` ({ours:.2} s beside {theirs:.2} s, median of {ROUNDS}, \
         ±{spread:.0} %), peak memory of this process {} MiB",
        ours / theirs * 100.0,
        peak_mib()
    );
    Ok(())
}

/// Seconds of `age`, of `sha256sum` over the plain file and of one over the sealed file, one after the
/// other, with the sealed file synced as ours is.
fn age_and_hashes(folder: &Path, plain: &Path, recipient: &str) -> Result<Option<f64>, String> {
    let sealed = folder.join("sealed.age");
    let began = Clock::now();
    let age = Command::new("age").args(["-r", recipient, "-o"]).arg(&sealed).arg(plain).status();
    match age {
        Ok(status) if status.success() => {}
        Ok(status) => return Err(format!("age failed: {status}")),
        Err(_) => return Ok(None),
    }
    for file in [plain, &sealed] {
        let mut sum = Command::new("sha256sum")
            .arg(file)
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| error.to_string())?;
        let mut said = String::new();
        if let Some(stdout) = &mut sum.stdout {
            stdout.read_to_string(&mut said).map_err(|error| error.to_string())?;
        }
        if !sum.wait().map_err(|error| error.to_string())?.success() {
            return Err("sha256sum failed".to_owned());
        }
    }
    File::open(&sealed).and_then(|file| file.sync_all()).map_err(|error| error.to_string())?;
    let took = began.elapsed().as_secs_f64();
    std::fs::remove_file(&sealed).map_err(|error| error.to_string())?;
    Ok(Some(took))
}
