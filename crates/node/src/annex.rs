//! Annexes lie on the shelf while an act names them, with the size that it says. One that none names is a wrong.

use std::collections::BTreeMap;

use act::Submission;
use act::value::AnnexRef;
use audit::named::annexes_of;
use terms::{Hash, Instant};

use crate::node::Handed;
use crate::{Fault, Node};

impl Node {
    /// Hands in a submission with annexes that its act names. They lie on the shelf before the act is let in, so
    /// that a crash between the two leaves no act without them: what it leaves is an annex without its act, which the
    /// next start removes.
    ///
    /// # Errors
    ///
    /// As [`Node::submit`]; [`Fault::Foreign`] if the act does not name one of them. None of them stays then.
    pub fn submit_with_annexes(
        &mut self,
        submission: &Submission,
        annexes: &[Vec<u8>],
        now: Instant,
    ) -> Result<Handed, Fault> {
        let named = submission.act().body().annexes();
        let coming: BTreeMap<Hash, u64> =
            annexes.iter().map(|annex| (Hash::of(annex), annex.len() as u64)).collect();
        if let Some(hash) = coming.keys().find(|hash| !named.iter().any(|named| named.sha256 == **hash)) {
            return Err(Fault::Foreign(format!("the act names no annex with this hash, {}", hash.to_hex())));
        }
        self.check_annexes(&named, |hash| coming.get(hash).copied())?;
        for annex in annexes {
            self.annexes().put(annex)?;
        }
        let handed = self.submit(submission, now);
        self.drop_unnamed(coming.keys())?;
        handed
    }

    /// That each annex that an act names is here, or is `coming` with so many bytes, and has the size that the act
    /// says.
    ///
    /// # Errors
    ///
    /// [`Fault::Annex`], or the disk failed.
    pub(crate) fn check_annexes(
        &self,
        named: &[AnnexRef],
        coming: impl Fn(&Hash) -> Option<u64>,
    ) -> Result<(), Fault> {
        for annex in named {
            let found = match coming(&annex.sha256) {
                Some(bytes) => Some(bytes),
                None => self.annex_bytes(&annex.sha256)?,
            };
            if found != Some(annex.size) {
                return Err(Fault::Annex { hash: annex.sha256, bytes: annex.size, found });
            }
        }
        Ok(())
    }

    /// How many bytes an annex has that lies here.
    fn annex_bytes(&self, hash: &Hash) -> Result<Option<u64>, Fault> {
        let path = self.annex_path(hash);
        match std::fs::metadata(&path) {
            Ok(about) => Ok(Some(about.len())),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Fault::Io { path, error }),
        }
    }

    fn annex_path(&self, hash: &Hash) -> std::path::PathBuf {
        self.home.data.join("register").join("annex").join(hash.to_hex())
    }

    /// Removes those of some annexes that no act names which is registered or waits here.
    pub(crate) fn drop_unnamed<'h>(&self, some: impl IntoIterator<Item = &'h Hash>) -> Result<(), Fault> {
        let mut unnamed = some.into_iter().filter(|hash| !self.known.annexes.contains_key(*hash)).peekable();
        if unnamed.peek().is_none() {
            return Ok(());
        }
        let queued: Vec<Hash> =
            self.queued()?.iter().flat_map(|submission| annexes_of(submission.act().body())).collect();
        for hash in unnamed.filter(|hash| !queued.contains(*hash)) {
            let path = self.annex_path(hash);
            match std::fs::remove_file(&path) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    return Err(Fault::Io { path, error });
                }
                _ => {}
            }
        }
        Ok(())
    }
}
