// The preview in a real browser: what changed is brought up to date, and nothing else.
//
// `check.mjs` runs this with all else; `node preview.mjs WERDEGANG` runs it alone.
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const patience = { timeout: 15000 };

/** A running preview over a portal of its own. */
async function start(program, portal, ...args) {
  const child = spawn(program, ['--root', portal, 'serve', '--as-of', '2026-11-25', ...args], { stdio: ['ignore', 'pipe', 'ignore'] });
  const address = await new Promise((found) => {
    let said = '';
    child.stdout.on('data', (text) => {
      said += text;
      const match = said.match(/http:\/\/127\.0\.0\.1:\d+/);
      if (match) found(match[0]);
    });
  });
  return { address, end: () => child.kill() };
}

/** Waits until `look` gives something true. */
async function until(what, look) {
  const end = Date.now() + patience.timeout;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > end) throw new Error(`waited in vain for ${what}`);
    await new Promise((done) => setTimeout(done, 20));
  }
}

const front = (title, more = '') => `+++\ntitle = "${title}"\ndescription = "A page."\n${more}+++\n\n`;
const policy = '<meta http-equiv="Content-Security-Policy" content="default-src \'self\'">';
const layout = (body) =>
  `<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">${policy}<title>{{ config.title }}</title>` +
  `<link rel="stylesheet" href="{{ get_url(path="css/hashed.css") }}"><link rel="stylesheet" href="/plain/plain.css"></head><body>${body}</body></html>\n`;
const form =
  '<form><input id="name" value="start"><input name="other"><input type="checkbox" id="agree"><textarea id="text">old</textarea>' +
  '<select id="choice"><option>a</option><option>b</option></select></form>' +
  '<details id="more"><summary>More</summary><p>Unfolded.</p></details><div class="tall"></div><p id="end">End.</p>';

function small() {
  const portal = mkdtempSync(join(tmpdir(), 'werdegang-preview-'));
  const write = (path, text) => {
    mkdirSync(join(portal, path, '..'), { recursive: true });
    writeFileSync(join(portal, path), text);
  };
  write('site.toml', 'base_url = "https://portal.example"\ntitle = "Portal"\ndefault_language = "de"\n');
  write('content/_index.md', '+++\ntitle = "Home"\n+++\n\nWelcome.\n');
  write('content/one.md', `${front('One')}First words.\n`);
  write('content/two.md', `${front('Two', 'draft = true\n')}Other words.\n`);
  write('content/plain/_index.md', '+++\ntitle = "Plain"\n+++\n');
  write('content/plain/plain.css', 'h2 { color: rgb(1, 1, 1); }\n.tall { height: 3000px; }\n');
  write('themes/karriere/static/css/hashed.css', 'h1 { color: rgb(1, 2, 3); }\n');
  write('templates/page.html', layout(`<h1>{{ page.title }}</h1><h2>Sub</h2>{{ page.content | safe }}${form}`));
  return { portal, write };
}

// The finder as a reader uses it: narrow down, see the count, send the address, take a choice back. The courses are those of this portal.
async function useFinder(page, address) {
  const problems = [];
  const shown = () => page.locator('[data-finder-list] > li').count();
  await page.goto(address);
  const all = await shown();
  await page.locator('[data-finder-form] [data-text]').fill('ils');
  await page.waitForURL(/\?.*ils/, patience);
  await page.waitForFunction((before) => document.querySelectorAll('[data-finder-list] > li').length < before, all, patience);
  const narrowed = await shown();
  if (narrowed !== 1) problems.push(`${narrowed} courses of ${all} are found by "ils"`);
  const sent = page.url();
  await page.goto('about:blank');
  await page.goto(sent);
  await page.waitForFunction((before) => document.querySelectorAll('[data-finder-list] > li').length < before, all, patience);
  await page.locator('[data-finder-form] [data-text]').fill('');
  await page.waitForFunction((before) => document.querySelectorAll('[data-finder-list] > li').length === before, all, patience);
  return problems;
}

export async function checkPreview({ browser, program, root, axe, check }) {
  const { portal, write } = small();
  const preview = await start(program, portal, '--drafts', '--editor-url', 'editor://open{path}');
  const context = await browser.newContext({ permissions: ['clipboard-read', 'clipboard-write'] });
  const problemsOfAll = [];

  /** Opens a page and counts how often it is loaded. */
  async function open(path) {
    const page = await context.newPage();
    let loads = 0;
    page.on('load', () => {
      loads += 1;
    });
    page.on('pageerror', (error) => problemsOfAll.push(`${path}: ${error.message}`));
    page.on('console', (message) => {
      if (message.type() === 'error' && !message.text().includes('404')) problemsOfAll.push(`${path}: ${message.text()}`);
    });
    page.on('dialog', (dialog) => {
      problemsOfAll.push(`a dialog opened: ${dialog.message()}`);
      dialog.dismiss();
    });
    await page.goto(preview.address + path);
    // The script has asked how things stand, and is told of changes.
    await page.locator('werdegang-bar').waitFor({ state: 'attached', ...patience });
    return { page, loads: () => loads };
  }

  async function run(name, work) {
    const problems = [];
    try {
      await work((sound, problem) => {
        if (!sound) problems.push(problem);
      });
    } catch (error) {
      problems.push(error.message.split('\n')[0]);
    }
    check(`preview: ${name}`, problems);
    for (const page of context.pages()) await page.close();
  }

  const color = (page, name) => page.evaluate((name) => getComputedStyle(document.querySelector(name)).color, name);

  await run('a page is patched in place: scroll, focus, selection, fields and details stay', async (expect) => {
    const { page, loads } = await open('/one/');
    await page.fill('#name', 'typed by hand');
    await page.fill('[name=other]', 'and this');
    await page.check('#agree');
    await page.fill('#text', 'long text');
    await page.selectOption('#choice', 'b');
    await page.click('#more summary');
    await page.focus('#name');
    await page.evaluate(() => {
      document.querySelector('#name').setSelectionRange(2, 5);
      window.mark = 'same page';
      document.querySelector('#end').mark = 'same node';
      scrollTo(0, 700);
    });
    write('content/one.md', `${front('Eins')}Second words.\n`);
    await page.getByText('Second words.').waitFor(patience);
    const now = await page.evaluate(() => ({
      mark: window.mark,
      node: document.querySelector('#end').mark,
      scroll: scrollY,
      focus: document.activeElement.id,
      selection: [document.activeElement.selectionStart, document.activeElement.selectionEnd],
      fields: [document.querySelector('#name').value, document.querySelector('[name=other]').value, document.querySelector('#agree').checked, document.querySelector('#text').value, document.querySelector('#choice').value],
      open: document.querySelector('#more').open,
      title: document.querySelector('h1').textContent,
    }));
    expect(now.mark === 'same page' && loads() === 1, 'the page was loaded again');
    expect(now.node === 'same node', 'the node was made anew');
    expect(now.scroll === 700, `scrolled to ${now.scroll}`);
    expect(now.focus === 'name' && now.selection.join() === '2,5', `focus ${now.focus}, selection ${now.selection}`);
    expect(now.fields.join('|') === 'typed by hand|and this|true|long text|b', now.fields.join('|'));
    expect(now.open, 'the details are folded');
    expect(now.title === 'Eins', now.title);
    write('content/one.md', `${front('One')}First words.\n`);
    await page.getByText('First words.').waitFor(patience);
  });

  await run('a page that an edit does not touch stays as it is', async (expect) => {
    const { page, loads } = await open('/two/');
    const { page: other } = await open('/one/');
    const asked = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    write('content/one.md', `${front('One')}Only here.\n`);
    await other.getByText('Only here.').waitFor(patience);
    await until('the question', () => asked.includes('/__werdegang/page'));
    await page.waitForTimeout(200);
    expect(loads() === 1, 'it was loaded again');
    expect(!asked.includes('/two/'), 'it was fetched again');
  });

  await run('a style sheet is swapped without loading the page, whatever its name is', async (expect) => {
    const { page, loads } = await open('/one/');
    const before = await page.evaluate(() => document.querySelector('link[href*=hashed]').href);
    expect((await color(page, 'h1')) === 'rgb(1, 2, 3)', 'the sheet is not there at first');
    write('themes/karriere/static/css/hashed.css', 'h1 { color: rgb(4, 5, 6); }\n');
    await until('the new color', async () => (await color(page, 'h1')) === 'rgb(4, 5, 6)');
    const after = await page.evaluate(() => document.querySelector('link[href*=hashed]').href);
    expect(before !== after && !after.includes('?'), `its name stayed ${after}`);
    write('content/plain/plain.css', 'h2 { color: rgb(7, 8, 9); }\n');
    await until('the other new color', async () => (await color(page, 'h2')) === 'rgb(7, 8, 9)');
    write('content/plain/plain.css', 'h2 { color: rgb(9, 8, 7); }\n');
    await until('the third color', async () => (await color(page, 'h2')) === 'rgb(9, 8, 7)');
    await until('one of each', async () => (await page.locator('link[rel=stylesheet]').count()) === 2);
    expect(loads() === 1, 'the page was loaded again');
  });

  await run('a renamed page is followed, a deleted one shows the 404 page', async (expect) => {
    const { page } = await open('/one/');
    renameSync(join(portal, 'content/one.md'), join(portal, 'content/uno.md'));
    await page.waitForURL(`${preview.address}/uno/`, patience);
    rmSync(join(portal, 'content/uno.md'));
    await until('the 404 page', async () => (await page.locator('h1').first().textContent())?.includes('404') || (await page.title()).length > 0 && !(await page.locator('#name').count()));
    expect((await page.request.get(page.url())).status() === 404, 'it is there still');
    write('content/uno.md', `${front('Uno')}Back again.\n`);
    await page.getByText('Back again.').waitFor(patience);
    renameSync(join(portal, 'content/uno.md'), join(portal, 'content/one.md'));
    await page.waitForURL(`${preview.address}/one/`, patience);
  });

  await run('errors appear over the page as text and go away by themselves', async (expect) => {
    const { page, loads } = await open('/one/');
    const sound = readFileSync(join(portal, 'content/one.md'), 'utf8');
    write('content/one.md', '+++\ntitel = "<img src=x onerror=alert(1)>"\n+++\n');
    await page.getByText('content/one.md:2:1').first().waitFor(patience);
    await page.getByText('titel = "<img src=x onerror=alert(1)>"').first().waitFor(patience);
    expect((await page.locator('werdegang-errors h1').textContent())?.includes('Fehler'), 'it does not speak the language of the portal');
    write('content/one.md', sound);
    await page.locator('werdegang-errors').waitFor({ state: 'detached', ...patience });
    expect(loads() === 1, 'the page was loaded again');
  });

  await run('the bar tells of the draft, its words, its file, and an editor', async (expect) => {
    const { page } = await open('/two/');
    const bar = page.locator('werdegang-bar');
    const text = await bar.locator('aside').innerText();
    for (const part of ['Entwurf', '2 Wörter', 'Keine Hinweise', 'content/two.md']) expect(text.includes(part), `no ${part} in: ${text}`);
    expect((await bar.locator('a').getAttribute('href'))?.endsWith('/content/two.md'), 'the link leads elsewhere');
    await bar.locator('button').first().click();
    await until('the path', async () => (await page.evaluate(() => navigator.clipboard.readText())) === join(portal, 'content/two.md'));
    write('content/two.md', `${front('Two')}Three words now.\n`);
    await until('the new count', async () => (await bar.locator('aside').innerText()).includes('3 Wörter'));
    expect(!(await bar.locator('aside').innerText()).includes('Entwurf'), 'it is no draft any more');
  });

  await run('the bar names the pages that are dated ahead', async (expect) => {
    const { page, loads } = await open('/two/');
    const bar = page.locator('werdegang-bar');
    write('content/ahead.md', `${front('Ahead', 'date = 2099-03-01\n')}Later.\n`);
    await until('the page to come', async () => (await bar.locator('aside').innerText()).includes('1 Seite kommt noch'));
    await bar.locator('details.coming summary').click();
    // A day does not break between its parts.
    const told = (await bar.locator('details.coming').innerText()).replace(/\u00a0/g, ' ');
    for (const part of ['1. März 2099: Ahead', 'content/ahead.md', 'Im Editor öffnen']) expect(told.includes(part), `no ${part} in: ${told}`);
    rmSync(join(portal, 'content/ahead.md'));
    await until('nothing to come', async () => !(await bar.locator('aside').innerText()).includes('kommt noch'));
    expect(loads() === 1, 'the page was loaded again');
  });

  await run('a page with a script of the portal is loaded again when its content changes, not when its style does', async (expect) => {
    write('static/own.js', 'document.body.dataset.ran = (document.querySelector("p") ?? {}).textContent;\n');
    write('content/scripted.md', `${front('Scripted', 'template = "scripted.html"\n')}Before.\n`);
    write('templates/scripted.html', layout('<h1>{{ page.title }}</h1>{{ page.content | safe }}<script src="/own.js"></script>'));
    await until('the page', async () => (await context.request.get(`${preview.address}/scripted/`)).status() === 200);
    const { page, loads } = await open('/scripted/');
    write('themes/karriere/static/css/hashed.css', 'h1 { color: rgb(5, 5, 5); }\n');
    await until('the new color', async () => (await color(page, 'h1')) === 'rgb(5, 5, 5)');
    expect(loads() === 1, 'it was loaded again for a style sheet');
    write('content/scripted.md', `${front('Scripted', 'template = "scripted.html"\n')}After.\n`);
    await page.locator('body[data-ran="After."]').waitFor({ state: 'attached', ...patience });
    await until('the page to be loaded', () => loads() > 1);
    expect(loads() === 2, `it was loaded ${loads()} times`);
  });

  await run('what the portal says before it can be built is replaced by the portal', async () => {
    const broken = small();
    broken.write('site.toml', 'title = [\n');
    const other = await start(program, broken.portal);
    const page = await context.newPage();
    await page.goto(`${other.address}/one/`);
    await page.getByText('The portal cannot be built yet').first().waitFor(patience);
    broken.write('site.toml', 'base_url = "https://portal.example"\ntitle = "Portal"\n');
    await page.getByText('First words.').waitFor(patience);
    await page.close();
    other.end();
    rmSync(broken.portal, { recursive: true });
  });

  check('preview: no script fails, nothing is refused by a content security policy', problemsOfAll);
  await context.close();
  preview.end();
  rmSync(portal, { recursive: true });

  // The portal of this repository, without a bar.
  {
    const portal = mkdtempSync(join(tmpdir(), 'werdegang-preview-'));
    for (const name of ['content', 'site.toml']) cpSync(join(root, name), join(portal, name), { recursive: true });
    // Every list of the course finder, however short, and the finder itself.
    const settings = join(portal, 'site.toml');
    writeFileSync(settings, readFileSync(settings, 'utf8').replace('minimum = 3', 'minimum = 1\nfew = 1'));
    const preview = await start(program, portal, '--no-bar');
    const page = await browser.newPage();
    const file = join(portal, 'content/kurse/social-media-manager-ils.md');
    const sound = readFileSync(file, 'utf8');
    const problems = [];
    try {
      await page.goto(`${preview.address}/kurse/social-media-manager-ils/`);
      writeFileSync(file, `${sound}\nEin Satz, der eben dazukam.\n`);
      await page.getByText('Ein Satz, der eben dazukam.').waitFor(patience);
      if ((await page.locator('werdegang-bar').count()) > 0) problems.push('there is a bar');
      writeFileSync(file, sound);
      await page.getByText('Ein Satz, der eben dazukam.').waitFor({ state: 'detached', ...patience });
      for (const path of ['lernform/fernlehrgang', 'dauer/ueber-6-bis-12-monate', 'anbieter/ils']) {
        const response = await page.goto(`${preview.address}/kurse/${path}/`);
        if (response.status() !== 200 || (await page.locator('main .rows > li').count()) !== 1) problems.push(`the list ${path} is not right`);
        await page.evaluate(axe);
        problems.push(...(await page.evaluate(async () => (await window.axe.run()).violations.map((violation) => `${violation.id}: ${violation.nodes[0].html.slice(0, 120)}`))).map((violation) => `${path} ${violation}`));
      }
      problems.push(...(await useFinder(page, `${preview.address}/kurse/`)));
    } catch (error) {
      problems.push(error.message.split('\n')[0]);
    }
    check('preview: this portal, without a bar', problems);
    await page.close();
    preview.end();
    rmSync(portal, { recursive: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
  const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  let failed = 0;
  const check = (name, problems) => {
    failed += problems.length > 0 ? 1 : 0;
    console.log(problems.length > 0 ? `FAIL  ${name}\n      ${problems.join('\n      ')}` : `ok    ${name}`);
  };
  await checkPreview({ browser, program: resolve(process.argv[2] ?? join(root, 'target/release/werdegang')), root, axe, check });
  await browser.close();
  process.exit(failed > 0 ? 1 : 0);
}
