//! What the outputs of a build are asked about, noted in one pass.

use super::address::Use;
use super::script::{imports, mapped};
use super::sheet;
use super::tags::{Tag, Visitor, Within, read};
use crate::limits::DEEPEST_FRAME;

/// What a page names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Notes {
    /// Its addresses, in order, character references and escapes resolved: those of tags, style sheets,
    /// modules and import maps, and those of pages that frames hold (`srcdoc`).
    pub addresses: Vec<(Use, String)>,
    /// Its anchors, in order: each `id`, and each `name` of an `<a>`.
    pub anchors: Vec<String>,
    /// Its scripts, in order, and what elements do when something happens to them (`onclick`).
    pub scripts: Vec<String>,
    depth: usize,
}

impl Notes {
    /// Reads an HTML page, or a drawing.
    pub fn of(html: &str) -> Self {
        let mut notes = Self::default();
        read(html, &mut notes);
        notes
    }

    /// Whether the page has an anchor.
    pub fn has_anchor(&self, anchor: &str) -> bool {
        self.anchors.iter().any(|known| known == anchor)
    }

    fn load(&mut self, written: &str) {
        self.addresses.push((Use::Load, written.trim().to_owned()));
    }
}

impl Visitor for Notes {
    fn start(&mut self, tag: &Tag) {
        tag.addresses(|purpose, written| self.addresses.push((purpose, written.to_owned())));
        let happens = tag.attributes().filter(|(name, _)| name.starts_with("on"));
        self.scripts.extend(happens.map(|(_, script)| script.to_owned()));
        if self.depth == 0 {
            let name = tag.get("name").filter(|_| tag.name() == "a");
            self.anchors.extend(tag.get("id").into_iter().chain(name).filter(|anchor| !anchor.is_empty()).map(str::to_owned));
        }
        if tag.name() == "iframe"
            && let Some(page) = tag.get("srcdoc").filter(|_| self.depth < DEEPEST_FRAME)
        {
            self.depth += 1;
            read(page, self);
            self.depth -= 1;
        }
    }

    fn text(&mut self, within: Within, text: &str) {
        match within {
            Within::Style => sheet::addresses(text).iter().for_each(|written| self.load(written)),
            Within::Script => self.scripts.push(text.to_owned()),
            Within::Module => {
                imports(text).for_each(|written| self.load(written));
                self.scripts.push(text.to_owned());
            }
            Within::ImportMap => mapped(text).iter().for_each(|written| self.load(written)),
            Within::Data | Within::Text => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Notes, Use};

    #[test]
    fn a_page_is_noted_in_one_pass() {
        let notes = Notes::of(
            "<base href=/b/><a id=x href=' y '><a name=z><link rel=canonical href=c><link rel='PRELOAD icon' href=l>\
             <link rel=preconnect href=p><form action=f><svg id=s><use xlink:href=u><rect fill='url(#r)' style='x:url(v)'></svg>\
             <img srcset='i 1x, j 2x'><meta http-equiv=Refresh content='0;url=m'><!-- <p id=no> --><p title='id=no' onclick='go()' id=\"a&amp;b\">\
             <iframe srcdoc='<img src=g id=h>'></iframe><script type='application/ld+json'>{}</script><script type=module>import 'https://k/'</script><noscript><img src=n></noscript>",
        );
        assert_eq!(notes.scripts, ["go()", "import 'https://k/'"]);
        assert_eq!(notes.anchors, ["x", "z", "s", "a&b"]);
        let of = |purpose: Use| -> Vec<&str> {
            notes.addresses.iter().filter(|(is, _)| *is == purpose).map(|(_, written)| written.as_str()).collect()
        };
        assert_eq!(of(Use::Load), ["l", "u", "#r", "v", "i", "j", "g", "https://k/", "n"]);
        assert_eq!((of(Use::Follow), of(Use::Refer), of(Use::Contact)), (vec!["y"], vec!["c"], vec!["p"]));
        assert_eq!((of(Use::Send), of(Use::Refresh), of(Use::Base)), (vec!["f"], vec!["m"], vec!["/b/"]));
    }
}
