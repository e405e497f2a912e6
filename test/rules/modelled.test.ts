/**
 * Time and chance come from the simulation alone: modelled code has no clock, timer or random numbers of
 * its host, and no other access to it. Edges of the machine, where it meets its host, are named here.
 */
import ts from 'typescript';
import { expect, test } from 'vitest';
import { isTypeScript, lineOf, type ProjectFile, parse, projectFiles, sample, visit } from './source.ts';

/** What is modelled: runs in simulated time. */
const MODELLED: readonly string[] = ['hw/', 'os/', 'userland/', 'images/runtime/', 'images/softfloat/'];

/** Where the machine meets its host. */
const EDGES: readonly string[] = [
  'hw/console/',
  'hw/cpu/asc.ts',
  'hw/lab/gdb/server.ts',
  'hw/lab/drive-file.ts',
  'hw/lab/worker.ts',
  'hw/lab/worker-cluster.ts',
  'hw/lab/worker-cluster.ts',
];

/** Names of the host that tell time, make chance, or reach the outside. */
const HOST_NAMES: ReadonlySet<string> = new Set([
  'Date',
  'performance',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'queueMicrotask',
  'requestAnimationFrame',
  'crypto',
  'process',
  'Buffer',
  'fetch',
  'require',
  '__dirname',
  '__filename',
  'localStorage',
]);

function hostFaults(files: readonly ProjectFile[]): string[] {
  return files
    .filter(file => isTypeScript(file) && isModelled(file.path))
    .flatMap(file => {
      const source = parse(file);
      const ownNames = declaredNames(source);
      const faults: string[] = [];
      visit(source, node => {
        const name = hostName(node, source);
        if (name === undefined || ownNames.has(name)) return;
        const line = lineOf(node.getStart(source), source);
        faults.push(
          `${file.path}:${line}: ${name} is the host's: use the simulation's clock and random streams`,
        );
      });
      return faults;
    });
}

function isModelled(path: string): boolean {
  return MODELLED.some(folder => path.startsWith(folder)) && !EDGES.some(edge => path.startsWith(edge));
}

function declaredNames(source: ts.SourceFile): Set<string> {
  const names = new Set<string>();
  visit(source, node => {
    const isDeclaration =
      ts.isFunctionDeclaration(node) ||
      ts.isVariableDeclaration(node) ||
      ts.isParameter(node) ||
      ts.isImportSpecifier(node);
    if (isDeclaration && node.name !== undefined && ts.isIdentifier(node.name)) names.add(node.name.text);
  });
  return names;
}

/** The host's name that the node refers to, if it does: not a property or key of the same name. */
function hostName(node: ts.Node, source: ts.SourceFile): string | undefined {
  if (ts.isPropertyAccessExpression(node) && node.getText(source) === 'Math.random') return 'Math.random';
  if (!ts.isIdentifier(node) || !HOST_NAMES.has(node.text)) return undefined;
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) {
    return parent.expression === node || parent.expression.getText(source) === 'globalThis'
      ? node.text
      : undefined;
  }
  const isKey =
    ts.isPropertyAssignment(parent) ||
    ts.isMethodDeclaration(parent) ||
    ts.isPropertySignature(parent) ||
    ts.isMethodSignature(parent) ||
    ts.isPropertyDeclaration(parent) ||
    ts.isImportSpecifier(parent) ||
    ts.isGetAccessor(parent);
  return isKey && parent.name === node ? undefined : node.text;
}

test('modelled code uses nothing of its host', () => {
  expect(hostFaults(projectFiles())).toEqual([]);
});

test.each([
  'const now = Date.now();',
  'const now = new Date();',
  'setTimeout(() => {}, 5);',
  'const r = Math.random();',
  'const t = performance.now();',
  'globalThis.setInterval(f, 1);',
  'process.exit(1);',
  'const b = Buffer.from(x);',
])('%j in a device is refused', text => {
  expect(hostFaults([sample('hw/device/a.ts', text)])).toHaveLength(1);
  expect(hostFaults([sample('userland/bin/a.ts', text)])).toHaveLength(1);
  expect(hostFaults([sample('hw/console/a.ts', text)])).toEqual([]);
});

test('names that only look like the host are allowed', () => {
  const text =
    'board.process.Date = { performance: 1 }; interface A { process: number }; function setImmediate() {}\nsetImmediate();';
  expect(hostFaults([sample('hw/device/a.ts', text)])).toEqual([]);
});
