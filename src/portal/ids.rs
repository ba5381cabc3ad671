//! The numbers of pages and sections: each of a type of its own, so that none is taken for the other, or for
//! a place in some list.

use std::marker::PhantomData;
use std::ops::{Deref, Index, IndexMut};

use rayon::prelude::*;

/// The number of a page, from 0, in the order of files. It holds for one portal: the next may number its
/// pages otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PageId(usize);

/// The number of a section, from 0, in the order of files; the home page is the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SectionId(usize);

impl SectionId {
    /// The home page.
    pub const HOME: Self = Self(0);
}

/// A number that something is found by.
pub trait Number: Copy {
    /// From its place in a list of all.
    fn at(place: usize) -> Self;

    /// Its place in a list of all.
    fn place(self) -> usize;
}

impl Number for PageId {
    fn at(place: usize) -> Self {
        Self(place)
    }

    fn place(self) -> usize {
        self.0
    }
}

impl Number for SectionId {
    fn at(place: usize) -> Self {
        Self(place)
    }

    fn place(self) -> usize {
        self.0
    }
}

/// A list whose items are found by their numbers, and by no others.
#[derive(Clone, Debug)]
pub struct Numbered<N, T> {
    items: Vec<T>,
    number: PhantomData<N>,
}

impl<N: Number + Send, T> Numbered<N, T> {
    /// The numbers, to be gone through by all cores.
    pub fn par_ids(&self) -> impl IndexedParallelIterator<Item = N> + use<N, T> {
        (0..self.items.len()).into_par_iter().map(N::at)
    }
}

impl<N: Number, T> Numbered<N, T> {
    /// The numbers, in order.
    pub fn ids(&self) -> impl DoubleEndedIterator<Item = N> + ExactSizeIterator + use<N, T> {
        (0..self.items.len()).map(N::at)
    }

    /// The items with their numbers, in order.
    pub fn numbered(&self) -> impl DoubleEndedIterator<Item = (N, &T)> {
        self.items.iter().enumerate().map(|(place, item)| (N::at(place), item))
    }

    /// Adds an item. Gives its number.
    pub fn push(&mut self, item: T) -> N {
        self.items.push(item);
        N::at(self.items.len() - 1)
    }

    /// The items, to be put in another order; their numbers change.
    pub fn as_mut_slice(&mut self) -> &mut [T] {
        &mut self.items
    }
}

impl<N, T> Default for Numbered<N, T> {
    fn default() -> Self {
        Self { items: Vec::new(), number: PhantomData }
    }
}

impl<N, T> From<Vec<T>> for Numbered<N, T> {
    fn from(items: Vec<T>) -> Self {
        Self { items, number: PhantomData }
    }
}

impl<N, T> Deref for Numbered<N, T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.items
    }
}

impl<N: Number, T> Index<N> for Numbered<N, T> {
    type Output = T;

    fn index(&self, number: N) -> &T {
        &self.items[number.place()]
    }
}

impl<N: Number, T> IndexMut<N> for Numbered<N, T> {
    fn index_mut(&mut self, number: N) -> &mut T {
        &mut self.items[number.place()]
    }
}

impl<'n, N, T> IntoIterator for &'n Numbered<N, T> {
    type Item = &'n T;
    type IntoIter = std::slice::Iter<'n, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.iter()
    }
}
