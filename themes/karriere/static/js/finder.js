// The course finder: narrows down and sorts the list that the page already shows. The choice stands in the address, and is said to screen readers.
for (const finder of document.querySelectorAll('[data-finder]:not([data-ready])')) {
  // The script is named by each finder of a page, and runs as often.
  finder.dataset.ready = '';
  const form = finder.querySelector('[data-finder-form]');
  const list = finder.querySelector('[data-finder-list]');
  const status = finder.querySelector('[data-finder-status]');
  const sort = form.querySelector('[data-sort]');
  const facets = [...form.querySelectorAll('[data-facet]')];
  const items = [...list.children];
  const names = new Intl.Collator(document.documentElement.lang);

  // What is not known comes last, however the others are sorted.
  const orders = {
    name: (a, b) => names.compare(a.dataset.sortName, b.dataset.sortName),
    // Amounts of two currencies cannot be compared: those of one stand together.
    price: (a, b) => names.compare(a.dataset.sortCurrency, b.dataset.sortCurrency) || a.dataset.sortPrice - b.dataset.sortPrice,
    duration: (a, b) => a.dataset.sortDuration - b.dataset.sortDuration,
    start: (a, b) => (a.dataset.sortStart < b.dataset.sortStart ? -1 : a.dataset.sortStart > b.dataset.sortStart ? 1 : 0),
  };
  const keys = { price: 'sortPrice', duration: 'sortDuration', start: 'sortStart', name: 'sortName' };

  function show(announce) {
    const chosen = facets.filter((facet) => facet.value);
    let shown = 0;
    for (const item of items) {
      const fits = chosen.every((facet) => (item.dataset[facet.dataset.facet] ?? '').split(' ').includes(facet.value));
      item.hidden = !fits;
      if (fits) shown += 1;
    }
    const order = orders[sort.value];
    const key = keys[sort.value];
    const sorted = order ? [...items].sort((a, b) => !a.dataset[key] - !b.dataset[key] || order(a, b)) : items;
    list.append(...sorted);
    const words = shown === 0 ? finder.dataset.none : shown === 1 ? finder.dataset.one : finder.dataset.other;
    const found = words.replace('{n}', shown.toLocaleString(document.documentElement.lang));
    const sorting = finder.dataset.sorted.replace('{order}', sort.selectedOptions[0].textContent);
    if (announce) status.textContent = shown > 1 ? `${found} ${sorting}` : found;
  }

  function read() {
    const query = new URLSearchParams(location.search);
    for (const field of [...facets, sort]) {
      const value = query.get(field.name) ?? '';
      field.value = [...field.options].some((option) => option.value === value) ? value : '';
    }
  }

  function write() {
    const query = new URLSearchParams();
    for (const field of [...facets, sort]) if (field.value) query.set(field.name, field.value);
    const text = query.toString();
    history.replaceState(null, '', `${location.pathname}${text ? `?${text}` : ''}${location.hash}`);
  }

  form.addEventListener('change', () => {
    write();
    show(true);
  });
  form.addEventListener('reset', () => {
    // The fields are reset after the event.
    setTimeout(() => {
      for (const field of [...facets, sort]) field.value = '';
      write();
      show(true);
    });
  });
  form.addEventListener('submit', (event) => event.preventDefault());
  addEventListener('popstate', () => {
    read();
    show(true);
  });
  read();
  form.hidden = false;
  finder.querySelector('[data-finder-facets]').hidden = true;
  show(location.search !== '');
}
