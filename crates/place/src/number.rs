//! Numbers as people write them, without a float: what is read is what was written, on every machine.

/// A decimal number: `digits` × 10^−`decimals`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Decimal {
    pub(crate) is_negative: bool,
    digits: u128,
    /// How many digits stand after the point.
    pub(crate) decimals: u32,
    /// How many stand before it.
    pub(crate) whole_digits: usize,
}

/// More digits than this are no measurement.
const DIGITS_MOST: usize = 24;

impl Decimal {
    /// Reads `-12.345`, `12`, `12.` or `.5`; ASCII digits only.
    pub(crate) fn read(text: &str) -> Option<Decimal> {
        let (is_negative, text) = match text.as_bytes().first()? {
            b'-' => (true, &text[1..]),
            b'+' => (false, &text[1..]),
            _ => (false, text),
        };
        let (whole, rest) = text.split_once('.').unwrap_or((text, ""));
        let all = || whole.bytes().chain(rest.bytes());
        if all().count() == 0 || all().count() > DIGITS_MOST || !all().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let digits = all().fold(0, |number: u128, digit| number * 10 + u128::from(digit - b'0'));
        Some(Decimal {
            is_negative,
            digits,
            decimals: u32::try_from(rest.len()).ok()?,
            whole_digits: whole.len(),
        })
    }

    /// Reads a number of JSON, which may have an exponent.
    pub(crate) fn read_json(text: &str) -> Option<Decimal> {
        let Some((number, exponent)) = text.split_once(['e', 'E']) else { return Decimal::read(text) };
        let mut decimal = Decimal::read(number)?;
        let exponent: i32 = exponent.parse().ok().filter(|exponent: &i32| exponent.abs() <= 20)?;
        let decimals = i32::try_from(decimal.decimals).ok()? - exponent;
        if decimals < 0 {
            decimal.digits = decimal.digits.checked_mul(10_u128.checked_pow(decimals.unsigned_abs())?)?;
        }
        decimal.decimals = decimals.max(0).unsigned_abs();
        Some(decimal)
    }

    /// The number × `times`, rounded to the nearest whole number, halves away from zero.
    pub(crate) fn times(&self, times: u64) -> Option<i64> {
        let divisor = 10_u128.checked_pow(self.decimals)?;
        let rounded = divided(self.digits.checked_mul(u128::from(times))?, divisor);
        let size = i64::try_from(rounded).ok()?;
        Some(if self.is_negative { -size } else { size })
    }

    /// The size of the number × 10^`decimals`, where that is whole: it has no more decimals than these.
    pub(crate) fn size_at(&self, decimals: u32) -> Option<u128> {
        self.digits.checked_mul(10_u128.checked_pow(decimals.checked_sub(self.decimals)?)?)
    }

    /// Whether a fraction was written.
    pub(crate) const fn has_fraction(&self) -> bool {
        self.decimals > 0
    }

    /// The whole part of its size.
    pub(crate) fn whole(&self) -> Option<u64> {
        u64::try_from(self.digits / 10_u128.checked_pow(self.decimals)?).ok()
    }
}

/// A quotient, rounded to the nearest, halves up.
pub(crate) const fn divided(number: u128, by: u128) -> u128 {
    (number + by / 2) / by
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounded_without_a_float() {
        for (text, e7) in [
            ("34.5253", 345_253_000),
            ("-0.00000005", -1),
            ("0.00000004999999999", 0),
            ("180", 1_800_000_000),
            ("69.17830000000000012", 691_783_000),
            ("12.", 120_000_000),
            (".5", 5_000_000),
        ] {
            assert_eq!(Decimal::read(text).and_then(|number| number.times(10_000_000)), Some(e7), "{text}");
        }
        for text in ["", "-", ".", "1.2.3", "1e3", "٣", "0x1", "1234567890123456789012345"] {
            assert_eq!(Decimal::read(text), None, "{text}");
        }
    }

    #[test]
    fn numbers_of_json_have_exponents() {
        for (text, e7) in [("6.1e1", 610_000_000), ("-1.5E-3", -15_000), ("2e0", 20_000_000)] {
            assert_eq!(
                Decimal::read_json(text).and_then(|number| number.times(10_000_000)),
                Some(e7),
                "{text}"
            );
        }
        assert_eq!(Decimal::read_json("1e400"), None);
        assert_eq!(Decimal::read_json("1e19").and_then(|number| number.times(10_000_000)), None);
    }
}
