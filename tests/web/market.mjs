// A market of courses in a browser: the pages of the finder, which the portal of this repository is too small for; in a look of its own, and under the
// Content-Security-Policy that its build writes.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { listen, problemsOf, serve } from './site.mjs';

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
[search]
page = "@/suche.md"
[hosting]
servers = ["netlify"]
compress = ["gzip", "brotli"]
[extra]
mark = "mark.svg"
sheets = ["css/own.css"]
[extra.tokens]
paper = "#f4f7fb"
surface = "#ffffff"
raised = "#e3ebf5"
accent = "#7a1030"
accent-deep = "#520a20"
sans = "Georgia, 'Liberation Serif', serif"
display = "var(--sans)"
round = "0"
[extra.tokens_dark]
paper = "#0d1520"
surface = "#16212f"
raised = "#1b2838"
accent = "#ffb3c1"
accent-deep = "#ffd6de"
on-accent = "#2a0510"
`);
  write('static/mark.svg', '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 28"><path d="M4 24V4l16 12L36 4v20" fill="none" stroke="#b0305a" stroke-width="5"/></svg>');
  write('static/css/own.css', '.site-header { border-top: .5rem solid var(--accent); }\n@media (min-width: 60rem) { .site-header .wrap { flex-direction: column; align-items: flex-start; } .head { max-width: none; text-align: center; } .head .lead { margin-inline: auto; } }\n');
  write('templates/base.html', '{% extends "karriere/templates/base.html" %}\n{% block footer %}<footer class="site-footer"><div class="wrap"><p class="colophon">Ein Markt zum Ansehen.</p></div></footer>{% endblock footer %}\n');
  write('content/suche.md', page('Suche', 'template = "search.html"\n'));
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
  const kinds = ['/kurse/', '/kurse/page/2/', ofMode, combined ?? '/no-combination/', provider, below(order)[0], compared, '/anbieter/', '/anbieter/anbieter-0/', '/rollen/rolle-0/', '/kurse/kurs-1/', '/', '/suche/?q=Lehrgang'];
  for (const [width, colorScheme] of [[360, 'light'], [360, 'dark'], [1280, 'light'], [1280, 'dark']]) {
    const context = await browser.newContext({ viewport: { width, height: 800 }, colorScheme });
    const page = await context.newPage();
    const problems = [];
    listen(page, problems);
    for (const path of kinds) {
      const response = await page.goto(base + path);
      if (response.status() !== 200) problems.push(`${path}: ${response.status()}`);
      if (path === compared) await page.waitForFunction(() => document.querySelectorAll('main thead th').length > 3, null, { timeout: 5000 }).catch(() => problems.push(`${path} compares nothing`));
      if (path.startsWith('/suche/')) await page.waitForSelector('#search-results li', { timeout: 5000 }).catch(() => problems.push(`${path} finds nothing`));
      problems.push(...(await problemsOf(page, path, axe)));
    }
    check(`market: axe and width at ${width} px, ${colorScheme}: ${kinds.length} pages`, problems);
    await context.close();
  }

  // Its own look: tokens, mark, sheet and footer of the portal.
  {
    const problems = [];
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, colorScheme: 'light' });
    const page = await context.newPage();
    listen(page, problems);
    await page.goto(`${base}/`);
    const look = await page.evaluate(() => ({ paper: getComputedStyle(document.body).backgroundColor, type: getComputedStyle(document.body).fontFamily, mark: document.querySelector('.brand img')?.naturalWidth, bar: getComputedStyle(document.querySelector('.site-header')).borderTopWidth, foot: document.querySelector('footer').textContent.trim() }));
    if (look.paper !== 'rgb(244, 247, 251)' || !look.type.startsWith('Georgia') || !look.mark || look.bar !== '8px' || look.foot !== 'Ein Markt zum Ansehen.') problems.push(JSON.stringify(look));
    check('market: a look of its own, by tokens, a mark, a sheet and a block', problems);
    await context.close();
  }

  // Courses can be chosen wherever they stand, and compared.
  {
    const problems = [];
    const context = await browser.newContext();
    const page = await context.newPage();
    listen(page, problems);
    await page.goto(`${base}/rollen/rolle-0/`);
    const boxes = page.locator('[data-choice] input[type=checkbox]');
    await boxes.first().waitFor({ timeout: 5000 }).catch(() => problems.push('courses of a role cannot be chosen'));
    if (problems.length === 0) {
      await boxes.nth(0).check();
      await boxes.nth(1).check();
      await page.locator('[data-compare-go]').click();
      await page.waitForFunction(() => document.querySelectorAll('main thead th').length === 3, null, { timeout: 5000 }).catch(() => problems.push(`two chosen courses are not compared: ${page.url()}`));
    }
    check('market: courses of a role are chosen and compared', problems);
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
    listen(page, problems);
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
