/**
 * The terminal service from outside: somebody types at the serial line, a program reads lines and writes, and
 * what is on the line is what a person would see.
 */
import { expect, it } from 'vitest';
import { hasQemu } from './firmware-rig.ts';
import { boot, bootOnQemu, imagesOf, type Sources } from './kernel-rig.ts';
import { Qemu } from './qemu.ts';

const SESSION: Sources = {
  init: 'session',
  uart: 'os/driver/uart.ts',
  terminal: 'os/service/terminal/terminal.ts',
};
const PROMPT = '$ ';
const STEP_NS = 20_000_000;
const STEPS_MAX = 50;

/** A person: types, and waits for what is shown then. */
async function sitDown() {
  const { board, output } = await boot(SESSION, { seconds: 0.1 });
  expect(output).toBe(PROMPT);
  let shown = '';
  board.onSerial(byte => {
    shown += String.fromCharCode(byte);
  });
  return (typed: string, ending = PROMPT): string => {
    shown = '';
    board.uart.receive(new TextEncoder().encode(typed));
    for (let step = 0; step < STEPS_MAX && !shown.endsWith(ending); step += 1)
      board.runUntil(board.now + STEP_NS);
    return shown.replaceAll('\r\n', '\n');
  };
}

it('echoes what is typed, lets it be edited, and gives it to the program line by line', async () => {
  const say = await sitDown();
  expect(say('hello\x7f\x7fp!\r')).toBe('hello\b \b\b \bp!\nread: help!\n$ ');
  expect(say('漢字\x7f\r')).toBe(latin('漢字\b\b  \b\b\nread: 漢\n$ '));
  expect(say('\x04', 'file\r\n')).toBe('end of file\n');
});

it('keeps what is typed ahead until the program reads it', async () => {
  const { output, status } = await boot(SESSION, { typed: 'one\rtwo\rbye\r' });
  expect(output).toBe('$ one\r\ntwo\r\nbye\r\nread: one\r\n$ read: two\r\n$ ');
  expect(status).toBe(0);
});

it.skipIf(!hasQemu)('is edited and read under QEMU by the same files', async () => {
  const qemu = new Qemu(await imagesOf(SESSION));
  await qemu.until(PROMPT);
  qemu.type('one\r');
  expect(await qemu.until(PROMPT)).toBe('one\r\nread: one\r\n');
  qemu.type('two\x7fx\r');
  expect(await qemu.until(PROMPT)).toBe('two\b \bx\r\nread: twx\r\n');
  qemu.type('bye\r');
  expect(await qemu.ended()).toMatch(/bye\r\n$/);
});

it.skipIf(!hasQemu)('loses no byte under QEMU of what is typed before there is a driver', async () => {
  const output = await bootOnQemu(SESSION, { typed: 'a first line\ra second one\rbye\r' });
  // when it is echoed, among what is said, is the host's affair
  const shown = 'a first line\ra second one\rbye\r$ read: a first line\r$ read: a second one\r$ ';
  expect([...output.replaceAll('\n', '')].sort()).toEqual([...shown].sort());
});

it('gives bytes as they are typed, without echo, when the program asks for that', async () => {
  const say = await sitDown();
  expect(say('raw 4\r', '\n')).toBe('raw 4\n');
  expect(say('\x03', ' ')).toBe('3 ');
  expect(say('\x7f\rx')).toBe('127 10 120 \n$ ');
  expect(say('cooked\r')).toBe('cooked\nread: cooked\n$ ');
});

it('signals the foreground group at ^C, ^\\ and ^Z', async () => {
  const say = await sitDown();
  expect(say('nobody there\x15\x03', '^C')).toContain('^C');
  say('front 7\r');
  say('lost', 'lost');
  expect(say('\x03', ']\r\n')).toBe('^C[signal 2 to -7]\n');
  expect(say('\x1a', ']\r\n')).toBe('^Z[signal 20 to -7]\n');
  expect(say('\x1c', ']\r\n')).toBe('^\\[signal 3 to -7]\n');
  expect(say('found\r')).toBe('found\nread: found\n$ ');
});

it('lets a reader in the background wait, signalled, until it is in the foreground', async () => {
  const say = await sitDown();
  say('front 7\r');
  expect(say('as 9\r', ']\r\n')).toBe('as 9\n[signal 21 to -9]\n');
  expect(say('mine\r')).toBe('mine\nread: mine\n$ ');
});

it('asks the terminal how large it is, and believes what was said before where it does not answer', async () => {
  const say = await sitDown();
  expect(say('window\r', '\x1b8')).toBe('window\n\x1b7\x1b[999;999H\x1b[6n\x1b8');
  const answer = say('ahead\x1b[40;132R\r', 'ahead\r\n$ ');
  expect(answer).toBe('ahead\n40 rows, 132 columns\n$ read: ahead\n$ ');
  expect(say('window\r')).toContain('40 rows, 132 columns\n$ ');
});

it('waits for a byte no longer than the program says', async () => {
  const say = await sitDown();
  expect(say('soon 3\r')).toBe('soon 3\nnothing\n$ ');
  expect(say('soon 3\r', '\n')).toBe('soon 3\n');
  expect(say('x')).toBe('120 \n$ ');
});

it('gives the end to readers and fails writers once it is hung up, until it is opened again', async () => {
  const say = await sitDown();
  say('front 7\r');
  const shown = say('hang\r');
  expect(shown).toContain('0 -41\n$ ');
  expect(say('again\r')).toContain('read: again\n$ ');
});

it('holds the output at ^S and lets it go at ^Q', async () => {
  const say = await sitDown();
  expect(say('\x13one\r', 'never')).toBe('');
  expect(say('\x11')).toBe('one\nread: one\n$ ');
});

/** As the serial line shows it, byte by byte. */
function latin(text: string): string {
  return String.fromCharCode(...new TextEncoder().encode(text));
}
