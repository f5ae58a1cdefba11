//! What can go wrong.

use std::fmt;

/// Why something could not be kept or read.
#[derive(Debug)]
pub enum Fault {
    /// The folder can't be made.
    Io(std::io::Error),
    /// The database says so.
    Sqlite(rusqlite::Error),
    /// A later program made it; this one knows versions up to the second.
    Newer(u32, u32),
    /// What stands there is not what this program writes.
    Garbled(&'static str),
    /// There is no such draft.
    NoDraft,
    /// The draft is being signed, or is.
    Signed,
    /// There is one of this name already.
    Taken,
    /// There is no room for one more of these.
    Full,
    /// The disk has no room for what was to be kept. Nothing of it was, and what was kept before is.
    NoRoom,
    /// There is no such line.
    NoLine,
    /// It is for somebody else to do.
    OthersToDo,
    /// It was done already, or something else was done instead.
    Done,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::Io(error) => write!(f, "the folder of the private side can't be made: {error}"),
            Fault::Sqlite(error) => write!(f, "the private side: {error}"),
            Fault::Newer(is, knows) => write!(
                f,
                "the private side is of version {is}, and this program knows up to {knows}: take the newer program"
            ),
            Fault::Garbled(what) => write!(f, "the private side is damaged: {what}"),
            Fault::NoDraft => f.write_str("there is no such draft"),
            Fault::Signed => f.write_str("the draft is signed"),
            Fault::Taken => f.write_str("there is one of this name already"),
            Fault::Full => f.write_str("there is no room for more of these: drop some"),
            Fault::NoLine => f.write_str("there is no such line"),
            Fault::NoRoom => f.write_str("the disk of the private side is full"),
            Fault::OthersToDo => f.write_str("it is for somebody else to do"),
            Fault::Done => f.write_str("it was done already, or something else instead"),
        }
    }
}

impl std::error::Error for Fault {}

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Fault {
        match error.sqlite_error_code() {
            Some(rusqlite::ErrorCode::DiskFull) => Fault::NoRoom,
            _ => Fault::Sqlite(error),
        }
    }
}
