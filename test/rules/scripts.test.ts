/**
 * The scripts that stand before and around the tests: `test/install.mjs` in a project of its own, and
 * the counting of `test/run.ts`.
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { countLine, countTests } from '../run.ts';
import { ROOT } from './source.ts';

const PACKAGE = { version: '1.0.0', integrity: 'sha512-a' };

let project: string;

beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), 'install-'));
  for (const folder of ['test', 'node_modules']) mkdirSync(join(project, folder));
  copyFileSync(join(ROOT, 'test/install.mjs'), join(project, 'test/install.mjs'));
  write('package.json', { engines: { node: '^20.19.0 || >=22.12.0' } });
  write('package-lock.json', { packages: { '': {}, 'node_modules/a': PACKAGE } });
  write('node_modules/.package-lock.json', { packages: { 'node_modules/a': PACKAGE } });
});

afterEach(() => rmSync(project, { recursive: true }));

function write(name: string, content: object): void {
  writeFileSync(join(project, name), JSON.stringify(content));
}

/** Runs install.mjs with a stand-in for npm that ends with the exit code. */
function install(npmExitCode: number): {
  readonly status: number | null;
  readonly text: string;
  readonly output: string;
} {
  const npm = join(project, 'npm.cjs');
  writeFileSync(npm, `console.error(process.argv.slice(2).join(' ')); process.exit(${npmExitCode});`);
  const { status, stderr, stdout } = spawnSync(process.execPath, [join(project, 'test/install.mjs')], {
    encoding: 'utf8',
    env: { ...process.env, npm_execpath: npm },
  });
  return { status, text: stderr, output: stdout };
}

test('nothing is installed and nothing said where all is there', () => {
  expect(install(1)).toEqual({ status: 0, text: '', output: '' });
});

test('packages that are missing or of another version are installed, in one line', () => {
  write('node_modules/.package-lock.json', {
    packages: { 'node_modules/a': { ...PACKAGE, version: '1.0.1' } },
  });
  const { status, text, output } = install(0);
  expect([status, output]).toEqual([0, '']);
  expect(text).toMatch(/^gossamer: installing the package a with npm ci …\nci --include=dev/);
  rmSync(join(project, 'node_modules'), { recursive: true });
  expect(install(0).text).toContain('installing');
});

test('packages for other platforms are not missed', () => {
  const other = { ...PACKAGE, optional: true };
  write('package-lock.json', { packages: { '': {}, 'node_modules/a': PACKAGE, 'node_modules/b': other } });
  expect(install(1).status).toBe(0);
});

test('an installation that fails is told with its mend', () => {
  rmSync(join(project, 'node_modules/.package-lock.json'));
  const { status, text } = install(1);
  expect(status).toBe(2);
  expect(text).toContain('could not be installed: see above; with no network, connect and start again');
});

test('a Node that will not do is refused in one sentence', () => {
  write('package.json', { engines: { node: '^2.19.0 || >=99.12.0' } });
  const { status, text } = install(0);
  expect(status).toBe(2);
  const needed =
    /^gossamer: this is Node \S+, but 2\.19\.0 or a later 2, or 99\.12\.0 or later is needed: get it/;
  expect(text).toMatch(needed);
  const [major] = process.versions.node.split('.');
  write('package.json', { engines: { node: `^${major}.0.0 || >=99.0.0` } });
  expect(install(0).status).toBe(0);
});

test('a project without its lock file says how to get it back', () => {
  rmSync(join(project, 'package-lock.json'));
  expect(install(0).text).toContain('package-lock.json is missing: restore it');
});

test('the count covers tests, skipped tests and files that fail before their tests', () => {
  const file = (status: string, ...results: string[]) => ({
    status,
    assertionResults: results.map(result => ({ status: result })),
  });
  const count = countTests({
    testResults: [
      file('passed', 'passed', 'passed', 'skipped'),
      file('failed', 'passed', 'failed'),
      file('failed'),
    ],
  });
  expect(count).toEqual({ passed: 3, failed: 2, skipped: 1 });
  expect(countLine([count, { passed: 1, failed: 0, skipped: 0 }])).toBe('4 passed, 2 failed, 1 skipped');
  expect(countLine([{ passed: 1, failed: 0, skipped: 0 }])).toBe('1 passed, 0 failed');
});
