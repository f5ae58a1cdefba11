//! Where a node lives: a data folder that may be copied and shown, and a folder of keys beside it that
//! may not.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use terms::{Hash, Origin, ParticipantId};

use crate::Fault;

/// The two folders of a node.
///
/// ```text
/// DATA/register/…  sealed/ grant/ note/ queue/ witness/ lock     no key, no content in the clear
/// KEYS/keyring.age                                                every secret, under a passphrase
///     /node.json                                                  whose node this is
///     /node.toml                                                  how it is run, for the command line
///     /kept/…                                                     how far its keys have signed
///     /peers/PARTICIPANT.json                                     what others were seen to hold
///     /numbers.json                                               which number each key signed last
///     /private/…                                                  what the participant keeps for itself, in the clear
///     /private/uploads/…                                          files that no act names yet, sealed
///     /docket/…                                                   what the register comes to, made anew from it when it is gone
///     /places/…                                                   tables of places by name
///     /lines/…                                                    files of reference lines that are not in every copy of the register
/// ```
#[derive(Clone, Debug)]
pub struct Home {
    /// The data folder.
    pub data: PathBuf,
    /// The folder of keys.
    pub keys: PathBuf,
}

/// Whose node this is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The participant.
    pub participant: ParticipantId,
    /// The register's name.
    pub origin: Origin,
    /// Its genesis hash.
    pub genesis: Hash,
    /// Whether this node is its registrar.
    pub registrar: bool,
    /// The witness's name, if this node is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub witness: Option<String>,
    /// The key that stamps what is taken in, if this node does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub intake: Option<String>,
}

impl Home {
    /// A node in these folders.
    #[must_use]
    pub fn new(data: &Path, keys: &Path) -> Home {
        Home { data: data.to_owned(), keys: keys.to_owned() }
    }

    /// The keyring's store.
    #[must_use]
    pub fn key_store(&self) -> vault::KeyStore {
        vault::KeyStore::at(&self.keys)
    }

    /// Where how far keys have signed is kept.
    #[must_use]
    pub fn kept(&self) -> PathBuf {
        self.keys.join("kept")
    }

    /// Where the private side is.
    #[must_use]
    pub fn private(&self) -> PathBuf {
        self.keys.join("private")
    }

    /// The file in which the docket lies, as far as it is not in memory.
    #[must_use]
    pub fn docket_file(&self) -> PathBuf {
        self.keys.join("docket").join("docket.sqlite")
    }

    /// Where it is made anew.
    #[must_use]
    pub fn docket_file_anew(&self) -> PathBuf {
        self.keys.join("docket").join("anew.sqlite")
    }

    /// The one before, where that had come to something else.
    #[must_use]
    pub fn docket_file_that_differs(&self) -> PathBuf {
        self.keys.join("docket").join("differs.sqlite")
    }

    /// Where files of reference lines lie that are not in every copy of the register, under any name: each is known by its hash.
    #[must_use]
    pub fn lines(&self) -> PathBuf {
        self.keys.join("lines")
    }

    /// Where tables of places by name lie, each a file of CSV.
    #[must_use]
    pub fn places(&self) -> PathBuf {
        self.keys.join("places")
    }

    /// Puts the file of a reference line there.
    ///
    /// # Errors
    ///
    /// [`Fault::Io`] if it can't be written.
    pub fn put_line(&self, name: &str, bytes: &[u8]) -> Result<(), Fault> {
        write_whole(&self.lines().join(name), bytes)
    }

    fn settings_path(&self) -> PathBuf {
        self.keys.join("node.json")
    }

    /// Reads whose node this is.
    ///
    /// # Errors
    ///
    /// There is no node here, or its file is garbled.
    pub fn settings(&self) -> Result<Settings, Fault> {
        let path = self.settings_path();
        let bytes = std::fs::read(&path).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => Fault::Unknown(format!(
                "there is no node in {}: `mithaq register new` or `mithaq register join` makes one",
                self.keys.display()
            )),
            _ => Fault::Io { path: path.clone(), error },
        })?;
        serde_json::from_slice(&bytes).map_err(|error| Fault::Garbled { path, what: error.to_string() })
    }

    /// Writes whose node this is.
    ///
    /// # Errors
    ///
    /// The disk failed.
    pub fn write_settings(&self, settings: &Settings) -> Result<(), Fault> {
        std::fs::create_dir_all(&self.keys).map_err(Fault::io(&self.keys))?;
        let text = serde_json::to_vec_pretty(settings)
            .map_err(|error| Fault::Garbled { path: self.settings_path(), what: error.to_string() })?;
        write_whole(&self.settings_path(), &text)
    }

    pub(crate) fn peer_path(&self, peer: &ParticipantId) -> PathBuf {
        self.keys.join("peers").join(format!("{peer}.json"))
    }
}

/// Writes a file whole or not at all: beside its place, synced, then renamed.
pub(crate) fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), Fault> {
    use std::io::Write as _;
    let folder = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder).map_err(Fault::io(folder))?;
    let name = path.file_name().and_then(|n| n.to_str()).unwrap_or("file");
    // In `queue/` the next start sweeps away what begins so.
    let part = folder.join(format!("part-{name}"));
    let mut file = std::fs::File::create(&part).map_err(Fault::io(&part))?;
    file.write_all(bytes).map_err(Fault::io(&part))?;
    file.sync_all().map_err(Fault::io(&part))?;
    std::fs::rename(&part, path).map_err(Fault::io(path))?;
    std::fs::File::open(folder).and_then(|f| f.sync_all()).map_err(Fault::io(folder))
}
