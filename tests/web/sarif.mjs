// What `check --format sarif` prints is valid by the official schema of SARIF 2.1.0, as the multitool of its makers carries it.
import Ajv from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);

/** A portal that is wrong in many ways: errors and warnings, files with blanks in their names, lines that are cut, settings, allowances. */
const faulty = {
  'site.toml': [
    'base_url = "https://www.example.org"', 'title = "Test"', 'default_language = "en"',
    '[check]', 'severity = { no-description = "error", orphan-page = "off" }',
    '[[check.allow]]', 'code = "no-h1"', 'path = "templates/**"', 'reason = "The template is being made"',
  ].join('\n'),
  'content/_index.md': '+++\ntitle = "Home"\n+++\n# Ü One\n\n[x](/nowhere/) [x](/nowhere/) ![](a%20b.png) <img src="https://photos.example/x.png">\n',
  'content/a b.md': `+++\ntitle = "A"\n+++\n${'word '.repeat(100)}[x](@/none.md)\n`,
  'templates/404.html': '<p>Nothing</p>',
};

/** Validates the findings of the portal at `root`, of a faulty one and of none. */
export function checkSarif({ program, root, check }) {
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: true });
  addFormats(ajv);
  const schema = join(dirname(require.resolve('@microsoft/sarif-multitool-linux/package.json')), 'sarif-2.1.0.json');
  const isValid = ajv.compile(JSON.parse(readFileSync(schema, 'utf8')));
  const broken = mkdtempSync(join(tmpdir(), 'werdegang-sarif-'));
  for (const [path, text] of Object.entries(faulty)) {
    mkdirSync(dirname(join(broken, path)), { recursive: true });
    writeFileSync(join(broken, path), text);
  }
  for (const [name, folder, least] of [['of the portal', root, 1], ['of a faulty portal', broken, 5], ['of no portal', join(broken, 'none'), 1]]) {
    const { stdout } = spawnSync(program, ['--root', folder, 'check', '--as-of', '2026-11-25', '--format', 'sarif'], { encoding: 'utf8' });
    const problems = [];
    try {
      const log = JSON.parse(stdout);
      if (!isValid(log)) problems.push(...isValid.errors.map((error) => `${error.instancePath} ${error.message}`));
      const found = log.runs[0].results.length;
      if (found < least) problems.push(`it has ${found} results`);
    } catch (error) {
      problems.push(error.message);
    }
    check(`the SARIF ${name} is valid`, problems);
  }
  rmSync(broken, { recursive: true });
}
