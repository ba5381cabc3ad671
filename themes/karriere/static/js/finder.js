// The course finder. The page shows a list that works by plain links; this narrows it down, counts, and sorts at once. All courses are in one file, which is
// loaded when the finder is first used. The choice stands in the address, so that it can be sent and gone back to.
for (const finder of document.querySelectorAll('[data-finder]:not([data-ready])')) {
  // The script is named by each finder of a page, and runs as often.
  finder.dataset.ready = '';
  const part = (name) => finder.querySelector(`[data-finder-${name}]`);
  const [form, list, status, pager, row] = ['form', 'list', 'status', 'pager', 'row'].map(part);
  const sort = form.querySelector('[data-sort]');
  const text = form.querySelector('[data-text]');
  const fields = [...form.querySelectorAll('[data-facet]')];
  const language = document.documentElement.lang;
  const names = new Intl.Collator(language);
  const plain = [...list.children];
  const step = Number(finder.dataset.step);
  let data;
  let limit = step;

  // How the portal makes addresses of names: only where this gives another one is it in the file.
  const slug = (name) =>
    name.toLowerCase().replace(/ä/g, 'ae').replace(/ö/g, 'oe').replace(/ü/g, 'ue').replace(/ß/g, 'ss').replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '');
  const fold = (words) => words.toLowerCase().normalize('NFKD').replace(/[\u0300-\u036f]/g, '');

  function load() {
    data ??= fetch(finder.dataset.src).then((answer) => {
      if (!answer.ok) throw new Error(answer.statusText);
      return answer.json();
    }).then((held) => {
      const of = Object.fromEntries(held.facets.map((facet) => [facet.key, facet]));
      held.of = of;
      held.folded = held.names.map(fold);
      for (const field of fields) fill(field, of[field.dataset.facet]);
      read();
      return held;
    });
    // What could not be loaded may be there the next time; until then the links do.
    data.catch(() => { data = undefined; });
    return data;
  }

  function fill(field, facet) {
    const known = new Map([...field.options].map((option) => [option.value, option]));
    for (const [key, name] of facet.values) {
      const option = known.get(key) ?? new Option('', key);
      option.dataset.name = name;
      field.append(option);
    }
  }

  // The numbers of the values that a course has of a facet: one, several or none.
  const said = (facet, at) => { const own = facet.of[at]; return Array.isArray(own) ? own : own < 0 ? [] : [own]; };

  function wanted(held) {
    return fields.filter((field) => field.value).map((field) => {
      const facet = held.of[field.dataset.facet];
      return { field, facet, value: facet.values.findIndex(([key]) => key === field.value) };
    });
  }

  // What is not known comes last, however the others are sorted.
  const orders = {
    name: (held) => (a, b) => names.compare(held.names[a], held.names[b]),
    // Amounts of two currencies cannot be compared: those of one stand together.
    price: (held) => (a, b) => (held.price[a] < 0) - (held.price[b] < 0) || held.money[a] - held.money[b] || held.price[a] - held.price[b],
    duration: (held) => (a, b) => (held.months[a] < 0) - (held.months[b] < 0) || held.months[a] - held.months[b],
    start: (held) => (a, b) => !held.start[a] - !held.start[b] || held.start[a] - held.start[b],
  };

  function show(held, announce) {
    const chosen = wanted(held);
    const words = fold(text.value).split(/\s+/).filter(Boolean);
    const misses = new Int8Array(held.names.length);
    const first = new Int16Array(held.names.length).fill(-1);
    for (let at = 0; at < misses.length; at += 1) {
      if (words.some((word) => !held.folded[at].includes(word))) misses[at] = 2;
      chosen.forEach(({ facet, value }, number) => {
        if (!said(facet, at).includes(value)) { misses[at] += 1; first[at] = number; }
      });
    }
    const found = [];
    for (let at = 0; at < misses.length; at += 1) if (!misses[at]) found.push(at);
    // How many courses each choice would leave: those that fit all other choices.
    for (const field of fields) {
      const facet = held.of[field.dataset.facet];
      const own = chosen.findIndex((choice) => choice.field === field);
      const counts = new Int32Array(facet.values.length);
      for (let at = 0; at < misses.length; at += 1) {
        if (!misses[at] || (misses[at] === 1 && own >= 0 && first[at] === own)) for (const value of said(facet, at)) counts[value] += 1;
      }
      const place = new Map(facet.values.map(([key], number) => [key, number]));
      for (const option of field.options) {
        const number = place.get(option.value);
        if (number === undefined) continue;
        option.textContent = `${option.dataset.name} (${counts[number].toLocaleString(language)})`;
        option.hidden = !counts[number] && option.value !== field.value;
      }
    }
    const order = orders[sort.value]?.(held);
    if (order) found.sort((a, b) => order(a, b) || a - b);
    const rows = found.slice(0, limit).map((at) => made(held, at));
    list.replaceChildren(...rows);
    const rest = found.length - rows.length;
    pager.hidden = true;
    more.hidden = rest <= 0;
    more.textContent = finder.dataset.more.replace('{n}', Math.min(step, rest).toLocaleString(language));
    const said_ = found.length === 0 ? finder.dataset.none : found.length === 1 ? finder.dataset.one : finder.dataset.other;
    const count = said_.replace('{n}', found.length.toLocaleString(language));
    const sorting = finder.dataset.sorted.replace('{order}', sort.selectedOptions[0].textContent);
    if (announce) status.textContent = found.length > 1 ? `${count} ${sorting}` : count;
    document.dispatchEvent(new CustomEvent('courses-shown'));
  }

  function made(held, at) {
    const item = row.content.firstElementChild.cloneNode(true);
    const own = held.slugs[at] || slug(held.names[at]);
    const link = item.querySelector('a');
    link.href = own.startsWith('/') ? held.root + own.slice(1) : `${held.base}${own}/`;
    link.textContent = held.names[at];
    item.querySelector('[data-course]').dataset.course = own.split('/').filter(Boolean).pop();
    const named = (key) => said(held.of[key], at).map((value) => held.of[key].values[value][1]).join(', ');
    const money = held.price[at] < 0 ? '' : amount(held.price[at], held.currencies[held.money[at]]);
    const put = { provider: named('provider'), mode: named('mode'), duration: held.durations[held.duration[at]] ?? '', price: money, start: day(held.start[at]) };
    for (const slot of item.querySelectorAll('[data-slot]')) {
      const value = put[slot.dataset.slot];
      if (value) slot.textContent = value;
      else if ('optional' in slot.dataset) slot.closest('div').remove();
    }
    if (!held.advertised.includes(at)) item.querySelector('[data-advertised]')?.remove();
    return item;
  }

  const amount = (value, currency) =>
    new Intl.NumberFormat(language, { style: 'currency', currency, minimumFractionDigits: Number.isInteger(value) ? 0 : 2 }).format(value);
  // 20270301 as a day of the language.
  const day = (number) =>
    number ? new Intl.DateTimeFormat(language, { dateStyle: 'long', timeZone: 'UTC' }).format(Date.UTC(number / 10000 | 0, ((number / 100 | 0) % 100) - 1, number % 100)) : '';

  function read() {
    const query = new URLSearchParams(location.search);
    text.value = query.get(text.name) ?? '';
    for (const field of [...fields, sort]) {
      const value = query.get(field.name) ?? '';
      field.value = [...field.options].some((option) => option.value === value) ? value : '';
    }
  }

  function write() {
    const query = new URLSearchParams(location.search);
    for (const field of [...fields, sort, text]) {
      if (field.value) query.set(field.name, field.value);
      else query.delete(field.name);
    }
    const words = query.toString();
    history.replaceState(null, '', `${location.pathname}${words ? `?${words}` : ''}${location.hash}`);
  }

  const chosen = () => [...fields, sort, text].some((field) => field.value);

  function update() {
    write();
    limit = step;
    if (!chosen() && !data) return;
    load().then((held) => {
      if (chosen()) { show(held, true); return; }
      // Nothing is chosen: the page is what it was, with its links.
      show(held, true);
      list.replaceChildren(...plain);
      pager.hidden = false;
      more.hidden = true;
      document.dispatchEvent(new CustomEvent('courses-shown'));
    }, () => { status.textContent = finder.dataset.failed; });
  }

  const more = document.createElement('button');
  more.type = 'button';
  more.className = 'button';
  more.hidden = true;
  more.addEventListener('click', () => {
    const from = limit;
    limit += step;
    load().then((held) => {
      show(held, false);
      list.children[from]?.querySelector('a').focus();
    });
  });
  list.after(more);

  // A choice is about to be made: by then the file is likely to be there.
  for (const event of ['pointerenter', 'focusin']) form.addEventListener(event, () => load().catch(() => {}), { once: true });
  form.addEventListener('change', update);
  text.addEventListener('input', update);
  form.addEventListener('reset', () => {
    // The fields are reset after the event.
    setTimeout(() => {
      for (const field of [...fields, sort, text]) field.value = '';
      update();
    });
  });
  form.addEventListener('submit', (event) => event.preventDefault());
  addEventListener('popstate', () => { read(); update(); });
  form.hidden = false;
  part('facets').hidden = true;
  read();
  // Values of facets with many are in the file alone.
  const query = new URLSearchParams(location.search);
  if (chosen() || fields.some((field) => query.get(field.name))) load().then((held) => { read(); show(held, true); }, () => {});
}
