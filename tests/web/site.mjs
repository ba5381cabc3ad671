// A folder of files as a server gives them, and what is wrong with a page of it.
import { createServer } from 'node:http';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';

const types = { '.html': 'text/html; charset=utf-8', '.css': 'text/css', '.js': 'text/javascript', '.json': 'application/json', '.svg': 'image/svg+xml', '.xml': 'application/xml', '.pdf': 'application/pdf', '.txt': 'text/plain', '.woff2': 'font/woff2' };

/** The headers of every answer, as a `_headers` for Netlify says them; none without one. */
function headersOf(folder) {
  const file = join(folder, '_headers');
  if (!existsSync(file)) return {};
  const all = readFileSync(file, 'utf8').split('\n\n')[0].split('\n').slice(1);
  return Object.fromEntries(all.filter(Boolean).map((line) => [line.slice(0, line.indexOf(':')).trim(), line.slice(line.indexOf(':') + 1).trim()]));
}

/** Serves a folder, with the headers that it asks for; what is not there is its `404.html`. */
export async function serve(folder) {
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url, 'http://localhost').pathname);
    let file = join(folder, path.endsWith('/') ? `${path}index.html` : path);
    const found = existsSync(file) && statSync(file).isFile();
    if (!found) file = join(folder, '404.html');
    response.writeHead(found ? 200 : 404, { ...headersOf(folder), 'content-type': types[extname(file)] ?? 'application/octet-stream' });
    response.end(readFileSync(file));
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return { base: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}

/** Has a page tell of errors of its scripts, and of what its Content-Security-Policy refuses. */
export function listen(page, problems) {
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (said) => { if (/Content Security Policy/.test(said.text())) problems.push(said.text()); });
}

/** What axe finds in the page that is open at `path`, and whether it is wider than the screen. */
export async function problemsOf(page, path, axe) {
  await page.evaluate(axe);
  const found = await page.evaluate(async () => (await window.axe.run()).violations.map((violation) => `${violation.id}: ${violation.nodes[0].html.slice(0, 120)}`));
  const problems = found.map((violation) => `${path} ${violation}`);
  if (await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth)) problems.push(`${path} is wider than the screen`);
  return problems;
}
