/**
 * The full screen, read from a real terminal: what a person sees and how they get out again.
 */
import { afterEach, describe, expect, test } from 'vitest';
import { hasTmux, type UiOptions, UiRig } from './ui-rig.ts';

describe.skipIf(!hasTmux)('in a terminal', () => {
  let ui: UiRig | undefined;
  afterEach(() => {
    ui?.close();
    ui = undefined;
  });

  async function open(options: UiOptions = {}): Promise<UiRig> {
    ui = await UiRig.open(options);
    await ui.sees('● sound');
    return ui;
  }

  test('a person types at a console, looks around, and leaves the terminal as it was', async () => {
    const screen = await open({ width: 120, height: 36 });
    screen.press('hello');
    await screen.sees('│hello');
    for (const [key, sight] of [
      ['2', 'wire to node1'],
      ['3', 'no frame was sent yet'],
      ['4', 'instructions'],
      ['5', 'do to node0'],
      ['6', 'typed "hello"'],
      ['7', 'os/kernel/'],
      ['8', 'log'],
      ['9', /node0 ─+ at \d+\.\d{9} s/],
    ] as const) {
      screen.press('C-a', key);
      await screen.sees(sight);
    }
    screen.press('q');
    await screen.sees('ended with 0');
    expect(screen.isRestored()).toBe(true);
  });

  test('what is done by key or command is told as the line of a script', async () => {
    const screen = await open();
    screen.press('C-a', '2', 'c');
    await screen.sees("session.cut('node0', 'node1');");
    await screen.sees('✂ cut');
    screen.press(':', 'hael node0 node1', 'Enter');
    await screen.sees('there is no command hael: did you mean heal?');
    screen.press(':', 'hea', 'Tab', 'node0 node1', 'Enter');
    await screen.sees("session.heal('node0', 'node1');");
    screen.press(':', 'power-off', 'Space', 'node2', 'Enter');
    await screen.sees('○ off');
  });

  test('a paused cluster stands still, steps, goes back and runs on', async () => {
    const screen = await open({ words: ['--nodes', '2'] });
    screen.press('C-a', 'Space');
    await screen.sees('⏸ paused');
    screen.press('x');
    screen.press('C-a', '7', '.');
    await screen.sees("await session.step('node0');");
    screen.press(',');
    await screen.sees("await session.stepBack('node0');");
    screen.press('6', 'Home');
    await screen.sees('in the past');
    screen.press('End', 'Space', '1');
    await screen.sees('│x');
  });

  test('what is copied is on the clipboard of the terminal', async () => {
    const screen = await open({ words: ['--nodes', '2'] });
    screen.press('C-a', '2', 'c');
    await screen.sees("session.cut('node0', 'node1');");
    screen.press('8', 'y');
    await screen.sees(/copied/);
    expect(screen.clipboard().trim()).toBe("session.cut('node0', 'node1');");
  });

  test('a window that is too small says so, and one that grows again shows all', async () => {
    const screen = await open();
    screen.resize(38, 10);
    await screen.sees('needs 40 × 12, has 38 × 10');
    screen.resize(60, 16);
    await screen.sees(/▸node0 {2,}node1/);
    screen.resize(120, 40);
    await screen.sees(/node2 ─+ +0 % {2}● ─╮/);
  });

  test('Ctrl-C is a key for the console, and ends everything else', async () => {
    const screen = await open();
    screen.press('C-c', 'still here');
    await screen.sees('still here');
    screen.press('C-a', '2', 'C-c');
    await screen.sees('ended with 0');
    expect(screen.isRestored()).toBe(true);
  });

  test('a signal ends it with the terminal as it was', async () => {
    const screen = await open();
    screen.signal('TERM');
    await screen.sees('ended with 130');
    expect(screen.isRestored()).toBe(true);
  });

  test('colours and signs can be done without', async () => {
    ui = await UiRig.open({ environment: { NO_COLOR: '1', LC_ALL: 'C' } });
    expect(await ui.sees('* sound')).toMatch(/\+- > node0 -+/);
  });

  test('a dumb terminal gets lines', async () => {
    ui = await UiRig.open({ environment: { TERM: 'dumb' } });
    await ui.sees('type a line');
    ui.press('hello', 'Enter');
    await ui.sees('node0 │ hello');
    ui.press(':quit', 'Enter');
    await ui.sees('ended with 0');
  });
});
