//! The docket's file is made anew at each start, beside the one before, and takes its place. Replay is the same for ever
//! (I3): so where both have read as much, both have come to the same, or a disk or a program is not what it was.

use docket::v1::Replay;
use serde::{Deserialize, Serialize};
use store::Attic;
use terms::Hash;

use crate::{Fault, Home, Node};

/// What a docket came to when its file was last kept: it stands at the head of that.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Came {
    /// The register.
    pub genesis: Hash,
    /// How many entries were read.
    pub size: u64,
    /// The root over them.
    pub root: Hash,
    /// How many lines the state has.
    pub lines: u64,
    /// The state's hash.
    pub state: Hash,
}

impl Came {
    pub(crate) fn of(docket: &Replay) -> Came {
        let body = docket.state_body(None);
        let genesis = *docket.ledger().genesis();
        Came { genesis, size: body.size, root: body.root, lines: body.lines, state: body.state }
    }

    /// What the file says that stands there, if it says anything.
    pub(crate) fn before(home: &Home, genesis: &Hash) -> Option<Came> {
        let head = Attic::head_of(&home.docket_file())?;
        serde_json::from_slice(&head).ok().filter(|came: &Came| came.genesis == *genesis)
    }
}

/// What came of holding the docket against the file before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rebuilt {
    /// There was none.
    First,
    /// Both came to the same where that one ended.
    Agrees(Came),
    /// They did not: what the one before had come to, and what the register comes to.
    Differs {
        /// The one before.
        was: Came,
        /// This one, of as many entries.
        is: Came,
    },
    /// The one before had read more than a quorum has cosigned here: the folder was put back to an earlier state.
    Ahead(Came),
}

impl Node {
    /// What came of holding the docket against the file before; nothing if that was not asked for.
    #[must_use]
    pub const fn rebuilt(&self) -> Option<&Rebuilt> {
        self.rebuilt.as_ref()
    }

    /// Puts the docket's file in the place of the one before, which stays beside it if they came to different things. Without
    /// this it is gone with the node.
    ///
    /// # Errors
    ///
    /// The disk failed. The node goes on: its file lies where it was, or in memory.
    pub fn settle_docket(&self) -> Result<(), Fault> {
        let path = self.home.docket_file();
        if matches!(self.rebuilt, Some(Rebuilt::Differs { .. })) {
            Attic::set_aside(&path, &self.home.docket_file_that_differs()).map_err(Fault::io(&path))?;
        }
        self.attic.settle_at(&path, &self.head()).map_err(|fault| of_disk(&path, fault))
    }

    /// Writes down what the docket has come to, for the next start.
    ///
    /// # Errors
    ///
    /// The disk failed: the next start holds it against what was written down before.
    pub fn keep_docket(&self) -> Result<(), Fault> {
        self.attic.keep(&self.head()).map_err(|fault| of_disk(&self.home.docket_file(), fault))
    }

    fn head(&self) -> Vec<u8> {
        serde_json::to_vec(&Came::of(&self.docket)).unwrap_or_default()
    }
}

fn of_disk(path: &std::path::Path, fault: store::Fault) -> Fault {
    Fault::Io { path: path.to_owned(), error: std::io::Error::other(fault) }
}
