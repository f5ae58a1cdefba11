//! Words: ids, times, references, and how things are named.

use std::fmt::Display;

use audit::Expected;
use note::KeyName;
use terms::{Code, Hash, Instant, Item, Origin, ParticipantId, Reference, SignerName, VoiceName, base64};

/// What was read is written as the same text.
fn same<T: Display>(read: Option<T>, text: &str) -> Option<T> {
    if let Some(read) = &read {
        assert_eq!(read.to_string(), text);
    }
    read
}

pub(crate) fn words(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let code = same(Code::new(text), text);
    let participant = same(ParticipantId::new(text), text);
    assert!(participant.is_none() || code.is_some());
    let origin = same(Origin::new(text), text);
    let signer = same(SignerName::new(text), text);
    let name = same(KeyName::new(text), text);
    same(Item::new(text), text);
    same(Hash::from_base64(text), text);
    same(Reference::parse(text), text);
    if let Some(at) = same(Instant::parse(text), text) {
        assert_eq!(Instant::from_secs(at.secs()), Some(at));
    }
    if let Some(hash) = Hash::from_hex(text) {
        assert_eq!(hash.to_hex(), text);
    }
    if let Some(voice) = VoiceName::parse(text) {
        assert_eq!(VoiceName::parse(&voice.to_string()), Some(voice));
    }
    let _ = Expected::parse(text);
    if let Some(decoded) = base64::decode(text) {
        assert_eq!(base64::encode(&decoded), text);
    }
    let river = act::sample::origin();
    if let Some(signer) = signer {
        let key_name = river.key_name(&signer);
        assert_eq!(SignerName::from_key_name(&river, &key_name), Some(signer));
        assert!(KeyName::new(&key_name).is_some());
    }
    if let (Some(origin), Some(name)) = (origin, name) {
        assert_eq!(KeyName::checkpoint(&origin), name);
    }
    if let Some(signer) = SignerName::from_key_name(&river, text) {
        assert_eq!(river.key_name(&signer), text);
    }
}
