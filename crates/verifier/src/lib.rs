//! Does this file show what it says? The checks of `audit` over one small file, for a browser: a standing proof, or a
//! contradiction. It holds no key, asks nobody, and knows no time.
//!
//! In reading order:
//! - [`verdict`]: what a file shows, or why it does not;
//! - `exports`: the same as a module that browsers run;
//! - [`mod@page`]: that module, and a page to take away that has it inside.

#[cfg(target_family = "wasm")]
mod exports;
#[cfg(not(target_family = "wasm"))]
pub mod page;
pub mod verdict;

#[cfg(not(target_family = "wasm"))]
pub use page::{JUDGE, MODULE, page, page_hash};
pub use verdict::{Verdict, check};
