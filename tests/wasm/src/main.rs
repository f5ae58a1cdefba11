//! Do the golden registers of `crates/docket/tests/golden` come to the same state in a browser's machine?
//!
//! `cargo xtask wasm` builds it for wasm32, where nothing can be asked and nothing printed, and runs it under Node. The exit
//! code is 0 if all come to what is recorded, else 1 and more: 10 for each register before the one that does not, and 1 if
//! the marks, 2 if the state, 3 if the events differ, 4 if it can't be replayed at all.

use std::process::ExitCode;

use docket::harness::golden::Golden;

/// A register, and what it came to when it was recorded.
#[derive(Clone, Copy)]
struct Recorded {
    register: &'static [u8],
    annexes: &'static [&'static [u8]],
    marks: &'static str,
    state: &'static str,
    events: &'static str,
}

const REGISTERS: &[Recorded] = include!(concat!(env!("OUT_DIR"), "/registers.rs"));

fn main() -> ExitCode {
    let wrong = (0_u8..).zip(REGISTERS).find_map(|(number, recorded)| Some(number * 10 + differs(recorded)?));
    wrong.map_or(ExitCode::SUCCESS, ExitCode::from)
}

/// Where a register comes to something else.
fn differs(recorded: &Recorded) -> Option<u8> {
    let golden = Golden::read(recorded.register, recorded.annexes.iter().copied());
    let Ok((_, told)) = golden.play() else { return Some(4) };
    let all = [(told.marks, recorded.marks), (told.state, recorded.state), (told.events, recorded.events)];
    (1..).zip(all).find(|(_, (told, recorded))| told != recorded).map(|(number, _)| number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_are_here_and_come_to_what_is_recorded() {
        assert_eq!(REGISTERS.len(), 2);
        for recorded in REGISTERS {
            assert_eq!(differs(recorded), None);
        }
    }

    /// It can fail.
    #[test]
    fn what_differs_is_told() {
        let [.., last] = REGISTERS else { panic!("there are some") };
        assert_eq!(differs(&Recorded { marks: "", ..*last }), Some(1));
        assert_eq!(differs(&Recorded { state: "", ..*last }), Some(2));
        assert_eq!(differs(&Recorded { events: "", ..*last }), Some(3));
        assert_eq!(differs(&Recorded { annexes: &[], ..*last }), Some(4));
        let cut = last.register.len() - 1;
        assert_eq!(differs(&Recorded { register: &last.register[..cut], ..*last }), Some(1));
    }
}
