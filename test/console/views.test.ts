/**
 * The views drawn on a canvas: at every size, in every state of the cluster, and with nothing of a guest's
 * own escape codes.
 */
import { expect, test } from 'vitest';
import { Canvas } from '../../hw/console/ui/canvas.ts';
import { keysOf } from '../../hw/console/ui/keys.ts';
import { Prompt } from '../../hw/console/ui/prompt.ts';
import { makeViews } from '../../hw/console/ui/views.ts';
import { echoSession } from './session-rig.ts';
import { stageFor } from './stage-rig.ts';

test('every view draws at every size, in whatever state the cluster is', async () => {
  const session = await echoSession('star:4');
  const stage = stageFor(session);
  stage.measures.look();
  session.powerOff(1);
  session.cut(2, 'switch0');
  session.bookmarks.set('here', session.now);
  await session.run('200ms');
  stage.measures.look();
  for (const view of makeViews().all) {
    for (const [width, height] of [
      [40, 9],
      [80, 21],
      [81, 24],
      [133, 40],
      [220, 70],
    ] as const) {
      const canvas = new Canvas(width, height);
      view.draw(canvas, stage);
      const lines = canvas.lines();
      expect(lines.some(line => line !== '')).toBe(true);
      expect(Math.max(...lines.map(line => line.length))).toBeLessThanOrEqual(width);
    }
  }
});

test('no key at any view is a slip', async () => {
  const session = await echoSession('ring:3');
  const stage = stageFor(session);
  for (const view of makeViews().all) {
    view.draw(new Canvas(100, 30), stage);
    for (const name of [
      'up',
      'down',
      'end',
      'home',
      'tab',
      'enter',
      'w',
      'c',
      'b',
      'm',
      's',
      'pageup',
      'H',
      'q',
    ])
      view.key({ name, text: '' }, stage);
    view.draw(new Canvas(100, 30), stage);
  }
});

test('escape codes of a guest are drawn, and never passed on', async () => {
  const session = await echoSession('line:1');
  session.type(0, '\x1b[31mred\x1b[0m\x1b]0;title\x07\x1b[5;9Hthere\x1b[?1049h');
  await session.expect(0, 'there');
  await session.terminal(0).follow();
  const stage = stageFor(session);
  const canvas = new Canvas(90, 30);
  makeViews().consoles.draw(canvas, stage);
  const text = canvas.lines().join('\n');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it is what must not be there
  expect(text).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f]|title/);
});

test('keys come out of bytes, whatever their pieces', () => {
  const names = (input: string) => keysOf(input).map(({ name }) => name);
  expect(names('a\r\x01\x1b[A\x1bOB\x1b[5~\x7f\té\x1b')).toEqual([
    'a',
    'enter',
    'ctrl-a',
    'up',
    'down',
    'pageup',
    'backspace',
    'tab',
    'é',
    'escape',
  ]);
  expect(names('\x1b[200;1M')).toEqual(['unknown']);
  expect(
    keysOf('x\x1b[Ay')
      .map(({ text }) => text)
      .join(''),
  ).toBe('x\x1b[Ay');
});

test('a prompt is edited, completed, and given up', () => {
  const words = ['power-off', 'power-on', 'pause'];
  const complete = (text: string) => words.filter(word => word.startsWith(text));
  const typed = (input: string) => {
    const prompt = new Prompt('command', ['older', 'newer'], complete);
    return keysOf(input).reduce<ReturnType<Prompt['key']>>((end, key) => end ?? prompt.key(key), undefined)
      ?.text;
  };
  expect(typed('po\tf\t\r')).toBe('power-off ');
  expect(typed('abc\x7f\x1b[Dx\r')).toBe('axb');
  expect(typed('\x1b[A\x1b[A!\r')).toBe('older!');
  expect(typed('one two\x17\r')).toBe('one ');
  expect(typed('x\x1b')).toBeUndefined();
});
