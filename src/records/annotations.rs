//! What a record says that is looked at again on another day, or that should name a source: noted with its
//! place while the record is read, so that nobody need know afterwards which key of which table it was.

use std::sync::Arc;

use jiff::civil::Date;

use super::age::Aspect;
use super::moment::Moment;
use crate::diagnostic::{SourceText, Spot};
use crate::schema::Node;

/// What was noted of one record.
#[derive(Clone, Debug, Default)]
pub struct Annotations {
    /// What bears a date.
    pub dated: Vec<Dated>,
    /// What could name a source and names none.
    pub uncited: Vec<Uncited>,
    /// What holds until some day.
    pub lapsing: Vec<Lapsing>,
}

/// Something that bears a date.
#[derive(Clone, Debug)]
pub struct Dated {
    /// By which setting its age is judged.
    pub aspect: Aspect,
    /// As of when it is.
    pub moment: Moment,
    /// What it is called in findings: `the price`.
    pub what: &'static str,
    /// The first day on which its age no longer matters: a session that has begun.
    pub until: Option<Date>,
    /// Where the date was written.
    pub spot: Spot,
}

/// Something that names no source.
#[derive(Clone, Debug)]
pub struct Uncited {
    /// What it is called in findings: `the approval`.
    pub what: &'static str,
    /// Where it was written.
    pub spot: Spot,
}

/// Something that holds until some day.
#[derive(Clone, Debug)]
pub struct Lapsing {
    /// Its name.
    pub name: String,
    /// Until when it holds.
    pub until: Moment,
    /// Where that was written.
    pub spot: Spot,
}

impl Annotations {
    /// Notes the date under `key` of a table, if it is known.
    pub(super) fn date(&mut self, aspect: Aspect, moment: Option<impl Into<Moment>>, what: &'static str, at: WrittenAt<'_, '_>, key: &str) {
        let (Some(moment), Some(spot)) = (moment, at.key(key)) else { return };
        self.dated.push(Dated { aspect, moment: moment.into(), what, until: None, spot });
    }

    /// Notes the date under `key` of a table, if it is known; its age does not matter from the day `until`
    /// on.
    pub(super) fn date_until(
        &mut self,
        until: Date,
        aspect: Aspect,
        moment: Option<Moment>,
        what: &'static str,
        at: WrittenAt<'_, '_>,
        key: &str,
    ) {
        let before = self.dated.len();
        self.date(aspect, moment, what, at, key);
        self.dated[before..].iter_mut().for_each(|dated| dated.until = Some(until));
    }

    /// Notes until when something holds, which stands under `key` of a table, if that is known.
    pub(super) fn lapse(&mut self, until: Option<Moment>, name: &str, at: WrittenAt<'_, '_>, key: &str) {
        if let (Some(until), Some(spot)) = (until, at.key(key)) {
            self.lapsing.push(Lapsing { name: name.to_owned(), until, spot });
        }
    }

    /// Notes that a table names no source, where it does not.
    pub(super) fn source<T>(&mut self, source: Option<&T>, what: &'static str, at: WrittenAt<'_, '_>) {
        if let (None, Some(node)) = (source, at.node) {
            self.uncited.push(Uncited { what, spot: at.spot(node) });
        }
    }
}

/// Where a value was written, while it is being read.
#[derive(Clone, Copy)]
pub struct WrittenAt<'w, 'n> {
    /// The value; none where it was left out.
    pub node: Option<&'w Node<'n>>,
    /// The file.
    pub source: &'w Arc<SourceText>,
}

impl<'w, 'n> WrittenAt<'w, 'n> {
    fn spot(self, node: &Node<'_>) -> Spot {
        Spot { source: self.source.clone(), range: node.span.clone() }
    }

    /// The value under a key.
    pub(super) fn find(self, key: &str) -> Self {
        Self { node: self.node.and_then(|node| node.find(&[key])), ..self }
    }

    /// The items of the list under a key.
    pub(super) fn items(self, key: &str) -> impl Iterator<Item = Self> + use<'w, 'n> {
        let items = self.node.map_or(&[][..], |node| node.items(key));
        items.iter().map(move |item| Self { node: Some(item), ..self })
    }

    /// Where the value under a key stands.
    pub(super) fn key(self, key: &str) -> Option<Spot> {
        self.find(key).node.map(|node| self.spot(node))
    }
}
