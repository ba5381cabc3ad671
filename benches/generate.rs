//! A portal of N pages: always the same for the same N.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::Path;

/// Pages of a section, and of a list.
const SECTION: usize = 500;
pub const LIST: usize = 50;

const WORDS: [&str; 24] = [
    "reach",
    "channel",
    "audience",
    "campaign",
    "course",
    "provider",
    "salary",
    "career",
    "training",
    "strategy",
    "community",
    "monitoring",
    "editor",
    "report",
    "budget",
    "network",
    "contract",
    "approval",
    "exam",
    "portfolio",
    "deadline",
    "feedback",
    "agency",
    "company",
];

/// What the content is written for.
#[derive(Clone, Copy, PartialEq)]
pub enum For {
    Werdegang,
    Hugo,
    Zola,
}

/// Writes the portal. `plain` gives it templates of its own, as short as the bare loop's.
pub fn portal(root: &Path, pages: usize, plain: bool) -> io::Result<()> {
    let navigation = if plain { "" } else { "\n[[navigation]]\nname = \"Start\"\nurl = \"/\"\n" };
    write(
        &root.join("site.toml"),
        &format!(
            "base_url = \"https://www.example.org\"\ntitle = \"Bench\"\ndefault_language = \"en\"\ngenerate_feeds = true\n\
             \n[[taxonomies]]\nname = \"topic\"\npaginate_by = {LIST}\n{navigation}"
        ),
    )?;
    content(root, pages, For::Werdegang)?;
    if plain {
        for (name, template) in TEMPLATES {
            write(&root.join("templates").join(name), template)?;
        }
    }
    Ok(())
}

/// Writes the content: the same for all, but for how a link to a page and the terms of a page are written.
pub fn content(root: &Path, pages: usize, of: For) -> io::Result<()> {
    write(&root.join("content/_index.md"), "+++\ntitle = \"Home\"\n+++\nHome.\n")?;
    let paginate = if of == For::Hugo { String::new() } else { format!("sort_by = \"date\"\npaginate_by = {LIST}\n") };
    let mut random = Random::new();
    for number in 0..pages {
        let section = number / SECTION;
        if number % SECTION == 0 {
            write(
                &root.join(format!("content/section-{section}/_index.md")),
                &format!("+++\ntitle = \"Section {section}\"\n{paginate}+++\n"),
            )?;
        }
        write(&root.join(format!("content/section-{section}/page-{number}.md")), &page(number, pages, of, &mut random))?;
    }
    Ok(())
}

fn page(number: usize, pages: usize, of: For, random: &mut Random) -> String {
    let terms = if of == For::Hugo { "" } else { "[taxonomies]\n" };
    let mut text = format!(
        "+++\ntitle = \"Page {number}: {} and {}\"\ndescription = \"{}\"\ndate = {:04}-{:02}-{:02}\nweight = {}\n{terms}topic = [\"{}\", \"{}\"]\n+++\n",
        random.word(),
        random.word(),
        random.sentence(12),
        2016 + random.below(10),
        1 + random.below(12),
        1 + random.below(28),
        random.below(1000),
        WORDS[number % 20],
        WORDS[(number / 7) % 20],
    );
    for part in 0..3 {
        let _ = write!(text, "\n## {} {part}\n\n{} *{}* {}\n\n", random.word(), random.sentence(30), random.word(), random.sentence(25));
        let other = random.below(pages);
        let file = format!("section-{}/page-{other}.md", other / SECTION);
        let link = if of == For::Hugo { format!("{{{{< relref \"/{file}\" >}}}}") } else { format!("@/{file}") };
        let _ = writeln!(text, "{} [{}]({link}) {}\n", random.sentence(10), random.word(), random.sentence(18));
        for _ in 0..4 {
            let _ = writeln!(text, "- {}", random.sentence(8));
        }
    }
    let _ = writeln!(
        text,
        "\n| {} | {} |\n|---|---|\n| {} | {} |\n| {} | {} |",
        random.word(),
        random.word(),
        random.word(),
        random.word(),
        random.word(),
        random.word()
    );
    text
}

pub fn write(path: &Path, text: &str) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, text)
}

/// Templates as short as the bare loop's.
const TEMPLATES: [(&str, &str); 6] = [
    ("page.html", PAGE),
    (
        "index.html",
        "<!DOCTYPE html><title>{{ section.title }}</title>{{ section.content | safe }}{% for path in section.subsections %}{% set s = get_section(path=path, metadata_only=true) %}<a href=\"{{ s.permalink }}\">{{ s.title }}</a>{% endfor %}\n",
    ),
    ("section.html", LIST_TEMPLATE),
    (
        "taxonomy_list.html",
        "<!DOCTYPE html><title>{{ taxonomy.name }}</title>{% for term in terms %}<a href=\"{{ term.permalink }}\">{{ term.name }}</a>{% endfor %}\n",
    ),
    ("taxonomy_single.html", LIST_TEMPLATE),
    ("404.html", "<!DOCTYPE html><title>404</title>\n"),
];

/// The template of a page, for the portal and for the bare loop.
pub const PAGE: &str = "<!DOCTYPE html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>{{ page.title }}</title><meta name=\"description\" content=\"{{ page.description }}\"></head>\n<body>\n<main>\n<h1>{{ page.title }}</h1>\n<p>{{ page.date }}</p>\n{{ page.content | safe }}\n</main>\n</body>\n</html>\n";

const LIST_TEMPLATE: &str = "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>list</title></head><body><ul>{% for page in paginator.pages %}<li><a href=\"{{ page.permalink }}\">{{ page.title }}</a> {{ page.date }} {{ page.description }}</li>{% endfor %}</ul>{% if paginator.next %}<a href=\"{{ paginator.next }}\">next</a>{% endif %}</body></html>\n";

/// Numbers that look random and are always the same (xorshift64*, Vigna 2016).
pub struct Random(u64);

impl Random {
    pub fn new() -> Self {
        Self(0x9E37_79B9_7F4A_7C15)
    }

    pub fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % bound.max(1)
    }

    fn word(&mut self) -> &'static str {
        WORDS[self.below(WORDS.len())]
    }

    fn sentence(&mut self, words: usize) -> String {
        (0..words).map(|_| self.word()).collect::<Vec<_>>().join(" ")
    }
}

/// Adds links that lead nowhere to all pages of a portal, six to each, of every way to lead nowhere; they are
/// warnings.
pub fn dead_links(root: &Path, pages: usize) -> std::io::Result<()> {
    let site = fs::read_to_string(root.join("site.toml"))?;
    let severity = "{ dead-link = \"warning\", missing-file = \"warning\", dead-anchor = \"warning\", foreign-origin = \"warning\" }";
    fs::write(root.join("site.toml"), format!("{site}\n[check]\nseverity = {severity}\n"))?;
    for number in 0..pages {
        let file = root.join(format!("content/section-{}/page-{number}.md", number / 500));
        let text = fs::read_to_string(&file)?;
        let links = format!(
            "[a](@/none-{number}.md) [b](/none-{number}/) [c](none.pdf) [d](#none) ![E](https://pictures.example/e.png)\n\n\
             <img src=\"https://pictures.example/f.png\" alt=\"\">\n"
        );
        fs::write(&file, format!("{text}\n{links}"))?;
    }
    Ok(())
}

/// How many findings a page has that has any.
const OF_A_PAGE: usize = 6;

/// Adds amounts of money to all pages of a portal, of which so many are findings (`uncited`). The pages say
/// the same, however many there are: those without name a source.
pub fn uncited(root: &Path, pages: usize, findings: usize) -> std::io::Result<()> {
    let source = "[study]\ntitle = \"Study\"\npublisher = \"Publisher\"\npublished = \"2026\"\n";
    fs::write(root.join("content/sources.toml"), source)?;
    let amounts = "\nThe course costs 2,490 euros.\n".repeat(OF_A_PAGE);
    for number in 0..pages {
        let file = root.join(format!("content/section-{}/page-{number}.md", number / 500));
        let text = fs::read_to_string(&file)?;
        // The last page cites the source in any case, so that it is cited.
        let cites = number * OF_A_PAGE >= findings || number + 1 == pages;
        let front = if cites { "sources = [\"study\"]\n" } else { "" };
        fs::write(&file, format!("{}{amounts}", text.replacen("+++\n", &format!("+++\n{front}"), 1)))?;
    }
    Ok(())
}
