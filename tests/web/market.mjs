// A market of courses in a browser: the pages of the finder, which the portal of this repository is too small for.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { problemsOf, serve } from './site.mjs';

const require = createRequire(import.meta.url);
const COURSES = 180;
const PROVIDERS = 30;
const MODES = ['presence', 'online-live', 'distance'];

function writePortal(root) {
  const write = (path, text) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  const page = (title, more) => `+++\ntitle = "${title}"\ndescription = "${title}: was es gibt, was es kostet und wohin es führt, im Überblick."\n${more}+++\n`;
  write('site.toml', `base_url = "https://www.example.org"
title = "Markt"
description = "Kurse, Rollen und Anbieter: was es gibt, was es kostet und wohin es führt."
default_language = "de"
navigation = [{ name = "Kurse", url = "@/kurse/_index.md" }, { name = "Anbieter", url = "@/anbieter/_index.md" }]
[finder]
page = "@/kurse/_index.md"
compare = "@/kurse/vergleich.md"
`);
  write('content/sources.toml', '[anbieter]\ntitle = "Angaben der Anbieter"\npublisher = "Anbieter"\npublished = "2026"\n');
  write('content/_index.md', page('Markt der Weiterbildung', ''));
  write('content/kurse/_index.md', page('Kurse', 'template = "finder.html"\n'));
  write('content/kurse/vergleich.md', page('Vergleich', 'template = "comparison.html"\n'));
  write('content/anbieter/_index.md', page('Anbieter', 'paginate_by = 20\n'));
  write('content/rollen/_index.md', page('Rollen', ''));
  for (let number = 0; number < 3; number += 1) write(`content/rollen/rolle-${number}.md`, page(`Rolle ${number}`, `[role]\nname = "Rolle ${number}"\n`));
  for (let number = 0; number < PROVIDERS; number += 1) {
    const name = `${String.fromCharCode(65 + (number % 26))}kademie ${number}`;
    write(`content/anbieter/anbieter-${number}.md`, page(name, `[provider]\nlegal_name = "${name} GmbH"\nkind = "academy"\n`));
  }
  for (let number = 0; number < COURSES; number += 1) {
    const price = number % 7 === 0 ? '"unknown"' : `{ amount = ${300 + 70 * number}, currency = "EUR", vat = "included", source = "anbieter", as_of = "2026-11" }`;
    write(`content/kurse/kurs-${number}.md`, page(`Lehrgang ${number}`, `[course]
provider = "anbieter-${number % PROVIDERS}"
leads_to = ["rolle-${Math.floor(number / 3) % 3}"]
mode = "${MODES[number % MODES.length]}"
duration = { months = ${1 + (number % 18)}, source = "anbieter", as_of = "2026-11" }
price = ${price}
`));
  }
}

/** Builds the market and looks at each kind of its pages. */
export async function checkMarket({ browser, program, axe, check }) {
  const [root, site] = ['portal', 'site'].map((name) => mkdtempSync(join(tmpdir(), `werdegang-market-${name}-`)));
  writePortal(root);
  const { base, close } = await serve(site);
  execFileSync(program, ['--root', root, 'build', '-o', site, '--base-url', base, '--as-of', '2026-11-23'], { stdio: 'inherit' });

  try {
    execFileSync('java', ['-jar', require.resolve('vnu-jar/build/dist/vnu.jar'), '--skip-non-html', '--stdout', site], { encoding: 'utf8' });
    check('market: valid HTML', []);
  } catch (error) {
    check('market: valid HTML', String(error.stdout || error.message).split('\n').filter(Boolean));
  }

  const below = (path) => readdirSync(join(site, path), { withFileTypes: true }).filter((entry) => entry.isDirectory()).map((entry) => `${path}${entry.name}/`);
  const folder = (name) => below('/kurse/').find((path) => path.includes(name)) ?? `/no-${name}/`;
  const [mode, provider, order] = [folder('lernform'), folder('anbieter'), folder('sortierung')];
  const ofMode = below(mode)[0];
  const combined = below(ofMode).flatMap(below).find((path) => !path.includes('/page/'));
  const compared = '/kurse/vergleich/?vergleich=kurse/kurs-1,kurse/kurs-2,kurse/kurs-3';
  const kinds = ['/kurse/', '/kurse/page/2/', ofMode, combined ?? '/no-combination/', provider, below(order)[0], compared, '/anbieter/', '/anbieter/anbieter-0/', '/rollen/rolle-0/', '/kurse/kurs-1/'];
  for (const [width, colorScheme] of [[360, 'light'], [360, 'dark'], [1280, 'light'], [1280, 'dark']]) {
    const context = await browser.newContext({ viewport: { width, height: 800 }, colorScheme });
    const page = await context.newPage();
    const problems = [];
    page.on('pageerror', (error) => problems.push(error.message));
    for (const path of kinds) {
      const response = await page.goto(base + path);
      if (response.status() !== 200) problems.push(`${path}: ${response.status()}`);
      if (path === compared) await page.waitForFunction(() => document.querySelectorAll('main thead th').length > 3, null, { timeout: 5000 }).catch(() => problems.push(`${path} compares nothing`));
      problems.push(...(await problemsOf(page, path, axe)));
    }
    check(`market: axe and width at ${width} px, ${colorScheme}: ${kinds.length} pages`, problems);
    await context.close();
  }

  // Without scripts the finder works by links.
  {
    const problems = [];
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(`${base}/kurse/`);
    const links = await page.locator('main a').evaluateAll((all) => all.map((link) => new URL(link.href).pathname));
    for (const path of [ofMode, provider, below(order)[0], '/kurse/page/2/']) if (!links.includes(path)) problems.push(`nothing leads to ${path}`);
    check('market: without scripts links lead to all lists', problems);
    await context.close();
  }

  // With scripts it answers at once, and its address says what was chosen.
  {
    const problems = [];
    const context = await browser.newContext();
    const page = await context.newPage();
    page.on('pageerror', (error) => problems.push(error.message));
    await page.goto(`${base}/kurse/`);
    const field = page.locator('[data-finder-form] select').first();
    await field.focus();
    await page.waitForFunction(() => document.querySelector('[data-finder-form] select').options.length > 1, null, { timeout: 5000 });
    await field.selectOption({ index: 1 });
    await page.waitForFunction(() => location.search.length > 1, null, { timeout: 5000 }).catch(() => problems.push('the address does not say what was chosen'));
    const told = await page.locator('[data-finder-status]').innerText();
    const shown = /\d+/.exec(told)?.[0];
    if (!shown || Number(shown) >= COURSES || Number(shown) === 0) problems.push(`a choice leaves: ${told}`);
    await page.reload();
    await page.waitForFunction((text) => document.querySelector('[data-finder-status]')?.innerText === text, told, { timeout: 5000 }).catch(() => problems.push('the choice is gone when the page is loaded again'));
    check('market: a choice is answered and kept in the address', problems);
    await context.close();
  }
  close();
  for (const made of [root, site]) rmSync(made, { recursive: true });
}
