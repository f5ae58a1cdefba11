//! Links that open something once: a desk, or the enrolment of an officer's passkey. Each is a file beside the keys, named by
//! the hash of what stands in the link, so that whoever runs the node makes one while it runs, and a restart loses none.

use std::io::{Error, ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use terms::Code;

use super::token::random;

/// How long a link waits.
const LASTS: Duration = Duration::from_hours(24);

/// How many wait at most that open the desk: the one that ends first makes room for one more. And as many that enrol: those were
/// handed to somebody, and none gives way.
const MOST: usize = 64;

/// The file that says where the desk is reached.
const ADDRESS: &str = "address";

/// The links of a node.
#[derive(Clone, Debug)]
pub struct Links {
    folder: PathBuf,
}

/// What a link opens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Kept {
    /// When it is over, by this machine's clock, in seconds since the epoch.
    until: u64,
    /// The key that may be enrolled with it; without one it opens the desk.
    enrols: Option<Invited>,
}

/// An officer who is to make a passkey.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Invited {
    /// The label that the key will have.
    pub label: Code,
    /// The office that will hold it.
    pub office: String,
}

/// An invitation that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Open {
    /// The hash of what stands in its link, which opens nothing.
    pub(crate) id: String,
    pub(crate) invited: Invited,
    /// When it is over, in seconds since the epoch.
    pub(crate) until: u64,
}

impl Links {
    /// Those that lie in the folder of a node's private side.
    #[must_use]
    pub fn beside(private: &Path) -> Links {
        Links { folder: private.join("links") }
    }

    /// Makes a link; gives its path.
    ///
    /// # Errors
    ///
    /// The disk failed, this machine gives no random bytes, or so many invitations wait that some have to be taken back
    /// (of the kind `StorageFull`).
    pub fn issue(&self, invited: Option<&Invited>, now: SystemTime) -> Result<String, Error> {
        let token = random::<32>().map_err(Error::other)?;
        only_for_its_owner(&self.folder)?;
        self.make_room(invited.is_some(), now)?;
        let kept = Kept { until: secs(now + LASTS), enrols: invited.cloned() };
        write_private(&self.path(&token), &serde_json::to_vec(&kept)?)?;
        Ok(format!("/{}/{token}", if invited.is_some() { "enrol" } else { "in" }))
    }

    /// The invitations that wait, the one that ends first before others.
    ///
    /// # Errors
    ///
    /// The disk failed.
    pub(crate) fn open(&self, now: SystemTime) -> Result<Vec<Open>, Error> {
        let open = self.waiting(now)?.into_iter().filter_map(|(kept, path)| {
            let id = path.file_name()?.to_str()?.to_owned();
            Some(Open { id, invited: kept.enrols?, until: kept.until })
        });
        Ok(open.collect())
    }

    /// Takes an invitation back, by the hash of what stands in its link.
    ///
    /// # Errors
    ///
    /// The disk failed: then it may wait still.
    pub(crate) fn take_back(&self, id: &str, now: SystemTime) -> Result<(), Error> {
        match self.open(now)?.iter().find(|open| open.id == id) {
            Some(open) => match std::fs::remove_file(self.folder.join(&open.id)) {
                Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
                Ok(()) | Err(_) => Ok(()),
            },
            None => Ok(()),
        }
    }

    /// Whether a link waits that opens the desk.
    pub(crate) fn opens(&self, token: &str, now: SystemTime) -> bool {
        self.read(&self.path(token), now).is_some_and(|kept| kept.enrols.is_none())
    }

    /// Who may make a passkey with a link.
    pub(crate) fn invited(&self, token: &str, now: SystemTime) -> Option<Invited> {
        self.read(&self.path(token), now)?.enrols
    }

    /// Uses a link up: true for one of all who ask at the same time.
    pub(crate) fn take(&self, token: &str) -> bool {
        std::fs::remove_file(self.path(token)).is_ok()
    }

    /// Says where the desk is reached, for whoever makes a link while it runs.
    ///
    /// # Errors
    ///
    /// The disk failed.
    pub fn serve_at(&self, address: &str) -> Result<(), Error> {
        only_for_its_owner(&self.folder)?;
        write_private(&self.folder.join(ADDRESS), address.as_bytes())
    }

    /// Where the desk was reached when it was started last.
    #[must_use]
    pub fn address(&self) -> Option<String> {
        std::fs::read_to_string(self.folder.join(ADDRESS)).ok()
    }

    fn path(&self, token: &str) -> PathBuf {
        let hash = Sha256::digest(token.as_bytes());
        self.folder.join(hash.iter().map(|byte| format!("{byte:02x}")).collect::<String>())
    }

    fn read(&self, path: &Path, now: SystemTime) -> Option<Kept> {
        let kept: Kept = serde_json::from_slice(&std::fs::read(path).ok()?).ok()?;
        (kept.until > secs(now)).then_some(kept)
    }

    /// All that wait, the one that ends first before others. What is over is dropped; what can't be read now stays, since
    /// it may be read again.
    fn waiting(&self, now: SystemTime) -> Result<Vec<(Kept, PathBuf)>, Error> {
        let mut waiting = Vec::new();
        let files = match std::fs::read_dir(&self.folder) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(waiting),
            files => files?,
        };
        for file in files {
            let path = file?.path();
            let kept =
                std::fs::read(&path).ok().and_then(|bytes| serde_json::from_slice::<Kept>(&bytes).ok());
            match kept {
                Some(kept) if kept.until <= secs(now) => drop(std::fs::remove_file(path)),
                Some(kept) => waiting.push((kept, path)),
                None => {}
            }
        }
        waiting.sort_by_key(|(kept, path)| (kept.until, path.clone()));
        Ok(waiting)
    }

    fn make_room(&self, enrols: bool, now: SystemTime) -> Result<(), Error> {
        let mut alike = self.waiting(now)?;
        alike.retain(|(kept, _)| kept.enrols.is_some() == enrols);
        if enrols && alike.len() >= MOST {
            return Err(Error::new(ErrorKind::StorageFull, "so many invitations wait: take some back"));
        }
        for (_, path) in alike.iter().take((alike.len() + 1).saturating_sub(MOST)) {
            // Whoever uses it up now was first.
            drop(std::fs::remove_file(path));
        }
        Ok(())
    }
}

fn secs(at: SystemTime) -> u64 {
    at.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}

/// Makes a folder that only its owner looks into.
fn only_for_its_owner(folder: &Path) -> Result<(), Error> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Writes a file that only its owner reads, whole before it stands in its place.
///
/// # Errors
///
/// The disk failed.
pub fn write_private(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let mut part = path.as_os_str().to_owned();
    part.push(".part");
    let part = PathBuf::from(part);
    drop(std::fs::remove_file(&part));
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&part)?;
    file.write_all(bytes)?;
    // On the disk before it has its name: a power cut leaves no empty file under it.
    file.sync_all()?;
    std::fs::rename(&part, path)?;
    #[cfg(unix)]
    if let Some(folder) = path.parent() {
        std::fs::File::open(folder)?.sync_all()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(1_800_000_000)
    }

    fn token(link: &str) -> &str {
        link.rsplit('/').next().unwrap_or_default()
    }

    #[test]
    fn a_link_waits_a_day_and_is_taken_once() {
        let folder = tempfile::tempdir().expect("a folder");
        let links = Links::beside(folder.path());
        let link = links.issue(None, now()).expect("made");
        assert!(link.starts_with("/in/"));
        let token = token(&link);
        assert!(links.opens(token, now()) && links.invited(token, now()).is_none());
        assert!(!links.opens(token, now() + LASTS), "a link waits a day");
        assert!(links.take(token) && !links.take(token), "it is used up");
        assert!(!links.opens(token, now()));
        for odd in ["", "../address", "address", "\0"] {
            assert!(!links.opens(odd, now()) && !links.take(odd), "{odd:?}");
        }
    }

    #[test]
    fn an_invitation_opens_no_desk() {
        let folder = tempfile::tempdir().expect("a folder");
        let links = Links::beside(folder.path());
        let invited = Invited { label: Code::new("legal-1").expect("a label"), office: "Legal".to_owned() };
        let link = links.issue(Some(&invited), now()).expect("made");
        assert!(link.starts_with("/enrol/"));
        assert_eq!(links.invited(token(&link), now()), Some(invited));
        assert!(!links.opens(token(&link), now()));
    }

    #[test]
    fn links_are_few_and_known_to_who_comes_after() {
        let folder = tempfile::tempdir().expect("a folder");
        let links = Links::beside(folder.path());
        links.serve_at("http://desk.example").expect("written");
        let made: Vec<String> = (0..=MOST as u64)
            .map(|n| links.issue(None, now() + Duration::from_secs(n)).expect("made"))
            .collect();
        let again = Links::beside(folder.path());
        assert!(!again.opens(token(&made[0]), now()), "the first made room");
        assert!(made[1..].iter().all(|link| again.opens(token(link), now())));
        assert_eq!(again.address().as_deref(), Some("http://desk.example"));
    }

    #[test]
    fn an_invitation_gives_way_to_none_and_can_be_taken_back() {
        let folder = tempfile::tempdir().expect("a folder");
        let links = Links::beside(folder.path());
        let invite = |n: usize| Invited {
            label: Code::new(&format!("legal-{n}")).expect("a label"),
            office: "Legal".to_owned(),
        };
        let desk = links.issue(None, now()).expect("made");
        let first = links.issue(Some(&invite(0)), now()).expect("made");
        for n in 1..MOST {
            links.issue(Some(&invite(n)), now() + Duration::from_secs(60)).expect("made");
        }
        let full = links.issue(Some(&invite(MOST)), now()).expect_err("so many");
        assert_eq!(full.kind(), ErrorKind::StorageFull);
        for _ in 0..MOST {
            links.issue(None, now() + Duration::from_secs(1)).expect("made");
        }
        assert!(!links.opens(token(&desk), now()), "of links to the desk the first makes room");
        assert_eq!(links.invited(token(&first), now()), Some(invite(0)), "of others none");
        let open = links.open(now()).expect("read");
        assert_eq!((open.len(), &open[0].invited), (MOST, &invite(0)));
        for odd in ["", "../address", ADDRESS, "no-such"] {
            links.take_back(odd, now()).expect("nothing to take back");
        }
        links.take_back(&open[0].id, now()).expect("taken back");
        assert_eq!(links.invited(token(&first), now()), None);
        links.issue(Some(&invite(MOST)), now()).expect("there is room again");
        // What can't be read this time is lost by nobody.
        let last = links.open(now()).expect("read").pop().expect("one");
        let path = links.folder.join(&last.id);
        let bytes = std::fs::read(&path).expect("read");
        std::fs::write(&path, b"").expect("written");
        links.issue(None, now()).expect("made");
        std::fs::write(&path, bytes).expect("written");
        assert!(links.open(now()).expect("read").contains(&last));
    }
}
