//! A stream that is sealed to a receiver: what a bundle travels in.

use std::io::{self, BufRead, Read, Write};

use crate::open::GrantError;
use crate::{Identity, Recipient, envelope};

/// The first bytes of every age file.
pub const MAGIC: &[u8] = b"age-encryption.org/v1";

/// Writes into an age file that only `recipients` can open.
///
/// # Errors
/// Nobody to seal to, or the output fails.
pub fn wrap<W: Write>(recipients: &[Recipient], output: W) -> io::Result<Wrapping<W>> {
    if recipients.is_empty() {
        return Err(io::Error::other("there is nobody to seal to"));
    }
    Ok(Wrapping(envelope::seal(recipients, output)?))
}

/// What goes into a parcel.
pub struct Wrapping<W: Write>(age::stream::StreamWriter<W>);

impl<W: Write> Wrapping<W> {
    /// Writes the end, without which a parcel does not open.
    ///
    /// # Errors
    /// The output fails.
    pub fn finish(self) -> io::Result<W> {
        self.0.finish()
    }
}

impl<W: Write> Write for Wrapping<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// Reads what was sealed to one of `identities`. Each 64 KiB is authentic as it comes; whether all came
/// is known at the end.
///
/// # Errors
/// It is no age file, or is sealed to somebody else.
pub fn unwrap<'a, R: BufRead + 'a>(
    input: R,
    identities: &[&Identity],
) -> Result<Box<dyn Read + 'a>, GrantError> {
    Ok(Box::new(envelope::unseal(input, identities)?))
}
