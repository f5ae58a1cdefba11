//! Files that are whole or absent, whenever the power goes.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

/// How the names of files begin that are not yet what they will be.
const PART: &str = ".part-";

/// A file on its way. Readable by its owner only; gone when dropped, unless it was put in its place.
pub(crate) struct Part {
    file: File,
    path: PathBuf,
    placed: bool,
}

impl Part {
    /// Starts a file in `folder`: the one where it will stand, since a rename across disks is a copy.
    pub(crate) fn create(folder: &Path) -> io::Result<Part> {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        loop {
            let number = NEXT.fetch_add(1, Ordering::Relaxed);
            let path = folder.join(format!("{PART}{}-{number}", std::process::id()));
            match owner_only().write(true).create_new(true).open(&path) {
                Ok(file) => return Ok(Part { file, path, placed: false }),
                // Left by a process of the same number that died.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// Brings the bytes to the disk.
    pub(crate) fn sync(&self) -> io::Result<()> {
        self.file.sync_all()
    }

    /// Puts the file in its place. The bytes reach the disk before the name does: the other order
    /// leaves, after a crash, a name with too few bytes behind it.
    ///
    /// # Errors
    /// If the last step fails (the folder's own sync), the file is in its place all the same; doing the
    /// whole again is harmless.
    pub(crate) fn place(mut self, target: &Path) -> io::Result<()> {
        self.sync()?;
        fs::rename(&self.path, target)?;
        self.placed = true;
        sync_folder_of(target)
    }
}

impl Write for Part {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        if !self.placed {
            // Nobody is left to tell; the next sweep tries again.
            let _ = fs::remove_file(&self.path);
        }
    }
}

fn owner_only() -> OpenOptions {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Writes a whole file, as [`Part::place`] does.
pub(crate) fn write(target: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut part = Part::create(folder_of(target))?;
    part.write_all(bytes)?;
    part.place(target)
}

/// Removes a file; `false` if there was none.
pub(crate) fn remove(path: &Path) -> io::Result<bool> {
    match fs::remove_file(path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

/// Removes what a crash left half written. Only for whoever holds the folder's lock.
pub(crate) fn sweep(folder: &Path) -> io::Result<u64> {
    let mut swept = 0;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().starts_with(PART) {
            swept += u64::from(remove(&entry.path())?);
        }
    }
    sync_folder(folder)?;
    Ok(swept)
}

/// Makes a folder, and those above it, for its owner only, and brings each new name to the disk. A folder
/// that is there keeps its mode.
pub(crate) fn create_folder(folder: &Path) -> io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    create_folder(folder_of(folder))?;
    let mut builder = fs::DirBuilder::new();
    // Not an error if another has made it since.
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)?;
    sync_folder_of(folder)
}

fn sync_folder_of(path: &Path) -> io::Result<()> {
    sync_folder(folder_of(path))
}

/// A new or removed name is on the disk once its folder is. Windows has no such call, and needs none.
pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

pub(crate) fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_or_absent() {
        let folder = tempfile::tempdir().expect("a folder");
        let names = || fs::read_dir(folder.path()).expect("a folder").count();
        let mut part = Part::create(folder.path()).expect("a part");
        part.write_all(b"half").expect("a write");
        assert_eq!(names(), 1);
        drop(part);
        assert_eq!(names(), 0);

        let target = folder.path().join("whole");
        write(&target, b"one").expect("a write");
        write(&target, b"two").expect("a write");
        assert_eq!(fs::read(&target).expect("a file"), b"two");
        assert_eq!(names(), 1);

        fs::write(folder.path().join(".part-1-0"), b"left by a crash").expect("a write");
        assert_eq!(sweep(folder.path()).expect("a sweep"), 1);
        assert_eq!(names(), 1);
        assert!(remove(&target).expect("a removal"));
        assert!(!remove(&target).expect("none"));
    }

    #[cfg(unix)]
    #[test]
    fn for_the_owner_only() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().expect("a folder");
        let inner = folder.path().join("a/b");
        create_folder(&inner).expect("a folder");
        write(&inner.join("f"), b"").expect("a write");
        let mode = |path: &Path| fs::metadata(path).expect("there").permissions().mode() & 0o777;
        assert_eq!((mode(&inner), mode(&inner.join("f"))), (0o700, 0o600));
    }
}
