/**
 * What lies where: the top level is fixed, names say what a thing is, only sources are kept, and
 * package.json pins what it takes and prepares what it offers.
 */
import { expect, test } from 'vitest';
import { type ProjectFile, projectFiles, sample } from './source.ts';

const TOP_LEVEL: ReadonlySet<string> = new Set([
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'README.md',
  'LICENSE',
  'hw',
  'os',
  'userland',
  'images',
  'test',
  '.ci',
]);
const DOTFILES = /^\.[\w-]+(\.json)?$/;
const SOURCE_KINDS =
  /\.(ts|mjs|s|wast|md)$|^os\/.*\.order$|(^|[./])tsconfig\.json$|(^|\/)biome\.json$|^images\/cluster\/[\w-]+\.json$|^test\/bench\/.*\.c$/;
const EMPTY_NAMES = /(^|[/.-])(utils?|helpers?|common|misc|managers?|index|stuff|lib)(?=[./-])/;
const LIBRARY_FOLDERS = /^(os|userland)\/lib\//;
const GOOD_NAME = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)*$/;

function layoutFaults(files: readonly ProjectFile[]): string[] {
  return files.flatMap(({ path }) => {
    const [top = '', ...rest] = path.split('/');
    if (!TOP_LEVEL.has(top) && !(rest.length === 0 && DOTFILES.test(top))) {
      return [`${path}: the top level is fixed: put it into hw, os, userland, images or test`];
    }
    if (rest.length === 0 || top === '.ci') return [];
    const faults: string[] = [];
    if (!SOURCE_KINDS.test(path)) faults.push(`${path}: not a source: what is made belongs into .build`);
    if (EMPTY_NAMES.test(path.replace(LIBRARY_FOLDERS, '')))
      faults.push(`${path}: the name says nothing: name its noun`);
    const odd = rest.find(name => !GOOD_NAME.test(name) && name !== 'README.md');
    if (odd !== undefined) faults.push(`${path}: names are lower case with hyphens`);
    return faults;
  });
}

interface Manifest {
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

function manifestFaults({ scripts = {}, dependencies = {}, devDependencies = {} }: Manifest): string[] {
  const versions = Object.entries({ ...dependencies, ...devDependencies })
    .filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))
    .map(([name, version]) => `${name} ${version}: pin one version exactly`);
  const unprepared = Object.keys(scripts)
    .filter(name => !name.startsWith('pre') && scripts[`pre${name}`] !== 'node test/install.mjs')
    .map(name => `the script ${name} has no pre${name} that installs what is missing`);
  return [...versions, ...unprepared];
}

interface Lock {
  readonly packages: Readonly<
    Record<string, { readonly optionalDependencies?: Readonly<Record<string, string>> }>
  >;
}

/** Packages of other platforms that the lock file lacks: npm ci refuses such a file. */
function lockFaults({ packages }: Lock): string[] {
  return Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies)
      .filter(name => !(`node_modules/${name}` in packages) && !(`${path}/node_modules/${name}` in packages))
      .map(name => `package-lock.json lacks ${name} of ${path}: lock where the registry has every platform`),
  );
}

test('every file is a source at its place', () => {
  expect(layoutFaults(projectFiles())).toEqual([]);
});

// biome-ignore format: a table
test.each([
  ['notes.txt', 'top level'],
  ['tools/a.ts', 'top level'],
  ['hw/core.wasm', 'not a source'],
  ['hw/console/out.log', 'not a source'],
  ['images/link/link.js', 'not a source'],
  ['hw/utils.ts', 'says nothing'],
  ['hw/cpu/trap-helpers.ts', 'says nothing'],
  ['os/common/a.ts', 'says nothing'],
  ['images/index.ts', 'says nothing'],
  ['hw/fileManager.ts', 'lower case'],
  ['hw/Board.ts', 'lower case'],
])('%s is refused: %s', (path, fault) => {
  expect(layoutFaults([sample(path, '')]).join('\n')).toContain(fault);
});

test('good names are allowed', () => {
  const paths = [
    'README.md',
    '.npmrc',
    '.biome.json',
    '.ci/run',
    'os/lib/ring.ts',
    'hw/README.md',
    'test/hw/bad-input.test.ts',
  ];
  expect(layoutFaults(paths.map(path => sample(path, '')))).toEqual([]);
});

test('package.json pins every version and prepares every script', () => {
  const manifest = projectFiles().find(({ path }) => path === 'package.json')!;
  expect(manifestFaults(JSON.parse(manifest.text))).toEqual([]);
});

test('open versions and scripts without preparation are refused', () => {
  for (const version of ['^1.2.3', '~1.2.3', '1.x', '*', 'latest', '>=1', 'github:a/b']) {
    expect(manifestFaults({ dependencies: { a: version } })).toHaveLength(1);
  }
  expect(manifestFaults({ scripts: { start: 'node a.mjs' } })).toHaveLength(1);
  expect(manifestFaults({ scripts: { start: 'node a.mjs', prestart: 'node test/install.mjs' } })).toEqual([]);
});

test('the lock file knows the packages of every platform', () => {
  const lock = projectFiles().find(({ path }) => path === 'package-lock.json')!;
  expect(lockFaults(JSON.parse(lock.text))).toEqual([]);
});

test('a lock file that was made on one platform alone is refused', () => {
  const packages = {
    'node_modules/a': { optionalDependencies: { 'a-linux': '1.0.0', 'a-darwin': '1.0.0' } },
  };
  expect(lockFaults({ packages: { ...packages, 'node_modules/a-linux': {} } })).toHaveLength(1);
});
