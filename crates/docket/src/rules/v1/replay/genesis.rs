//! Entry 0: its annexes, and who must have signed it.

use std::sync::Arc;

use act::Entry;
use instrument::Instrument;
use note::{KeyName, Receipt};
use terms::SignerName;
use tlog::Policy;

use super::{Unfit, Verifier};
use crate::rules::v1::ledger::Ledger;

pub(super) fn read_library(bytes: &[u8]) -> Result<Arc<str>, Unfit> {
    let text = std::str::from_utf8(bytes);
    text.map(Arc::from).map_err(|_| Unfit::Instrument(vec!["the library is not UTF-8".to_owned()]))
}

pub(super) fn read_instrument(bytes: &[u8], library: &str) -> Result<Instrument, Unfit> {
    let text =
        std::str::from_utf8(bytes).map_err(|_| Unfit::Instrument(vec!["it is not UTF-8".to_owned()]))?;
    let (read, diagnostics) = instrument::read(text, library);
    let errors: Vec<String> = diagnostics
        .iter()
        .filter(|d| d.severity == terms::Severity::Error)
        .map(|d| format!("[{}] {}", d.code, d.message))
        .collect();
    match read {
        Some(instrument) if errors.is_empty() => Ok(instrument),
        _ => Err(Unfit::Instrument(errors)),
    }
}

pub(super) fn read_policy(bytes: &[u8]) -> Result<Policy, Unfit> {
    Policy::parse(bytes).map_err(|errors| Unfit::Policy(errors.iter().map(ToString::to_string).collect()))
}

pub(super) fn check_genesis_signatures(
    entry: &Entry,
    ledger: &Ledger,
    verifier: &mut dyn Verifier,
) -> Result<(), String> {
    let act = entry.act();
    if !entry.submission().assertions().is_empty() || !entry.submission().intakes().is_empty() {
        return Err("a genesis has the lines of its signers and no others".to_owned());
    }
    for (signer, line) in act.head().signers.iter().zip(entry.submission().signatures()) {
        let name = KeyName::signer(act.origin(), signer);
        let vkey = match signer {
            SignerName::Registrar => ledger.registrar().under(name, note::Algorithm::Ed25519),
            SignerName::Key { .. } => ledger.keys().get(signer).and_then(|key| key.vkey.clone()),
        };
        let check = vkey.and_then(|vkey| vkey.check(act.text(), line).ok());
        if !check.is_some_and(|check| verifier.holds(0, check)) {
            return Err(format!("the signature of `{signer}` does not hold"));
        }
    }
    if entry.receipt().index != 0 || entry.receipt().submission != entry.submission_hash() {
        return Err("the receipt is for another entry".to_owned());
    }
    let key = ledger.receipt_key().ok_or("the registrar's key signs no receipts")?;
    let (_, check) = Receipt::check(entry.receipt_line(), &key, act.origin(), ledger.genesis())
        .map_err(|fault| format!("the receipt: {fault}"))?;
    if verifier.holds(0, check) { Ok(()) } else { Err("the receipt's signature does not hold".to_owned()) }
}
