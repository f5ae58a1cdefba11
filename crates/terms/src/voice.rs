//! A register's name, to be read aloud.

use std::fmt;

use crate::hash::Hash;

/// The first 160 bits of the SHA-256 of a genesis text, in Crockford's base32, eight groups of four.
///
/// 100 bits could be made to collide in 2⁵⁰ tries by whoever writes two genesis acts; 160 can't.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct VoiceName([u8; 20]);

const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

impl VoiceName {
    /// The name of the register with this genesis hash.
    #[must_use]
    pub fn of(genesis: &Hash) -> VoiceName {
        let mut first = [0; 20];
        first.copy_from_slice(&genesis.as_bytes()[..20]);
        VoiceName(first)
    }

    /// Reads what somebody took down: case, hyphens and spaces don't matter; O is 0, I and L are 1.
    #[must_use]
    pub fn parse(text: &str) -> Option<VoiceName> {
        let mut bits = 0_u16;
        let mut held = 0;
        let mut bytes = Vec::with_capacity(20);
        for c in text.chars().filter(|c| !matches!(c, '-' | ' ')) {
            let digit = match c.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                other => other,
            };
            let value = DIGITS.iter().position(|&d| char::from(d) == digit)?;
            bits = bits << 5 | u16::try_from(value).ok()?;
            held += 5;
            if held >= 8 {
                held -= 8;
                bytes.push((bits >> held) as u8);
                bits &= (1 << held) - 1;
            }
        }
        (held == 0).then_some(())?;
        bytes.try_into().ok().map(VoiceName)
    }
}

impl fmt::Display for VoiceName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut written = 0;
        for chunk in self.0.chunks_exact(5) {
            let number = chunk.iter().fold(0_u64, |n, b| n << 8 | u64::from(*b));
            for place in (0..8).rev() {
                if written > 0 && written % 4 == 0 {
                    f.write_str("-")?;
                }
                let digit = DIGITS[(number >> (5 * place) & 31) as usize];
                fmt::Write::write_char(f, char::from(digit))?;
                written += 1;
            }
        }
        Ok(())
    }
}

impl fmt::Debug for VoiceName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eight_groups_of_four_and_back() {
        let name = VoiceName::of(&Hash::of(b"genesis"));
        let text = name.to_string();
        assert_eq!(text.split('-').map(str::len).collect::<Vec<_>>(), [4; 8]);
        assert_eq!(VoiceName::parse(&text), Some(name));
        assert_eq!(
            VoiceName::parse(&text.to_lowercase().replace('-', " ").replace('0', "o").replace('1', "l")),
            Some(name)
        );
    }

    #[test]
    fn what_is_no_name_is_refused() {
        let text = VoiceName::of(&Hash::ZERO).to_string();
        for bad in
            ["", &text[1..], &format!("{text}0"), &text.replace('0', "U"), &format!("{text}-0000-0000")]
        {
            assert_eq!(VoiceName::parse(bad), None, "{bad}");
        }
    }
}
