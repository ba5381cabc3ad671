//! What a size of an image is made of, and how large it is.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_128;

use super::picture::Picture;
use super::target::Target;

/// Stands for the way in which sizes are made: another one where the same image may give other bytes.
pub(super) const VERSION: u32 = 1;

/// All that the bytes of a size are made of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Recipe {
    /// The file of the image, relative to the portal.
    pub file: Arc<str>,
    /// Its address below the root.
    pub address: Arc<str>,
    /// The hash of what it holds.
    pub hash: u128,
    /// The part of the upright image that is taken: left, top, width, height.
    pub part: (u32, u32, u32, u32),
    /// What that becomes: width and height.
    pub size: (u32, u32),
    /// Its format.
    pub target: Target,
    /// 1 to 100; 0 where there is no choice.
    pub quality: u8,
}

impl Recipe {
    /// An image as it is, in another format. `quality` counts where there is a choice.
    pub(crate) fn new(file: &Arc<str>, address: &Arc<str>, picture: &Picture, own: (u32, u32), target: Target, quality: u8) -> Self {
        let quality = if target.is_lossy() { quality } else { 0 };
        let (part, size) = ((0, 0, own.0, own.1), own);
        Self { file: file.clone(), address: address.clone(), hash: picture.hash, part, size, target, quality }
    }

    /// A name of what is made, which is another where anything is that it is made of.
    pub(crate) fn key(&self) -> String {
        let Self { file: _, address: _, hash, part, size, target, quality } = self;
        let made_of = format!("{VERSION} {hash:032x} {part:?} {size:?} {} {quality}", target.ending());
        format!("{:032x}", xxh3_128(made_of.as_bytes()))
    }

    /// The address below the root of what is made, beside that of the image: `/team/photo-800.1c9a3b7e.avif`.
    pub(crate) fn path(&self) -> String {
        let (folder, name) = self.address.rfind('/').map_or(("/", &*self.address), |at| self.address.split_at(at + 1));
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        // In a list of addresses blanks and commas mean something else (HTML standard, "srcset attribute").
        let stem: String = stem.chars().map(|letter| if letter.is_ascii_alphanumeric() || letter == '_' { letter } else { '-' }).collect();
        format!("{folder}{stem}-{}.{}.{}", self.size.0, &self.key()[..8], self.target.ending())
    }
}

/// How an image is brought to a size, as Zola means it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operation {
    /// To that width and height, whatever its own are to each other.
    Scale(u32, u32),
    FitWidth(u32),
    FitHeight(u32),
    /// As large as fits into that width and height, and never larger than it is.
    Fit(u32, u32),
    /// To that width and height, cut on two sides.
    Fill(u32, u32),
}

impl Operation {
    /// The part of an image of that width and height that is taken, and what size it gets.
    pub(crate) fn of(self, (width, height): (u32, u32)) -> ((u32, u32, u32, u32), (u32, u32)) {
        let all = (0, 0, width, height);
        match self {
            Operation::Scale(to_width, to_height) => (all, (to_width, to_height)),
            Operation::FitWidth(to) => (all, (to, in_proportion(height, to, width))),
            Operation::FitHeight(to) => (all, (in_proportion(width, to, height), to)),
            Operation::Fit(to_width, to_height) if width <= to_width && height <= to_height => (all, (width, height)),
            Operation::Fit(to_width, to_height) => {
                let by_width = u64::from(width) * u64::from(to_height) >= u64::from(height) * u64::from(to_width);
                let one = if by_width { Operation::FitWidth(to_width) } else { Operation::FitHeight(to_height) };
                one.of((width, height))
            }
            Operation::Fill(to_width, to_height) => {
                let is_wide = u64::from(width) * u64::from(to_height) >= u64::from(height) * u64::from(to_width);
                let part = if is_wide {
                    let taken = in_proportion(height, to_width, to_height).min(width);
                    ((width - taken) / 2, 0, taken, height)
                } else {
                    let taken = in_proportion(width, to_height, to_width).min(height);
                    (0, (height - taken) / 2, width, taken)
                };
                (part, (to_width, to_height))
            }
        }
    }
}

/// `number` × `to` / `of`, rounded, and at least one pixel.
fn in_proportion(number: u32, to: u32, of: u32) -> u32 {
    let of = u64::from(of).max(1);
    let exact = (u64::from(number) * u64::from(to) * 2 + of) / (of * 2);
    u32::try_from(exact).unwrap_or(u32::MAX).max(1)
}

/// The recipes of the sizes of an image in the format of `base`: of the widths that are asked for those that
/// are smaller than its own; and its own, where one that is asked for is as large or larger.
pub(crate) fn sizes(base: &Recipe, own: (u32, u32), widths: &[u32]) -> Vec<Recipe> {
    let widest = widths.iter().copied().max().unwrap_or_default();
    let mut all: Vec<u32> = widths.iter().copied().filter(|width| *width < own.0).collect();
    if own.0 <= widest {
        all.push(own.0);
    }
    all.sort_unstable();
    all.dedup();
    let recipe = |width: u32| {
        let (part, size) = Operation::FitWidth(width).of(own);
        Recipe { part, size, ..base.clone() }
    };
    all.into_iter().map(recipe).collect()
}

#[cfg(test)]
mod tests {
    use super::Operation::{Fill, Fit, FitHeight, FitWidth, Scale};
    use super::{Recipe, Target};

    #[test]
    fn operations_mean_what_they_mean_in_zola() {
        let of = (300, 380);
        let all = (0, 0, 300, 380);
        assert_eq!(Scale(150, 150).of(of), (all, (150, 150)));
        assert_eq!(FitWidth(100).of(of), (all, (100, 127)));
        assert_eq!(FitHeight(150).of(of), (all, (118, 150)));
        assert_eq!(Fit(150, 150).of(of), (all, (118, 150)));
        assert_eq!(Fit(1000, 1000).of(of), (all, (300, 380)));
        assert_eq!(Fill(150, 150).of(of), ((0, 40, 300, 300), (150, 150)));
        assert_eq!(Fill(100, 380).of(of), ((100, 0, 100, 380), (100, 380)));
        assert_eq!(FitWidth(1).of((1000, 1)), ((0, 0, 1000, 1), (1, 1)));
    }

    #[test]
    fn an_address_can_stand_in_a_list_of_addresses() {
        let recipe = Recipe {
            file: "a".into(),
            address: "/team/Our team, 2026.JPG".into(),
            hash: 1,
            part: (0, 0, 2, 2),
            size: (2, 2),
            target: Target::Png,
            quality: 0,
        };
        let path = recipe.path();
        assert!(path.starts_with("/team/Our-team--2026-2.") && path.ends_with(".png"), "{path}");
    }
}
