//! A case in one file: sections, each under a line `-- NAME --`.

use std::collections::BTreeSet;
use std::fmt::Write;

/// A section of a case.
#[derive(Debug, Clone, PartialEq)]
pub struct Section {
    pub name: String,
    pub text: String,
}

/// A case: what stands above the first section says what it is about.
#[derive(Debug, Clone, PartialEq)]
pub struct Archive {
    pub about: String,
    pub sections: Vec<Section>,
}

impl Archive {
    pub fn parse(text: &str) -> Self {
        let mut archive = Self { about: String::new(), sections: Vec::new() };
        for line in text.split_inclusive('\n') {
            let name = line.trim_end().strip_prefix("-- ").and_then(|rest| rest.strip_suffix(" --"));
            match (name, archive.sections.last_mut()) {
                (Some(name), _) => archive.sections.push(Section { name: name.to_owned(), text: String::new() }),
                (None, Some(section)) => section.text.push_str(line),
                (None, None) => archive.about.push_str(line),
            }
        }
        archive
    }

    pub fn get(&self, name: &str) -> Option<&str> {
        self.sections.iter().find(|section| section.name == name).map(|section| section.text.as_str())
    }

    /// Sets a section, where it is or at the end; an empty text removes it.
    pub fn set(&mut self, name: &str, text: &str) {
        let text = if text.is_empty() { String::new() } else { format!("{}\n", text.trim_end()) };
        match self.sections.iter_mut().find(|section| section.name == name) {
            Some(section) => section.text = text,
            None => self.sections.push(Section { name: name.to_owned(), text }),
        }
        self.sections.retain(|section| section.name != name || !section.text.is_empty());
    }

    pub fn write(&self) -> String {
        let mut text = self.about.clone();
        for section in &self.sections {
            let _ = write!(text, "-- {} --\n{}", section.name, section.text);
        }
        text
    }

    /// The sections that differ, both ways.
    pub fn difference(&self, found: &Self) -> Option<String> {
        let names: BTreeSet<&str> = self.sections.iter().chain(&found.sections).map(|section| section.name.as_str()).collect();
        let mut text = String::new();
        for name in names {
            let (wanted, found) = (self.get(name).unwrap_or_default(), found.get(name).unwrap_or_default());
            if wanted.trim_end() != found.trim_end() {
                let _ = write!(text, "{name}, expected:\n{wanted}\n{name}, found:\n{found}\n");
            }
        }
        (!text.is_empty()).then_some(text)
    }
}
