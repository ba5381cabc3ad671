//! Random edits of a portal, of every kind that an editor or a checkout makes.

use std::collections::{BTreeMap, BTreeSet};

/// The files of a portal. `\u{1}` stands for a byte that is not UTF-8.
pub type Shelf = BTreeMap<String, String>;

/// One change of one moment; several make a step.
#[derive(Clone, Debug, PartialEq)]
pub enum Edit {
    Write(String, String),
    Remove(String),
    /// A file or folder gets another name; what is told is the folder alone.
    Move(String, String),
    Day(i8),
    Drafts(bool),
}

/// Choices that are the same for the same seed.
pub struct Random(fastrand::Rng);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(fastrand::Rng::with_seed(seed))
    }

    /// A number below `bound`; 0 where there is none.
    pub fn below(&mut self, bound: usize) -> usize {
        self.0.usize(..bound.max(1))
    }

    pub fn one_in(&mut self, chances: usize) -> bool {
        self.below(chances) == 0
    }

    pub fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }
}

/// Does an edit; gives the paths that a watcher tells.
pub fn apply(files: &mut Shelf, edit: &Edit) -> BTreeSet<String> {
    match edit {
        Edit::Write(path, text) => {
            files.insert(path.clone(), text.clone());
            [path.clone()].into()
        }
        Edit::Remove(path) => {
            files.remove(path);
            [path.clone()].into()
        }
        Edit::Move(from, to) => {
            let inside = |path: &String| path == from || path.starts_with(&format!("{from}/"));
            let moving: Vec<String> = files.keys().filter(|path| inside(path)).cloned().collect();
            for path in moving {
                if let Some(text) = files.remove(&path) {
                    files.insert(format!("{to}{}", &path[from.len()..]), text);
                }
            }
            [from.clone(), to.clone()].into()
        }
        Edit::Day(_) | Edit::Drafts(_) => BTreeSet::new(),
    }
}

const TITLES: [&str; 8] = ["Alpha", "Beta", "Ärger", "Zoo", "First", "über", "Reach", "B & <C>"];
const WORDS: [&str; 8] = ["reach", "budget", "Ärger", "plan", "team", "channel", "<b>x</b>", "post"];
const NAMES: [&str; 6] = ["first.md", "second.md", "third.md", "ümlaut.md", "bundle/index.md", "deep/x.md"];
const FOLDERS: [&str; 4] = ["", "a/", "b/", "terms/"];
const TOPICS: [&str; 4] = ["Red", "Green", "Blue", "Ärger"];

/// One edit of the portal as it is.
pub fn edit(random: &mut Random, files: &Shelf) -> Edit {
    let documents: Vec<&String> = files.keys().filter(|path| path.starts_with("content/") && path.ends_with(".md")).collect();
    let others: Vec<&String> = files.keys().filter(|path| !path.ends_with(".md") && *path != "site.toml").collect();
    let a_document =
        |random: &mut Random| documents.get(random.below(documents.len())).map_or("content/x.md", |path| path.as_str()).to_owned();
    let text_of = |path: &str| files.get(path).cloned().unwrap_or_default();
    match random.below(28) {
        0..=2 => {
            let path = format!("content/{}{}", random.pick(&FOLDERS), random.pick(&NAMES));
            let text = document(random, files);
            Edit::Write(path, text)
        }
        3..=5 => {
            let path = a_document(random);
            let text = text_of(&path);
            let front = text.rfind("+++\n").map_or("", |at| &text[..at + 4]).to_owned();
            Edit::Write(path, format!("{front}{}", body(random, files)))
        }
        6 => {
            // One word for another: nothing but the content changes.
            let path = a_document(random);
            let text = text_of(&path);
            let (word, other) = (random.pick(&WORDS), random.pick(&WORDS));
            Edit::Write(path, text.replacen(word, other, 1))
        }
        7..=8 => {
            let path = a_document(random);
            let text = text_of(&path);
            let text = text.lines().map(|line| {
                if line.starts_with("title = ") { format!("title = \"{}\"\n", random.pick(&TITLES)) } else { format!("{line}\n") }
            });
            Edit::Write(path, text.collect())
        }
        9..=10 => {
            let path = a_document(random);
            let key = front_key(random, path.ends_with("_index.md"));
            let name = key.split(' ').next().unwrap_or_default().to_owned();
            let text: String = text_of(&path).split_inclusive('\n').filter(|line| !line.starts_with(&name)).collect();
            Edit::Write(path, if random.one_in(3) { text } else { text.replacen("+++\n", &format!("+++\n{key}\n"), 1) })
        }
        11..=12 => Edit::Remove(a_document(random)),
        13 => {
            let from = a_document(random);
            Edit::Move(from, format!("content/{}{}", random.pick(&FOLDERS), random.pick(&NAMES)))
        }
        14 => {
            let folders = ["content/a", "content/b", "content/c", "content/a/bundle", "content/b/deep"];
            Edit::Move(random.pick(&folders).to_owned(), random.pick(&folders).to_owned())
        }
        15 => {
            let templates: Vec<&&String> = others.iter().filter(|path| path.contains("templates/")).collect();
            let path = templates.get(random.below(templates.len())).map_or("templates/page.html", |path| path.as_str()).to_owned();
            let path = if random.one_in(3) { String::from("themes/mini/templates/components/lists.html") } else { path };
            let text = text_of(&path);
            match random.below(5) {
                0 if path.starts_with("templates/") => Edit::Remove(path),
                4 => component(random),
                1 => Edit::Write(path.replacen("themes/mini/", "", 1), format!("{text}<!-- own -->")),
                2 => Edit::Write(path, format!("{text}{{# a comment #}}")),
                _ => Edit::Write(
                    path,
                    text.replacen("<p>", "<p class=x>", 1)
                        .replacen("</h1>", "!</h1>", 1)
                        .replacen("</li>", ".</li>", 1)
                        .replacen("</aside>", " –</aside>", 1)
                        .replacen("</div>", "</div>\n", 1),
                ),
            }
        }
        // Where the lists of the finder stand.
        16 if random.one_in(3) => {
            let path = String::from("themes/mini/i18n/en.toml");
            let (one, other) = random.pick(&[
                ("\nmode = \"by-", "\nmode = \"with-"),
                ("\nprice = \"by-", "\nprice = \"with-"),
                ("\nprovider = \"by-", "\nprovider = \"with-"),
                ("\nsort = \"ordered", "\nsort = \"sorted"),
                ("\nsort_name = \"", "\nsort_name = \"the "),
            ]);
            let text = text_of(&path);
            let text = if text.contains(other) { text.replace(other, one) } else { text.replace(one, other) };
            Edit::Write(path, text)
        }
        16 => {
            let path = random.pick(&["themes/mini/i18n/en.toml", "i18n/en.toml"]).to_owned();
            let word = random.pick(&["start", "more", "unknown"]);
            let text: String = text_of(&path).split_inclusive('\n').filter(|line| !line.starts_with(word)).collect();
            if path.starts_with("i18n") && random.one_in(3) {
                Edit::Remove(path)
            } else {
                Edit::Write(path, format!("{word} = \"{}\"\n{text}", random.pick(&TITLES)))
            }
        }
        17 => {
            let path = String::from("content/sources.toml");
            let text = text_of(&path);
            match random.below(4) {
                0 => Edit::Write(
                    path,
                    format!(
                        "{text}[extra{}]\ntitle = \"{}\"\npublisher = \"R\"\npublished = \"2024\"\n",
                        random.below(1000),
                        random.pick(&TITLES)
                    ),
                ),
                1 => Edit::Write(path, format!("# a comment\n{text}")),
                _ => Edit::Write(
                    path,
                    text.replacen("title = \"S", &format!("title = \"S{}", random.pick(&WORDS).replace(['<', '/', '>'], "")), 1),
                ),
            }
        }
        18 => Edit::Write(
            String::from("data/table.csv"),
            (0..random.below(4)).fold(String::from("name,value\n"), |text, row| format!("{text}{},{row}\n", random.pick(&TOPICS))),
        ),
        19 => {
            let path = random
                .pick(&[
                    "themes/mini/static/css/site.css",
                    "themes/mini/static/logo.svg",
                    "static/hello.txt",
                    "static/own.txt",
                    "static/favicon.ico",
                    "static/no-font.ttf",
                ])
                .to_owned();
            // Nothing can be drawn while there is a font that is none.
            if path.starts_with("static/") && (files.contains_key(&path) && path.ends_with(".ttf") || random.one_in(3)) {
                Edit::Remove(path)
            } else {
                Edit::Write(path.clone(), format!("{}\n/* {} */", text_of(&path), random.pick(&TOPICS)))
            }
        }
        20 => site(random, files),
        21 if random.one_in(2) => {
            let path = random.pick(&["content/a/pic.png", "content/pic.png", "content/pic.png"]).to_owned();
            match random.below(6) {
                0 => Edit::Remove(path),
                1 => Edit::Write(path, String::from("no picture")),
                _ => Edit::Write(path, format!("picture {}x4 {}", random.pick(&[1, 3, 6]), random.below(3))),
            }
        }
        21 => {
            let path =
                random.pick(&["content/a/pic.txt", "content/a/bundle/pic.txt", "content/b/deep/pic.txt", "content/pic.txt"]).to_owned();
            if random.one_in(3) { Edit::Remove(path) } else { Edit::Write(path, random.pick(&WORDS).to_owned()) }
        }
        22 => match random.below(3) {
            0 => Edit::Drafts(random.one_in(2)),
            _ => Edit::Day(1 + i8::try_from(random.below(28)).unwrap_or(0)),
        },
        23 => {
            let path = a_document(random);
            let text: String = text_of(&path).split_inclusive('\n').filter(|line| !line.starts_with("slug")).collect();
            Edit::Write(path, text.replacen("+++\n", &format!("+++\nslug = \"{}\"\n", random.pick(&["here", "there"])), 1))
        }
        24 => {
            let path = a_document(random);
            let text: String =
                text_of(&path).split_inclusive('\n').filter(|line| !line.starts_with("topic") && !line.starts_with("taxonomies")).collect();
            Edit::Write(path, text)
        }
        25 | 26 => figure(random, files),
        _ => {
            let path = a_document(random);
            broken(random, files, &path)
        }
    }
}

/// A component of the theme, redefined in a file of the portal that has another name than the theme's, before
/// and behind it in the alphabet.
fn component(random: &mut Random) -> Edit {
    let path = random.pick(&["templates/components/a.html", "templates/components/zz.html"]).to_owned();
    let word = random.pick(&WORDS);
    let definition = match random.below(4) {
        0 => return Edit::Remove(path),
        1 => format!("{{% component note(text: string = \"\") -%}}\n<b>{{{{ text }}}} {word}</b>\n{{%- endcomponent note %}}\n"),
        2 => format!("{{% component entry(page) -%}}\n<li>{{{{ page.title }}}} {word}</li>\n{{%- endcomponent entry %}}\n"),
        _ => format!("{{% component box() -%}}\n<div>{word} {{{{ body }}}}</div>\n{{%- endcomponent box %}}\n"),
    };
    Edit::Write(path, definition)
}

/// Another figure of a course or of pay.
fn figure(random: &mut Random, files: &Shelf) -> Edit {
    const COURSE: [&str; 12] = [
        "mode = \"distance\"",
        "mode = \"presence\"",
        "duration = { months = 2, source = \"study\" }",
        "duration = { months = 30, source = \"study\" }",
        "price = { amount = 400, currency = \"EUR\", vat = \"unknown\", source = \"study\", as_of = \"2026\" }",
        "price = { amount = 2490, currency = \"EUR\", vat = \"unknown\", source = \"survey\", as_of = \"2026\" }",
        "sessions = [{ start = 2026-11-10 }, { start = 2026-11-20 }]",
        "sessions = [{ start = 2026-12-01 }]",
        "verified = 2026-11-01",
        "verified = 2026-11-08",
        "funding = [{ name = \"Voucher\" }]",
        "name = \"Another name\"",
    ];
    const PAY: [&str; 3] = ["amount = 31000", "amount = 48000.50", "hours_a_week = 35"];
    let records: Vec<&String> =
        files.iter().filter(|(_, text)| text.contains("[course]\n") || text.contains("figures]]\n")).map(|(path, _)| path).collect();
    let path = records.get(random.below(records.len())).map_or("content/course.md", |path| path.as_str()).to_owned();
    let text = files.get(&path).cloned().unwrap_or_default();
    let (table, line) = if text.contains("[course]\n") { ("[course]\n", random.pick(&COURSE)) } else { ("figures]]\n", random.pick(&PAY)) };
    let name = line.split(' ').next().unwrap_or_default();
    let others: String = text.split_inclusive('\n').filter(|other| !other.starts_with(name)).collect();
    Edit::Write(path, if random.one_in(4) { others } else { others.replacen(table, &format!("{table}{line}\n"), 1) })
}

/// A mistake.
fn broken(random: &mut Random, files: &Shelf, document: &str) -> Edit {
    let text = files.get(document).cloned().unwrap_or_default();
    match random.below(8) {
        0 => Edit::Write(document.to_owned(), text.replacen("title = ", "titel = ", 1)),
        1 => Edit::Write(document.to_owned(), format!("{text}\u{1}")),
        2 => Edit::Write(document.to_owned(), format!("{text}[nowhere](@/no/where.md)\n")),
        3 => Edit::Write(document.to_owned(), format!("{text}{{{{ <nothing /> }}}}\n")),
        4 => Edit::Write(String::from("themes/mini/templates/page.html"), String::from("{{ page.titel }}{% if %}")),
        5 => Edit::Write(String::from("site.toml"), String::from("title = ")),
        6 => Edit::Write(String::from("content/sources.toml"), String::from("[study]\n")),
        _ => Edit::Write(document.to_owned(), format!("{text}{{{{ <embed path=\"{}\" /> }}}}\n", document.replacen("content/", "", 1))),
    }
}

/// Where a link leads is a warning.
const WARNED: &str =
    "{ severity = { dead-link = \"warning\", missing-file = \"warning\", dead-anchor = \"warning\", foreign-origin = \"warning\" } }";

/// A link with which something is wrong, or may be.
fn doubtful_link(random: &mut Random) -> &'static str {
    random.pick(&[
        "[nowhere](@/no/where.md)",
        "[first](@/a/first.md)",
        "[way](/nowhere/)",
        "[way](/a/first/)",
        "[heading](#nowhere)",
        "[heading](@/a/first.md#nowhere)",
        "[file](nowhere.pdf)",
        "![Picture](https://pictures.example/a.png)",
        "![Picture](/nowhere.png)",
        "<img src=\"https://pictures.example/b.png\" alt=\"\">",
    ])
}

fn site(random: &mut Random, files: &Shelf) -> Edit {
    let path = String::from("site.toml");
    let text = files.get(&path).cloned().unwrap_or_default();
    let with = |key: &str, value: &str| {
        let rest: String = text.split_inclusive('\n').filter(|line| !line.starts_with(key)).collect();
        format!("{key} = {value}\n{rest}")
    };
    let text = match random.below(13) {
        0 => with("title", &format!("\"{}\"", random.pick(&TITLES))),
        1 if random.one_in(2) => text
            .replace("widths = [2, 4]", "widths = x")
            .replace("widths = [3, 4]", "widths = [2, 4]\nprocess = false")
            .replace("process = false\nprocess = false", "process = true")
            .replace("widths = x", "widths = [3, 4]"),
        1 => with("feed_limit", random.pick(&["1", "2", "3"])),
        2 => with("generate_feeds", random.pick(&["true", "false"])),
        3 => text
            .replace("glossary_links = true", "glossary_links = no")
            .replace("glossary_links = false", "glossary_links = true")
            .replace("glossary_links = no", "glossary_links = false"),
        4 => text
            .replace("paginate_by = 2", "paginate_by = x")
            .replace("paginate_by = 1", "paginate_by = 2")
            .replace("paginate_by = x", "paginate_by = 1"),
        5 => with("ignored_content", random.pick(&["[]", "[\"**/third.md\"]", "[\"**/*.txt\"]"])),
        6 => format!("# a comment\n{text}"),
        7 if random.one_in(2) => text
            .replace("minimum = 1", "minimum = x")
            .replace("minimum = 2", "minimum = 1")
            .replace("minimum = x", "minimum = 2")
            .replace("hours_a_week = 40", "hours_a_week = 38")
            .replace("10 days", "2 weeks"),
        7 => with("author", &format!("\"{}\"", random.pick(&TITLES))),
        8 => with(
            "privacy",
            random.pick(&[
                "{ allowed_origins = [\"https://films.example\"] }",
                "{ services = [{ origin = \"https://films.example\", provider = \"Films\", purpose = \"Films\" }] }",
                "{}",
            ]),
        ),
        12 => with("share", random.pick(&["{ images = false }", "{ icons = false }", "{}"])),
        // A site may be published with links that lead nowhere.
        9 | 10 => {
            with("check", random.pick(&[WARNED, WARNED, WARNED, "{ severity = { dead-link = \"off\", missing-file = \"off\" } }", "{}"]))
        }
        _ if text.contains("[extra]") => text.replace("motto = ", "motto2 = ").replace("motto22 = ", "motto = "),
        _ => format!("{text}[extra]\nmotto = \"{}\"\n", random.pick(&TITLES)),
    };
    Edit::Write(path, text)
}

fn front_key(random: &mut Random, section: bool) -> String {
    let topics = format!("taxonomies = {{ topic = [\"{}\", \"{}\"] }}", random.pick(&TOPICS), random.pick(&TOPICS));
    let common = [
        "weight = 3",
        "weight = 1",
        "description = \"About it.\"",
        "sources = [\"study\"]",
        "sources = [\"survey\", \"study\"]",
        "aliases = [\"old/one\"]",
        "in_sitemap = false",
        "share_image = \"hello.txt\"",
        "share_image = \"nowhere.png\"",
        "draft = true",
        "allow = [{ code = \"foreign-origin\", reason = \"It is moved\" }]",
    ];
    let of_page = [
        "date = 2026-03-01",
        "date = 2027-03-01",
        "date = 2025-01-01",
        "updated = 2026-05-05",
        "slug = \"elsewhere\"",
        "path = \"some/where\"",
        &topics,
        &topics,
        "authors = [\"A\"]",
        "template = \"topics.html\"",
    ];
    let of_section = [
        "sort_by = \"date\"",
        "sort_by = \"title\"",
        "sort_by = \"weight\"",
        "paginate_by = 1",
        "paginate_by = 2",
        "generate_feeds = true",
        "transparent = true",
        "redirect_to = \"@/topics.md\"",
        "paginate_reversed = true",
        "page_template = \"topics.html\"",
    ];
    match (random.one_in(2), section) {
        (true, _) => random.pick(&common).to_owned(),
        (_, true) => random.pick(&of_section).to_owned(),
        (_, false) => random.pick(&of_page).to_owned(),
    }
}

fn document(random: &mut Random, files: &Shelf) -> String {
    let mut front = format!("title = \"{}\"\n", random.pick(&TITLES));
    let mut keys = BTreeSet::new();
    for _ in 0..random.below(3) {
        let key = front_key(random, false);
        if keys.insert(key.split(' ').next().unwrap_or_default().to_owned()) {
            front.push_str(&format!("{key}\n"));
        }
    }
    match random.below(8) {
        0 => front
            .push_str(&format!("[term]\nshort = \"It is.\"\nother_names = [\"{}\"]\n", random.pick(&["reach", "budget", "plan", "team"]))),
        1 => front.push_str("[provider]\nlegal_name = \"unknown\"\nkind = \"academy\"\n"),
        2 => front.push_str(&format!("[course]\nprovider = \"{}\"\n", random.pick(&["academy", "academy", "first", "second"]))),
        _ => {}
    }
    format!("+++\n{front}+++\n{}", body(random, files))
}

fn body(random: &mut Random, files: &Shelf) -> String {
    let pages: Vec<&str> = files.keys().filter_map(|path| path.strip_prefix("content/")).filter(|path| path.ends_with(".md")).collect();
    let page = |random: &mut Random| pages.get(random.below(pages.len())).copied().unwrap_or("_index.md");
    let mut text = String::new();
    let warned = files.get("site.toml").is_some_and(|site| site.contains(WARNED));
    for _ in 0..1 + random.below(4) {
        let piece = match random.below(12) {
            _ if warned && random.one_in(3) => doubtful_link(random).to_owned(),
            0 | 1 => format!("A [link](@/{}).", page(random)),
            2 => String::from("## Heading"),
            3 => format!("To a [heading](@/{}#heading).", page(random)),
            4 => format!("{{{{ <note text=\"{}\" /> }}}}", random.pick(&WORDS).replace(['<', '>'], "")),
            5 => format!("{{% <box> %}}\nWithin: {}.\n{{% </box> %}}", random.pick(&WORDS)),
            6 => format!("{{{{ <embed path=\"{}\" /> }}}}", page(random)),
            7 => format!("{{{{ <entries path=\"{}_index.md\" /> }}}}", random.pick(&FOLDERS)),
            8 => String::from("{{ <rows path=\"data/table.csv\" /> }}"),
            9 if random.one_in(3) => String::from("![Picture](pic.png \"A title\")"),
            9 if random.one_in(2) => String::from("A [file](pic.txt)."),
            9 => format!("{{{{ <topic name=\"{}\" /> }}}}", random.pick(&TOPICS)),
            10 if random.one_in(2) => String::from("<!-- more -->"),
            _ => format!("Some {} and {}.", random.pick(&WORDS), random.pick(&WORDS)),
        };
        text.push_str(&piece);
        text.push_str("\n\n");
    }
    text
}
