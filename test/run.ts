/**
 * What `npm test` does: everything that can be wrong, checked once.
 *
 *     npm test               contracts, types of every tsconfig.json, format and lint, a build, then all tests
 *     npm test -- PATTERN    only the tests whose path contains PATTERN
 *
 * The tests print as vitest prints them. The last line is the count of tests and checks,
 * `N passed, N failed` with `, N skipped` where some were; the exit code is 0 if none failed. Tests
 * skip themselves where a program that they compare with (qemu, gdb, GNU as …) is not installed.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generatedSources } from '../images/guest/generated.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const require = createRequire(import.meta.url);

interface Count {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** What vitest's JSON reporter writes, as far as it is read here. */
interface VitestReport {
  readonly testResults: readonly {
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string }[];
  }[];
}

/** The JavaScript file behind a package's command. */
function command(packageName: string, name: string): string {
  const manifest = require.resolve(`${packageName}/package.json`);
  const { bin } = JSON.parse(readFileSync(manifest, 'utf8'));
  return join(dirname(manifest), typeof bin === 'string' ? bin : bin[name]);
}

function run(script: string, args: readonly string[]): boolean {
  const { status } = spawnSync(process.execPath, [script, ...args], {
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  return status === 0;
}

/** Everything that runs on the boards, kept for the tests, of which several begin with it. */
const BUILD = ['images/boot/image-command.ts', 'build', 'one'];

/** One check, told with its name and result. */
function check(name: string, script: string, args: readonly string[]): Count {
  return told(name, run(script, args));
}

/** What the type checkers need first: client stubs and server dispatches. */
async function checkContracts(): Promise<Count> {
  const fault = await generatedSources().then(
    () => '',
    (error: Error) => error.message,
  );
  if (fault !== '') process.stdout.write(`${fault}\n`);
  return told('contracts of services', fault === '');
}

function told(name: string, passed: boolean): Count {
  process.stdout.write(`${passed ? '✓' : '×'} ${name}\n`);
  return { passed: passed ? 1 : 0, failed: passed ? 0 : 1, skipped: 0 };
}

function typeProjects(folder = ROOT): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap(entry => {
    const path = join(folder, entry.name);
    if (entry.isDirectory())
      return entry.name === 'node_modules' || entry.name.startsWith('.') ? [] : typeProjects(path);
    return entry.name === 'tsconfig.json' ? [path] : [];
  });
}

async function runChecks(): Promise<Count[]> {
  const contracts = await checkContracts();
  const types = typeProjects().map(path =>
    check(`types of ${relative(ROOT, dirname(path)) || 'the host side'}`, command('typescript', 'tsc'), [
      '-p',
      path,
    ]),
  );
  const lint = check('format and lint', command('@biomejs/biome', 'biome'), ['check', '.']);
  return [contracts, ...types, lint, check('the system builds', command('tsx', 'tsx'), BUILD)];
}

function runTests(patterns: readonly string[]): Count {
  const folder = mkdtempSync(join(tmpdir(), 'gossamer-test-'));
  const path = join(folder, 'report.json');
  try {
    const options = ['--config', 'test/vitest.config.ts', '--reporter=default', '--reporter=json'];
    const succeeded = run(command('vitest', 'vitest'), [
      'run',
      ...options,
      `--outputFile.json=${path}`,
      ...patterns,
    ]);
    const count = countTests(JSON.parse(readFileSync(path, 'utf8')));
    // an error outside every test
    return !succeeded && count.failed === 0 ? { ...count, failed: 1 } : count;
  } catch (error) {
    process.stdout.write(`the tests left no report: ${(error as Error).message}\n`);
    return { passed: 0, failed: 1, skipped: 0 };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Tests by result; a file that failed before its first test counts as one that failed. */
export function countTests({ testResults }: VitestReport): Count {
  const results = testResults.flatMap(file => {
    const statuses = file.assertionResults.map(({ status }) => status);
    return file.status === 'failed' && !statuses.includes('failed') ? [...statuses, 'failed'] : statuses;
  });
  const passed = results.filter(status => status === 'passed').length;
  const failed = results.filter(status => status === 'failed').length;
  return { passed, failed, skipped: results.length - passed - failed };
}

/** The last line. */
export function countLine(counts: readonly Count[]): string {
  const sum = (of: (count: Count) => number) => counts.reduce((total, count) => total + of(count), 0);
  const skipped = sum(count => count.skipped);
  const line = `${sum(count => count.passed)} passed, ${sum(count => count.failed)} failed`;
  return skipped === 0 ? line : `${line}, ${skipped} skipped`;
}

async function main(patterns: readonly string[]): Promise<void> {
  const counts = [...(patterns.length === 0 ? await runChecks() : []), runTests(patterns)];
  process.stdout.write(`${countLine(counts)}\n`);
  process.exitCode = counts.some(({ failed }) => failed > 0) ? 1 : 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main(process.argv.slice(2));
