//! Writes what the corpus of each reader begins with: `seeds FOLDER` makes `FOLDER/READER/N`.

use std::fs;
use std::path::PathBuf;

fn main() -> std::io::Result<()> {
    let folder = PathBuf::from(std::env::args_os().nth(1).unwrap_or_else(|| "seeds".into()));
    for (number, (reader, bytes)) in readers::stage::seeds().into_iter().enumerate() {
        fs::create_dir_all(folder.join(reader))?;
        fs::write(folder.join(reader).join(format!("seed-{number:04}")), bytes)?;
    }
    Ok(())
}
