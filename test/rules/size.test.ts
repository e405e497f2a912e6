/**
 * Nothing grows beyond what can be read at once.
 *
 *     file       700 lines     } flat switches not counted
 *     function   70 lines      }
 *     test       30 lines
 *     header     every source file begins with a comment of 3 to 20 lines
 *
 * A flat switch is a statement of the function's own body, or of a loop that is one, whose clauses have
 * at most 25 lines each: a table in the form of code.
 */
import ts from 'typescript';
import { expect, test } from 'vitest';
import {
  isTypeScript,
  lineCount,
  lineOf,
  type ProjectFile,
  parse,
  projectFiles,
  sample,
  visit,
} from './source.ts';

const FILE_LINES_MAX = 700;
const FUNCTION_LINES_MAX = 70;
const CLAUSE_LINES_MAX = 25;
const TEST_LINES_MAX = 30;
const HEADER_LINES_MIN = 3;
const HEADER_LINES_MAX = 20;

function fileFaults(files: readonly ProjectFile[]): string[] {
  return files.filter(isSource).flatMap(file => {
    const total = file.text.trimEnd().split('\n').length;
    const lines = total > FILE_LINES_MAX && isTypeScript(file) ? total - tableLines(file) : total;
    return lines > FILE_LINES_MAX ? [`${file.path}: ${lines} lines: split it by its nouns`] : [];
  });
}

/** Lines of the file that are flat switches of its functions. */
function tableLines(file: ProjectFile): number {
  const source = parse(file);
  return source.statements
    .filter(ts.isFunctionDeclaration)
    .reduce((lines, { body }) => lines + flatSwitchLines(body, source), 0);
}

const isSource = ({ path }: ProjectFile) => /\.(ts|mjs|s)$/.test(path) && !path.endsWith('.d.ts');

function functionFaults(files: readonly ProjectFile[]): string[] {
  return files.filter(isTypeScript).flatMap(file => {
    const source = parse(file);
    const faults: string[] = [];
    visit(source, node => {
      if (!ts.isFunctionLike(node) || !('body' in node) || isCallOf(node.parent, ['describe'])) return;
      const lines = lineCount(node, source) - flatSwitchLines(node.body as ts.Node | undefined, source);
      if (lines <= FUNCTION_LINES_MAX) return;
      const name = node.name?.getText(source) ?? 'a function';
      faults.push(
        `${file.path}:${lineOf(node.getStart(source), source)}: ${name} has ${lines} lines: divide it`,
      );
    });
    return faults;
  });
}

function flatSwitchLines(body: ts.Node | undefined, source: ts.SourceFile): number {
  if (body === undefined || !ts.isBlock(body)) return 0;
  const isFlat = (statement: ts.SwitchStatement) =>
    statement.caseBlock.clauses.every(clause => lineCount(clause, source) <= CLAUSE_LINES_MAX);
  return body.statements
    .flatMap(statement => [statement, ...loopStatements(statement)])
    .filter(ts.isSwitchStatement)
    .filter(isFlat)
    .reduce((lines, statement) => lines + lineCount(statement, source), 0);
}

function loopStatements(statement: ts.Statement): readonly ts.Statement[] {
  return ts.isIterationStatement(statement, false) && ts.isBlock(statement.statement)
    ? statement.statement.statements
    : [];
}

/** test(…), test.each(…)(…), test.skipIf(…)(…) and the like. */
function isCallOf(node: ts.Node, names: readonly string[]): node is ts.CallExpression {
  if (!ts.isCallExpression(node)) return false;
  let callee: ts.Node = node.expression;
  while (ts.isPropertyAccessExpression(callee) || ts.isCallExpression(callee)) callee = callee.expression;
  return ts.isIdentifier(callee) && names.includes(callee.text);
}

function testFaults(files: readonly ProjectFile[]): string[] {
  return files
    .filter(({ path }) => path.endsWith('.test.ts'))
    .flatMap(file => {
      const source = parse(file);
      const faults: string[] = [];
      visit(source, node => {
        if (!isCallOf(node, ['test', 'it']) || !node.arguments.some(ts.isFunctionLike)) return;
        const lines = lineCount(node, source);
        if (lines <= TEST_LINES_MAX) return;
        faults.push(
          `${file.path}:${lineOf(node.getStart(source), source)}: a test of ${lines} lines: put its set-up in the rig`,
        );
      });
      return faults;
    });
}

function headerFaults(files: readonly ProjectFile[]): string[] {
  return files.filter(isSource).flatMap(({ path, text }) => {
    const header = /^(?:#![^\n]*\n)?(\/\*\*?[\s\S]*?\*\/|(?:#[^\n]*\n)+)/.exec(text)?.[1]?.trimEnd();
    if (header === undefined) return [`${path}: no header: begin with what the file is, its rule, its use`];
    const words = header.split('\n').filter(line => /[^\s/*#]/.test(line)).length;
    // as long as it would be with the opening and closing of a block
    const lines = header.split('\n').length + (header.startsWith('#') ? 2 : 0);
    if (lines >= HEADER_LINES_MIN && words <= HEADER_LINES_MAX) return [];
    return [`${path}: a header of ${lines} lines: say it in ${HEADER_LINES_MIN} to ${HEADER_LINES_MAX}`];
  });
}

test('no file has more than 700 lines', () => {
  expect(fileFaults(projectFiles())).toEqual([]);
  expect(fileFaults([sample('hw/a.ts', 'x;\n'.repeat(701))])).toHaveLength(1);
});

test('no function has more than 70 lines beside its flat switches', () => {
  expect(functionFaults(projectFiles())).toEqual([]);
});

test('a long function is refused, in whatever form it is written', () => {
  const body = `{\n${'x();\n'.repeat(70)}}`;
  const forms = [
    `function f() ${body}`,
    `const f = () => ${body};`,
    `class C { m() ${body} }`,
    `it('', () => ${body})`,
  ];
  for (const text of forms) expect(functionFaults([sample('hw/a.ts', text)])).toHaveLength(1);
});

test('a flat switch does not count, one with long clauses does', () => {
  const clauses = (lines: number) => `case 1:\n${'x();\n'.repeat(lines)}break;\n`.repeat(20);
  const nest = (lines: number) => sample('hw/a.ts', `function f() {\nswitch (a) {\n${clauses(lines)}}\n}`);
  expect(functionFaults([nest(3)])).toEqual([]);
  expect(functionFaults([nest(26)])).toHaveLength(1);
  const loop = sample('hw/a.ts', nest(3).text.replace('switch', 'for (;;) {\nswitch').concat('}'));
  expect(functionFaults([loop])).toEqual([]);
});

test('no test has more than 30 lines', () => {
  expect(testFaults(projectFiles())).toEqual([]);
});

test('a long test is refused, in whatever form it is written', () => {
  const story = `('a claim', () => {\n${'x();\n'.repeat(29)}});`;
  for (const form of ['test', 'it', 'test.skipIf(x)', 'test.each([1])', 'test.only']) {
    expect(testFaults([sample('test/hw/a.test.ts', form + story)])).toHaveLength(1);
  }
});

test('every source file begins with a header', () => {
  expect(headerFaults(projectFiles())).toEqual([]);
});

test('a missing, short or endless header is refused', () => {
  const header = (lines: number) => `/**\n${' * words\n'.repeat(lines)} */\n`;
  const faults = (text: string) => headerFaults([sample('hw/a.ts', text)]);
  expect(faults('import x;\n/** late */')[0]).toContain('no header');
  expect(faults('/** short */\n')).toHaveLength(1);
  expect(faults(header(1))).toEqual([]);
  expect(faults(header(20))).toEqual([]);
  expect(faults(header(21))).toHaveLength(1);
  expect(headerFaults([sample('os/a.s', '# one\n# two\n# three\nnop\n')])).toEqual([]);
});
