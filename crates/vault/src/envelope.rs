//! age files within bounds: what is read of a foreign header before anything is computed from it.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read, Seek as _, Write};
use std::iter;

use age::stream::{StreamReader, StreamWriter};
use age::{DecryptError, Decryptor, Encryptor};
use zeroize::Zeroizing;

use crate::{Identity, Recipient};

/// Longest header we read. age itself sets no bound, and reads a header again from its start with each
/// line, so a long one would cost its square. 16 KiB is 150 X25519 recipients, or 9 of `age1pq`.
const HEADER_BYTES_MAX: usize = 16 * 1024;

const FIRST_LINE: &[u8] = b"age-encryption.org/v1\n";
/// `--- `, 43 characters of base64, LF: the line that ends a header.
const LAST_LINE_BYTES: usize = 48;

/// What is wrong with an age file. A failure of the reader is none: whoever lends it keeps that apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// No age file of version 1, in its binary form.
    NotAge,
    /// Sealed with a passphrase, where only keys are allowed. Found before any scrypt work.
    Passphrase,
    /// Sealed to keys, where a passphrase was expected.
    NoPassphrase,
    /// None of our identities is among its recipients.
    NotForUs,
    /// The passphrase does not fit (or its stanza was altered, which looks the same).
    WrongPassphrase,
    /// It asks for more scrypt work, as a power of two, than we do.
    TooMuchWork(u8),
    /// Cut short, altered, or never whole.
    Corrupt,
}

/// The plain side of an age file that is being read.
pub(crate) type Plain<R> = StreamReader<io::Chain<Cursor<Vec<u8>>, R>>;

/// Writes an age file to `recipients`, of whom there is at least one.
pub(crate) fn seal<W: Write>(recipients: &[Recipient], output: W) -> io::Result<StreamWriter<W>> {
    let recipients = recipients.iter().map(Recipient::as_age);
    // Neither of age's reasons (none, or kinds that don't mix) is possible with checked X25519 keys.
    Encryptor::with_recipients(recipients).map_err(io::Error::other)?.wrap_output(output)
}

/// Opens an age file that is sealed to one of `identities`.
pub(crate) fn unseal<R: BufRead>(mut input: R, identities: &[&Identity]) -> Result<Plain<R>, Fault> {
    let header = read_header(&mut input)?;
    if has_passphrase(&header) {
        return Err(Fault::Passphrase);
    }
    let decryptor = Decryptor::new_buffered(Cursor::new(header).chain(input)).map_err(|_| Fault::Corrupt)?;
    decryptor.decrypt(identities.iter().map(|identity| identity.as_age())).map_err(|error| match error {
        DecryptError::NoMatchingKeys => Fault::NotForUs,
        _ => Fault::Corrupt,
    })
}

/// The plain side of a file, to be read from anywhere.
pub(crate) type Seekable = StreamReader<BufReader<File>>;

/// The same as [`unseal`], of a file that lies here.
pub(crate) fn unseal_seekable(file: File, identity: &Identity) -> Result<Seekable, Fault> {
    let mut input = BufReader::with_capacity(crate::meter::CHUNK_BYTES, file);
    // Looked at within our bounds first; then age reads the same bytes from the start, which is what it counts from.
    if has_passphrase(&read_header(&mut input)?) {
        return Err(Fault::Passphrase);
    }
    input.rewind().map_err(|_| Fault::Corrupt)?;
    let decryptor = Decryptor::new_buffered(input).map_err(|_| Fault::Corrupt)?;
    decryptor.decrypt(iter::once(identity.as_age())).map_err(|error| match error {
        DecryptError::NoMatchingKeys => Fault::NotForUs,
        _ => Fault::Corrupt,
    })
}

/// Writes an age file under a passphrase.
pub(crate) fn lock(recipient: &age::scrypt::Recipient, plain: &[u8]) -> io::Result<Vec<u8>> {
    let encryptor =
        Encryptor::with_recipients(iter::once(recipient as &dyn age::Recipient)).map_err(io::Error::other)?;
    let mut locked = Vec::new();
    let mut writer = encryptor.wrap_output(&mut locked)?;
    writer.write_all(plain)?;
    writer.finish()?;
    Ok(locked)
}

/// Opens a small age file that is under a passphrase. `identity` says how much work is too much.
pub(crate) fn unlock(
    mut input: &[u8],
    identity: &age::scrypt::Identity,
    plain_bytes_max: usize,
) -> Result<Zeroizing<Vec<u8>>, Fault> {
    let header = read_header(&mut input)?;
    if !has_passphrase(&header) {
        return Err(Fault::NoPassphrase);
    }
    let decryptor = Decryptor::new_buffered(Cursor::new(header).chain(input)).map_err(|_| Fault::Corrupt)?;
    let plain =
        decryptor.decrypt(iter::once(identity as &dyn age::Identity)).map_err(|error| match error {
            DecryptError::DecryptionFailed => Fault::WrongPassphrase,
            DecryptError::ExcessiveWork { required, .. } => Fault::TooMuchWork(required),
            _ => Fault::Corrupt,
        })?;
    read_small(plain, plain_bytes_max)
}

/// Reads all of a small plain text, refusing a longer one.
pub(crate) fn read_small(plain: impl Read, bytes_max: usize) -> Result<Zeroizing<Vec<u8>>, Fault> {
    // Never grows, so that no copy is left behind unwiped.
    let mut text = Zeroizing::new(Vec::with_capacity(bytes_max + 1));
    plain.take(bytes_max as u64 + 1).read_to_end(&mut text).map_err(|_| Fault::Corrupt)?;
    if text.len() > bytes_max { Err(Fault::Corrupt) } else { Ok(text) }
}

/// Reads a header up to the end of its last line, and no byte further.
///
/// A stanza is `-> ` and its words, then lines of 64 characters, then a shorter one, which may be empty.
/// The library also takes stanzas of old that lack the empty line; the `age` program doesn't. One of
/// the two would open what the other refuses, and people would argue about it, so we refuse.
fn read_header(input: &mut impl BufRead) -> Result<Vec<u8>, Fault> {
    let mut header = Vec::new();
    let mut in_body = false;
    loop {
        let start = header.len();
        let room = (HEADER_BYTES_MAX - start) as u64;
        input.take(room).read_until(b'\n', &mut header).map_err(|_| Fault::Corrupt)?;
        let line = &header[start..];
        if start == 0 && line != FIRST_LINE {
            return Err(if !line.is_empty() && FIRST_LINE.starts_with(line) {
                Fault::Corrupt
            } else {
                Fault::NotAge
            });
        }
        if !line.ends_with(b"\n") {
            return Err(Fault::Corrupt);
        }
        if in_body {
            // 64 characters and LF: the body goes on.
            match line.len() {
                ..65 if !line.starts_with(b"-") => in_body = false,
                65 => {}
                _ => return Err(Fault::Corrupt),
            }
        } else if line.starts_with(b"-> ") {
            in_body = true;
        } else if line.starts_with(b"---") {
            // A shorter one would send age looking for the rest beyond our bound.
            return if line.len() == LAST_LINE_BYTES { Ok(header) } else { Err(Fault::Corrupt) };
        } else if start > 0 {
            return Err(Fault::Corrupt);
        }
    }
}

fn has_passphrase(header: &[u8]) -> bool {
    header.split(|b| *b == b'\n').filter_map(|line| line.strip_prefix(b"-> scrypt")).any(|rest| {
        // `-> scrypted …` would be somebody's own kind.
        rest.first().is_none_or(|b| *b == b' ')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(bytes: &[u8]) -> Option<Fault> {
        unseal(bytes, &[&Identity::generate()]).err()
    }

    #[test]
    fn foreign_headers() {
        let (mac, sixty_four) = ("A".repeat(43), "A".repeat(64));
        for (header, expected) in [
            (String::new(), Fault::NotAge),
            ("PK\x03\x04".to_owned(), Fault::NotAge),
            ("-----BEGIN AGE ENCRYPTED FILE-----\n".to_owned(), Fault::NotAge),
            ("age-encryption.org/v2\n".to_owned(), Fault::NotAge),
            ("age-encryption.org/v1".to_owned(), Fault::Corrupt),
            ("age-encryption.org/v1\n".to_owned(), Fault::Corrupt),
            ("age-encryption.org/v1\n---\n".to_owned(), Fault::Corrupt),
            (format!("age-encryption.org/v1\n--- {mac}\n"), Fault::Corrupt),
            (format!("age-encryption.org/v1\n-> X25519\n\n--- {mac}\n"), Fault::Corrupt),
            (format!("age-encryption.org/v1\n-> a\n--- {mac}\n{mac}"), Fault::Corrupt),
            (format!("age-encryption.org/v1\n-> a\n{}\n--- {mac}\n{mac}", &sixty_four), Fault::Corrupt),
            (format!("age-encryption.org/v1\n-> a\n{}\n\n--- {mac}\n{mac}", &sixty_four), Fault::NotForUs),
            (format!("age-encryption.org/v1\n-> a\n{}A\n\n--- {mac}\n", &sixty_four), Fault::Corrupt),
            (format!("age-encryption.org/v1\n-> a\n\nstray\n--- {mac}\n"), Fault::Corrupt),
            (format!("age-encryption.org/v1\n-> other\n\n--- {mac}\n{mac}"), Fault::NotForUs),
            (format!("age-encryption.org/v1\n-> scrypted\n\n--- {mac}\n{mac}"), Fault::NotForUs),
            (format!("age-encryption.org/v1\n-> scrypt AAAA 63\n\n--- {mac}\n"), Fault::Passphrase),
            (format!("age-encryption.org/v1\n-> a\n\n-> scrypt\n\n--- {mac}\n"), Fault::Passphrase),
            (format!("age-encryption.org/v1\n{}", "-> a\n\n".repeat(9999)), Fault::Corrupt),
            (format!("age-encryption.org/v1\n-> {}", "a".repeat(99_999)), Fault::Corrupt),
        ] {
            assert_eq!(fault(header.as_bytes()), Some(expected), "{header:.60}");
        }
    }

    #[test]
    fn a_header_is_read_to_its_end_only() {
        let mac = "A".repeat(43);
        let text = format!("age-encryption.org/v1\n-> a\n\n--- {mac}\nrest");
        let mut input = text.as_bytes();
        assert!(read_header(&mut input).is_ok_and(|header| header.ends_with(b"A\n")));
        assert_eq!(input, b"rest");
    }
}
