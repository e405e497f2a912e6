/**
 * `time` before a pipeline: what it says, and what it leaves as it is. In the world of these tests no time passes.
 */
import { expect, test } from 'vitest';
import { shellSays } from './shell-says.ts';

const TIMES = 'real 0.00\nuser 0.00\n';

// biome-ignore format: a table
const TIMED: readonly (readonly [script: string, said: string])[] = [
  ['time -p echo a | cat',                       `a\n${TIMES}`],
  ['time echo a',                                'a\n\nreal\t0m0.000s\nuser\t0m0.000s\n'],
  ['time -p ! false && echo ok',                 `ok\n${TIMES}`],
  ['time -p (exit 3) || echo $?',                `3\n${TIMES}`],
  ['f() { time -p for i in 1 2; do echo $i; done; }; f | cat', `1\n2\n${TIMES}`],
  ['time -p',                                    TIMES],
  ['time -p; echo next',                         `next\n${TIMES}`],
  ['time -p sleep 1 & wait',                     TIMES],
  ['echo time; x=time; echo $x; type time',      'time\ntime\ntime is a shell keyword\n'],
];

test.each(TIMED)('%s', async (script, said) => {
  expect(await shellSays(script)).toBe(said);
});
