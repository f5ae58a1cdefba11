//! North files, South is granted to: what the tests of this folder share.
#![allow(dead_code, reason = "each test program uses its part of the stage")]
#![allow(clippy::allow_attributes, reason = "`expect` would fail where all of it is used")]

use std::fs;
use std::io::{self, Read};
use std::path::PathBuf;

use terms::{Hash, ParticipantId};
use vault::grant::FileName;
use vault::{Exhibit, Filing, Identity, MediaType, OpenError, Salt, Sealed, ToSeal, Vault};

pub(crate) struct Stage {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) vault: Vault,
    pub(crate) north: Identity,
    pub(crate) south: Identity,
    pub(crate) filing: Filing,
}

impl Stage {
    pub(crate) fn new() -> Stage {
        let folder = tempfile::tempdir().expect("a folder");
        let vault = Vault::at(&folder.path().join("node")).expect("a vault");
        let filing =
            Filing { genesis: Hash::of(b"genesis"), filer: ParticipantId::new("north").expect("an id") };
        Stage { folder, vault, north: Identity::generate(), south: Identity::generate(), filing }
    }

    pub(crate) fn seal(&self, plain: &mut dyn Read) -> Sealed {
        let to_seal = ToSeal {
            filing: &self.filing,
            salt: Salt::from_bytes([7; 32]),
            media_type: MediaType::new("image/jpeg").expect("a type"),
            name: FileName::new("photo.jpg"),
            own: &[self.north.recipient()],
            plain_bytes: 0,
        };
        self.vault.seal(plain, to_seal, &mut |_, _| ()).expect("it seals")
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// South opens what North filed, to `plain`.
    pub(crate) fn open(&self, grant: &Hash, exhibit: &Exhibit) -> Result<Vec<u8>, OpenError> {
        let sealed = fs::read(self.vault.sealed_path(&exhibit.sealed)).expect("it was kept");
        self.open_bytes(&self.vault.sealed_grant(grant).expect("it was kept"), &sealed, exhibit)
    }

    /// The same, with whatever bytes came; nothing is left unless it opens.
    pub(crate) fn open_bytes(
        &self,
        grant: &[u8],
        sealed: &[u8],
        exhibit: &Exhibit,
    ) -> Result<Vec<u8>, OpenError> {
        let folder = self.path("opened");
        fs::create_dir_all(&folder).expect("a folder");
        let target = folder.join("plain");
        let opened = vault::open_grant(grant, &[&Identity::generate(), &self.south])
            .map_err(OpenError::from)
            .and_then(|grant| {
                vault::open::open(&grant, &mut &*sealed, exhibit, &self.filing, &target, &mut |_, _| ())
            });
        let left = fs::read_dir(&folder).expect("a folder").count();
        assert_eq!(left, usize::from(opened.is_ok()), "plain is there if, and only if, all agrees");
        opened.map(|()| {
            let plain = fs::read(&target).expect("it was opened");
            fs::remove_file(&target).expect("it was there");
            plain
        })
    }
}

/// Every file's name in a folder.
pub(crate) fn names(folder: &std::path::Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder");
    let mut names: Vec<_> =
        entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// As many bytes as wanted, none like its neighbour.
pub(crate) struct Bytes {
    pub(crate) left: u64,
    pub(crate) state: u64,
    pub(crate) largest_read: usize,
}

impl Bytes {
    pub(crate) fn new(count: u64) -> Bytes {
        Bytes { left: count, state: 1, largest_read: 0 }
    }

    pub(crate) fn vec(count: u64) -> Vec<u8> {
        let mut all = Vec::new();
        Bytes::new(count).read_to_end(&mut all).expect("they can be read");
        all
    }
}

impl Read for Bytes {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.largest_read = self.largest_read.max(buffer.len());
        let count = usize::try_from(self.left).unwrap_or(usize::MAX).min(buffer.len());
        for word in buffer[..count].chunks_mut(8) {
            self.state = self.state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            word.copy_from_slice(&self.state.to_le_bytes()[..word.len()]);
        }
        self.left -= count as u64;
        Ok(count)
    }
}

/// Fails after so many bytes, as a stick that is pulled out.
pub(crate) struct PulledOut(pub(crate) Bytes);

impl Read for PulledOut {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.0.read(buffer)? {
            0 => Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the stick was pulled out")),
            read => Ok(read),
        }
    }
}
