//! Standing proofs: what one shows stands in the register, be the file whatever it is.

use audit::Expected;
use audit::standing::{StandingProof, verify};
use serde_json::Value;

use crate::act::one_line;
use crate::bytes::Bytes;
use crate::edits;
use crate::stage::{RIVER, River};

/// The file, or edits of one of ours.
pub(crate) fn standing(bytes: &[u8]) {
    let river = &*RIVER;
    check(bytes, river);
    let mut rest = Bytes(bytes);
    let Some(base) = rest.one(&river.proofs) else { return };
    let Ok(mut document) = serde_json::to_value(base) else { return };
    let mut pool = Vec::new();
    for other in &river.proofs {
        edits::below(&serde_json::to_value(other).unwrap_or_default(), &mut pool);
    }
    while !rest.is_empty() {
        edits::json(&mut rest, &mut document, &pool);
    }
    check(format!("{document}\n").as_bytes(), river);
}

fn check(bytes: &[u8], river: &River) {
    let expected = Expected::Genesis(river.world.genesis);
    let shown = match verify(bytes, &expected) {
        Ok(shown) => shown,
        Err(said) => return one_line(&said),
    };
    assert_eq!(river.entries.get(shown.index as usize), Some(&shown.entry), "no such entry stands there");
    assert!(shown.signers.iter().all(|signer| shown.entry.act().head().signers.contains(signer)));
    assert_eq!(shown.size, river.head.checkpoint().size);
    if let Some((_, note, lines)) = &shown.state {
        assert_eq!(note.text(), river.state_note.text(), "the node said nothing of the kind");
        assert!(lines.iter().all(|line| river.state.lines().contains(line)), "no such line");
    }
    let text = std::str::from_utf8(bytes).expect("it was read");
    let document: Value = serde_json::from_str(text).expect("it was read");
    let file: StandingProof = serde_json::from_str(text).expect("it was read");
    assert_eq!(serde_json::to_value(file).expect("a file"), document, "a proof has one spelling");
}

pub(crate) fn seeds(add: &mut dyn FnMut(&'static str, &[u8])) {
    for (at, proof) in RIVER.proofs.iter().enumerate() {
        let text = serde_json::to_string(proof).unwrap_or_default();
        if at < 2 {
            add("standing", format!("{text}\n").as_bytes());
        }
        for kind in 0..8 {
            add("standing", &[at as u8, kind, kind.wrapping_mul(3), kind, 9, 1]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A fuzzer found that both were read: FORMATS 5.1 has one spelling.
    #[test]
    fn what_is_absent_is_left_out_and_an_object_is_no_list() {
        let river = &*RIVER;
        let expected = Expected::Genesis(river.world.genesis);
        let refused = |document: &Value| {
            let said = verify(format!("{document}\n").as_bytes(), &expected).expect_err("another spelling");
            assert!(said.contains("`state") && said.contains("another spelling"), "{said}");
        };
        let proof = |with: bool| {
            let proof = river.proofs.iter().find(|proof| proof.state.is_some() == with).expect("one");
            serde_json::to_value(proof).expect("a proof")
        };
        let mut without = proof(false);
        without["state"] = Value::Null;
        refused(&without);
        let mut with = proof(true);
        let line = with["state"]["lines"][0].clone();
        with["state"]["lines"][0] =
            Value::from(vec![line["line"].clone(), line["index"].clone(), line["path"].clone()]);
        refused(&with);
    }
}
