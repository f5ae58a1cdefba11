//! SHA-256 of the page to take away, for README.md.

fn main() {
    println!("{}", verifier::page_hash().to_hex());
}
