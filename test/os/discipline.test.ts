/**
 * What a person at the terminal sees and what a program reads: keys go in, and the screen and the lines are
 * compared with what is expected of them.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { openDiscipline } from './discipline.ts';

const ICRNL = 0x100;
const IGNCR = 0x80;
const ISIG = 1;
const ICANON = 2;
const ECHO = 8;
const ECHONL = 0x40;
const NOFLSH = 0x80;
const IEXTEN = 0x8000;
const LOCAL_FLAGS = 12;
const DELETE = '\x7f';

it('gives a line when it is ended, and no more than that', async () => {
  const line = await openDiscipline();
  line.type('one');
  expect(line.read(100)).toBeUndefined();
  line.type('\rtwo\r');
  expect(line.read(2)).toBe('on');
  expect(line.read(100)).toBe('e\n');
  expect(line.read(100)).toBe('two\n');
  expect(line.read(100)).toBeUndefined();
  expect(await line.screen()).toBe('one\ntwo');
});

it('ends the file at ^D: at once in an empty line, otherwise what was typed goes without a newline', async () => {
  const line = await openDiscipline();
  line.type('\x04');
  expect(line.read(100)).toBe('');
  line.type('abc\x04\x04');
  expect(line.read(3)).toBe('abc');
  expect(line.read(100)).toBe('');
  expect(line.read(100)).toBeUndefined();
});

it('erases whole code points, words and lines, by as many columns as they have', async () => {
  const line = await openDiscipline();
  line.write('$ ');
  line.type(`漢字é${DELETE}${DELETE}`);
  expect(await line.screen()).toBe('$ 漢');
  expect(await line.cursor()).toBe(4);
  line.type(' two words\x17');
  expect(await line.screen()).toBe('$ 漢 two');
  line.type('\x15new\tx\b\b!\r');
  expect(await line.screen()).toBe('$ new!');
  expect(line.read(100)).toBe('new!\n');
});

it('takes the next character literally after ^V, shows it as ^X, and erases both columns', async () => {
  const line = await openDiscipline();
  line.type('a\x16\x03\x16\x7fb');
  expect(await line.screen()).toBe('a^C^?b');
  line.type(`${DELETE}${DELETE}c\r`);
  expect(await line.screen()).toBe('a^Cc');
  expect(line.read(100)).toBe('a\x03c\n');
  expect(line.signals()).toEqual([]);
});

it('shows the line again at ^R', async () => {
  const line = await openDiscipline();
  line.type('some text\x12');
  line.type(`${DELETE}${DELETE}`);
  expect(await line.screen()).toBe('some text^R\nsome te');
});

it('signals at ^C, ^\\ and ^Z, and drops what was typed before', async () => {
  const line = await openDiscipline();
  line.type('lost\x03');
  expect(line.signals()).toEqual([2]);
  line.type('\x1c\x1akept\r');
  expect(line.signals()).toEqual([3, 20]);
  expect(line.read(100)).toBe('kept\n');
  expect(await line.screen()).toBe('lost^C^\\^Zkept');
});

it('gives every byte at once and as it is without ICANON', async () => {
  const line = await openDiscipline();
  line.type('begun');
  line.setFlags(LOCAL_FLAGS, flags => flags & ~ICANON);
  expect(line.read(100)).toBe('begun');
  line.type('\x7f\x04x');
  expect(line.read(2)).toBe('\x7f\x04');
  line.setFlags(LOCAL_FLAGS, flags => flags | ICANON);
  expect(line.read(100)).toBe('x');
  expect(line.read(100)).toBeUndefined();
});

it('cuts a line that has no end, and goes on', async () => {
  const line = await openDiscipline();
  line.type(`${'x'.repeat(5000)}\r`);
  expect(line.read(5000)).toBe(`${'x'.repeat(4095)}\n`);
  line.type('next\r');
  expect(line.read(100)).toBe('next\n');
});

it('leaves what was typed before a signal with NOFLSH, and shows nothing without ECHO but what ECHONL says', async () => {
  const line = await openDiscipline();
  line.setFlags(LOCAL_FLAGS, flags => (flags & ~ECHO) | NOFLSH | ECHONL);
  line.type('kept\x03 it\r');
  expect(line.signals()).toEqual([2]);
  expect(line.read(100)).toBe('kept it\n');
  line.write('end');
  expect(await line.screen()).toBe('\nend');
});

it('takes returns, newlines and control characters as the attributes say', async () => {
  const line = await openDiscipline();
  line.setFlags(0, flags => flags & ~ICRNL);
  line.type('a\rb\n');
  expect(line.read(100)).toBe('a\rb\n');
  line.setFlags(0, flags => flags | IGNCR);
  line.type('a\rb\n');
  expect(line.read(100)).toBe('ab\n');
  line.setFlags(LOCAL_FLAGS, flags => flags & ~(ISIG | IEXTEN));
  line.type('\x03\x17\x16\n');
  expect(line.signals()).toEqual([]);
  expect(line.read(100)).toBe('\x03\x17\x16\n');
});

/** What is typed, and what it does to the line as a person thinks of it: code points, words, nothing else. */
const KEYS: Readonly<Record<string, (line: readonly string[]) => readonly string[]>> = {
  [DELETE]: line => line.slice(0, -1),
  '\b': line => line.slice(0, -1),
  '\x15': () => [],
  '\x17': line => [...line.join('').replace(/[^ \t]*[ \t]*$/u, '')],
};
const TEXT = ['a', 'b', ' ', '\t', 'é', 'ß', '漢', '字', '한', 'e\u0301', '~', '0'];

it('shows and gives what is left of any keys, whatever they are', async () => {
  const key = fc.constantFrom(...TEXT, ...TEXT, ...Object.keys(KEYS));
  await fc.assert(
    fc.asyncProperty(
      fc.string({ unit: fc.constantFrom('>', '漢', ' '), maxLength: 9 }),
      fc.array(key, { maxLength: 30 }),
      async (prompt, keys) => {
        const line = await openDiscipline();
        line.write(prompt);
        let left: readonly string[] = [];
        for (const each of keys) {
          line.type(each);
          left = KEYS[each] === undefined ? [...left, ...each] : KEYS[each](left);
        }
        const fresh = await openDiscipline();
        fresh.write(prompt + left.join(''));
        expect(await line.screen()).toBe(await fresh.screen());
        expect(await line.cursor()).toBe(await fresh.cursor());
        line.type('\r');
        expect(line.read(1000)).toBe(`${left.join('')}\n`);
      },
    ),
    { numRuns: 300, seed: 1 },
  );
});
