//! Pay for another period: a year, a month or an hour. Taxes and contributions stay out of it: nothing here
//! computes net pay.

use super::figure::Amount;
use super::salary::Period;

/// The weeks of a year that conversions count with: a month then has 13/3 weeks, as German labour law usually
/// counts.
pub(crate) const WEEKS_A_YEAR: f64 = 52.0;

/// What a conversion assumes.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize)]
pub struct Basis {
    /// Hours a week.
    pub hours_a_week: f64,
    /// Monthly salaries a year.
    pub months_paid: f64,
}

impl Basis {
    /// An amount of one period for another. Years and months are rounded to whole units of the currency,
    /// hours to hundredths.
    pub fn convert(self, amount: Amount, from: Period, to: Period) -> Amount {
        if from == to {
            return amount;
        }
        let hundredths = amount.0 as f64 * self.a_year(from) / self.a_year(to);
        let grain = if to == Period::Hour { 1.0 } else { 100.0 };
        // Cast: saturates, and amounts are bounded when they are read.
        Amount(((hundredths / grain).round() * grain) as i64)
    }

    /// How many of a period a year has.
    fn a_year(self, period: Period) -> f64 {
        match period {
            Period::Year => 1.0,
            Period::Month => self.months_paid,
            Period::Hour => self.hours_a_week * WEEKS_A_YEAR,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_months_and_hours_are_converted_by_what_is_assumed() {
        let basis = Basis { hours_a_week: 40.0, months_paid: 12.0 };
        assert_eq!(basis.convert(Amount(3_610_000), Period::Year, Period::Month), Amount(300_800));
        assert_eq!(basis.convert(Amount(3_610_000), Period::Year, Period::Hour), Amount(1_736));
        assert_eq!(basis.convert(Amount(1_736), Period::Hour, Period::Year), Amount(3_610_900));
        assert_eq!(basis.convert(Amount(300_000), Period::Month, Period::Hour), Amount(1_731));
        let thirteen = Basis { hours_a_week: 38.5, months_paid: 13.0 };
        assert_eq!(thirteen.convert(Amount(300_000), Period::Month, Period::Year), Amount(3_900_000));
        assert_eq!(thirteen.convert(Amount(300_050), Period::Month, Period::Month), Amount(300_050));
    }
}
