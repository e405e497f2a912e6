/**
 * Random scripts to our shell and to dash: words of every kind of quotes and expansions, split by several IFS;
 * arithmetic; lists of conditions. The two must say the same.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dashSays, hasDash, shellSays } from './shell-says.ts';

const SETTINGS = "a=1; b='x y'; c=; d='*.txt'; e=' :p: q:'; f='a/b.c/d'; set -- 'o p' '' q; ";
const NAMES = ['a', 'b', 'c', 'd', 'e', 'f', 'unset', '1', '2', '3', '#', '@', '*'];

const name = fc.constantFrom(...NAMES);
/** POSIX does not say what trimming does to $@, $* and $#. */
const variable = fc.constantFrom(...NAMES.slice(0, -3));
const operator = fc.constantFrom(':-', '-', ':+', '+', '#', '##', '%', '%%');
const literal = fc.constantFrom('a', 'bc', '/', '*', '?', '=', ':', '-', '\\ ', '\\$', "'s q'", "''", '[ab]');

const { word } = fc.letrec<{ word: string; part: string; quoted: string }>(tie => ({
  word: fc.array(tie('part'), { minLength: 1, maxLength: 4 }).map(parts => parts.join('')),
  part: fc.oneof(
    { depthSize: 'small' },
    literal,
    name.map(each => `\${${each}}`),
    fc.tuple(variable, operator, tie('word')).map(([each, how, operand]) => `\${${each}${how}${operand}}`),
    fc.array(tie('quoted'), { maxLength: 3 }).map(parts => `"${parts.join('')}"`),
    tie('word').map(inner => `$(printf '%s ' ${inner})`),
  ),
  quoted: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom('a', ' b ', '*', '\\"', '\\$', '\\a', ':', '~'),
    name.map(each => `\${${each}}`),
    tie('word').map(inner => `$(echo ${inner})`),
  ),
}));

const IFS = fc.constantFrom('', 'IFS=:; ', "IFS=' :'; ", 'IFS=; ', 'IFS=x/; ', 'unset IFS; ');
const words = fc
  .tuple(IFS, fc.array(word, { minLength: 1, maxLength: 3 }))
  .map(
    ([ifs, list]) =>
      `${SETTINGS}${ifs}for i in ${list.join(' ')}; do printf '<%s>' "$i"; done; v=${list[0]}; echo "$v"`,
  );

const { sum } = fc.letrec<{ sum: string }>(tie => ({
  sum: fc.oneof(
    { depthSize: 'small' },
    fc.integer({ min: -9, max: 99 }).map(String),
    fc.constantFrom('p', 'q', '$p', '0x1f', '017'),
    fc.constantFrom('-', '~', '!', '+').chain(sign => tie('sum').map(value => `${sign} ${value}`)),
    fc
      .tuple(tie('sum'), fc.constantFrom(...'+ - * & | ^ < > <= >= == != && || << >>'.split(' ')), tie('sum'))
      .map(
        ([left, how, right]) =>
          `${left} ${how} ${how.length === 2 && how[0] === how[1] && '<>'.includes(how[0]!) ? 3 : right}`,
      ),
    fc
      .tuple(tie('sum'), fc.constantFrom('/', '%'), fc.integer({ min: 1, max: 9 }))
      .map(each => each.join(' ')),
    fc.tuple(tie('sum'), tie('sum'), tie('sum')).map(([test, yes, no]) => `(${test} ? ${yes} : ${no})`),
    fc
      .tuple(fc.constantFrom('p', 'q'), fc.constantFrom('=', '+=', '-=', '|='), tie('sum'))
      .map(each => `(${each.join(' ')})`),
  ),
}));
const sums = sum.map(text => `p=7; q=-3; echo $((${text})) $p $q`);

const { list } = fc.letrec<{ list: string; command: string }>(tie => ({
  list: fc
    .array(fc.tuple(tie('command'), fc.constantFrom('; ', ' && ', ' || ')), { minLength: 1, maxLength: 4 })
    .map(parts => parts.map(([command, how], i) => command + (i + 1 < parts.length ? how : '')).join('')),
  command: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom('true', 'false', 'echo a', '! true', 'r 3', 'echo $?', 'return 4', 'break', 'continue'),
    tie('list').map(body => `{ ${body}; }`),
    tie('list').map(body => `( ${body} )`),
    fc.tuple(tie('list'), tie('list')).map(([test, body]) => `if ${test}; then ${body}; else echo no; fi`),
    tie('list').map(body => `for i in 1 2; do echo $i; ${body}; done`),
    fc
      .tuple(tie('list'), tie('list'))
      .map(([test, body]) => `case $( ${test} ) in a) ${body};; *) echo other;; esac`),
    fc.tuple(tie('command'), tie('command')).map(([left, right]) => `${left} | ${right}`),
  ),
}));
const flows = fc
  .tuple(fc.constantFrom('', 'set -e; '), list)
  .map(([options, body]) => `r() { return $1; }; ${options}f() { ${body}; }; f; echo "end $?"`);

async function agree(scripts: fc.Arbitrary<string>, numRuns: number): Promise<void> {
  const property = fc.asyncProperty(scripts, async script => {
    expect(await shellSays(script)).toBe(dashSays(script));
  });
  await fc.assert(property, { seed: 1, numRuns });
}

test.skipIf(!hasDash)('random words expand as in dash', () => agree(words, 60));
test.skipIf(!hasDash)('random sums come out as in dash', () => agree(sums, 60));
test.skipIf(!hasDash)('random lists of commands go as in dash', () => agree(flows, 60));
