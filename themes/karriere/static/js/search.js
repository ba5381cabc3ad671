// Searching the portal: the index of Pagefind is loaded when there is something to search for. What is searched for stands in the address, so that results can be
// linked to, and the way back leads to them.
{
  const all = document.querySelector('[data-search]');
  const form = all?.querySelector('form');
  const box = form?.querySelector('input[type=search]');
  const kinds = form?.querySelector('[data-search-kinds]');
  const filters = form?.querySelectorAll('[data-search-filter]') ?? [];
  const status = all?.querySelector('[data-search-status]');
  const list = all?.querySelector('#search-results');
  const more = all?.querySelector('[data-search-more]');
  const ways = document.querySelector('[data-search-ways]');
  const step = 10;
  const { root } = all?.dataset ?? {};
  const word = (key, values) => Object.entries(values).reduce((text, [from, to]) => text.replace(`{${from}}`, to), all.dataset[key]);
  const nameOf = (kind) => all.dataset[`kind${kind[0].toUpperCase()}${kind.slice(1)}`] ?? kind;
  const modeOf = (mode) => all.getAttribute(`data-mode-${mode}`) ?? mode;
  let engine;
  let asked = 0;

  async function open() {
    engine ??= (async () => {
      const pagefind = await import(new URL('pagefind/pagefind.js', root).href);
      // The word that was asked for counts more than longer ones that begin with it; words that nobody is shown
      // (parts of compounds, other words for the same) count less than those of the page.
      const ranking = { termSimilarity: 2, metaWeights: { title: 6, about: 5, gist: 2, also: 1, parts: 1, kind: 0, detail: 0 } };
      await pagefind.options({ baseUrl: new URL(root).pathname, excerptLength: 24, ranking });
      // Without its filters it does not count what they would leave.
      await pagefind.filters();
      return pagefind;
    })();
    return engine;
  }

  // Words that differ in one letter: one more, one less, another, or two that changed places.
  function near(one, other) {
    if (one === other || Math.abs(one.length - other.length) > 1) return false;
    let start = 0;
    while (start < one.length && one[start] === other[start]) start += 1;
    let [a, b] = [one.length, other.length];
    while (a > start && b > start && one[a - 1] === other[b - 1]) [a, b] = [a - 1, b - 1];
    const [left, right] = [one.slice(start, a), other.slice(start, b)];
    return (left.length <= 1 && right.length <= 1) || (left.length === 2 && right.length === 2 && left[0] === right[1] && left[1] === right[0]);
  }

  // Umlauts in any spelling are one.
  const folded = (word) => word.toLowerCase().normalize('NFD').replace(/\p{M}/gu, '').replace(/([aou])e/g, '$1');

  // Pagefind takes letters off a word that it does not know until something is found. Where less than half of them are left, that is no answer.
  function isAnswer(words, shown) {
    const begun = words.split(/\s+/).filter(Boolean).map(folded).map((word) => word.slice(0, Math.max(3, Math.ceil(word.length / 2))));
    return shown.some(({ excerpt }) => {
      const marked = [...excerpt.matchAll(/<mark>(.*?)<\/mark>/g)].map(([, mark]) => folded(mark));
      return marked.length === 0 || marked.some((mark) => begun.some((start) => mark.includes(start)));
    });
  }

  // What may have been meant: each word that the portal does not know, by one that it knows.
  async function meant(words) {
    const answer = await fetch(new URL('pagefind/words.json', root)).catch(() => null);
    if (!answer?.ok) return null;
    const known = await answer.json();
    const set = new Set(known);
    let other = false;
    const said = words.split(/\s+/).map((word) => {
      const small = word.toLowerCase();
      if (set.has(small)) return word;
      const found = known.find((candidate) => near(small, candidate));
      if (found) other = true;
      return found ?? word;
    });
    return other ? said.join(' ') : null;
  }

  function result(found) {
    const item = document.createElement('li');
    const link = document.createElement('a');
    link.href = found.url;
    link.textContent = found.meta.title;
    const head = document.createElement('h2');
    head.append(link);
    const about = document.createElement('p');
    about.className = 'search-about';
    about.textContent = [nameOf(found.meta.kind), found.meta.detail].filter(Boolean).join(' · ');
    const text = document.createElement('p');
    // Pagefind escapes what it quotes, and marks what was found.
    text.innerHTML = found.excerpt;
    item.append(about, head, text);
    return item;
  }

  function link(words) {
    const address = new URL(form.action);
    address.searchParams.set('q', words);
    const made = document.createElement('a');
    made.href = address.href;
    made.textContent = words;
    return made;
  }

  // What is chosen: by the name of each filter its value.
  function chosen() {
    const values = [['kind', form.elements.kind?.value], ...[...filters].map((select) => [select.name, select.value])];
    return Object.fromEntries(values.filter(([, value]) => value));
  }

  // The values that results have, each with how many. `counts` are those of all that was found, by the name of the filter.
  function showFilters(counts, now) {
    const shown = Object.entries(counts?.kind ?? {}).filter(([, count]) => count > 0);
    kinds.hidden = shown.length < 2 && !now.kind;
    kinds.replaceChildren(kinds.querySelector('legend'));
    for (const [kind, count] of [['', 0], ...shown]) {
      const label = document.createElement('label');
      const radio = document.createElement('input');
      radio.type = 'radio';
      radio.name = 'kind';
      radio.value = kind;
      radio.checked = kind === (now.kind ?? '');
      radio.addEventListener('change', () => search(true));
      label.append(radio, ` ${kind ? `${nameOf(kind)} (${count})` : all.dataset.all}`);
      kinds.append(label);
    }
    for (const select of filters) {
      const values = Object.entries(counts?.[select.name] ?? {}).filter(([value, count]) => count > 0 || value === now[select.name]);
      const named = values.map(([value, count]) => [value, `${select.name === 'mode' ? modeOf(value) : value} (${count})`]);
      named.sort(([, one], [, other]) => one.localeCompare(other, document.documentElement.lang));
      select.replaceChildren(new Option(all.dataset.all, '', !now[select.name], !now[select.name]), ...named.map(([value, text]) => new Option(text, value, value === now[select.name], value === now[select.name])));
      select.closest('label').hidden = values.length < 2 && !now[select.name];
    }
    box.form.querySelector('[data-search-filters]').hidden = [...filters].every((select) => select.closest('label').hidden);
  }

  async function search(keep) {
    const words = box.value.trim();
    const now = chosen();
    const mine = ++asked;
    if (keep) {
      const query = new URLSearchParams();
      if (words) query.set('q', words);
      for (const [name, value] of Object.entries(now)) query.set(name, value);
      history.replaceState(null, '', `?${query}`);
    }
    if (ways) ways.hidden = Boolean(words);
    if (!words) {
      list.replaceChildren();
      status.textContent = '';
      showFilters({}, {});
      more.hidden = true;
      return;
    }
    try {
      const pagefind = await open();
      const found = await pagefind.search(words, { filters: now });
      if (mine !== asked) return;
      showFilters(found.totalFilters ?? found.filters, now);
      const first = await Promise.all(found.results.slice(0, step).map((own) => own.data()));
      if (mine !== asked) return;
      const count = isAnswer(words, first) ? found.results.length : 0;
      list.replaceChildren(...first.slice(0, count).map(result));
      status.textContent = count === 0 ? word('none', { words }) : word(count === 1 ? 'one' : 'other', { n: count.toLocaleString(document.documentElement.lang), words });
      let shown = first.length;
      more.hidden = shown >= count;
      more.onclick = async () => {
        const part = found.results.slice(shown, shown + step);
        shown += part.length;
        more.hidden = shown >= count;
        const items = (await Promise.all(part.map((own) => own.data()))).map(result);
        if (mine === asked) list.append(...items);
      };
      if (count < 10) {
        const other = await meant(words);
        if (mine === asked && other) status.append(' ', `${all.dataset.meant} `, link(other), '?');
      }
    } catch {
      status.textContent = all.dataset.failed;
      if (ways) ways.hidden = false;
    }
  }

  if (all && !all.dataset.ready) {
    all.dataset.ready = '';
    const query = new URLSearchParams(location.search);
    box.value = query.get('q') ?? '';
    form.addEventListener('submit', (event) => { event.preventDefault(); search(true); });
    let waiting;
    box.addEventListener('input', () => { clearTimeout(waiting); waiting = setTimeout(() => search(true), 200); });
    const asked = Object.fromEntries(['kind', 'provider', 'mode'].map((name) => [name, query.get(name)]).filter(([, value]) => value));
    showFilters(Object.fromEntries(Object.entries(asked).map(([name, value]) => [name, { [value]: 0 }])), asked);
    for (const select of filters) select.addEventListener('change', () => search(true));
    if (box.value) search(false);
    else box.focus();
  }
}
