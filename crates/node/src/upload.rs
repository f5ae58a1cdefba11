//! Files that a participant's people send to their own node, in pieces: sealed as they come, and whole once all is there.
//! They lie on the private side until an act names them.

use std::fs::{self, File as OsFile};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use act::value::{File, RecipientText};
use serde::{Deserialize, Serialize};
use terms::{Hash, Instant, ParticipantId};
use vault::{Arriving, Exhibit, Filing, Grant, Identity, MediaType, Recipient, ToSeal, Vault, fresh_salt};
use zeroize::Zeroizing;

use crate::home::write_whole;
use crate::{Fault, Node};

/// The longest name of a file, in bytes: as grants have it.
pub const NAME_BYTES_MAX: usize = vault::grant::NAME_BYTES_MAX;

/// What whoever sends a file says of it. It is sealed where it lies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct About {
    /// How many bytes it has.
    pub bytes: u64,
    /// What it is called; may be empty. A claim, and never a path.
    pub name: String,
    /// What it is, as `image/jpeg`; a claim.
    pub media_type: String,
    /// The draft that it was sent for, if it was.
    pub draft: Option<String>,
    /// Which of the participant's people sent it, if that is known.
    pub by: Option<String>,
    /// When it was begun.
    pub begun: Instant,
}

/// A file on its way, or whole.
#[derive(Clone, Debug)]
pub struct Upload {
    /// Its name among the uploads.
    pub id: String,
    /// What was said of it.
    pub about: About,
    /// How many of its bytes are here.
    pub arrived: u64,
    /// What it is as an exhibit, once all of it is here and sealed.
    pub whole: Option<Whole>,
    /// When something of it came last, by this machine's clock.
    pub touched: SystemTime,
}

/// A file that is whole, as an exhibit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Whole {
    /// As an act would name it, with no grant to anybody else.
    pub file: File,
    /// This participant's own grant, which lies beside it.
    pub own_grant: Hash,
}

/// The uploads of a node: a folder each, on the private side.
///
/// ```text
/// UPLOADS/ID/about.age       what was said of it, sealed
///           /piece/…         what came so far, sealed ([`vault::arriving`])
///           /sealed/HEX grant/HEX whole.json      once all is there: the exhibit, and this participant's grant
/// ```
#[derive(Clone)]
pub struct Uploads {
    folder: PathBuf,
    identities: Vec<Identity>,
    genesis: Hash,
    me: ParticipantId,
}

impl Node {
    /// The uploads of this node. They are sealed to the `seal` keys whose secrets are here.
    #[must_use]
    pub fn uploads(&self) -> Uploads {
        Uploads {
            folder: self.home().private().join("uploads"),
            identities: self.keyring().identities().into_iter().cloned().collect(),
            genesis: self.genesis(),
            me: self.me().clone(),
        }
    }

    /// Makes an exhibit of an upload that is whole, granted to this participant and to each of `to`. The upload stays as
    /// it is: if nothing comes of the act, it can be named again.
    ///
    /// # Errors
    ///
    /// It is not whole, somebody has no key, or the disk failed.
    pub fn seal_upload(&self, uploads: &Uploads, id: &str, to: &[ParticipantId]) -> Result<File, Fault> {
        let whole = uploads.find(id)?.and_then(|upload| upload.whole);
        let whole = whole.ok_or_else(|| Fault::Unknown(format!("there is no upload {id} that is whole")))?;
        let grant = uploads.grant_of(id, &whole)?;
        let receivers = to.iter().filter(|who| *who != self.me()).chain([self.me()]);
        let receivers = receivers.map(|who| Ok((who, self.recipients_of(who)?)));
        let receivers = receivers.collect::<Result<Vec<_>, Fault>>()?;
        self.begin_sealing()?;
        let (from, to) =
            (uploads.vault(id)?.sealed_path(&whole.file.sealed), self.vault.sealed_path(&whole.file.sealed));
        // Both lie beside each other as a rule: one file under two names, else a copy.
        if !to.exists() && fs::hard_link(&from, &to).is_err() {
            let mut sealed = OsFile::open(&from).map_err(Fault::io(&from))?;
            self.vault.keep(&mut sealed, &whole.file.sealed, whole.file.size, &mut |_, _| {})?;
        }
        let mut file = whole.file;
        for (who, recipients) in receivers {
            let hash = self.vault.grant(&grant, &recipients)?;
            file.grants.push(self.grant_ref(who, hash)?);
        }
        file.grants.sort_by(|a, b| a.to.cmp(&b.to));
        Ok(file)
    }
}

impl Uploads {
    /// Begins one.
    ///
    /// # Errors
    ///
    /// No key is here that it could be sealed to, or what is said of it can't be: see [`About`]; or the disk failed.
    pub fn begin(&self, id: &str, about: &About) -> Result<(), Fault> {
        let to = self.recipients()?;
        if MediaType::new(&about.media_type).is_none() || about.name.len() > NAME_BYTES_MAX {
            return Err(Fault::Foreign("a file is called and typed so by nobody".to_owned()));
        }
        let folder = self.of(id)?;
        Arriving::at(&folder.join("piece")).map_err(Fault::io(&folder))?;
        let garbled =
            |error: serde_json::Error| Fault::Garbled { path: folder.clone(), what: error.to_string() };
        let text = Zeroizing::new(serde_json::to_vec(about).map_err(garbled)?);
        let mut sealed = vault::parcel::wrap(&to, Vec::new()).map_err(Fault::io(&folder))?;
        std::io::Write::write_all(&mut sealed, &text).map_err(Fault::io(&folder))?;
        write_whole(&folder.join("about.age"), &sealed.finish().map_err(Fault::io(&folder))?)
    }

    /// One of them.
    ///
    /// # Errors
    ///
    /// It can't be read.
    pub fn find(&self, id: &str) -> Result<Option<Upload>, Fault> {
        let folder = self.of(id)?;
        let path = folder.join("about.age");
        let sealed = match fs::read(&path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            other => other.map_err(Fault::io(&path))?,
        };
        let garbled = |what: String| Fault::Garbled { path: path.clone(), what };
        let identities: Vec<&Identity> = self.identities.iter().collect();
        let mut text = Zeroizing::new(Vec::with_capacity(4096));
        let plain =
            vault::parcel::unwrap(&sealed[..], &identities).map_err(|error| garbled(error.to_string()))?;
        plain.take(1 << 16).read_to_end(&mut text).map_err(Fault::io(&path))?;
        let about: About = serde_json::from_slice(&text).map_err(|error| garbled(error.to_string()))?;
        let whole = match fs::read(folder.join("whole.json")) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
            read => {
                let bytes = read.map_err(Fault::io(&folder))?;
                Some(serde_json::from_slice(&bytes).map_err(|error| garbled(error.to_string()))?)
            }
        };
        let pieces = folder.join("piece");
        let arrived = match &whole {
            Some(_) => about.bytes,
            None => {
                Arriving::at(&pieces).and_then(|arriving| arriving.arrived()).map_err(Fault::io(&pieces))?
            }
        };
        let touched = fs::metadata(&pieces).and_then(|about| about.modified()).map_err(Fault::io(&pieces))?;
        Ok(Some(Upload { id: id.to_owned(), about, arrived, whole, touched }))
    }

    /// All of them; one that can't be read is left out.
    ///
    /// # Errors
    ///
    /// The folder can't be read.
    pub fn list(&self) -> Result<Vec<Upload>, Fault> {
        let names = match fs::read_dir(&self.folder) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            other => other.map_err(Fault::io(&self.folder))?,
        };
        let names = names.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        let mut all: Vec<Upload> = names.filter_map(|id| self.find(&id).ok().flatten()).collect();
        all.sort_by(|a, b| (a.about.begun, &a.id).cmp(&(b.about.begun, &b.id)));
        Ok(all)
    }

    /// Takes what comes next of one. Gives how many of its bytes are here then. One writes at a time: the caller sees to that.
    ///
    /// # Errors
    ///
    /// There is no such upload, or the disk failed; what was here stays.
    pub fn append(&self, id: &str, plain: &mut dyn Read) -> Result<u64, Fault> {
        let upload = self.find(id)?.ok_or_else(|| Fault::Unknown(format!("there is no upload {id}")))?;
        if upload.whole.is_some() {
            return Ok(upload.arrived);
        }
        let folder = self.of(id)?.join("piece");
        let arriving = Arriving::at(&folder).map_err(Fault::io(&folder))?;
        arriving.sweep().map_err(Fault::io(&folder))?;
        let most = upload.about.bytes.saturating_sub(upload.arrived);
        arriving.append(&self.recipients()?, plain, most).map_err(Fault::io(&folder))
    }

    /// Seals one whose bytes are all here as an exhibit, in one pass and constant memory, and lets go of its pieces.
    ///
    /// # Errors
    ///
    /// Not all of it is here, or the disk failed: then its pieces stay, and it can be done again.
    pub fn seal(&self, id: &str) -> Result<Whole, Fault> {
        let lacks = || Fault::Unknown(format!("the upload {id} is not all here"));
        let upload = self.find(id)?.ok_or_else(lacks)?;
        if let Some(whole) = upload.whole {
            return Ok(whole);
        }
        if upload.arrived != upload.about.bytes {
            return Err(lacks());
        }
        let folder = self.of(id)?;
        // A crash may have left what was sealed without having been said to be.
        for name in ["sealed", "grant"] {
            let _ = fs::remove_dir_all(folder.join(name));
        }
        let arriving = Arriving::at(&folder.join("piece")).map_err(Fault::io(&folder))?;
        let About { bytes, name, media_type, .. } = upload.about;
        let filing = Filing { genesis: self.genesis, filer: self.me.clone() };
        let own = self.recipients()?;
        let to_seal = ToSeal {
            filing: &filing,
            salt: fresh_salt().map_err(Fault::io("randomness"))?,
            media_type: MediaType::new(&media_type).ok_or_else(lacks)?,
            name: vault::grant::FileName::new(&name),
            own: &own,
            plain_bytes: bytes,
        };
        let mut plain = arriving.plain(&self.identities).map_err(Fault::io(&folder))?;
        let sealed = self.vault(id)?.seal(&mut plain, to_seal, &mut |_, _| {})?;
        let Exhibit { sealed: hash, size, recipient, commitment } = sealed.exhibit;
        let recipient =
            RecipientText::new(recipient.to_string()).map_err(|error| Fault::Foreign(error.to_owned()))?;
        let file = File { sealed: hash, size, recipient, commitment, grants: Vec::new() };
        let whole = Whole { file, own_grant: sealed.own_grant };
        let text = serde_json::to_vec(&whole).map_err(|_| lacks())?;
        write_whole(&folder.join("whole.json"), &text)?;
        arriving.clear().map_err(Fault::io(&folder))?;
        Ok(whole)
    }

    /// Lets go of one, and of all that came of it.
    ///
    /// # Errors
    ///
    /// The disk failed.
    pub fn drop_one(&self, id: &str) -> Result<(), Fault> {
        let folder = self.of(id)?;
        match fs::remove_dir_all(&folder) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(Fault::Io { path: folder, error })
            }
            _ => Ok(()),
        }
    }

    /// Lets go of those of which nothing came for so long, but for the ones that are `named`. Gives how many those were.
    ///
    /// # Errors
    ///
    /// The disk failed.
    pub fn sweep(&self, now: SystemTime, age: Duration, named: &dyn Fn(&str) -> bool) -> Result<u64, Fault> {
        let mut swept = 0;
        for upload in self.list()? {
            let is_old = now.duration_since(upload.touched).is_ok_and(|since| since > age);
            if is_old && !(upload.whole.is_some() && named(&upload.id)) {
                self.drop_one(&upload.id)?;
                swept += 1;
            }
        }
        Ok(swept)
    }

    /// The content of one that is whole, opened: the grant that says what it is.
    fn grant_of(&self, id: &str, whole: &Whole) -> Result<Grant, Fault> {
        let identities: Vec<&Identity> = self.identities.iter().collect();
        let sealed = self.vault(id)?.sealed_grant(&whole.own_grant)?;
        Ok(vault::open_grant(&sealed, &identities).map_err(vault::OpenError::Grant)?)
    }

    fn vault(&self, id: &str) -> Result<Vault, Fault> {
        let folder = self.of(id)?;
        Vault::at(&folder).map_err(Fault::io(folder))
    }

    /// The folder of one. No name leads out of the uploads' own.
    fn of(&self, id: &str) -> Result<PathBuf, Fault> {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        let good = (1..=64).contains(&id.len()) && id.bytes().all(is_plain);
        if good { Ok(self.folder.join(id)) } else { Err(Fault::Unknown("no upload is named so".to_owned())) }
    }

    /// Whom it is sealed to: the keys that can open it here.
    fn recipients(&self) -> Result<Vec<Recipient>, Fault> {
        if self.identities.is_empty() {
            return Err(Fault::Lacks {
                what: format!("`{}` has no key here that a file could be sealed to", self.me),
                help: "`mithaq key new LABEL --capacity seal` makes one, `mithaq act enrol LABEL` puts it on record",
            });
        }
        Ok(self.identities.iter().map(Identity::recipient).collect())
    }

    /// Where they lie.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }
}
