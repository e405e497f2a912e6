/**
 * Nothing is kept that nobody uses: no file, no export, no package (knip, configured in package.json).
 *
 * Data sheets (hw/manual) may state more than is used today: they describe a whole part. Types may be
 * exported beside the functions that take them, and what a file uses itself may be seen from outside.
 * Guest code is entered by file name, not by import.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from './source.ts';

const KINDS = ['files', 'dependencies', 'unlisted', 'unresolved', 'exports'];

interface KnipIssue {
  readonly file: string;
  readonly [kind: string]: unknown;
}

/** What knip says of the project in the folder, a line each. */
function unused(folder: string): string[] {
  const knip = join(ROOT, 'node_modules', 'knip', 'bin', 'knip.js');
  const options = [
    '--directory',
    folder,
    '--reporter',
    'json',
    '--no-exit-code',
    '--include',
    KINDS.join(','),
  ];
  const { stdout, stderr } = spawnSync(process.execPath, [knip, ...options], { encoding: 'utf8' });
  if (!stdout.startsWith('{')) throw new Error(`knip gave no report: ${stderr}`);
  const { issues } = JSON.parse(stdout) as { readonly issues: readonly KnipIssue[] };
  return issues.flatMap(issue =>
    KINDS.flatMap(kind =>
      [issue[kind]]
        .flat(2)
        .flatMap(found => nameOf(found))
        .map(name => `${issue.file}: ${kind}: ${name}`),
    ),
  );
}

function nameOf(found: unknown): string[] {
  return typeof found === 'object' && found !== null && 'name' in found ? [String(found.name)] : [];
}

test('no file, export or package is unused', () => {
  expect(unused(ROOT)).toEqual([]);
});

test('an unused file, export and package are found', () => {
  const folder = mkdtempSync(join(tmpdir(), 'unused-'));
  try {
    mkdirSync(join(folder, 'hw'));
    const knip = { entry: ['hw/main.ts'], project: ['hw/**/*.ts'] };
    const manifest = { name: 'sample', dependencies: { chalk: '5.6.2' }, knip };
    writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
    writeFileSync(join(folder, 'hw', 'main.ts'), "import { used } from './part.ts';\nused();\n");
    writeFileSync(
      join(folder, 'hw', 'part.ts'),
      'export function used() {}\nexport function forgotten() {}\n',
    );
    writeFileSync(join(folder, 'hw', 'orphan.ts'), 'export const alone = 1;\n');
    expect(unused(folder).sort()).toEqual([
      'hw/orphan.ts: files: hw/orphan.ts',
      'hw/part.ts: exports: forgotten',
      'package.json: dependencies: chalk',
    ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
