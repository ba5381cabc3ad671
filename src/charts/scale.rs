//! The axis of amounts.

/// Where the axis begins and ends, in percent of the width: the labels of its ends need room.
const LEFT: f64 = 10.0;
const RIGHT: f64 = 90.0;

/// The most steps of an axis: more labels do not fit beside each other at 320 px.
const MOST_STEPS: i64 = 4;

/// From amounts to places, with ticks at round amounts.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Scale {
    /// The first tick, in hundredths.
    first: i64,
    /// The distance of ticks, in hundredths.
    step: i64,
    /// How many steps there are.
    steps: i64,
}

impl Scale {
    /// An axis that holds all these amounts (hundredths); none where there are none.
    pub(super) fn of(amounts: impl Iterator<Item = i64> + Clone) -> Option<Self> {
        let (low, high) = (amounts.clone().min()?, amounts.max()?);
        // A single amount needs some room on both sides.
        let (low, high) = if low == high { (low - low / 10, high + high / 10 + 100) } else { (low, high) };
        let mut step: i64 = 100;
        let mut factors = [2, 5, 10].into_iter().cycle();
        let mut decade = step;
        loop {
            let first = low.div_euclid(step) * step;
            let steps = (high - first + step - 1).div_euclid(step).max(1);
            if steps <= MOST_STEPS {
                return Some(Self { first, step, steps });
            }
            // 1, 2, 5, 10, 20, 50, ... whole units of the currency.
            let factor = factors.next().unwrap_or(10);
            step = decade.saturating_mul(factor);
            if factor == 10 {
                decade = step;
            }
        }
    }

    /// The place of an amount, in percent of the width.
    // Cast: places need no more than the digits they are written with.
    pub(super) fn place(&self, amount: i64) -> f64 {
        let whole = (self.step * self.steps) as f64;
        LEFT + (RIGHT - LEFT) * ((amount - self.first) as f64 / whole).clamp(0.0, 1.0)
    }

    /// The amounts that are labelled.
    pub(super) fn ticks(&self) -> impl Iterator<Item = i64> {
        let (first, step) = (self.first, self.step);
        (0..=self.steps).map(move |number| first + number * step)
    }

    /// Where the axis begins.
    pub(super) fn left(&self) -> f64 {
        LEFT
    }

    /// Where it ends.
    pub(super) fn right(&self) -> f64 {
        RIGHT
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_hold_every_amount() {
        for amounts in [vec![2_947_200, 6_000_000], vec![1_250, 1_490], vec![0, 1], vec![4_924_900], vec![0], vec![5, 100_000_000_000_000]]
        {
            let ticks: Vec<i64> = Scale::of(amounts.iter().copied()).map(|scale| scale.ticks().collect()).unwrap_or_default();
            assert!((2..=5).contains(&ticks.len()), "{ticks:?}");
            assert!(ticks.iter().all(|tick| tick % 100 == 0), "{ticks:?}");
            for amount in amounts {
                assert!(ticks[0] <= amount && amount <= ticks[ticks.len() - 1], "{amount} in {ticks:?}");
            }
        }
    }

    #[test]
    fn pay_of_this_portal_has_ticks_of_ten_thousand() {
        let ticks = Scale::of([2_947_200, 6_000_000].into_iter()).map(|scale| scale.ticks().map(|tick| tick / 100).collect::<Vec<_>>());
        assert_eq!(ticks, Some(vec![20_000, 30_000, 40_000, 50_000, 60_000]));
    }
}
