//! A witness's word for a checkpoint, with the time at which it gave it.

use note::{Algorithm, Check, KeyName, Signature, SignatureLine, SigningKey, VerifierKey, VerifyFault};
use terms::Instant;

use crate::checkpoint::Checkpoint;

/// What is signed.
///
/// ```text
/// payload   u64 time ‖ 64 bytes signature
/// signed    cosignature/v1
///           time ⟨seconds⟩
///           ⟨the checkpoint's text⟩
/// ```
///
/// Kind `0x04`. Follows C2SP tlog-cosignature, *Ed25519 signed message*.
#[must_use]
pub fn message(checkpoint: &Checkpoint, time: Instant) -> String {
    format!("cosignature/v1\ntime {}\n{}", time.secs(), checkpoint.text())
}

/// Cosigns a checkpoint. Whether it may be cosigned is asked before: see [`crate::witness`].
#[must_use]
pub fn sign(checkpoint: &Checkpoint, time: Instant, key: &SigningKey, name: &KeyName) -> SignatureLine {
    let signature = key.sign(message(checkpoint, time).as_bytes());
    let payload = [&time.secs().to_be_bytes()[..], signature.as_bytes()].concat();
    VerifierKey::cosigner(name.clone(), key.public()).line(payload)
}

/// Reads a payload. Nothing is verified. Times after the year 9999 are refused.
#[must_use]
pub fn parse(payload: &[u8]) -> Option<(Instant, Signature)> {
    let (time, rest) = payload.split_first_chunk::<8>()?;
    let signature = <[u8; 64]>::try_from(rest).ok()?;
    Some((Instant::from_secs(u64::from_be_bytes(*time))?, Signature::from_bytes(signature)))
}

/// The time that a line gives, and what has to be checked to believe it.
///
/// # Errors
/// All but [`VerifyFault::Signature`].
pub fn check(
    checkpoint: &Checkpoint,
    key: &VerifierKey,
    line: &SignatureLine,
) -> Result<(Instant, Check), VerifyFault> {
    if !key.made(line) {
        return Err(VerifyFault::OtherKey);
    }
    let Some(public) = key.public_key().filter(|_| key.algorithm() == Algorithm::Cosignature) else {
        return Err(VerifyFault::Unsupported);
    };
    let (time, signature) = parse(&line.payload).ok_or(VerifyFault::Payload)?;
    let message = message(checkpoint, time).into_bytes();
    Ok((time, Check { key: public, message, signature }))
}

/// The time that a line gives, if its signature is good.
///
/// # Errors
/// Why it is not.
pub fn verify(
    checkpoint: &Checkpoint,
    key: &VerifierKey,
    line: &SignatureLine,
) -> Result<Instant, VerifyFault> {
    let (time, check) = check(checkpoint, key, line)?;
    if check.passes() { Ok(time) } else { Err(VerifyFault::Signature) }
}
