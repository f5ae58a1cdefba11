//! One entry, to take away.
