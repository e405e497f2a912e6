/**
 * TypeScript to JavaScript by taking the types away, for one command and all it imports.
 *
 *     node hw/console/strip.mjs hw/console/machine.ts
 *
 *     hw/board.ts ─→ .build/js/hw/board.js      imports of './x.ts' become imports of './x.js'
 *     hw/lab/worker-start.mjs ─→ as it is
 *     the list of all sources with time and size ─→ .build/js/hw-console-machine.ts.json, last
 *
 * Several may work at once: every file is put in place whole.
 */
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import typescript from 'typescript';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const OUTPUT = join(ROOT, '.build', 'js');
const OPTIONS = {
  target: typescript.ScriptTarget.ES2022,
  module: typescript.ModuleKind.ESNext,
  verbatimModuleSyntax: true,
  removeComments: true,
  rewriteRelativeImportExtensions: true,
};
/** What stripped text imports, or names as a worker's first file. */
const REFERENCE = /(?:\bfrom\s*|\bimport\s*\(?\s*|new URL\(\s*)['"](\.{1,2}\/[^'"]+\.m?js)['"]/g;

const entry = process.argv[2];
const stamps = { 'hw/console/strip.mjs': stamp('hw/console/strip.mjs') };
const waiting = [entry];
for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
  if (stamps[path] !== undefined) continue;
  stamps[path] = stamp(path);
  const source = readFileSync(join(ROOT, path), 'utf8');
  const text = path.endsWith('.ts') ? strip(source, path) : source;
  for (const [, reference] of text.matchAll(REFERENCE)) {
    waiting.push(normalize(join(dirname(path), reference.replace(/\.js$/, '.ts'))));
  }
  put(path.replace(/\.ts$/, '.js'), text);
}
put(`${entry.replaceAll('/', '-')}.json`, JSON.stringify(stamps));

/** Different whenever the file is. */
function stamp(path) {
  const { mtimeMs, size } = statSync(join(ROOT, path));
  return `${mtimeMs} ${size}`;
}

function strip(text, fileName) {
  return typescript.transpileModule(text, { compilerOptions: OPTIONS, fileName }).outputText;
}

function put(path, text) {
  const target = join(OUTPUT, path);
  mkdirSync(dirname(target), { recursive: true });
  const partial = `${target}.${process.pid}`;
  writeFileSync(partial, text);
  renameSync(partial, target);
}
