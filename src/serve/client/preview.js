// The preview in the browser: brings the page up to date when it changed.

const OWN = "/__werdegang/";
/** The parameter that has a browser load a file anew. The server does not look at it. */
const ANEW = "werdegang";
/** The longest address of a question, in characters. */
const LONGEST = 7000;

/** Whether another page, or this one anew, is on its way. */
let leaving = false;
const reload = () => {
  leaving = true;
  location.reload();
};

// What the page was served from, and the files that it uses

const tagIn = (timing) => /werdegang;desc="([^"]*)"/.exec(timing ?? "")?.[1];
const tagOf = (entry) => entry?.serverTiming?.find((timing) => timing.name === "werdegang")?.description;

/** What tells this page from what it was or will be; where the browser does not say, the first that the preview says. */
let mine = tagOf(performance.getEntriesByType("navigation")[0]);
/** The same of each file that it loaded. */
const used = new Map();

const pathOf = (address) => {
  const url = new URL(address, location.href);
  return url.origin === location.origin && !url.pathname.startsWith(OWN) ? url.pathname : null;
};

const noteUsed = () => {
  for (const entry of performance.getEntriesByType("resource")) {
    const path = entry.initiatorType === "fetch" ? null : pathOf(entry.name);
    if (path && path !== location.pathname && !used.has(path)) used.set(path, { tag: tagOf(entry), by: entry.initiatorType });
  }
};

const anew = (address, tag) => {
  const url = new URL(address, location.href);
  url.searchParams.set(ANEW, tag);
  return url.href;
};

// Style sheets are put beside the old ones, which go when the new ones are there: nothing flickers.

const isSheet = (node) => node.localName === "link" && node.relList.contains("stylesheet");
/** The sheets of the page, each with the address that the page gives it. */
const written = new WeakMap();
const addressOf = (link) => written.get(link) ?? link.getAttribute("href");

const replaceSheet = (old, link) =>
  new Promise((done) => {
    const end = () => {
      old.remove();
      done();
    };
    link.addEventListener("load", end, { once: true });
    link.addEventListener("error", end, { once: true });
    setTimeout(end, 3000);
    old.after(link);
  });

const reloadSheet = (old, tag) => {
  const link = old.cloneNode();
  written.set(link, addressOf(old));
  link.href = anew(addressOf(old), tag);
  return replaceSheet(old, link);
};

const sheetsOf = (root) => [...root.querySelectorAll("link")].filter(isSheet);

const patchSheets = async (fresh) => {
  const old = sheetsOf(document.head);
  const now = sheetsOf(fresh.head);
  const stays = (link, others) => others.some((other) => addressOf(other) === addressOf(link) && other.media === link.media);
  const gone = old.filter((link) => !stays(link, now));
  const come = now.filter((link) => !stays(link, old)).map((link) => document.importNode(link));
  // The order of sheets decides which rule wins: each new one stands where one went.
  await Promise.all(
    come.map((link) => {
      const place = gone.shift();
      if (place) return replaceSheet(place, link);
      document.head.append(link);
      return null;
    }),
  );
  for (const link of gone) link.remove();
};

const patchHead = (fresh) => {
  const plain = (node) => !isSheet(node) && !isProgram(node);
  const now = [...fresh.head.children].filter(plain);
  const old = [...document.head.children].filter(plain);
  for (const node of old) if (!now.some((other) => other.isEqualNode(node))) node.remove();
  for (const node of now) if (!old.some((other) => other.isEqualNode(node))) document.head.append(document.importNode(node, true));
  for (const { name, value } of fresh.documentElement.attributes) document.documentElement.setAttribute(name, value);
};

// The body is morphed: what stays the same stays, with where it was scrolled to, what is marked, what was typed and what is unfolded.

const isProgram = (node) => node.localName === "script" && !/json/.test(node.type);
const programs = (root) => [...root.querySelectorAll("script")].filter((node) => isProgram(node) && !node.src.includes(OWN)).map((node) => node.outerHTML).join();
const program = programs(document);
const bodyOf = (root) => root.body.outerHTML.replace(/\s*<\/body>$/, "");
/** The body as it is written; where programs may have changed it, that must be asked for. */
let body = program === "" ? bodyOf(document) : null;

/** The page as it is served now, and what tells it from others. */
const load = async () => {
  const answer = await fetch(location.href, { cache: "no-store" });
  const tag = tagIn(answer.headers.get("Server-Timing"));
  return [tag, new DOMParser().parseFromString(await answer.text(), "text/html")];
};

/** What somebody typed or chose, by field, and how to put it back. */
const typed = () => {
  const kept = [];
  for (const field of document.querySelectorAll("input, textarea, select")) {
    if (field.localName === "select") {
      const chosen = [...field.options].map((option) => option.selected);
      if ([...field.options].some((option) => option.selected !== option.defaultSelected)) {
        const values = new Set([...field.options].filter((_, index) => chosen[index]).map((option) => option.value));
        kept.push(() => {
          for (const option of field.options) option.selected = values.has(option.value);
        });
      }
    } else if (field.type === "checkbox" || field.type === "radio") {
      const { checked } = field;
      if (checked !== field.defaultChecked) kept.push(() => (field.checked = checked));
    } else if (field.type !== "file" && field.value !== field.defaultValue) {
      const { value } = field;
      kept.push(() => (field.value = value));
    }
  }
  const active = document.activeElement;
  const [start, end, direction] = [active?.selectionStart, active?.selectionEnd, active?.selectionDirection];
  kept.push(() => {
    if (typeof start === "number" && document.activeElement === active) active.setSelectionRange(start, end, direction);
  });
  return () => kept.forEach((put) => put());
};

const patch = async () => {
  const [tag, fresh] = await load();
  const same = bodyOf(fresh) === body;
  // What programs of the portal made of a page, and whether they would do so again, is not known here.
  if (!tag || mine === "none" || tag === "none" || programs(fresh) !== program || (program !== "" && !same)) {
    reload();
    return;
  }
  await patchSheets(fresh);
  patchHead(fresh);
  mine = tag;
  if (!same) patchBody(fresh);
};

const patchBody = (fresh) => {
  body = bodyOf(fresh);
  const putBack = typed();
  const [x, y] = [scrollX, scrollY];
  Idiomorph.morph(document.body, fresh.body, {
    morphStyle: "outerHTML",
    ignoreActiveValue: true,
    callbacks: {
      // Folded or not: the reader's.
      beforeAttributeUpdated: (name, node) => !(name === "open" && (node.localName === "details" || node.localName === "dialog")),
    },
  });
  putBack();
  scrollTo({ left: x, top: y, behavior: "instant" });
};

/** Loads files anew that the page uses and that changed, without loading the page. */
const renew = async (tags) => {
  const changed = [];
  for (const [path, tag] of Object.entries(tags)) {
    const known = used.get(path);
    if (!known || tag === null) continue;
    if (known.tag !== undefined && known.tag !== tag) changed.push([path, tag, known.by]);
    known.tag = tag;
  }
  const sheets = new Map();
  for (const [path, tag, by] of changed) {
    const links = sheetsOf(document).filter((link) => pathOf(link.href) === path);
    const images = [...document.images].filter((image) => image.currentSrc && pathOf(image.currentSrc) === path);
    if (links.length > 0) {
      for (const link of links) sheets.set(link, tag);
    } else if (by === "css") {
      // A font or a picture that a sheet names, or a sheet that it takes in.
      for (const link of sheetsOf(document)) sheets.set(link, tag);
    } else if (images.length > 0) {
      for (const image of images) {
        image.removeAttribute("srcset");
        image.src = anew(path, tag);
      }
    } else if (by === "script" || by === "iframe" || by === "video" || by === "audio") {
      reload();
      return;
    }
  }
  await Promise.all([...sheets].map(([link, tag]) => reloadSheet(link, tag)));
};

/** Asks how things stand with this page, and has it be so. */
const look = async () => {
  noteUsed();
  const question = new URLSearchParams({ at: location.pathname });
  for (const path of used.keys()) {
    if (question.toString().length + path.length * 3 < LONGEST) question.append("uses", path);
  }
  const answer = await fetch(`${OWN}page?${question}`, { cache: "no-store" });
  if (!answer.ok) return;
  const about = await answer.json();
  mine ??= about.tag;
  if (about.moved) {
    leaving = true;
    location.replace(about.moved + location.search + location.hash);
    return;
  }
  if (about.tag !== mine) {
    await patch();
  } else if (body === null) {
    const [tag, page] = await load();
    if (tag === mine) body = bodyOf(page);
  }
  if (!leaving) await renew(about.uses);
  if (!leaving) showBar(about);
};

let looking = false;
let lookAgain = false;
const lookOnce = async () => {
  lookAgain = true;
  if (looking) return;
  looking = true;
  while (lookAgain && !leaving) {
    lookAgain = false;
    // The preview has ended, or is being started again: it will be heard of.
    await look().catch(() => {});
  }
  looking = false;
};

const heard = ({ name, told }) => {
  if (name === "errors") show(told.findings);
  else hide();
  lookOnce();
};

// A browser keeps no more than six connections to a server, so that the seventh page would wait for ever. One page listens and passes on what it
// hears, and tells which pages are open; when it goes, another takes its place.

let source = null;
let last = null;
/** Other pages that are open: their paths by a name of their own. */
const others = new Map();

const listen = (pass) => {
  source?.close();
  const open = new URLSearchParams([location.pathname, ...others.values()].slice(0, 20).map((path) => ["at", path]));
  source = new EventSource(`${OWN}events?${open}`);
  for (const name of ["ok", "reload", "errors"]) {
    source.addEventListener(name, (event) => {
      last = { name, told: JSON.parse(event.data) };
      pass?.(last);
      heard(last);
    });
  }
  // The browser asks again by itself, unless it was refused. Until then nothing is known for sure.
  source.addEventListener("error", ({ target }) => {
    last = null;
    if (target === source && source.readyState === EventSource.CLOSED) setTimeout(listen, 1000, pass);
  });
};

if (navigator.locks) {
  const channel = new BroadcastChannel("werdegang");
  const name = `${Date.now()}-${Math.random()}`;
  const pass = (message) => channel.postMessage({ heard: message });
  let listening = false;
  let later = null;
  channel.addEventListener("message", ({ data }) => {
    if (data.heard) return heard(data.heard);
    if (data.who) return channel.postMessage({ here: name, at: location.pathname });
    const known = others.get(data.here ?? data.gone);
    if (data.gone) others.delete(data.gone);
    else others.set(data.here, data.at);
    if (!listening) return undefined;
    if (last && data.ask) pass(last);
    if (known !== data.at) {
      clearTimeout(later);
      later = setTimeout(listen, 300, pass);
    }
    return undefined;
  });
  channel.postMessage({ here: name, at: location.pathname, ask: true });
  addEventListener("pagehide", () => channel.postMessage({ gone: name }));
  navigator.locks.request("werdegang", () => {
    listening = true;
    channel.postMessage({ who: true });
    listen(pass);
    return new Promise(() => {});
  });
} else {
  // Where there are no locks (the preview is seen from another device) a page that nobody looks at gives its connection back.
  const visible = () => {
    source?.close();
    source = null;
    if (document.visibilityState !== "hidden") listen();
  };
  document.addEventListener("visibilitychange", visible);
  visible();
}
lookOnce();
