//! Fuzzed bytes, taken piece by piece.

/// What is left of the input. When it runs out, zeros and nothing come.
pub(crate) struct Bytes<'a>(pub(crate) &'a [u8]);

impl<'a> Bytes<'a> {
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn byte(&mut self) -> u8 {
        self.take(1).first().copied().unwrap_or(0)
    }

    pub(crate) fn number(&mut self) -> u64 {
        let taken = self.take(8);
        taken.iter().fold(0, |number, byte| number << 8 | u64::from(*byte))
    }

    /// A number below `end`; 0 if that is 0.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        let taken = self.take(if end > 256 { 2 } else { 1 });
        let number = taken.iter().fold(0, |number, byte| number << 8 | usize::from(*byte));
        number.checked_rem(end).unwrap_or(0)
    }

    /// Up to this many.
    pub(crate) fn take(&mut self, most: usize) -> &'a [u8] {
        let (taken, rest) = self.0.split_at(most.min(self.0.len()));
        self.0 = rest;
        taken
    }

    /// Up to 255 bytes, after their number.
    pub(crate) fn short(&mut self) -> &'a [u8] {
        let most = usize::from(self.byte());
        self.take(most)
    }

    /// One of these.
    pub(crate) fn one<'t, T>(&mut self, of: &'t [T]) -> Option<&'t T> {
        of.get(self.below(of.len()))
    }

    pub(crate) fn array<const N: usize>(&mut self) -> [u8; N] {
        let mut array = [0; N];
        let taken = self.take(N);
        array[..taken.len()].copy_from_slice(taken);
        array
    }
}
