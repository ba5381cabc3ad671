// Courses that a reader chooses from any list, beside each other. The choice stands in the address and nowhere else: no cookie, no storage. Links between lists
// take it along; the page of the comparison reads the rows of the courses' own pages, so that it says what they say.
{
  const bar = document.querySelector('[data-compare]');
  const { name, root, page } = bar?.dataset ?? {};
  const most = 4;
  const language = document.documentElement.lang;
  const word = (key, values) => Object.entries(values).reduce((text, [from, to]) => text.replace(`{${from}}`, to), bar.dataset[key]);
  const chosen = () => (new URLSearchParams(location.search).get(name) ?? '').split(',').filter(Boolean);
  const count = (number) => number.toLocaleString(language);

  // A course goes by its address below the root, without the slashes around it.
  const keyOf = (link) => (link.href.startsWith(root) ? decodeURI(link.href.slice(root.length)).split(/[?#]/)[0].replace(/\/$/, '') : '');

  function addressed(address, keys) {
    const url = new URL(address, location.href);
    const query = [...url.searchParams].filter(([key]) => key !== name).map(([key, value]) => `${encodeURIComponent(key)}=${encodeURIComponent(value)}`);
    // Commas and slashes may stand in a query as they are (RFC 3986, 3.4).
    if (keys.length) query.push(`${name}=${keys.map((key) => key.split('/').map(encodeURIComponent).join('/')).join(',')}`);
    url.search = query.join('&');
    return url.href;
  }

  function choose(keys) {
    history.replaceState(null, '', addressed(location.href, keys));
    show();
  }

  function show() {
    const keys = chosen();
    for (const card of document.querySelectorAll('[data-choice]')) {
      const link = card.querySelector('a[href]');
      const key = link && keyOf(link);
      if (!key) continue;
      let box = card.querySelector('[data-choose]');
      if (!box) {
        const label = document.createElement('label');
        label.className = 'choose';
        box = document.createElement('input');
        box.type = 'checkbox';
        box.dataset.choose = '';
        const hidden = document.createElement('span');
        hidden.className = 'visually-hidden';
        hidden.textContent = ` ${link.textContent}`;
        label.append(box, ` ${bar.dataset.label}`, hidden);
        card.append(label);
        box.addEventListener('change', () => choose(box.checked ? [...chosen().filter((own) => own !== key), key] : chosen().filter((own) => own !== key)));
      }
      box.checked = keys.includes(key);
    }
    bar.hidden = !keys.length;
    const go = bar.querySelector('[data-compare-go]');
    go.href = addressed(page, keys);
    go.textContent = keys.length === 1 ? bar.dataset.goOne : word('go', { n: count(keys.length) });
    // Links to other lists of the portal take the choice along.
    for (const link of document.querySelectorAll('[data-keeps] a[href]')) {
      if (link.origin === location.origin && !link.hash) link.href = addressed(link.href, keys);
    }
  }

  async function compare(into) {
    const keys = [...new Set(chosen())];
    if (!keys.length) return;
    const note = into.querySelector('[data-comparison-note]');
    const read = await Promise.all(keys.slice(0, most).map(async (key) => {
      const url = new URL(root + key.split('/').map(encodeURIComponent).join('/') + '/');
      // A key that leads elsewhere is no course.
      if (url.origin !== location.origin || !url.href.startsWith(root)) return null;
      const answer = await fetch(url).catch(() => null);
      if (!answer?.ok) return null;
      const held = new DOMParser().parseFromString(await answer.text(), 'text/html');
      const rows = new Map([...held.querySelectorAll('[data-row]')].map((row) => [row.dataset.row, row]));
      return rows.size ? { url: url.href, name: held.querySelector('h1').textContent, rows } : null;
    }));
    const courses = read.filter(Boolean);
    if (!courses.length) { note.textContent = bar.dataset.failed; return; }
    const left = keys.slice(most).map((key) => key.split('/').pop());
    const missing = keys.slice(0, most).filter((_, at) => !read[at]).map((key) => key.split('/').pop());
    const list = (all) => new Intl.ListFormat(language).format(all);
    const said = [];
    if (left.length) said.push(word('four', { names: list(courses.map((course) => course.name)), others: list(left) }));
    if (missing.length) said.push(word('missing', { names: list(missing) }));
    note.textContent = said.join(' ');
    const table = document.createElement('table');
    table.className = 'compare';
    const caption = table.createCaption();
    caption.id = 'comparison-chosen';
    caption.textContent = word('caption', { courses: list(courses.map((course) => course.name)) });
    const head = table.createTHead().insertRow();
    const cell = (scope, text, href) => {
      const made = document.createElement('th');
      made.scope = scope;
      if (href) {
        const link = document.createElement('a');
        link.href = href;
        link.textContent = text;
        made.append(link);
      } else made.textContent = text;
      return made;
    };
    head.append(cell('col', bar.dataset.course), ...courses.map((course) => cell('col', course.name, course.url)));
    const body = table.createTBody();
    for (const key of new Set(courses.flatMap((course) => [...course.rows.keys()]))) {
      const row = body.insertRow();
      const named = courses.find((course) => course.rows.has(key)).rows.get(key);
      row.append(cell('row', named.querySelector('th').textContent));
      for (const course of courses) {
        const own = row.insertCell();
        own.dataset.course = course.name;
        const [given, source] = course.rows.get(key)?.querySelectorAll('td') ?? [];
        const copies = (cell) => [...cell.childNodes].map((node) => document.importNode(node, true));
        if (given) own.append(...copies(given));
        else own.textContent = '–';
        // A figure goes nowhere without its source and date.
        if (source?.querySelector('cite, time')) {
          const said = document.createElement('p');
          said.className = 'prov';
          said.append(...copies(source));
          own.append(said);
        }
      }
    }
    const region = document.createElement('div');
    region.className = 'scroll comparison';
    region.tabIndex = 0;
    region.setAttribute('role', 'region');
    region.setAttribute('aria-labelledby', caption.id);
    region.append(table);
    into.querySelector('[data-comparison-default]').replaceChildren(region);
    // Those below are the sources of the courses that the page compares by itself; each of these names its own.
    for (const sources of document.querySelectorAll('.block.sources')) sources.hidden = true;
    bar.querySelector('[data-compare-go]').hidden = true;
  }

  if (bar && !bar.dataset.ready) {
    bar.dataset.ready = '';
    const into = document.querySelector('[data-comparison]');
    bar.querySelector('[data-compare-clear]').addEventListener('click', () => {
      choose([]);
      // The comparison is of what was chosen: without a choice the page is what it was.
      if (into) location.reload();
    });
    document.addEventListener('courses-shown', show);
    show();
    if (into) compare(into);
  }
}
