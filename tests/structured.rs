//! Linked data against the vocabulary of schema.org, and against what search engines document as needed.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use serde_json::Value;

use crate::harness::{Archive, PORTAL_AS_OF};
use werdegang::api::files::{Disk, Files, Memory};
use werdegang::api::pipeline::{Progress, Request, build};

/// The classes and properties of schema.org that are used: see its `version`, `source` and `license`.
const VOCABULARY: &str = include_str!("structured/vocabulary.json");

/// A portal with every kind of record, and texts that would end the element.
const PORTAL: &str = include_str!("structured/portal.txt");

struct Vocabulary {
    classes: BTreeMap<String, Vec<String>>,
    domains: BTreeMap<String, Vec<String>>,
    ranges: BTreeMap<String, Vec<String>>,
}

impl Vocabulary {
    fn load() -> Self {
        let value: Value = serde_json::from_str(VOCABULARY).expect("JSON");
        let names =
            |value: &Value| value.as_array().expect("a list").iter().map(|name| name.as_str().expect("a name").to_owned()).collect();
        let of = |key: &str| {
            let properties = value["properties"].as_object().expect("properties").iter();
            properties.map(|(name, property)| (name.clone(), names(&property[key]))).collect()
        };
        let classes = value["classes"].as_object().expect("classes").iter().map(|(name, above)| (name.clone(), names(above))).collect();
        Self { classes, domains: of("domain"), ranges: of("range") }
    }

    /// Whether a class is another, or is below it.
    fn is_a(&self, class: &str, other: &str) -> bool {
        class == other || self.classes.get(class).is_some_and(|above| above.iter().any(|above| self.is_a(above, other)))
    }

    /// What is wrong with a node and those in it. `types` are those of the nodes of the graph.
    fn problems(&self, node: &Value, types: &BTreeMap<String, String>, problems: &mut Vec<String>) {
        let class = node["@type"].as_str().unwrap_or_default();
        if !self.classes.contains_key(class) {
            problems.push(format!("no class `{class}`: {node}"));
        }
        for (key, value) in node.as_object().expect("a node").iter().filter(|(key, _)| !key.starts_with('@')) {
            // What somebody is asked for carries the name of what it becomes (schema.org, "Potential Actions").
            let key = key.strip_suffix("-input").unwrap_or(key);
            let Some(domains) = self.domains.get(key) else {
                problems.push(format!("no property `{key}`"));
                continue;
            };
            if !domains.iter().any(|domain| self.is_a(class, domain)) {
                problems.push(format!("`{class}` has no `{key}`"));
            }
            let values = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
            if values.is_empty() {
                problems.push(format!("`{key}` of `{class}` is empty"));
            }
            for value in values {
                if !self.ranges[key].iter().any(|range| self.fits(value, range, types)) {
                    problems.push(format!("`{key}` of `{class}` cannot be {value}"));
                }
                if value.is_object() && value.get("@type").is_some() {
                    self.problems(value, types, problems);
                }
            }
        }
    }

    fn fits(&self, value: &Value, range: &str, types: &BTreeMap<String, String>) -> bool {
        match value {
            Value::String(text) => match range {
                "Text" => !text.is_empty(),
                // An item of a list may be named by its address.
                "URL" | "Thing" => text.starts_with("http://") || text.starts_with("https://"),
                // A member of an enumeration goes by its address.
                _ if text.starts_with("https://schema.org/") => self.is_a(&text["https://schema.org/".len()..], range),
                "Date" => text.len() <= 10 && text.starts_with(|character: char| character.is_ascii_digit()),
                "Duration" => is_duration(text),
                _ => false,
            },
            Value::Number(number) => range == "Number" || (range == "Integer" && number.is_u64()),
            Value::Bool(_) => range == "Boolean",
            Value::Object(node) => {
                let class = match node.get("@type") {
                    Some(class) => class.as_str(),
                    None => node["@id"].as_str().and_then(|id| types.get(id)).map(String::as_str),
                };
                class.is_some_and(|class| self.is_a(class, range))
            }
            _ => false,
        }
    }
}

/// Whether a text is a duration of ISO 8601 with one unit.
fn is_duration(text: &str) -> bool {
    let Some(rest) = text.strip_prefix('P') else { return false };
    let (rest, units) = rest.strip_prefix('T').map_or((rest, "DWMY"), |rest| (rest, "HMS"));
    let number = rest.trim_end_matches(|unit| units.contains(unit));
    rest.len() == number.len() + 1 && number.parse::<f64>().is_ok_and(|number| number > 0.0)
}

/// The nodes of each graph, and their types by address.
fn types(graph: &Value) -> BTreeMap<String, String> {
    fn look(value: &Value, types: &mut BTreeMap<String, String>) {
        match value {
            Value::Array(values) => values.iter().for_each(|value| look(value, types)),
            Value::Object(map) => {
                if let (Some(id), Some(class)) = (map.get("@id").and_then(Value::as_str), map.get("@type").and_then(Value::as_str)) {
                    types.insert(id.to_owned(), class.to_owned());
                }
                map.values().for_each(|value| look(value, types));
            }
            _ => {}
        }
    }
    let mut found = BTreeMap::new();
    look(graph, &mut found);
    found
}

/// The graphs of the pages of a portal, by path.
fn graphs(files: &Arc<dyn Files>) -> BTreeMap<String, Value> {
    const START: &str = "<script type=\"application/ld+json\">";
    let request = Request { base_url: None, drafts: false, future: false, as_of: PORTAL_AS_OF.parse().expect("a day") };
    let built = build(files, &request, &Progress::default());
    assert!(built.is_whole(), "{:#?}", built.findings);
    let mut graphs = BTreeMap::new();
    for (path, output) in built.outputs.iter().filter(|(path, _)| path.ends_with(".html")) {
        let html = output.bytes.text().expect("a page").into_owned();
        let Some((_, rest)) = html.split_once(START) else { continue };
        let (json, after) = rest.split_once("</script>").expect("an end");
        assert!(!after.contains(START), "{path} has two graphs");
        graphs.insert(path.to_string(), serde_json::from_str(json).unwrap_or_else(|error| panic!("{path}: {error}: {json}")));
    }
    graphs
}

pub fn fixture() -> Arc<dyn Files> {
    let archive = Archive::parse(PORTAL);
    Arc::new(archive.sections.into_iter().fold(Memory::new(), |memory, section| memory.with(&section.name, section.text)))
}

pub fn repository() -> Arc<dyn Files> {
    Arc::new(Disk::new(Path::new(env!("CARGO_MANIFEST_DIR"))).expect("the repository"))
}

fn problems(graph: &Value) -> Vec<String> {
    let vocabulary = Vocabulary::load();
    let mut problems = Vec::new();
    for node in graph["@graph"].as_array().expect("nodes") {
        vocabulary.problems(node, &types(graph), &mut problems);
        needed(node, &mut problems);
    }
    problems
}

/// What search engines document as needed for what they show: breadcrumbs; nothing of articles and
/// organizations.
fn needed(node: &Value, problems: &mut Vec<String>) {
    if node["@type"] != "BreadcrumbList" {
        return;
    }
    let items = node["itemListElement"].as_array().map_or(&[][..], Vec::as_slice);
    if items.len() < 2 {
        problems.push(String::from("breadcrumbs need two items"));
    }
    for (index, item) in items.iter().enumerate() {
        let complete = item["position"] == index + 1 && item["name"].is_string() && item["item"].is_string();
        if !complete {
            problems.push(format!("breadcrumbs lack something: {item}"));
        }
    }
}

#[test]
fn graphs_are_in_the_words_of_the_vocabulary() {
    for (name, files, enough) in [("fixture", fixture(), 10), ("repository", repository(), 50)] {
        let graphs = graphs(&files);
        assert!(graphs.len() >= enough, "{name} has {} graphs", graphs.len());
        for (path, graph) in graphs {
            assert_eq!(problems(&graph), [""; 0], "{name}: {path}: {graph:#}");
        }
    }
}

#[test]
fn faults_are_seen() {
    for (node, problem) in [
        (r#"{"@type":"Corse"}"#, "no class"),
        (r#"{"@type":"Course","prise":1}"#, "no property"),
        (r#"{"@type":"Course","median":1}"#, "`Course` has no `median`"),
        (r#"{"@type":"Course","timeRequired":"12 months"}"#, "`timeRequired` of `Course` cannot be"),
        (r#"{"@type":"Course","provider":{"@id":"https://nowhere.example/"}}"#, "`provider` of `Course` cannot be"),
        (r#"{"@type":"BreadcrumbList","itemListElement":[{"@type":"ListItem","position":1}]}"#, "breadcrumbs need two items"),
    ] {
        let graph = serde_json::from_str(&format!(r#"{{"@graph":[{node}]}}"#)).expect("JSON");
        let found = problems(&graph);
        assert!(found.iter().any(|found| found.contains(problem)), "{node}: {found:?}");
    }
}

/// The node of a type in the graph of a page.
fn node(graphs: &BTreeMap<String, Value>, path: &str, class: &str) -> Value {
    let nodes = graphs[path]["@graph"].as_array().expect("nodes");
    nodes.iter().find(|node| node["@type"] == class).unwrap_or_else(|| panic!("no {class} in {path}: {nodes:#?}")).clone()
}

#[test]
fn the_fixture_uses_all_of_the_vocabulary() {
    let mut used = BTreeSet::new();
    fn look(value: &Value, used: &mut BTreeSet<String>) {
        match value {
            Value::Array(values) => values.iter().for_each(|value| look(value, used)),
            Value::Object(map) => map.iter().for_each(|(key, value)| {
                used.insert(key.trim_end_matches("-input").to_owned());
                look(value, used);
            }),
            _ => {}
        }
    }
    graphs(&fixture()).values().for_each(|graph| look(graph, &mut used));
    let unused: Vec<String> = Vocabulary::load().domains.into_keys().filter(|name| !used.contains(name)).collect();
    // The VAT number is a gap in the fixture, and must not be written.
    assert_eq!(unused, ["vatID"]);
}

#[test]
fn figures_are_what_they_are_and_unknown_ones_are_left_out() {
    let graphs = graphs(&fixture());
    let pay = node(&graphs, "manager/index.html", "Occupation")["estimatedSalary"].clone();
    let kinds: Vec<&str> = pay.as_array().expect("figures").iter().map(|figure| figure["@type"].as_str().expect("a type")).collect();
    // The net figure, the share of those asked, the amount for nobody knows how long and the figure of a
    // wider group are no estimates.
    assert_eq!(kinds, ["MonetaryAmount", "MonetaryAmount", "MonetaryAmountDistribution"]);
    assert_eq!(pay[0]["value"], serde_json::json!({ "@type": "QuantitativeValue", "value": 36100, "unitText": "YEAR" }));
    assert_eq!(
        pay[1]["value"],
        serde_json::json!({ "@type": "QuantitativeValue", "minValue": 35000, "maxValue": 60000, "unitText": "YEAR" })
    );
    assert_eq!(pay[2]["duration"], "P1Y");
    assert_eq!(pay[0]["validFrom"], "2026-03-01");
    assert_eq!(pay[0]["description"], "entry level; Respondents: Employees; Region: Germany; As of: 2026-03-01; Without variable pay");
    assert_eq!(pay[1]["description"], "gross or net: not known; As of: 2026");
    assert!(pay[1].get("validFrom").is_none(), "a year is no day");
    let codes = node(&graphs, "manager/index.html", "Occupation")["occupationalCategory"].clone();
    assert!(codes[1].get("name").is_none(), "{codes:#}");
    let unknown = node(&graphs, "unknown/index.html", "Course");
    for key in ["offers", "timeRequired", "educationalCredentialAwarded", "hasCourseInstance", "identifier"] {
        assert!(unknown.get(key).is_none(), "{key}: {unknown:#}");
    }
    let course = node(&graphs, "course/index.html", "Course");
    let starts: Vec<&str> =
        course["hasCourseInstance"].as_array().expect("sessions").iter().filter_map(|session| session["startDate"].as_str()).collect();
    assert_eq!(starts, ["2027-03-01"], "the session of 2020 is past");
    assert_eq!(course["name"], "C </script><!-- & D");
    let past = node(&graphs, "past/index.html", "Course");
    assert_eq!(
        past["hasCourseInstance"],
        serde_json::json!([{
            "@type": "CourseInstance",
            "courseMode": "Online",
            "courseSchedule": { "@type": "Schedule", "repeatFrequency": "P1W", "duration": "PT10H" }
        }]),
        "sessions that are past say nothing of when, the course still how"
    );
    assert_eq!(past.get("educationalCredentialAwarded"), None, "no credential is none");
    assert_eq!(node(&graphs, "index.html", "Organization").get("vatID"), None, "a gap is no value");
}

#[test]
fn prices_are_what_must_be_paid() {
    let graphs = graphs(&fixture());
    let course = node(&graphs, "course/index.html", "Course");
    assert_eq!(
        course["offers"]["priceSpecification"],
        serde_json::json!([
            { "@type": "UnitPriceSpecification", "price": 2490, "priceCurrency": "EUR", "valueAddedTaxIncluded": true, "description": "=1+1" },
            {
                "@type": "UnitPriceSpecification",
                "price": 207.5,
                "priceCurrency": "EUR",
                "priceComponentType": "https://schema.org/Installment",
                "billingIncrement": 1,
                "billingDuration": 12,
                "unitCode": "MON"
            }
        ])
    );
    assert_eq!(course["financialAidEligible"], serde_json::json!(["Voucher"]));
    let credential = &course["educationalCredentialAwarded"];
    assert_eq!(credential["recognizedBy"], serde_json::json!({ "@type": "Organization", "name": "Board" }));
    assert_eq!(credential["credentialCategory"], "Qualification of an association");
    let past = node(&graphs, "past/index.html", "Course");
    assert_eq!(
        past["offers"]["priceSpecification"],
        serde_json::json!([{
            "@type": "UnitPriceSpecification",
            "price": 500,
            "priceCurrency": "EUR",
            "priceComponentType": "https://schema.org/Installment"
        }]),
        "of the tax of a course that is exempt nothing is said, nor how long parts are paid whose interval nobody told"
    );
}

#[test]
fn lists_are_what_pages_show() {
    let graphs = graphs(&fixture());
    let (first, second) = (node(&graphs, "long/index.html", "ItemList"), node(&graphs, "long/page/2/index.html", "ItemList"));
    for part in [&first, &second] {
        assert_eq!((&part["numberOfItems"], &part["@id"]), (&Value::from(3), &Value::from("https://www.example.org/long/#list")));
    }
    assert_eq!(second["itemListElement"].as_array().map(Vec::len), Some(1));
    assert_eq!(second["itemListElement"][0]["position"], 3);
    let finder = node(&graphs, "all/index.html", "ItemList");
    let names = |list: &Value| -> Vec<String> {
        list["itemListElement"].as_array().expect("items").iter().filter_map(|item| Some(item["name"].as_str()?.to_owned())).collect()
    };
    assert_eq!(names(&finder), ["C </script><!-- & D", "Past", "Total", "Unknown"]);
    let home = graphs["index.html"]["@graph"].as_array().expect("nodes");
    assert!(home.iter().all(|node| node["@type"] != "ItemList"), "the pages of the root are not shown as a list: {home:#?}");
}

#[test]
fn pages_say_who_wrote_them_and_what_they_answer() {
    let graphs = graphs(&fixture());
    let article = |path: &str| node(&graphs, path, "Article")["author"].clone();
    assert_eq!(article("guide/article/index.html"), serde_json::json!([{ "@type": "Person", "name": "First Last" }]));
    assert_eq!(article("guide/unsigned/index.html"), serde_json::json!([{ "@type": "Organization", "name": "The editors" }]));
    assert_eq!(node(&graphs, "course/index.html", "WebPage")["lastReviewed"], "2026-05-01");
    let questions = node(&graphs, "guide/questions/index.html", "FAQPage")["mainEntity"].clone();
    let answers: Vec<(&str, &str)> = questions
        .as_array()
        .expect("questions")
        .iter()
        .filter_map(|question| Some((question["name"].as_str()?, question["acceptedAnswer"]["text"].as_str()?)))
        .collect();
    assert_eq!(
        answers,
        [
            ("Is it hard?", "No, not (P, 2026). At the beginning It gets easier. Is it hard for long? A year."),
            ("Is it hard for long?", "A year.")
        ],
        "an answer ends where the next heading of its level begins, and footnotes are no part of it"
    );
}

#[test]
fn the_data_page_names_its_files() {
    let data = node(&graphs(&fixture()), "data/index.html", "Dataset");
    assert_eq!(data["license"], serde_json::json!({ "@type": "CreativeWork", "name": "CC BY 4.0" }));
    let files = data["distribution"].as_array().expect("files");
    assert!(
        files.iter().any(|file| file["contentUrl"] == "https://www.example.org/data/courses.csv" && file["encodingFormat"] == "text/csv")
    );
    assert!(files.iter().any(|file| file["contentUrl"] == "https://www.example.org/data/sources.json"), "{files:#?}");
}
