//! A small file that says one thing, and shows whether it is whole.

use terms::Hash;

/// The longest record, in bytes.
pub(crate) const RECORD_BYTES_MAX: u64 = 1 << 16;

/// The bytes of a record.
///
/// ```text
/// mithaq.⟨what⟩/v1
/// ⟨name⟩ ⟨value⟩                 for each field, in a fixed order
/// ⟨base64 SHA-256 of all above⟩
/// ```
pub(crate) fn write(what: &str, fields: &[(&str, String)]) -> Vec<u8> {
    let mut text = format!("mithaq.{what}/v1\n");
    for (name, value) in fields {
        text.push_str(&format!("{name} {value}\n"));
    }
    let hash = Hash::of(text.as_bytes());
    format!("{text}{hash}\n").into_bytes()
}

/// The values of a record with these fields, in their order.
///
/// # Errors
/// What is wrong with the bytes.
pub(crate) fn read<const N: usize>(
    what: &str,
    names: [&str; N],
    bytes: &[u8],
) -> Result<[String; N], String> {
    let text = std::str::from_utf8(bytes).map_err(|_| "it is not UTF-8".to_owned())?;
    let unended = text.strip_suffix('\n').ok_or("it is cut off")?;
    let (body, hash) = unended.rsplit_once('\n').ok_or("it is cut off")?;
    if hash != Hash::of(format!("{body}\n").as_bytes()).to_string() {
        return Err("its last line is not the hash of the lines above".to_owned());
    }
    let mut lines = body.split('\n');
    if lines.next() != Some(&format!("mithaq.{what}/v1")) {
        return Err(format!("its first line is not `mithaq.{what}/v1`"));
    }
    let mut values = names.map(str::to_owned);
    for value in &mut values {
        let line = lines.next().and_then(|line| line.split_once(' '));
        match line.filter(|(name, _)| *name == value.as_str()) {
            Some((_, found)) => *value = found.to_owned(),
            None => return Err(format!("it has no `{value}` where that should be")),
        }
    }
    if lines.next().is_some() { Err("it has more lines than it should".to_owned()) } else { Ok(values) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records() {
        let bytes = write("thing", &[("a", "one two".to_owned()), ("b", String::new())]);
        assert_eq!(read("thing", ["a", "b"], &bytes), Ok(["one two".to_owned(), String::new()]));
        assert!(read("other", ["a", "b"], &bytes).is_err());
        assert!(read("thing", ["b", "a"], &bytes).is_err());
        assert!(read("thing", ["a"], &bytes).is_err());
        for length in 0..bytes.len() {
            assert!(read("thing", ["a", "b"], &bytes[..length]).is_err());
        }
        for at in 0..bytes.len() {
            let mut bad = bytes.clone();
            bad[at] ^= 1;
            assert!(read("thing", ["a", "b"], &bad).is_err());
        }
    }
}
