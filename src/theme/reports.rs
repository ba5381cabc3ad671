//! Reports: a template's HTML, laid out as PDF. Each is made once, for its own file and for all pages that
//! say how long and how large it is.

use std::cell::Cell;
use std::sync::Arc;

use tera::{Kwargs, State, Tera, TeraResult, Value};

use super::arguments::only;
use super::asked::{entry_of, rendering};
use super::kept::Report;
use super::scope::{self, Rendering};
use super::template_errors::spoken;
use crate::diagnostic::{Diagnostic, did_you_mean, list, text};
use crate::portal::{Entry, PageId};
use crate::reads::{self, Read, note};
use crate::values::{report_value, text_of, with};

thread_local! {
    static MAKING: Cell<bool> = const { Cell::new(false) };
}

/// Says again whether a report was being made, also when a panic passes.
struct Restore(bool);

impl Drop for Restore {
    fn drop(&mut self) {
        MAKING.set(self.0);
    }
}

pub(super) fn register(tera: &mut Tera) {
    tera.register_function("get_report", get_report);
}

/// A report of a page: `get_report(item=page, file="courses-compared.pdf")`.
fn get_report(kwargs: Kwargs, _: &State) -> TeraResult<Value> {
    only(&kwargs, &["item", "file"])?;
    if MAKING.get() {
        return Err(spoken(text!("a report cannot ask for reports")));
    }
    let rendering = rendering()?;
    let item = kwargs.must_get::<&Value>("item")?;
    let name = kwargs.must_get::<&str>("file")?;
    let file = text_of(item, "relative_path").ok_or_else(|| spoken(text!("`item` should be a page")))?;
    let Entry::Page(number) = entry_of(&rendering.portal, file).map_err(spoken)? else {
        return Err(spoken(text!("a section has no reports")));
    };
    let page = &rendering.portal.pages[number];
    note(Read::Summary(page.document.file.clone()));
    let Some((at, (report, path))) = page.reports().enumerate().find(|(_, (report, _))| report.file == name) else {
        let names = || page.reports().map(|(report, _)| report.file.as_str());
        return Err(spoken(match did_you_mean(name, names()) {
            Some(near) => text!("`{file}` has no report `{name}`; did you mean `{near}`?", file, name, near),
            None => text!("`{file}` has no report `{name}`; there are {names}", file, name, names = list(names())),
        }));
    };
    // What is wrong with a report is told of its own file.
    let made = rendering.report(number, at).unwrap_or_default();
    let texts = |texts: &[String]| Value::from(texts.iter().map(|text| Value::from(text.as_str())).collect::<Vec<_>>());
    Ok(with(
        &report_value(&rendering.portal, report, &path),
        [
            ("pages", Value::from(made.pages)),
            ("bytes", Value::from(made.bytes.len())),
            ("parts", texts(&made.parts)),
            ("date", made.date.map_or_else(Value::none, |date| Value::from(date.to_string()))),
            ("picture", Value::safe_string(&made.picture)),
        ],
    ))
}

impl Rendering {
    /// A report of a page, by its number.
    ///
    /// # Errors
    /// The findings about its template, and about what the report cannot show.
    pub(crate) fn report(self: &Arc<Self>, page: PageId, at: usize) -> Result<Arc<Report>, Vec<Diagnostic>> {
        let (made, reads) = match self.reports.get((page, at)) {
            Some((made, reads)) => (Ok(made), reads),
            None => {
                let language = self.portal.language(Entry::Page(page));
                let restore = Restore(MAKING.replace(true));
                let (made, reads) = scope::recorded(self, language, || self.make_report(page, at).map(Arc::new));
                drop(restore);
                if let Ok(made) = &made {
                    self.reports.keep((page, at), made.clone(), reads.clone());
                }
                (made, reads)
            }
        };
        reads::note_all(&reads);
        made
    }

    #[cfg(not(feature = "reports"))]
    fn make_report(self: &Arc<Self>, _: PageId, _: usize) -> Result<Report, Vec<Diagnostic>> {
        Ok(Report::default())
    }

    #[cfg(feature = "reports")]
    fn make_report(self: &Arc<Self>, number: PageId, at: usize) -> Result<Report, Vec<Diagnostic>> {
        let page = &self.portal.pages[number];
        note(Read::Summary(page.document.file.clone()));
        let Some((report, path)) = page.reports().nth(at) else { return Ok(Report::default()) };
        let content = self.content(Entry::Page(number))?;
        let permalink = self.portal.config.permalink(&path);
        let mut context = super::context(self, &path, &permalink);
        context.insert_value("page", self.values.page_with(number, content));
        context.insert_value("report", report_value(&self.portal, report, &path));
        let html = super::render(self, &report.template, &context)?;
        let fonts = |path: &str| self.font(path);
        let making = crate::pdf::Making { locale: self.locale(), base: &permalink, fonts: &fonts };
        let made = crate::pdf::pdf(&String::from_utf8_lossy(&html), &making).map_err(|problems| {
            let shown = self.theme.templates.shown(&report.template).unwrap_or(&report.template);
            let finding = |problem: crate::pdf::Problem| {
                Diagnostic::new("report", text!("`{file}`: {problem}", file = report.file, problem = problem.message))
                    .at(crate::diagnostic::Place::file(shown))
                    .help(problem.help)
            };
            problems.into_iter().map(finding).collect::<Vec<_>>()
        })?;
        Ok(Report { bytes: made.bytes.into(), pages: made.pages, parts: made.parts, date: made.date, picture: made.picture })
    }

    /// A font of the theme, by the path that templates name.
    #[cfg(feature = "reports")]
    fn font(&self, path: &str) -> Option<crate::pdf::FontFile> {
        note(Read::Static(path.into()));
        self.reports.font(path, || {
            let file = self.theme.statics.get(path)?;
            match &file.bytes {
                Some(bytes) => crate::pdf::font_file(bytes),
                None => crate::pdf::font_file(&self.files.read(&file.shown).ok()?),
            }
        })
    }
}
