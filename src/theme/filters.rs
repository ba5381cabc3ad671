//! The filters and tests of templates: how figures are written in the language of the portal.

use tera::{Error, Kwargs, State, Tera, TeraResult, Value};

use super::arguments::{no_other_language, only};
use super::scope;
use super::template_errors::spoken;
use crate::content::fragment;
use crate::diagnostic::{Text, text};
use crate::html::plain_text;
use crate::locale::Locale;
use crate::records::Moment;
use crate::schema::UNKNOWN;
use crate::values::field;

pub(super) fn register(tera: &mut Tera) {
    tera.register_filter("number", number);
    tera.register_filter("percent", percent);
    tera.register_filter("money", money);
    tera.register_filter("pay", pay);
    tera.register_filter("duration", duration);
    tera.register_filter("date", date);
    tera.register_filter("iso_date", iso_date);
    tera.register_filter("markdown", markdown);
    tera.register_filter("slugify", slugify);
    tera.register_filter("striptags", striptags);
    tera.register_filter("json", json);
    tera.register_filter("sort_names", sort_names);
    tera.register_filter("initial", initial);
    tera.register_filter("host", host);
    tera.register_test("unknown", |value: &Value, kwargs: Kwargs, _: &State| -> TeraResult<bool> {
        only(&kwargs, &[])?;
        Ok(is_unknown(value))
    });
}

/// The locale to write in: the argument `lang`, else that of the portal.
fn locale(kwargs: &Kwargs) -> TeraResult<&'static Locale> {
    if let Some(language) = kwargs.get::<&str>("lang")? {
        return Locale::of(language).ok_or_else(|| {
            spoken(text!(
                "there is no language data for `{language}`; there are {languages}",
                language,
                languages = crate::diagnostic::list(crate::locale::LANGUAGES.iter().copied())
            ))
        });
    }
    scope::current()
        .map(|rendering| rendering.locale())
        .ok_or_else(|| spoken(Text::from("this filter works only while a page is rendered")))
}

/// The theme's word for a value that nobody knows.
fn unknown(kwargs: &Kwargs) -> TeraResult<String> {
    let rendering = scope::current().ok_or_else(|| spoken(Text::from("this filter works only while a page is rendered")))?;
    no_other_language(kwargs, &rendering)?;
    rendering.word(UNKNOWN, None).map_err(spoken)
}

fn is_unknown(value: &Value) -> bool {
    value.as_str() == Some(UNKNOWN)
}

fn wrong(filter: &str, expected: &'static str, value: &Value) -> Error {
    spoken(text!("the filter `{filter}` takes {expected}, not {found}", filter, expected = Text::from(expected), found = value.name()))
}

fn hundredths(value: &Value) -> Option<i64> {
    // Cast: saturates, and amounts are bounded when they are read.
    value.as_f64().map(|units| (units * 100.0).round() as i64)
}

fn number(value: &Value, kwargs: Kwargs, _: &State) -> TeraResult<String> {
    only(&kwargs, &["lang"])?;
    if is_unknown(value) {
        return unknown(&kwargs);
    }
    let number = value.as_f64().ok_or_else(|| wrong("number", "a number", value))?;
    Ok(locale(&kwargs)?.number(number))
}

fn percent(value: &Value, kwargs: Kwargs, _: &State) -> TeraResult<String> {
    only(&kwargs, &["lang"])?;
    let number = value.as_f64().ok_or_else(|| wrong("percent", "a number", value))?;
    Ok(locale(&kwargs)?.percent(number))
}

fn money(value: &Value, kwargs: Kwargs, _: &State) -> TeraResult<String> {
    only(&kwargs, &["currency", "lang"])?;
    if is_unknown(value) {
        return unknown(&kwargs);
    }
    let (amount, currency) = match (field(value, "amount"), field(value, "currency").and_then(Value::as_str)) {
        (Some(_), Some(_)) if kwargs.get::<&str>("currency")?.is_some() => {
            return Err(spoken(Text::from("the amount has a currency already: `currency` is for a number alone")));
        }
        (Some(amount), Some(currency)) => (amount, currency),
        _ => (
            value,
            kwargs
                .get::<&str>("currency")?
                .ok_or_else(|| spoken(Text::from("the filter `money` takes `{amount, currency}`, or a number and `currency=\"EUR\"`")))?,
        ),
    };
    let amount = hundredths(amount).ok_or_else(|| wrong("money", "an amount", amount))?;
    Ok(locale(&kwargs)?.money(amount, currency))
}

fn pay(value: &Value, kwargs: Kwargs, _: &State) -> TeraResult<String> {
    only(&kwargs, &["lang"])?;
    let locale = locale(&kwargs)?;
    let currency = field(value, "currency").and_then(Value::as_str).ok_or_else(|| wrong("pay", "a figure of a salary", value))?;
    let amount = |name: &str| field(value, name).and_then(hundredths);
    if let Some(amount) = amount("amount") {
        return Ok(locale.money(amount, currency));
    }
    if let Some(median) = amount("median") {
        return Ok(locale.money(median, currency));
    }
    locale.money_between(amount("low"), amount("high"), currency).ok_or_else(|| wrong("pay", "a figure of a salary", value))
}

fn duration(value: &Value, kwargs: Kwargs, _: &State) -> TeraResult<String> {
    only(&kwargs, &["lang"])?;
    if is_unknown(value) {
        return unknown(&kwargs);
    }
    let count = field(value, "value").and_then(Value::as_f64);
    let unit = field(value, "unit").and_then(Value::as_str);
    match (count, unit) {
        (Some(count), Some(unit)) => Ok(locale(&kwargs)?.duration(count, unit)),
        _ => Err(wrong("duration", "a duration", value)),
    }
}

fn moment(filter: &str, value: &Value) -> TeraResult<Moment> {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    Moment::parse(&text).ok_or_else(|| wrong(filter, "a date, a month or a year", value))
}

fn date(value: &Value, kwargs: Kwargs, _: &State) -> TeraResult<String> {
    only(&kwargs, &["format", "lang"])?;
    if is_unknown(value) {
        return unknown(&kwargs);
    }
    let moment = moment("date", value)?;
    if let Some(format) = kwargs.get::<&str>("format")? {
        if kwargs.get::<&str>("lang")?.is_some() {
            return Err(spoken(Text::from("`format` has no language, so that `lang` says nothing: leave one of them out")));
        }
        let day = match moment {
            Moment::Day(day) => Some(day),
            Moment::Month(year, month) => jiff::civil::Date::new(year, month, 1).ok(),
            Moment::Year(year) => jiff::civil::Date::new(year, 1, 1).ok(),
        };
        let day = day.ok_or_else(|| wrong("date", "a date", value))?;
        return jiff::fmt::strtime::format(format, day)
            .map_err(|error| spoken(text!("`{format}` is no format of a date: {error}", format, error)));
    }
    let locale = locale(&kwargs)?;
    Ok(match moment {
        Moment::Day(day) => locale.date(day),
        Moment::Month(year, month) => locale.month(year, month),
        Moment::Year(year) => year.to_string(),
    })
}

fn iso_date(value: &Value, kwargs: Kwargs, _: &State) -> TeraResult<String> {
    only(&kwargs, &[])?;
    moment("iso_date", value).map(|moment| moment.to_string())
}

fn markdown(text: &str, kwargs: Kwargs, _: &State) -> TeraResult<Value> {
    only(&kwargs, &["inline"])?;
    let smart = scope::current().and_then(|rendering| rendering.portal.config.smart_punctuation.then(|| rendering.locale()));
    let html = fragment(text, smart, kwargs.get::<bool>("inline")?.unwrap_or(false));
    Ok(Value::safe_string(&html))
}

fn slugify(text: &str, kwargs: Kwargs, _: &State) -> TeraResult<String> {
    only(&kwargs, &["lang"])?;
    Ok(locale(&kwargs)?.slug(text))
}

fn striptags(text: &str, kwargs: Kwargs, _: &State) -> TeraResult<String> {
    only(&kwargs, &[])?;
    Ok(plain_text(text).split_whitespace().collect::<Vec<_>>().join(" "))
}

/// JSON that can stand inside `<script>`: nothing in it ends the element or begins a comment (HTML standard,
/// "Restrictions for contents of script elements").
fn json(value: &Value, kwargs: Kwargs, _: &State) -> TeraResult<Value> {
    only(&kwargs, &[])?;
    let text = serde_json::to_string(value).map_err(|error| Error::message(error.to_string()))?;
    let text = text
        .replace('<', "\\u003c")
        .replace('>', "\\u003e")
        .replace('&', "\\u0026")
        .replace('\u{2028}', "\\u2028")
        .replace('\u{2029}', "\\u2029");
    Ok(Value::safe_string(&text))
}

fn sort_names(names: Vec<String>, kwargs: Kwargs, _: &State) -> TeraResult<Vec<String>> {
    only(&kwargs, &["lang"])?;
    let locale = locale(&kwargs)?;
    let mut names = names;
    names.sort_by(|a, b| locale.compare(a, b));
    Ok(names)
}

fn initial(name: &str, kwargs: Kwargs, _: &State) -> TeraResult<String> {
    only(&kwargs, &["lang"])?;
    Ok(locale(&kwargs)?.initial(name))
}

fn host(address: &str, kwargs: Kwargs, _: &State) -> TeraResult<String> {
    only(&kwargs, &[])?;
    let host = url::Url::parse(address).ok().and_then(|url| url.host_str().map(str::to_owned));
    Ok(host.map_or_else(|| address.to_owned(), |host| host.strip_prefix("www.").unwrap_or(&host).to_owned()))
}
