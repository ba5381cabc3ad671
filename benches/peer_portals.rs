//! The same portal for Werdegang, Hugo and Zola: the same Markdown, and templates that do the same work. A
//! page has a menu, its terms, the pages beside it and its content; sections and terms are divided lists;
//! there are a feed, a sitemap and a page for addresses that lead nowhere.

use std::io;
use std::path::Path;

use crate::generate::{For, LIST, content, write};

/// Writes the portal into `root`.
pub fn portal(root: &Path, pages: usize, of: For) -> io::Result<()> {
    content(root, pages, of)?;
    let (settings, templates): ((&str, String), &[(&str, &str)]) = match of {
        For::Werdegang => (("site.toml", werdegang()), &WERDEGANG),
        For::Hugo => (("hugo.toml", hugo()), &HUGO),
        For::Zola => (("config.toml", zola()), &ZOLA),
    };
    write(&root.join(settings.0), &settings.1)?;
    templates.iter().try_for_each(|(path, text)| write(&root.join(path), text))
}

fn werdegang() -> String {
    format!(
        "base_url = \"https://www.example.org\"\ntitle = \"Bench\"\ndefault_language = \"en\"\ntheme = \"bench\"\ngenerate_feeds = true\n\
         [[taxonomies]]\nname = \"topic\"\npaginate_by = {LIST}\n[[navigation]]\nname = \"Start\"\nurl = \"/\"\n\
         [[navigation]]\nname = \"First\"\nurl = \"@/section-0/_index.md\"\n[[navigation]]\nname = \"Topics\"\nurl = \"/topic/\"\n"
    )
}

fn zola() -> String {
    format!(
        "base_url = \"https://www.example.org\"\ntitle = \"Bench\"\ndefault_language = \"en\"\ngenerate_feeds = true\nfeed_filenames = [\"atom.xml\"]\nfeed_limit = 20\n\
         taxonomies = [{{ name = \"topic\", paginate_by = {LIST} }}]\n[extra]\nmenu = [{{ name = \"Start\", url = \"/\" }}, {{ name = \"First\", url = \"/section-0/\" }}, {{ name = \"Topics\", url = \"/topic/\" }}]\n"
    )
}

fn hugo() -> String {
    format!(
        "baseURL = \"https://www.example.org/\"\ntitle = \"Bench\"\nlanguageCode = \"en\"\nenableRobotsTXT = true\n\
         [taxonomies]\ntopic = \"topic\"\n[pagination]\npagerSize = {LIST}\n[services.rss]\nlimit = 20\n\
         [outputs]\nhome = [\"html\", \"rss\"]\nsection = [\"html\"]\ntaxonomy = [\"html\"]\nterm = [\"html\"]\n\
         [[menus.main]]\nname = \"Start\"\npageRef = \"/\"\n[[menus.main]]\nname = \"First\"\npageRef = \"/section-0\"\n[[menus.main]]\nname = \"Topics\"\npageRef = \"/topic\"\n"
    )
}

const TERA_BASE: &str = "<!DOCTYPE html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>{% block title %}{{ config.title }}{% endblock %}</title></head>\n<body>\n<nav>{% for item in config.extra.menu %}<a href=\"{{ item.url }}\">{{ item.name }}</a> {% endfor %}</nav>\n<main>{% block main %}{% endblock %}</main>\n</body>\n</html>\n";

const WERDEGANG: [(&str, &str); 8] = [
    ("themes/bench/i18n/en.toml", "start = \"Start\"\n"),
    (
        "themes/bench/templates/base.html",
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>{% block title %}{{ config.title }}{% endblock %}</title></head>\n<body>\n<nav>{% for item in config.navigation %}<a href=\"{{ item.permalink }}\">{{ item.name }}</a> {% endfor %}</nav>\n<main>{% block main %}{% endblock %}</main>\n</body>\n</html>\n",
    ),
    (
        "themes/bench/templates/page.html",
        "{% extends \"base.html\" %}{% block title %}{{ page.title }}{% endblock %}{% block main %}<h1>{{ page.title }}</h1>\n<p>{{ page.description }} {{ page.date }}</p>\n<p>{% for term in page.taxonomies.topic %}<a href=\"{{ term.permalink }}\">{{ term.name }}</a> {% endfor %}</p>\n{{ page.content | safe }}\n{% if page.lower %}<a href=\"{{ page.lower.permalink }}\">{{ page.lower.title }}</a>{% endif %} {% if page.higher %}<a href=\"{{ page.higher.permalink }}\">{{ page.higher.title }}</a>{% endif %}{% endblock %}",
    ),
    (
        "themes/bench/templates/index.html",
        "{% extends \"base.html\" %}{% block main %}<h1>{{ section.title }}</h1>{{ section.content | safe }}<ul>{% for path in section.subsections %}{% set s = get_section(path=path, metadata_only=true) %}<li><a href=\"{{ s.permalink }}\">{{ s.title }}</a></li>{% endfor %}</ul>{% endblock %}",
    ),
    (
        "themes/bench/templates/section.html",
        "{% extends \"base.html\" %}{% block main %}<h1>{{ section.title }}</h1><ul>{% for p in paginator.pages %}<li><a href=\"{{ p.permalink }}\">{{ p.title }}</a> {{ p.date }} {{ p.description }}</li>{% endfor %}</ul>{% if paginator.next %}<a href=\"{{ paginator.next }}\">next</a>{% endif %}{% endblock %}",
    ),
    (
        "themes/bench/templates/taxonomy_list.html",
        "{% extends \"base.html\" %}{% block main %}<ul>{% for t in terms %}<li><a href=\"{{ t.permalink }}\">{{ t.name }}</a> {{ t.page_count }}</li>{% endfor %}</ul>{% endblock %}",
    ),
    (
        "themes/bench/templates/taxonomy_single.html",
        "{% extends \"base.html\" %}{% block main %}<h1>{{ term.name }}</h1><ul>{% for p in paginator.pages %}<li><a href=\"{{ p.permalink }}\">{{ p.title }}</a> {{ p.date }} {{ p.description }}</li>{% endfor %}</ul>{% if paginator.next %}<a href=\"{{ paginator.next }}\">next</a>{% endif %}{% endblock %}",
    ),
    ("themes/bench/templates/404.html", "{% extends \"base.html\" %}{% block main %}<h1>404</h1>{% endblock %}"),
];

const ZOLA: [(&str, &str); 7] = [
    ("templates/base.html", TERA_BASE),
    (
        "templates/page.html",
        "{% extends \"base.html\" %}{% block title %}{{ page.title }}{% endblock %}{% block main %}<h1>{{ page.title }}</h1>\n<p>{{ page.description }} {{ page.date }}</p>\n<p>{% for term in page.taxonomies.topic %}<a href=\"{{ get_taxonomy_url(kind=\"topic\", name=term) }}\">{{ term }}</a> {% endfor %}</p>\n{{ page.content | safe }}\n{% if page.lower %}<a href=\"{{ page.lower.permalink }}\">{{ page.lower.title }}</a>{% endif %} {% if page.higher %}<a href=\"{{ page.higher.permalink }}\">{{ page.higher.title }}</a>{% endif %}{% endblock %}",
    ),
    (
        "templates/index.html",
        "{% extends \"base.html\" %}{% block main %}<h1>{{ section.title }}</h1>{{ section.content | safe }}<ul>{% for path in section.subsections %}{% set s = get_section(path=path, metadata_only=true) %}<li><a href=\"{{ s.permalink }}\">{{ s.title }}</a></li>{% endfor %}</ul>{% endblock %}",
    ),
    (
        "templates/section.html",
        "{% extends \"base.html\" %}{% block main %}<h1>{{ section.title }}</h1><ul>{% for p in paginator.pages %}<li><a href=\"{{ p.permalink }}\">{{ p.title }}</a> {{ p.date }} {{ p.description }}</li>{% endfor %}</ul>{% if paginator.next %}<a href=\"{{ paginator.next }}\">next</a>{% endif %}{% endblock %}",
    ),
    (
        "templates/taxonomy_list.html",
        "{% extends \"base.html\" %}{% block main %}<ul>{% for t in terms %}<li><a href=\"{{ t.permalink }}\">{{ t.name }}</a> {{ t.page_count }}</li>{% endfor %}</ul>{% endblock %}",
    ),
    (
        "templates/taxonomy_single.html",
        "{% extends \"base.html\" %}{% block main %}<h1>{{ term.name }}</h1><ul>{% for p in paginator.pages %}<li><a href=\"{{ p.permalink }}\">{{ p.title }}</a> {{ p.date }} {{ p.description }}</li>{% endfor %}</ul>{% if paginator.next %}<a href=\"{{ paginator.next }}\">next</a>{% endif %}{% endblock %}",
    ),
    ("templates/404.html", "{% extends \"base.html\" %}{% block main %}<h1>404</h1>{% endblock %}"),
];

const HUGO_LIST: &str = "{{ define \"main\" }}<h1>{{ .Title }}</h1>{{ $p := .Paginate .Pages.ByDate.Reverse }}<ul>{{ range $p.Pages }}<li><a href=\"{{ .Permalink }}\">{{ .Title }}</a> {{ .Date.Format \"2006-01-02\" }} {{ .Description }}</li>{{ end }}</ul>{{ with $p.Next }}<a href=\"{{ .URL }}\">next</a>{{ end }}{{ end }}";

const HUGO: [(&str, &str); 7] = [
    (
        "layouts/baseof.html",
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>{{ block \"title\" . }}{{ site.Title }}{{ end }}</title></head>\n<body>\n<nav>{{ range site.Menus.main }}<a href=\"{{ .URL }}\">{{ .Name }}</a> {{ end }}</nav>\n<main>{{ block \"main\" . }}{{ end }}</main>\n</body>\n</html>\n",
    ),
    (
        "layouts/page.html",
        "{{ define \"title\" }}{{ .Title }}{{ end }}{{ define \"main\" }}<h1>{{ .Title }}</h1>\n<p>{{ .Description }} {{ .Date.Format \"2006-01-02\" }}</p>\n<p>{{ range .GetTerms \"topic\" }}<a href=\"{{ .Permalink }}\">{{ .Title }}</a> {{ end }}</p>\n{{ .Content }}\n{{ with .PrevInSection }}<a href=\"{{ .Permalink }}\">{{ .Title }}</a>{{ end }} {{ with .NextInSection }}<a href=\"{{ .Permalink }}\">{{ .Title }}</a>{{ end }}{{ end }}",
    ),
    (
        "layouts/home.html",
        "{{ define \"main\" }}<h1>{{ .Title }}</h1>{{ .Content }}<ul>{{ range .Sections }}<li><a href=\"{{ .Permalink }}\">{{ .Title }}</a></li>{{ end }}</ul>{{ end }}",
    ),
    ("layouts/section.html", HUGO_LIST),
    ("layouts/term.html", HUGO_LIST),
    (
        "layouts/taxonomy.html",
        "{{ define \"main\" }}<ul>{{ range .Pages }}<li><a href=\"{{ .Permalink }}\">{{ .Title }}</a> {{ len .Pages }}</li>{{ end }}</ul>{{ end }}",
    ),
    ("layouts/404.html", "{{ define \"main\" }}<h1>404</h1>{{ end }}"),
];
