//! Measures Mithaq as ratios to a peer or to this machine's limit, in one run.
fn main() {}
