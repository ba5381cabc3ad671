// The built portal in a real browser, and through an independent validator.
//
// `node check.mjs WERDEGANG` builds the portal of this repository with that program and checks: valid HTML and CSS (Nu Html Checker), no dead link or anchor,
// every page reachable from the home page, nothing loaded from another origin, no findings of axe, nothing wider than the screen; the preview; and the findings as SARIF.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { checkMarket } from './market.mjs';
import { checkPreview } from './preview.mjs';
import { checkSarif } from './sarif.mjs';
import { checkSearch } from './search.mjs';
import { problemsOf, serve } from './site.mjs';

const require = createRequire(import.meta.url);
const root = fileURLToPath(new URL('../..', import.meta.url));
const program = resolve(process.argv[2] ?? join(root, 'target/release/werdegang'));
const browserPath = process.env.CHROMIUM ?? '/usr/bin/chromium';

let passed = 0;
const failures = [];
function check(name, problems) {
  if (problems.length === 0) {
    passed += 1;
    console.log(`ok    ${name}`);
  } else {
    failures.push(name);
    console.log(`FAIL  ${name}\n      ${problems.slice(0, 20).join('\n      ')}`);
  }
}

const site = mkdtempSync(join(tmpdir(), 'werdegang-web-'));
const { base, close } = await serve(site);
execFileSync(program, ['--root', root, 'build', '-o', site, '--base-url', base, '--as-of', '2026-11-25'], { stdio: 'inherit' });

function files(folder = '') {
  return readdirSync(join(site, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder ? `${folder}/${entry.name}` : entry.name;
    if (entry.name === '.werdegang') return [];
    return entry.isDirectory() ? files(path) : [path];
  });
}
const outputs = files();
const pages = outputs.filter((path) => path.endsWith('.html'));

checkSarif({ program, root, check });

// An independent validator: the Nu Html Checker of the W3C.
try {
  execFileSync('java', ['-jar', require.resolve('vnu-jar/build/dist/vnu.jar'), '--skip-non-html', '--also-check-css', '--stdout', site], { encoding: 'utf8' });
  check(`valid HTML and CSS: ${pages.length} pages`, []);
} catch (error) {
  check('valid HTML and CSS', String(error.stdout || error.message).split('\n').filter(Boolean));
}

const browser = await chromium.launch({
  executablePath: browserPath,
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});

// Follow every link from the home page, as a reader would.
const foreign = new Set();
{
  const context = await browser.newContext({ javaScriptEnabled: true });
  const page = await context.newPage();
  page.on('request', (request) => {
    if (!request.url().startsWith(`${base}/`) && !request.url().startsWith('data:')) foreign.add(request.url());
  });
  const ids = new Map();
  const wanted = [];
  const queue = ['/'];
  const seen = new Set(queue);
  const dead = [];
  const scripts = [];
  while (queue.length > 0) {
    const path = queue.shift();
    const response = await page.request.get(base + path);
    if (response.status() !== 200) {
      dead.push(`${path}: ${response.status()}`);
      continue;
    }
    if (!(response.headers()['content-type'] ?? '').startsWith('text/html')) continue;
    await page.goto(base + path);
    const found = await page.evaluate(() => ({
      ids: [...document.querySelectorAll('[id]')].map((element) => element.id),
      links: [...document.querySelectorAll('a[href], link[href], img[src]')].map((element) => element.href || element.src),
      scripts: document.querySelectorAll('script:not([type="application/ld+json"])').length,
    }));
    if (found.scripts > 0) scripts.push(path);
    ids.set(path, new Set(found.ids));
    for (const link of found.links.filter((link) => link.startsWith(`${base}/`))) {
      const url = new URL(link);
      if (url.hash.length > 1) wanted.push([path, url.pathname, decodeURIComponent(url.hash.slice(1))]);
      if (!seen.has(url.pathname)) {
        seen.add(url.pathname);
        queue.push(url.pathname);
      }
    }
  }
  check(`no dead link: ${seen.size} addresses followed`, dead);
  check(`no dead anchor: ${wanted.length} followed`, wanted.filter(([, to, id]) => ids.has(to) && !ids.get(to).has(id)).map(([from, to, id]) => `${from}: ${to}#${id}`));
  const reached = new Set([...seen].map((path) => (path.endsWith('/') ? `${path}index.html` : path).slice(1)));
  check(`every page is reachable: ${pages.length} pages`, pages.filter((path) => path !== '404.html' && !reached.has(path)));
  check('only the comparison and the search have a script', scripts.filter((path) => !['/kurse/vergleich/', '/suche/'].includes(path)));
  await context.close();
}

// One page of each kind, narrow and wide, light and dark.
const kinds = ['/', '/rollen/social-media-manager/', '/kurse/', '/kurse/vergleich/', '/rollen/online-community-manager/', '/kurse/social-media-manager-ils/', '/anbieter/ils/', '/gehalt/social-media-manager/', '/ratgeber/', '/ratgeber/kurs-waehlen/', '/glossar/', '/glossar/reichweite/', '/fragen/', '/quellen/', '/downloads/', '/impressum/', '/datenschutz/', '/thema/', '/suche/', '/404.html'];
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
for (const [width, height] of [[320, 640], [390, 844], [1280, 900]]) {
  for (const [look, more] of [['light', { colorScheme: 'light' }], ['dark', { colorScheme: 'dark' }], ['forced colours', { forcedColors: 'active' }]]) {
    const context = await browser.newContext({ viewport: { width, height }, ...more });
    const page = await context.newPage();
    const problems = [];
    for (const path of kinds) {
      const response = await page.goto(base + path);
      if (response.status() !== 200) problems.push(`${path}: ${response.status()}`);
      problems.push(...(await problemsOf(page, path, axe)));
      const headings = await page.locator('h1').count();
      if (headings !== 1) problems.push(`${path} has ${headings} h1`);
    }
    check(`axe, width and headings at ${width} px, ${look}: ${kinds.length} pages`, problems);
    await context.close();
  }
}

// So few courses that no finder stands in their way.
{
  const problems = [];
  const plain = await browser.newContext({ javaScriptEnabled: false });
  const still = await plain.newPage();
  await still.goto(`${base}/kurse/`);
  const all = await still.locator('.card-course').count();
  if (all !== 3) problems.push(`${all} courses are shown without JavaScript`);
  if (await still.locator('[data-finder-form]').count()) problems.push('a finder stands in the way of three courses');
  await plain.close();
  const context = await browser.newContext({ viewport: { width: 320, height: 640 } });
  const page = await context.newPage();
  page.on('pageerror', (error) => problems.push(error.message));
  await page.goto(`${base}/kurse/`);
  check('few courses are shown without a finder', problems);
  await context.close();
}

// Charts: as wide as the screen, their text as large as at any width, and nothing of it outside.
{
  const problems = [];
  for (const width of [320, 1280]) {
    const context = await browser.newContext({ viewport: { width, height: 800 } });
    const page = await context.newPage();
    await page.goto(`${base}/gehalt/social-media-manager/`);
    const found = await page.evaluate(() => [...document.querySelectorAll('svg.chart')].map((svg) => {
      const box = svg.getBoundingClientRect();
      const texts = [...svg.querySelectorAll('text')].map((text) => text.getBoundingClientRect());
      return {
        named: svg.getAttribute('role') === 'img' && document.getElementById(svg.getAttribute('aria-labelledby'))?.textContent && document.getElementById(svg.getAttribute('aria-describedby'))?.textContent,
        outside: texts.filter((text) => text.right > box.right + 1 || text.left < box.left - 1 || text.bottom > box.bottom + 1).length,
        size: parseFloat(getComputedStyle(svg.querySelector('text')).fontSize),
      };
    }));
    if (found.length < 3) problems.push(`there are ${found.length} charts at ${width} px`);
    for (const chart of found) {
      if (!chart.named) problems.push(`a chart has no name or description at ${width} px`);
      if (chart.outside > 0) problems.push(`${chart.outside} texts stand outside of their chart at ${width} px`);
      if (chart.size < 12) problems.push(`text of ${chart.size} px at ${width} px`);
    }
    await context.close();
  }
  check('charts have names, and text that can be read from 320 px on', problems);
}
check('nothing is loaded from another origin', [...foreign]);

await checkSearch({ browser, base, check });
await checkMarket({ browser, program, axe, check });
await checkPreview({ browser, program, root, axe, check });

await browser.close();
close();
rmSync(site, { recursive: true });
console.log(`web: ${passed} passed, ${failures.length} failed`);
process.exit(failures.length > 0 ? 1 : 0);
