//! Everything on a stick.
