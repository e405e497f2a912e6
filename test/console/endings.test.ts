/**
 * However a session ends (a key, a signal at any moment, a mistake of its own, a terminal that goes away), the
 * terminal is as it was, the exit code says what happened, and what was to be written is written.
 */
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { hasTmux, type UiOptions, UiRig } from './ui-rig.ts';

const INTERRUPTED = 130;

describe.skipIf(!hasTmux)('in a terminal', () => {
  let ui: UiRig | undefined;
  afterEach(() => {
    ui?.close();
    ui = undefined;
  });

  async function open(options: UiOptions = {}): Promise<UiRig> {
    ui = await UiRig.open({ words: ['--nodes', '1'], ...options });
    return ui;
  }

  test.each([200, 500, 900, 1300, 1800])('an interrupt after %i ms leaves a clean terminal', async ms => {
    const screen = await open();
    await screen.sees('');
    await setTimeout(ms);
    screen.signal('INT');
    await screen.sees(`ended with ${INTERRUPTED}`);
    expect(screen.isRestored()).toBe(true);
  });

  test.each([
    ['TERM', INTERRUPTED],
    ['QUIT', INTERRUPTED],
    ['HUP', 129],
  ])('SIG%s ends it with everything written', async (signal, code) => {
    const screen = await open({ words: ['--nodes', '1', '--record', 'session.jsonl'] });
    await screen.sees('● sound');
    screen.press('hello');
    await screen.sees('│hello');
    screen.signal(signal);
    await screen.sees(`ended with ${code}`);
    expect(screen.isRestored()).toBe(true);
    expect(screen.read('session.jsonl')).toMatch(/"do":"type"[\s\S]*"end":/);
  });

  test('a terminal that goes away ends it with everything written', async () => {
    const screen = await open({ words: ['--nodes', '1', '--record', 'session.jsonl'] });
    await screen.sees('● sound');
    await screen.hangUp();
    expect(screen.read('session.jsonl')).toContain('"end":');
  });

  test('a mistake of its own is told on a clean terminal, with what led to it', async () => {
    const screen = await open({
      width: 160,
      files: { 'slip.mjs': 'process.on("SIGUSR2", () => { throw new Error("slipped"); });' },
      environment: { NODE_OPTIONS: '"--import ./slip.mjs"' },
    });
    await screen.sees('● sound');
    screen.press('hello');
    await screen.sees('│hello');
    screen.signal('USR2');
    const end = await screen.sees('ended with 1');
    expect(screen.isRestored()).toBe(true);
    expect(end).toContain('Error: slipped');
    const [, file = ''] = /npm start -- --replay (\S+)/.exec(end)!;
    expect(existsSync(file) && readFileSync(file, 'utf8')).toContain('"text":"hello"');
  });

  test('the system being built or read can be interrupted', async () => {
    const screen = await open({ boots: 'the system' });
    await setTimeout(700);
    screen.press('C-c');
    await screen.sees(`ended with ${INTERRUPTED}`);
    expect(screen.isRestored()).toBe(true);
  });
});
