// Searching the portal of this repository in a browser: what readers look for, in their own words, and what they must find.
//
// Each query names a page that must be among the first results: `first` of them, three where it is left out.
const found = [
  // Pay, by whatever word
  ['Gehalt', '/gehalt/social-media-manager/'],
  ['gehalt', '/gehalt/social-media-manager/'],
  ['Jahresgehalt', '/gehalt/social-media-manager/'],
  ['Verdienst', '/gehalt/social-media-manager/', 5],
  ['Einkommen', '/gehalt/social-media-manager/', 5],
  ['Lohn', '/gehalt/social-media-manager/', 5],
  ['Entgelt', '/glossar/entgeltatlas/', 5],
  ['was verdient man', '/gehalt/social-media-manager/', 5],
  ['Gehalt Social Media Manager', '/gehalt/social-media-manager/'],
  // Occupations, in each form
  ['Social Media Manager', '/rollen/social-media-manager/', 5],
  ['Social-Media-Managerin', '/rollen/social-media-manager/', 6],
  ['Social Media Managerin Aufgaben', '/rollen/social-media-manager/'],
  ['Community Manager', '/rollen/online-community-manager/'],
  ['Communitymanager', '/rollen/online-community-manager/'],
  ['PR', '/rollen/pr-fachkraft/', 5],
  ['Influencerin', '/glossar/influencer/'],
  // Umlauts, in all three spellings
  ['Öffentlichkeitsarbeit', '/rollen/pr-fachkraft/'],
  ['Oeffentlichkeitsarbeit', '/rollen/pr-fachkraft/'],
  ['Offentlichkeitsarbeit', '/rollen/pr-fachkraft/'],
  ['Förderung', '/ratgeber/foerderung/'],
  ['Foerderung', '/ratgeber/foerderung/'],
  ['Forderung', '/ratgeber/foerderung/'],
  ['Prüfung', '/kurse/fachwirt-social-media-dda/', 5],
  ['Pruefung', '/kurse/fachwirt-social-media-dda/', 5],
  ['Präsenzunterricht', '/glossar/praesenzunterricht/'],
  ['praesenzunterricht', '/glossar/praesenzunterricht/'],
  // Parts of compounds, and compounds
  ['Gutschein', '/glossar/bildungsgutschein/', 5],
  ['Kommunikation', '/glossar/krisenkommunikation/', 5],
  ['Unterricht', '/glossar/fernunterricht/', 5],
  ['Plan', '/glossar/redaktionsplan/', 5],
  ['Krisenkommunikation', '/glossar/krisenkommunikation/'],
  ['Bewerbungsmappe', '/ratgeber/bewerbung/'],
  ['Redaktionsplan', '/glossar/redaktionsplan/'],
  // Other words for the same
  ['Fernstudium', '/kurse/social-media-manager-ils/', 10],
  ['Fernkurs', '/ratgeber/fernunterricht-zulassung/', 10],
  ['Fernlehrgang', '/kurse/social-media-manager-ils/', 10],
  ['Umschulung', '/ratgeber/quereinstieg/', 5],
  ['Berufswechsel', '/ratgeber/quereinstieg/', 5],
  ['Kosten', '/glossar/gesamtpreis/', 10],
  ['Preis', '/glossar/gesamtpreis/'],
  ['Zeugnis', '/ratgeber/abschluesse-verstehen/'],
  ['Zertifikat', '/glossar/zertifikat/'],
  ['Abschluss', '/ratgeber/abschluesse-verstehen/', 5],
  // Stems
  ['Kampagnen', '/ratgeber/kampagnen-und-gewinnspiele/'],
  ['Kampagne', '/glossar/kampagne/'],
  ['Gewinnspiele', '/glossar/gewinnspiel/'],
  ['Bewerbungen', '/ratgeber/bewerbung/'],
  ['Zulassungen', '/ratgeber/fernunterricht-zulassung/'],
  // Names
  ['ILS', '/anbieter/ils/'],
  ['dda', '/anbieter/dda/'],
  ['SMA', '/anbieter/sma/'],
  ['Deutsche Dialogmarketing Akademie', '/anbieter/dda/'],
  ['Fachwirt', '/kurse/fachwirt-social-media-dda/'],
  ['ZFU', '/glossar/zfu/'],
  ['KldB', '/glossar/kldb/'],
  ['Entgeltatlas', '/glossar/entgeltatlas/'],
  // Questions as people type them
  ['Quereinstieg', '/ratgeber/quereinstieg/'],
  ['Krise', '/ratgeber/community-und-krise/'],
  ['Shitstorm', '/glossar/shitstorm/'],
  ['Monitoring', '/ratgeber/monitoring/'],
  ['Strategie', '/ratgeber/strategie/'],
  ['Bildungsgutschein', '/glossar/bildungsgutschein/'],
  ['Widerruf', '/ratgeber/widerruf-und-kuendigung/'],
  ['Kündigung', '/ratgeber/widerruf-und-kuendigung/'],
  ['TikTok', '/ratgeber/netzwerke-und-formate/'],
  ['freiberuflich', '/ratgeber/selbststaendig/', 5],
  ['Bereitschaft', '/glossar/bereitschaft/'],
  ['KI', '/ratgeber/ki-im-beruf/'],
  ['Impressum', '/impressum/', 5],
  ['Datenschutz', '/datenschutz/'],
];

// A letter wrong, one missing, one too many, two that changed places: what may have been meant is said.
const meant = [
  ['Gehalf', 'gehalt'],
  ['Zertifkat', 'zertifikat'],
  ['Monitorring', 'monitoring'],
  ['Shitstrom', 'shitstorm'],
];

export async function checkSearch({ browser, base, check }) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  const problems = [];
  page.on('pageerror', (error) => problems.push(error.message));
  const results = () => page.evaluate(() => [...document.querySelectorAll('#search-results a')].map((link) => new URL(link.href).pathname));
  const status = () => page.locator('[data-search-status]').textContent();
  const ask = async (words, more = '') => {
    await page.goto(`${base}/suche/?q=${encodeURIComponent(words)}${more}`);
    await page.waitForFunction(() => document.querySelector('#search-results li') || /nichts gefunden/.test(document.querySelector('[data-search-status]').textContent));
  };

  for (const [words, path, first = 3] of found) {
    await ask(words);
    const got = await results();
    const at = got.indexOf(path);
    if (at < 0 || at >= first) problems.push(`„${words}“: ${path} is at ${at + 1}, and the first are ${got.slice(0, first).join(' ')}`);
  }
  check(`readers find what they look for: ${found.length} queries`, problems.splice(0));

  for (const [words, right] of meant) {
    await ask(words);
    await page.waitForFunction(() => /Meinten Sie/.test(document.querySelector('[data-search-status]').textContent), null, { timeout: 5000 }).catch(() => {});
    const said = await status();
    if (!said.includes(`Meinten Sie ${right}?`)) problems.push(`„${words}“: ${said}`);
  }
  await ask('xqzvw');
  if (!/nichts gefunden/.test(await status())) problems.push(`nothing is not said: ${await status()}`);
  check(`a misspelt word is answered: ${meant.length} queries`, problems.splice(0));

  // By the form in the head of any page, with the keyboard, to a result.
  await page.goto(`${base}/ratgeber/`);
  await page.locator('.site-header input[type=search]').focus();
  await page.keyboard.type('Gehalt');
  await page.keyboard.press('Enter');
  await page.waitForSelector('#search-results li');
  if (!page.url().endsWith('/suche/?q=Gehalt')) problems.push(`the form leads to ${page.url()}`);
  const about = await page.locator('#search-results li', { has: page.locator('a[href$="/gehalt/social-media-manager/"]') }).locator('.search-about').textContent();
  if (!/\d/.test(about)) problems.push(`a result with pay does not say it: ${about}`);
  // Narrowed down, in the address, and back.
  const before = (await results()).length;
  await page.getByLabel(/Begriff \(/).check();
  await page.waitForFunction((count) => document.querySelectorAll('#search-results li').length !== count || /kind=term/.test(location.search), before);
  await page.waitForFunction(() => [...document.querySelectorAll('#search-results a')].every((link) => new URL(link.href).pathname.startsWith('/glossar/')), null, { timeout: 5000 }).catch(() => problems.push('other kinds stay'));
  if (!/kind=term/.test(page.url())) problems.push(`the filter is not in the address: ${page.url()}`);
  await ask('Kurs', '&kind=course');
  await page.locator('select[name=provider]').selectOption('ILS Institut für Lernsysteme');
  await page.waitForFunction(() => document.querySelectorAll('#search-results li').length === 1);
  await page.reload();
  await page.waitForFunction(() => document.querySelectorAll('#search-results li').length === 1);
  check('the form, the keyboard and the filters lead to results', problems.splice(0));
  await context.close();

  // Without JavaScript there are the ways through the portal; on a phone a link in the head leads here.
  const plain = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 360, height: 740 } });
  const still = await plain.newPage();
  await still.goto(`${base}/ratgeber/`);
  await still.locator('.search-link').click();
  if (!still.url().endsWith('/suche/')) problems.push(`the link of a phone leads to ${still.url()}`);
  const ways = await still.locator('[data-search-ways] a').count();
  if (ways < 50) problems.push(`${ways} ways without JavaScript`);
  const gone = await still.goto(`${base}/gibt-es-nicht/`);
  if (gone.status() !== 404 || (await still.locator('main form[role=search] input[type=search]').count()) !== 1) problems.push('a page that is not there offers no search');
  check('searching without JavaScript, on a phone, and where there is no page', problems);
  await plain.close();
}
