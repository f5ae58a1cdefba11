//! What was sealed or taken in for an act that came to nothing does not stay: no act would name it, and
//! whoever verifies the folder would find a wrong that nobody has done.

use std::path::Path;

use act::{Body, Entry};
use audit::named::{AtHand, Named, annexes_of, files_of};

use crate::{Fault, Node};

/// The sealed files and grants that an act names.
fn sealed_by(body: &Body) -> AtHand {
    let mut at_hand = AtHand::default();
    for file in files_of(body) {
        at_hand.sealed.insert(file.sealed);
        at_hand.grants.extend(file.grants.iter().map(|grant| grant.sealed));
    }
    if let Body::Grant(grant) = body {
        at_hand.grants.extend(grant.grants.iter().map(|grant| grant.sealed));
    }
    at_hand
}

impl Node {
    /// Removes what lies here for an act that came to nothing: its annexes, sealed files and grants, but for
    /// those that another act names which is registered or waits here.
    ///
    /// # Errors
    ///
    /// The disk failed.
    pub fn take_back(&self, body: &Body) -> Result<(), Fault> {
        self.drop_unnamed(&annexes_of(body))?;
        self.drop_unnamed_sealed(&sealed_by(body))
    }

    /// Removes those of some sealed files and grants that no act names which is registered or waits here.
    pub(crate) fn drop_unnamed_sealed(&self, some: &AtHand) -> Result<(), Fault> {
        if some.sealed.is_empty() && some.grants.is_empty() {
            return Ok(());
        }
        let named = self.named_of(some)?;
        for hash in some.grants.iter().filter(|hash| !named.grants.contains_key(*hash)) {
            remove(&self.vault.grant_path(hash))?;
        }
        for hash in some.sealed.iter().filter(|hash| !named.sealed.contains_key(*hash)) {
            remove(&self.vault.sealed_path(hash))?;
            self.drop_pieces(hash)?;
        }
        Ok(())
    }

    /// Which of some sealed files and grants acts name, registered or on their way.
    pub(crate) fn named_of(&self, at_hand: &AtHand) -> Result<Named, Fault> {
        let mut named = Named::default();
        if at_hand.grants.is_empty() && at_hand.sealed.is_empty() {
            return Ok(named);
        }
        self.store.for_each(0..self.size(), |_, bytes| {
            if let Ok(entry) = Entry::parse(bytes) {
                named.take(entry.act(), at_hand);
            }
            Ok(())
        })?;
        for submission in self.queued()? {
            named.take(submission.act(), at_hand);
        }
        Ok(named)
    }
}

fn remove(path: &Path) -> Result<(), Fault> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(Fault::Io { path: path.to_owned(), error })
        }
        _ => Ok(()),
    }
}
