// The preview's script: reloads the page when it changed, and shows the errors of a build over it.
(() => {
  "use strict";

  // The version this page was served from; where the browser does not tell, the first one heard of.
  const timing = performance.getEntriesByType("navigation")[0]?.serverTiming ?? [];
  let mine = timing.find((entry) => entry.name === "werdegang")?.description;
  let source = null;
  let last = null;
  let overlay = null;
  let leaving = false;

  const STYLE = `
    :host { all: initial; }
    .veil { position: fixed; inset: 0; z-index: 2147483647; overflow: auto; padding: 4vmin; background: #000b;
      font: 1rem/1.5 system-ui, sans-serif; color: #1a1a1a; }
    .sheet { max-width: 60rem; margin: 0 auto; padding: 1.5rem; background: #fff; border-top: 6px solid #b3261e; border-radius: 4px; }
    .head { display: flex; gap: 1rem; justify-content: space-between; align-items: start; }
    h1 { margin: 0; font-size: 1.25rem; }
    h2 { margin: 1.5rem 0 .25rem; font-size: 1rem; overflow-wrap: anywhere; }
    p { margin: .25rem 0; overflow-wrap: anywhere; }
    .place, pre { font-family: ui-monospace, monospace; font-size: .9rem; }
    pre { margin: .5rem 0; padding: .75rem; overflow: auto; background: #f3f3f3; }
    mark { background: none; color: #b3261e; font-weight: bold; text-decoration: underline wavy; }
    button { font: inherit; padding: .25rem .75rem; }
    @media (prefers-color-scheme: dark) {
      .veil { color: #eee; } .sheet { background: #1d1d1d; } pre { background: #2a2a2a; } mark { color: #ff8a80; }
    }
    @media print { .veil { display: none; } }`;

  // Only ever text: a finding quotes what somebody wrote into a file.
  const element = (name, text, className) => {
    const made = document.createElement(name);
    if (text !== undefined) made.textContent = text;
    if (className) made.className = className;
    return made;
  };

  const hide = () => {
    overlay?.remove();
    overlay = null;
  };

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

  const show = (findings) => {
    hide();
    overlay = document.createElement("werdegang-errors");
    const root = overlay.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    root.adoptedStyleSheets = [sheet];
    const veil = element("div", undefined, "veil");
    const body = element("div", undefined, "sheet");
    body.setAttribute("role", "alert");
    body.lang = "en";
    const head = element("div", undefined, "head");
    const count = findings.length === 1 ? "1 error" : `${findings.length} errors`;
    const close = element("button", "Close (Esc)");
    close.type = "button";
    close.addEventListener("click", hide);
    head.append(element("h1", `${count} in the portal`), close);
    body.append(head);
    for (const finding of findings) {
      body.append(element("h2", finding.message));
      body.append(...where(finding.place));
      if (finding.help) body.append(element("p", `help: ${finding.help}`));
      for (const other of finding.related) body.append(element("p", other.message), ...where(other.place));
    }
    veil.append(body);
    root.append(veil);
    document.documentElement.append(overlay);
  };

  // Whether the page is up to date; else it is loaded again. The browser keeps the place it was scrolled to.
  const current = (version) => {
    mine ??= version;
    if (version === mine) return true;
    if (!leaving) location.reload();
    leaving = true;
    return false;
  };

  const heard = ({ name, told }) => {
    if (!current(told.version)) return;
    if (name === "errors") show(told.findings);
    else hide();
  };

  const listen = (pass) => {
    source = new EventSource("/__werdegang/events");
    for (const name of ["ok", "reload", "errors"]) {
      source.addEventListener(name, (event) => {
        last = { name, told: JSON.parse(event.data) };
        pass?.(last);
        heard(last);
      });
    }
    // The browser asks again by itself, unless it was refused. Until then nothing is known for sure.
    source.addEventListener("error", () => {
      last = null;
      if (source?.readyState === EventSource.CLOSED) setTimeout(listen, 1000, pass);
    });
  };

  // A browser keeps no more than six connections to a server, so that the seventh page would wait for ever. One page listens and passes on
  // what it hears; when it goes, another takes its place.
  if (navigator.locks) {
    const others = new BroadcastChannel("werdegang");
    others.addEventListener("message", ({ data }) => {
      if (data !== "ask") heard(data);
      else if (source && last) others.postMessage(last);
    });
    others.postMessage("ask");
    navigator.locks.request("werdegang", () => {
      listen((message) => others.postMessage(message));
      return new Promise(() => {});
    });
  } else {
    // Where there are no locks (the preview is seen from another device) a page that nobody looks at gives its connection back.
    const look = () => {
      source?.close();
      source = null;
      if (document.visibilityState !== "hidden") listen();
    };
    document.addEventListener("visibilitychange", look);
    look();
  }

  addEventListener("keydown", (event) => {
    if (event.key === "Escape" && overlay) hide();
  });
})();
