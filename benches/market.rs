//! A portal of N typed records with everything on: a market of courses. It is always the same for the same N
//! and shape.
//!
//! Of ten records one is a role (with a page of what it pays beside it, which is not counted), six are
//! courses, one is a provider, and two are articles.

use std::fmt::Write as _;
use std::io;
use std::path::Path;

use super::generate::{Random, write};

/// How courses are spread over providers and roles.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Each provider and each role has about as many.
    Even,
    /// As markets are: one provider has a tenth of all courses, one role a third.
    Skewed,
}

/// The day that the portal is judged by.
pub const AS_OF: &str = "2026-11-23";

/// How many sources there are, and how many entries of the glossary.
const SOURCES: usize = 40;
const TERMS: usize = 60;

const WORDS: [&str; 40] = [
    "Kampagne",
    "Redaktion",
    "Zielgruppe",
    "Kanal",
    "Bericht",
    "Auswertung",
    "Planung",
    "Betreuung",
    "Gespräch",
    "Prüfung",
    "Übung",
    "Praxis",
    "Lernende",
    "Betrieb",
    "Vertrag",
    "Nachweis",
    "Strategie",
    "Kennzahl",
    "Netzwerk",
    "Beitrag",
    "Bildsprache",
    "Moderation",
    "Werbung",
    "Verwaltung",
    "Pflege",
    "Technik",
    "Handel",
    "Logistik",
    "Steuer",
    "Recht",
    "Sprache",
    "Gestaltung",
    "Führung",
    "Beratung",
    "Einkauf",
    "Vertrieb",
    "Personal",
    "Rechnung",
    "Daten",
    "Sicherheit",
];

const SMALL: [&str; 16] =
    ["und", "mit", "für", "in", "der", "die", "auf", "nach", "über", "von", "zur", "wer", "lernt", "plant", "prüft", "schreibt"];

const MODES: [&str; 5] = ["presence", "online-live", "online-self-paced", "blended", "distance"];
const FUNDING: [&str; 4] = ["Bildungsgutschein", "Aufstiegs-BAföG", "Qualifizierungschancengesetz", "Bildungsurlaub"];
const KINDS: [&str; 5] = ["academy", "distance-school", "university", "chamber", "company"];

/// Writes the portal.
pub fn portal(root: &Path, records: usize, shape: Shape) -> io::Result<()> {
    let roles = (records / 10).max(1);
    let providers = (records / 10).max(1);
    let courses = records * 6 / 10;
    let articles = records.saturating_sub(roles + providers + courses);
    let mut random = Random::new();
    write(&root.join("site.toml"), SITE)?;
    write(&root.join("content/sources.toml"), &sources())?;
    for (path, title, more) in [
        ("_index.md", "Der Markt der Weiterbildung", ""),
        ("rollen/_index.md", "Rollen", "sort_by = \"title\"\npaginate_by = 48\n"),
        ("kurse/_index.md", "Kurse", "sort_by = \"title\"\ntemplate = \"finder.html\"\n"),
        ("anbieter/_index.md", "Anbieter", "sort_by = \"title\"\npaginate_by = 48\n"),
        ("gehalt/_index.md", "Gehalt", "sort_by = \"title\"\npaginate_by = 48\n"),
        ("ratgeber/_index.md", "Ratgeber", "sort_by = \"date\"\npaginate_by = 48\n"),
        ("glossar/_index.md", "Glossar", "sort_by = \"title\"\ntemplate = \"glossary.html\"\n"),
        ("quellen.md", "Quellen", "template = \"sources.html\"\n"),
        ("daten.md", "Daten", "template = \"data.html\"\n"),
    ] {
        let title =
            format!("title = \"{title}\"\ndescription = \"Was es gibt, was es kostet und wohin es führt: {title} im Überblick.\"\n");
        write(&root.join("content").join(path), &format!("+++\n{title}{more}+++\n"))?;
    }
    for number in 0..TERMS {
        write(&root.join(format!("content/glossar/begriff-{number}.md")), &term(number, &mut random))?;
    }
    for number in 0..roles {
        write(&root.join(format!("content/rollen/rolle-{number}.md")), &role(number, roles, &mut random))?;
        write(&root.join(format!("content/gehalt/gehalt-{number}.md")), &salary(number, &mut random))?;
        write(&root.join(format!("content/gehalt/gehalt-{number}.csv")), &figures(&mut random))?;
    }
    for number in 0..providers {
        write(&root.join(format!("content/anbieter/anbieter-{number}.md")), &provider(number, &mut random))?;
    }
    for number in 0..courses {
        let skewed = shape == Shape::Skewed;
        let provider = if skewed && number.is_multiple_of(10) { 0 } else { random.below(providers) };
        let role = if skewed && number.is_multiple_of(3) { 0 } else { random.below(roles) };
        write(&root.join(format!("content/kurse/kurs-{number}.md")), &course(number, provider, role, &mut random))?;
    }
    for number in 0..articles {
        write(&root.join(format!("content/ratgeber/beitrag-{number}.md")), &article(number, courses, roles, &mut random))?;
    }
    Ok(())
}

const SITE: &str = "base_url = \"https://www.example.org\"\ntitle = \"Markt\"\ndescription = \"Kurse, Rollen, Anbieter und Gehälter.\"\n\
    default_language = \"de\"\ngenerate_feeds = true\n\
    [[taxonomies]]\nname = \"thema\"\npaginate_by = 48\n\
    [[navigation]]\nname = \"Rollen\"\nurl = \"@/rollen/_index.md\"\n\
    [[navigation]]\nname = \"Kurse\"\nurl = \"@/kurse/_index.md\"\n\
    [[navigation]]\nname = \"Anbieter\"\nurl = \"@/anbieter/_index.md\"\n\
    [[navigation]]\nname = \"Ratgeber\"\nurl = \"@/ratgeber/_index.md\"\n\
    [[navigation]]\nname = \"Glossar\"\nurl = \"@/glossar/_index.md\"\n\
    [[navigation]]\nname = \"Gehalt\"\nurl = \"@/gehalt/_index.md\"\n\
    [[footer]]\nname = \"Quellen\"\nurl = \"@/quellen.md\"\n\
    [[footer]]\nname = \"Daten\"\nurl = \"@/daten.md\"\n\
    [markdown]\nglossary_links = true\nsmart_punctuation = true\n\
    [language]\ngender_form = \"fair\"\n\
    [pay]\nhours_a_week = 40\nmonths_paid = 12\n\
    [finder]\npage = \"@/kurse/_index.md\"\nminimum = 3\n\
    [freshness]\ncourse = { price = \"12 months\", duration = \"24 months\", workload = \"24 months\", verified = \"12 months\" }\n\
    salary = { figures = \"36 months\" }\nrole = { reviewed = \"24 months\" }\nsource = { accessed = \"24 months\" }\npage = { updated = \"36 months\" }\n\
    [data]\nlicence = \"CC BY 4.0\"\n";

fn sources() -> String {
    let mut text = String::new();
    for number in 0..SOURCES {
        let _ = writeln!(
            text,
            "[quelle-{number}]\ntitle = \"Erhebung {number} zur Weiterbildung\"\npublisher = \"Institut {}\"\n\
             url = \"https://www.example.com/quelle-{number}\"\npublished = \"2026-0{}-15\"\naccessed = 2026-10-01\n",
            number % 9,
            1 + number % 9
        );
    }
    text
}

fn source(random: &mut Random) -> String {
    format!("quelle-{}", random.below(SOURCES))
}

fn title(random: &mut Random) -> String {
    format!("{} {} {}", pick(&WORDS, random), pick(&SMALL, random), pick(&WORDS, random))
}

fn pick<'w>(words: &[&'w str], random: &mut Random) -> &'w str {
    words[random.below(words.len())]
}

fn sentence(words: usize, random: &mut Random) -> String {
    let mut text = String::new();
    for at in 0..words {
        let word = if at % 3 == 0 { pick(&WORDS, random) } else { pick(&SMALL, random) };
        text.push_str(if at == 0 { "" } else { " " });
        text.push_str(word);
    }
    text
}

fn paragraphs(random: &mut Random) -> String {
    let mut text = format!("{}.\n\n<!-- more -->\n", sentence(25, random));
    for part in 0..3 {
        let _ = write!(
            text,
            "\n## {} {part}\n\n{}. *{}* {}.\n\n",
            pick(&WORDS, random),
            sentence(30, random),
            pick(&WORDS, random),
            sentence(20, random)
        );
        for _ in 0..3 {
            let _ = writeln!(text, "- {}", sentence(8, random));
        }
    }
    let _ = writeln!(text, "\n{} {{{{ <source id=\"{}\" /> }}}}.", sentence(12, random), source(random));
    text
}

fn head(title: &str, number: usize, random: &mut Random) -> String {
    format!("title = \"{title} {number}\"\ndescription = \"{}.\"\n", sentence(14, random))
}

fn course(number: usize, provider: usize, role: usize, random: &mut Random) -> String {
    let mut text = format!("+++\n{}", head(&title(random), number, random));
    let _ = write!(
        text,
        "[course]\nprovider = \"anbieter-{provider}\"\nleads_to = [\"rolle-{role}\"]\n\
         credential = {{ name = \"Zertifikat\", awarded_by = \"Anbieter {provider}\", kind = \"provider\", source = \"{}\" }}\n\
         mode = \"{}\"\nduration = {{ months = {}, source = \"{}\", as_of = \"2026-0{}\" }}\n\
         workload = {{ hours = {}, per = \"week\", source = \"{}\", as_of = \"2026\" }}\n\
         price = {{ amount = {}, currency = \"EUR\", vat = \"exempt\", source = \"{}\", as_of = 2026-0{}-10 }}\n",
        source(random),
        pick(&MODES, random),
        1 + random.below(30),
        source(random),
        1 + random.below(9),
        4 + random.below(20),
        source(random),
        190 + 10 * random.below(600),
        source(random),
        1 + random.below(9),
    );
    let _ = match number % 4 {
        0 => writeln!(text, "approval = \"unknown\""),
        _ => writeln!(text, "approval = {{ number = \"7{:06}\", source = \"{}\" }}", number, source(random)),
    };
    if number.is_multiple_of(3) {
        let _ = writeln!(text, "funding = [{{ name = \"{}\", source = \"{}\" }}]", pick(&FUNDING, random), source(random));
    }
    let (month, place) = (1 + random.below(12), pick(&["Hamburg", "Köln", "München", "online"], random));
    let _ = writeln!(
        text,
        "sessions = [{{ start = 2027-{month:02}-01, place = \"{place}\" }}]\nlink = {{ url = \"https://www.example.com/kurs-{number}\", \
         sponsored = false }}\nverified = 2026-0{}-01\n+++\n",
        1 + random.below(9)
    );
    text + &paragraphs(random)
}

fn provider(number: usize, random: &mut Random) -> String {
    let mut text = format!("+++\n{}", head("Anbieter", number, random));
    let _ = write!(
        text,
        "[provider]\nlegal_name = \"Anbieter {number} GmbH\"\nlegal_source = \"{}\"\nkind = \"{}\"\naddress = \"unknown\"\n\
         website = \"https://www.example.com/anbieter-{number}\"\naccreditation = [{{ name = \"AZAV\", source = \"{}\" }}]\nfounded = \"unknown\"\n+++\n\n",
        source(random),
        pick(&KINDS, random),
        source(random)
    );
    text + &paragraphs(random)
}

fn role(number: usize, roles: usize, random: &mut Random) -> String {
    let mut text = format!("+++\n{}", head("Rolle", number, random));
    let _ = write!(
        text,
        "[role]\nname = \"Rolle {number}\"\ngender_fair = \"Rolle/in {number}\"\ndefinition = \"{}.\"\neducation = \"unknown\"\nworkplace = \"Büro\"\nregulated = false\n\
         related = [\"rolle-{}\"]\nnext = {}\nreviewed = 2026-0{}-01\n\
         [[role.tasks]]\nname = \"{}\"\ntext = \"{}.\"\n[[role.skills]]\nname = \"{}\"\ntext = \"{}.\"\n+++\n\n",
        sentence(12, random),
        random.below(roles),
        if number + 1 < roles { format!("[\"rolle-{}\"]", number + 1) } else { String::from("[]") },
        1 + random.below(9),
        pick(&WORDS, random),
        sentence(10, random),
        pick(&WORDS, random),
        sentence(10, random)
    );
    text + &paragraphs(random)
}

fn salary(number: usize, random: &mut Random) -> String {
    let head = head("Gehalt der Rolle", number, random);
    format!("+++\n{head}[salary]\nrole = \"rolle-{number}\"\nfigures = \"gehalt-{number}.csv\"\n+++\n\n{}", paragraphs(random))
}

fn figures(random: &mut Random) -> String {
    let mut text = String::from("label,p25,p75,median,currency,period,gross,region,covers,sample_size,source,as_of\n");
    for year in 2021..2026 {
        let low = 28_000 + 500 * random.below(30);
        let (high, median) = (low + 18_000, low + 8_000);
        let source = source(random);
        let _ = writeln!(
            text,
            "Erhebung {year},{low},{high},{median},EUR,year,gross,Deutschland,role,{},{source},{year}-06",
            100 + random.below(900)
        );
    }
    text
}

fn term(number: usize, random: &mut Random) -> String {
    // A few of them stand in nearly every text, most in none.
    let name = if number < 8 { WORDS[number * 5].to_owned() } else { format!("Fachwort {number}") };
    let short = sentence(14, random);
    format!(
        "+++\ntitle = \"{name}\"\ndescription = \"Was {name} heißt und wo es vorkommt, kurz erklärt.\"\n[term]\nshort = \"{short}.\"\n+++\n\n{short}.\n"
    )
}

fn article(number: usize, courses: usize, roles: usize, random: &mut Random) -> String {
    let head = head(&title(random), number, random);
    let (year, month, day) = (2024 + random.below(2), 1 + random.below(12), 1 + random.below(28));
    format!(
        "+++\n{head}date = {year}-{month:02}-{day:02}\nsources = [\"{}\"]\n[taxonomies]\nthema = [\"{}\", \"{}\"]\n+++\n\n{}\n\
         Mehr im [Kurs](@/kurse/kurs-{}.md) und zur [Rolle](@/rollen/rolle-{}.md).\n",
        source(random),
        WORDS[number % 20],
        WORDS[(number / 7) % 20],
        paragraphs(random),
        random.below(courses.max(1)),
        random.below(roles)
    )
}
