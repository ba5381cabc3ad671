// What the preview shows over and beside the page: the errors of a build, and the bar.

// Only ever text: a finding quotes what somebody wrote into a file.
const element = (name, text, className) => {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  return made;
};

const counted = (key, n) => (n === 1 ? WORDS[`${key}_one`] : (n === 0 && WORDS[`${key}_none`]) || WORDS[`${key}_other`].replace("{n}", n));

/** An element of the preview's own beside the page, which no style of the page reaches. */
const beside = (name, style) => {
  const made = document.createElement(name);
  made.lang = LANGUAGE;
  const root = made.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(style);
  root.adoptedStyleSheets = [sheet];
  document.documentElement.append(made);
  return [made, root];
};

// Findings

// The line of a place, with what is meant marked.
const line = (place) => {
  const pre = element("pre", `${place.line} | ${place.before}`);
  pre.append(element("mark", place.marked), place.after);
  return pre;
};

const where = (place) => {
  if (!place) return [];
  if (place.line === 0) return [element("p", place.file, "place")];
  return [element("p", `${place.file}:${place.line}:${place.column}`, "place"), line(place)];
};

const described = (finding) => {
  const made = element("section");
  const message = element("h2", finding.message);
  // What the program says is English.
  message.lang = "en";
  made.append(message, ...where(finding.place));
  if (finding.help) {
    const help = element("p", `${WORDS.help}: `);
    const text = element("span", finding.help);
    text.lang = "en";
    help.append(text);
    made.append(help);
  }
  for (const other of finding.related) made.append(element("p", other.message), ...where(other.place));
  return made;
};

const FINDINGS = `
  h2 { margin: 1.5rem 0 .25rem; font-size: 1rem; overflow-wrap: anywhere; }
  p { margin: .25rem 0; overflow-wrap: anywhere; }
  .place, pre { font-family: ui-monospace, monospace; font-size: .9rem; }
  pre { margin: .5rem 0; padding: .75rem; overflow: auto; background: #f3f3f3; }
  mark { background: none; color: #b3261e; font-weight: bold; text-decoration: underline wavy; }
  @media (prefers-color-scheme: dark) { pre { background: #2a2a2a; } mark { color: #ff8a80; } }
  @media print { :host { display: none; } }`;

let overlay = null;
const hide = () => {
  overlay?.remove();
  overlay = null;
};

const show = (findings) => {
  hide();
  const [made, root] = beside("werdegang-errors", `
    :host { all: initial; }
    .veil { position: fixed; inset: 0; z-index: 2147483647; overflow: auto; padding: 4vmin; background: #000b;
      font: 1rem/1.5 system-ui, sans-serif; color: #1a1a1a; }
    .sheet { max-width: 60rem; margin: 0 auto; padding: 1.5rem; background: #fff; border-top: 6px solid #b3261e; border-radius: 4px; }
    .head { display: flex; gap: 1rem; justify-content: space-between; align-items: start; }
    h1 { margin: 0; font-size: 1.25rem; }
    button { font: inherit; padding: .25rem .75rem; }
    @media (prefers-color-scheme: dark) { .veil { color: #eee; } .sheet { background: #1d1d1d; } }
    ${FINDINGS}`);
  const veil = element("div", undefined, "veil");
  const body = element("div", undefined, "sheet");
  body.setAttribute("role", "alert");
  const head = element("div", undefined, "head");
  const close = element("button", WORDS.close);
  close.type = "button";
  close.addEventListener("click", hide);
  head.append(element("h1", counted("errors", findings.length)), close);
  body.append(head, ...findings.map(described));
  veil.append(body);
  root.append(veil);
  overlay = made;
};

addEventListener("keydown", (event) => {
  if (event.key === "Escape" && overlay) hide();
});

// The bar

/** A page that is held back until its day. */
const ahead = ({ title, date, file, editor }) => {
  const made = element("p", `${date}: ${title} `);
  made.append(element("code", file));
  if (editor) {
    const link = element("a", WORDS.open);
    link.href = editor;
    made.append(" ", link);
  }
  return made;
};

let bar = null;
let hidden = false;
const showBar = ({ page, coming, coming_count }) => {
  const unfolded = (name) => bar?.shadowRoot.querySelector(`details.${name}`)?.open ?? false;
  const [findingsUnfolded, comingUnfolded] = [unfolded("findings"), unfolded("coming")];
  bar?.remove();
  bar = null;
  if (!BAR || hidden || !page) return;
  const [made, root] = beside("werdegang-bar", `
    :host { all: initial; }
    aside { position: fixed; inset: auto auto 0 0; z-index: 2147483646; max-width: 100vw; box-sizing: border-box; padding: .25rem .5rem;
      font: .8125rem/1.5 system-ui, sans-serif; color: #1a1a1a; background: #fff; border: solid #767676; border-width: 1px 1px 0 0;
      border-start-end-radius: 4px; }
    .row { display: flex; flex-wrap: wrap; gap: .25rem .75rem; align-items: baseline; }
    .draft { padding: 0 .4rem; font-weight: bold; color: #000; background: #ffd54f; }
    code { font-family: ui-monospace, monospace; overflow-wrap: anywhere; }
    button, a { font: inherit; color: inherit; }
    details { order: 1; }
    details[open] { flex-basis: 100%; max-height: 40vh; overflow: auto; }
    summary { cursor: pointer; }
    @media (prefers-color-scheme: dark) { aside { color: #eee; background: #1d1d1d; } }
    ${FINDINGS}`);
  const aside = element("aside");
  aside.setAttribute("aria-label", WORDS.bar);
  const row = element("div", undefined, "row");
  if (page.draft) row.append(element("span", WORDS.draft, "draft"));
  row.append(element("span", counted("words", page.words)));
  if (page.findings.length === 0) {
    row.append(element("span", counted("findings", 0)));
  } else {
    const details = element("details", undefined, "findings");
    details.open = findingsUnfolded;
    details.append(element("summary", counted("findings", page.findings.length)), ...page.findings.map(described));
    row.append(details);
  }
  if (coming_count > 0) {
    const details = element("details", undefined, "coming");
    details.open = comingUnfolded;
    details.append(element("summary", counted("coming", coming_count)), ...coming.map(ahead));
    row.append(details);
  }
  const file = element("code", page.file);
  const copy = element("button", WORDS.copy);
  copy.type = "button";
  copy.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(page.path);
      copy.textContent = WORDS.copied;
    } catch {
      // Where a page may not write to the clipboard, the whole path can be marked and copied by hand.
      file.textContent = page.path;
      getSelection().selectAllChildren(file);
    }
  });
  row.append(file, copy);
  if (page.editor) {
    const link = element("a", WORDS.open);
    link.href = page.editor;
    row.append(link);
  }
  const close = element("button", WORDS.hide);
  close.type = "button";
  close.addEventListener("click", () => {
    hidden = true;
    made.remove();
  });
  row.append(close);
  aside.append(row);
  root.append(aside);
  bar = made;
};
