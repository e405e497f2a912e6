/**
 * The README does as it says: the tour's keys show what they are said to show, its commands run, and its
 * examples are built and run.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadCore } from '../../hw/cpu/load-core.ts';
import { Random } from '../../hw/lab/random.ts';
import { parseTopology } from '../../hw/lab/topology.ts';
import { Session } from '../../hw/session/session.ts';
import { buildSystem, clusterManifest } from '../../images/boot/system.ts';
import { StartRig } from './start-rig.ts';
import { hasTmux, UiRig } from './ui-rig.ts';
import { Workshop } from './workshop.ts';

const ROOT = new URL('../..', import.meta.url).pathname;
const README = readFileSync(join(ROOT, 'README.md'), 'utf8');
const BUILD_MS = 1_200_000;
/** Of a core, while nobody does anything but other tests, which make its caches cold. */
const SHARE_MAX = 0.15;

const MANIFEST = 'images/cluster/one.json';
const SLOTS_LINE = '      ...slots.mappings(),\n';
const UART_IMPORT = "import { Uart, type UartOptions } from './device/uart.ts';\n";

beforeAll(() => buildSystem(clusterManifest('one')), BUILD_MS);

/** Rows of the tour: keys to press, and the last thing in the other column that is to be seen. */
function tour(): { readonly keys: readonly string[]; readonly sight: string | undefined }[] {
  const rows = README.split('\n').filter(line => /^\| `/.test(line));
  return rows.map(row => {
    const [press = '', see = ''] = row.split('|').slice(1);
    const quoted = (text: string) => [...text.matchAll(/`([^`]+)`/g)].map(match => match[1]!);
    return { keys: quoted(press), sight: quoted(see).at(-1) };
  });
}

/** What stands in the README between this beginning and the end of its block. */
function block(beginning: string): string {
  const text = README.split(`\`\`\`${beginning}`)[1];
  if (text === undefined) throw new Error(`the README has no block that begins ${beginning}`);
  return text.slice(0, text.indexOf('```'));
}

/** Blocks whose first line is a comment with a file's name, by that. */
function examples(): [name: string, text: string][] {
  const names = [...README.matchAll(/^```ts\n\/\/ (\S+)$/gm)].map(match => match[1]!);
  return names.map(name => [name, block(`ts\n// ${name}\n`)]);
}

const NAMED: Readonly<Record<string, string>> = { 'Ctrl-A': 'C-a' };

describe('the tour', () => {
  let ui: UiRig | undefined;
  afterAll(() => ui?.close());

  test.skipIf(!hasTmux)('works as written, and its recording comes to the same hash', async () => {
    ui = await UiRig.open({ width: 120, height: 40, boots: 'the system' });
    await ui.sees(/\$ [\s\S]*\$ [\s\S]*\$ /);
    expect(tour().length).toBeGreaterThan(10);
    expect(await ui.load()).toBeLessThan(SHARE_MAX);
    for (const { keys, sight } of tour()) {
      for (const key of keys) ui.press(NAMED[key] ?? key.replace(/^[;]$/, '\\;'));
      if (sight !== undefined) await ui.sees(sight);
    }
    await ui.sees('ended with 0');
    ui.press('clear; node $GOSSAMER --replay tour.jsonl --plain | tail -1', 'Enter');
    await ui.sees(/passed: .* simulated, seed 1, hash [0-9a-f]{16}/);
  });
});

test('its script passes', () => {
  const rig = new StartRig();
  rig.write('cut.ts', block('ts\n// cut.ts\n'));
  const { status, out, err } = rig.runSystem(['--script', 'cut.ts']);
  rig.remove();
  expect(status, err).toBe(0);
  expect(out).toContain('node0 │ still 42');
});

describe('its examples', () => {
  let workshop: Workshop;
  beforeAll(() => {
    workshop = new Workshop();
    for (const [name, text] of examples()) if (name.includes('/')) workshop.write(name, text);
  });
  afterAll(() => workshop.remove());

  test('of a program and of a service are built, found by the shell, and do as they say', async () => {
    const manifest = JSON.parse(workshop.read(MANIFEST));
    for (const [part, lines] of Object.entries(JSON.parse(block('json\n'))))
      Object.assign(manifest[part], lines);
    workshop.write(MANIFEST, JSON.stringify(manifest));
    workshop.run('images/boot/image-command.ts', 'build', '-o', 'out');
    const [firmware, kernel, initrd] = ['firmware', 'kernel', 'archive'].map(part =>
      workshop.bytes(`out/${part}`),
    );
    const topology = parseTopology('line:1', new Random(1));
    const images = { firmware, kernel, initrd };
    const session = Session.boot({ topology, seed: 1, imagesOf: () => images }, await loadCore());
    await session.expect(0, '$ ');
    session.type(0, 'greet Ada; enter; enter\n');
    await session.expect(0, 'good day, Ada\nvisitor 1\nvisitor 2\n');
  });

  test('of a device proves itself', () => {
    const line = block('ts\n// hw/board.ts, before the slots\n');
    workshop.change('hw/board.ts', SLOTS_LINE, line + SLOTS_LINE);
    workshop.change('hw/board.ts', UART_IMPORT, `import { Dice } from './device/dice.ts';\n${UART_IMPORT}`);
    const vitest = 'node_modules/vitest/vitest.mjs';
    const out = workshop.run(vitest, 'run', '--config', 'test/vitest.config.ts', 'test/hw/dice');
    expect(out).toMatch(/Tests +1 passed/);
  });
});
