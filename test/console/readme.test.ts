/**
 * The README does as it says: the tour's keys show what they are said to show, its commands run, and its
 * examples are built and run.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadCore } from '../../hw/cpu/load-core.ts';
import { Random } from '../../hw/lab/random.ts';
import { parseTopology } from '../../hw/lab/topology.ts';
import { Session } from '../../hw/session/session.ts';
import { buildArchive, readArchive } from '../../images/boot/archive.ts';
import { buildProgram } from '../../images/boot/program.ts';
import { stripped } from '../../images/boot/stripped.ts';
import { buildSystem, clusterManifest, type SystemImages } from '../../images/boot/system.ts';
import { StartRig } from './start-rig.ts';
import { hasTmux, UiRig } from './ui-rig.ts';

const ROOT = new URL('../..', import.meta.url).pathname;
const README = readFileSync(join(ROOT, 'README.md'), 'utf8');
const BUILD_MS = 1_200_000;

let system: SystemImages;
beforeAll(async () => {
  system = await buildSystem(clusterManifest('one'));
}, BUILD_MS);

/** Rows of the tour: keys to press, and the last thing in the other column that is to be seen. */
function tour(): { readonly keys: readonly string[]; readonly sight: string | undefined }[] {
  const rows = README.split('\n').filter(line => /^\| `/.test(line));
  return rows.map(row => {
    const [press = '', see = ''] = row.split('|').slice(1);
    const quoted = (text: string) => [...text.matchAll(/`([^`]+)`/g)].map(match => match[1]!);
    return { keys: quoted(press), sight: quoted(see).at(-1) };
  });
}

/** The example whose first line is a comment with this name. */
function example(name: string): string {
  const block = README.split('```ts\n').find(text => text.startsWith(`// ${name}\n`));
  if (block === undefined) throw new Error(`the README has no example ${name}`);
  return block.slice(block.indexOf('\n') + 1, block.indexOf('```'));
}

const NAMED: Readonly<Record<string, string>> = { 'Ctrl-A': 'C-a' };

describe('the tour', () => {
  let ui: UiRig | undefined;
  afterAll(() => ui?.close());

  test.skipIf(!hasTmux)('works as written, and its recording comes to the same hash', async () => {
    ui = await UiRig.open({ width: 120, height: 40, boots: 'the system' });
    await ui.sees(/\$ [\s\S]*\$ [\s\S]*\$ /);
    expect(tour().length).toBeGreaterThan(10);
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
  rig.write('cut.ts', example('cut.ts'));
  const { status, out, err } = rig.runSystem(['--script', 'cut.ts']);
  rig.remove();
  expect(status, err).toBe(0);
  expect(out).toContain('node0 │ still 42');
});

test('its program is built, found by the shell, and kind', async () => {
  const folder = join('.build', 'readme');
  mkdirSync(join(ROOT, folder), { recursive: true });
  const text = example('userland/bin/greet.ts').replaceAll("'../lib/", "'../../userland/lib/");
  writeFileSync(join(ROOT, folder, 'greet.ts'), text);
  const greet = stripped((await buildProgram(`${folder}/greet.ts`)).elf);
  const archive = buildArchive(new Map([...readArchive(system.archive), ['bin/greet', greet]]));
  const images = { firmware: system.firmware, kernel: system.kernel, initrd: archive };
  const topology = parseTopology('line:1', new Random(1));
  const session = Session.boot({ topology, seed: 1, imagesOf: () => images }, await loadCore());
  await session.expect(0, '$ ');
  session.type(0, 'greet Ada\n');
  await session.expect(0, 'good day, Ada\n');
});
