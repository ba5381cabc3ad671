//! What Markdown holds of other systems: what it is here, by the components that the theme has.

use crate::config::Config;
use crate::content::{Document, Foreign, Form};
use crate::diagnostic::{Diagnostic, Text, text};
use crate::theme::Theme;

/// Reports calls in the form of other systems, expressions of templates, and components that are written as
/// elements of HTML: all of it would be published as text, or not be seen by anybody.
pub(super) fn check(document: &Document, config: &Config, theme: &Theme, findings: &mut Vec<Diagnostic>) {
    let code = |foreign: &Foreign| if foreign.form == Form::Element { "bare-shortcode" } else { "foreign-shortcode" };
    for foreign in document.body.foreign.iter().filter(|foreign| config.reports(code(foreign))) {
        if let Some(finding) = finding(foreign, theme) {
            findings.push(finding.at(document.spot(foreign.span.clone()).place()));
        }
    }
}

fn finding(foreign: &Foreign, theme: &Theme) -> Option<Diagnostic> {
    let Foreign { form, name, .. } = foreign;
    let system = match form {
        Form::Element => {
            let takes = theme.templates.arguments(name)?;
            let message = text!("`<{name}>` is no element of HTML: without braces the shortcode of that name is not called", name);
            return Some(Diagnostic::new("bare-shortcode", message).help(text!("write `{call}`", call = call(foreign, &takes))));
        }
        Form::Expression => {
            let finding = Diagnostic::new("foreign-shortcode", "an expression of a template would be published as it stands");
            return Some(finding.help(
                "templates do not run in Markdown: write what it is to say, or a shortcode that says it; what is only to be shown stands between backticks",
            ));
        }
        Form::Zola => "Zola before 0.23",
        Form::Hugo => "Hugo",
        Form::WordPress => "WordPress",
    };
    let finding = Diagnostic::new(
        "foreign-shortcode",
        text!("`{name}` is called as in {system}, which would be published as it stands", name, system = Text::from(system)),
    );
    Some(match theme.templates.arguments(name) {
        Some(takes) => finding.help(text!("write `{call}`", call = call(foreign, &takes))),
        None => finding.help(text!(
            "{help}; a shortcode of your own is a component in `templates/components/`, called as `{call}`",
            help = theme.templates.call_help(name, Vec::new()),
            call = call(foreign, &[])
        )),
    })
}

/// The call as it is written here. A single argument without a name is the first that the component takes.
fn call(foreign: &Foreign, takes: &[String]) -> String {
    let name = foreign.name.replace('-', "_");
    let mut arguments = String::new();
    for (key, value) in &foreign.arguments {
        let key = match (key, takes) {
            (Some(key), _) => key,
            (None, [first, ..]) if foreign.arguments.len() == 1 => first,
            (None, _) => "…",
        };
        let is_text = value.starts_with(['"', '\'', '`']);
        let is_written_out = value.starts_with('{');
        let is_value = value.starts_with('[') || value.parse::<f64>().is_ok() || matches!(value.as_str(), "true" | "false");
        arguments.push_str(&match () {
            () if is_text || is_written_out => format!(" {key}={value}"),
            () if is_value && foreign.form == Form::Zola => format!(" {key}={{{value}}}"),
            () => format!(" {key}=\"{value}\""),
        });
    }
    if foreign.has_body { format!("{{% <{name}{arguments}> %}}…{{% </{name}> %}}") } else { format!("{{{{ <{name}{arguments} /> }}}}") }
}
