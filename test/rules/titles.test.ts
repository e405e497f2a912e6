/**
 * A test's title is a claim of its own: told once in the whole project, so that a failing one is found
 * by its words.
 */
import ts from 'typescript';
import { expect, test } from 'vitest';
import { lineOf, type ProjectFile, parse, projectFiles, sample, visit } from './source.ts';

interface Title {
  /** With the titles of the groups around it. */
  readonly text: string;
  readonly place: string;
}

function titlesOf(file: ProjectFile): Title[] {
  const source = parse(file);
  const titles: Title[] = [];
  visit(source, node => {
    const title = titleOf(node, ['test', 'it']);
    if (title === undefined) return;
    const groups: string[] = [];
    for (let outer = node.parent; outer !== undefined; outer = outer.parent) {
      const group = titleOf(outer, ['describe']);
      if (group !== undefined) groups.unshift(group);
    }
    titles.push({
      text: [...groups, title].join(' > '),
      place: `${file.path}:${lineOf(node.getStart(source), source)}`,
    });
  });
  return titles;
}

/** The literal title of a call to one of the functions, chained or not. */
function titleOf(node: ts.Node, names: readonly string[]): string | undefined {
  if (!ts.isCallExpression(node)) return undefined;
  const [title] = node.arguments;
  let callee: ts.Node = node.expression;
  while (ts.isPropertyAccessExpression(callee) || ts.isCallExpression(callee)) callee = callee.expression;
  const isOurs = ts.isIdentifier(callee) && names.includes(callee.text);
  return isOurs && title !== undefined && ts.isStringLiteralLike(title) ? title.text : undefined;
}

function titleFaults(files: readonly ProjectFile[]): string[] {
  const places = new Map<string, string>();
  return files
    .filter(({ path }) => path.endsWith('.test.ts'))
    .flatMap(titlesOf)
    .flatMap(({ text, place }) => {
      const first = places.get(text);
      if (first === undefined) places.set(text, place);
      return first === undefined ? [] : [`${place}: the title is told at ${first} already: ${text}`];
    });
}

test('no two tests have the same title', () => {
  expect(titleFaults(projectFiles())).toEqual([]);
});

test('a title told twice is refused, in one file or two', () => {
  const one = "test('a claim', f);";
  expect(titleFaults([sample('test/a.test.ts', `${one}\nit.skipIf(x)('a claim', f);`)])).toHaveLength(1);
  expect(titleFaults([sample('test/a.test.ts', one), sample('test/b.test.ts', one)])).toHaveLength(1);
  expect(titleFaults([sample('test/a.test.ts', `${one}\ndescribe('there', () => { ${one} });`)])).toEqual([]);
});
