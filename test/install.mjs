/**
 * Makes sure that what the command after it needs is there: the right Node and the packages of
 * package-lock.json. Plain JavaScript without packages, for it runs before there are any; every script
 * of package.json that a person starts has it as its `pre…` step.
 *
 *     nothing to do      silent, some milliseconds
 *     packages missing   one line on standard error, then npm ci
 *     cannot             what is wrong and how to mend it on standard error, exit code 2
 *
 * Up to date means: every package of the lock file, but for those of other platforms, is in
 * node_modules/.package-lock.json with the same version and checksum.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Is the version in the range? Ranges are written "^20.19.0 || >=22.12.0". */
function satisfies(version, range) {
  const have = version.split('.').map(Number);
  return range.split(' || ').some(part => {
    const wanted = part.replace(/^\D+/, '').split('.').map(Number);
    if (part.startsWith('^') && have[0] !== wanted[0]) return false;
    const index = wanted.findIndex((number, at) => have[at] !== number);
    return index < 0 || have[index] > wanted[index];
  });
}

/** "^20.19.0 || >=22.12.0" in words. */
function inWords(range) {
  return range
    .replace(/\^(\d+)\.(\S+)/g, '$1.$2 or a later $1')
    .replace(/>=(\S+)/g, '$1 or later')
    .replace(' || ', ', or ');
}

/** Names of the lock file's packages that the folder lacks or has otherwise. */
function outdated(lock, installed) {
  return Object.entries(lock.packages)
    .filter(([path, wanted]) => {
      if (path === '') return false;
      const found = installed?.packages[path];
      if (found === undefined) return wanted.optional !== true;
      return found.version !== wanted.version || found.integrity !== wanted.integrity;
    })
    .map(([path]) => path.replace(/^.*node_modules\//, ''));
}

function readJson(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined;
}

function fail(message) {
  process.stderr.write(`gossamer: ${message}\n`);
  process.exit(2);
}

/** npm as the program that started us, else the one on the path. */
function runNpmCi() {
  const npm = process.env.npm_execpath;
  const options = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  const settings = { cwd: ROOT, stdio: ['ignore', 2, 2] };
  if (npm !== undefined && /\.c?js$/.test(npm))
    return spawnSync(process.execPath, [npm, ...options], settings);
  return spawnSync('npm', options, { ...settings, shell: process.platform === 'win32' });
}

function main() {
  const { engines } = readJson(join(ROOT, 'package.json'));
  if (!satisfies(process.versions.node, engines.node)) {
    fail(
      `this is Node ${process.versions.node}, but ${inWords(engines.node)} is needed: get it from https://nodejs.org`,
    );
  }
  const lock = readJson(join(ROOT, 'package-lock.json'));
  if (lock === undefined)
    fail('package-lock.json is missing: restore it with git checkout package-lock.json');
  const missing = outdated(lock, readJson(join(ROOT, 'node_modules', '.package-lock.json')));
  if (missing.length === 0) return;
  const count = missing.length === 1 ? `the package ${missing[0]}` : `${missing.length} packages`;
  process.stderr.write(`gossamer: installing ${count} with npm ci …\n`);
  const { status, error } = runNpmCi();
  if (error !== undefined) fail(`npm could not be started (${error.message}): install Node with npm`);
  if (status !== 0) {
    fail('the packages could not be installed: see above; with no network, connect and start again');
  }
}

main();
