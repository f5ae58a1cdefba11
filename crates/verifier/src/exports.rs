//! The module's four exports. Bytes cross one at a time, as whole numbers: then no memory is shared, nothing is
//! allocated for whoever calls, and there is no unsafe block. A proof of some kilobytes crosses in a millisecond.

#![expect(unsafe_code, reason = "the attribute that gives an export its name; nothing here is unsafe")]

use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::check;

/// What came in, and what goes out.
static HELD: Mutex<Held> = Mutex::new(Held { file: Vec::new(), name: Vec::new(), said: Vec::new() });

struct Held {
    file: Vec<u8>,
    name: Vec<u8>,
    said: Vec<u8>,
}

fn held() -> MutexGuard<'static, Held> {
    HELD.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Takes the next byte of the file.
#[unsafe(no_mangle)]
extern "C" fn file(byte: u32) {
    held().file.extend(u8::try_from(byte));
}

/// Takes the next byte of the register's name; none of it if any register will do.
#[unsafe(no_mangle)]
extern "C" fn name(byte: u32) {
    held().name.extend(u8::try_from(byte));
}

/// Judges what came in, and forgets it. The answer is JSON, of as many bytes.
#[unsafe(no_mangle)]
extern "C" fn judge() -> u32 {
    let mut held = held();
    let (file, name) = (std::mem::take(&mut held.file), std::mem::take(&mut held.name));
    held.said = check(&file, &String::from_utf8_lossy(&name)).to_json().into_bytes();
    u32::try_from(held.said.len()).unwrap_or_default()
}

/// A byte of the answer; 0 where there is none.
#[unsafe(no_mangle)]
extern "C" fn said(at: u32) -> u32 {
    let place = usize::try_from(at).ok();
    place.and_then(|at| held().said.get(at).copied()).map_or(0, u32::from)
}
