/**
 * A whole node at its console: the system of images/cluster/one.json without a disk, on our board or under QEMU.
 *
 *     const console = await boardConsole();
 *     await console.run('echo hi')          what is written between the command, of one row, and the next prompt
 */
import { readFileSync } from 'node:fs';
import { loadCore } from '../../hw/cpu/load-core.ts';
import { Random } from '../../hw/lab/random.ts';
import { parseTopology } from '../../hw/lab/topology.ts';
import { Session } from '../../hw/session/session.ts';
import { manifestOf } from '../../images/boot/manifest.ts';
import { buildSystem, clusterManifest } from '../../images/boot/system.ts';
import { hasQemu } from '../os/firmware-rig.ts';
import { runImages } from '../os/kernel-rig.ts';
import { Qemu, runImagesOnQemu } from '../os/qemu.ts';

const PROMPT = '$ ';
/** As it is drawn. */
const DRAWN_PROMPT = '\r$ \x1b[J';
const PATIENCE = '20s';

export interface Console {
  /** With newlines as a file has them. */
  readonly run: (command: string) => Promise<string>;
  readonly close: () => void;
}

export async function boardConsole(): Promise<Console> {
  const { firmware, kernel, archive } = await buildSystem(clusterManifest('one'));
  const description = {
    topology: parseTopology('line:1', new Random(1)),
    seed: 1,
    imagesOf: () => ({ firmware, kernel, initrd: archive }),
  };
  const session = Session.boot(description, await loadCore());
  await session.expect(0, PROMPT, { within: PATIENCE });
  return { run: command => runAt(session, command), close: () => {} };
}

async function runAt(session: Session, command: string): Promise<string> {
  const before = session.text(0).length;
  session.type(0, `${command}\r`);
  await session.expect(0, PROMPT, { within: PATIENCE });
  return writtenIn(session.text(0).slice(before, -PROMPT.length));
}

export async function qemuConsole(): Promise<Console> {
  const qemu = new Qemu(await buildSystem(clusterManifest('one')));
  await qemu.until(DRAWN_PROMPT);
  return {
    run: async command => {
      qemu.type(`${command}\r`);
      return writtenIn(await qemu.until(DRAWN_PROMPT));
    },
    close: () => qemu.close(),
  };
}

/** Without the line that was typed. */
function writtenIn(shown: string): string {
  const text = shown.replaceAll('\r', '');
  return text.slice(text.indexOf('\n') + 1);
}

/** What `sh -c script` writes as the only session of the same system, on our board and, where it is there, under QEMU. */
export async function runScript(script: string): Promise<{ readonly board: string; readonly qemu: string }> {
  const session = {
    run: '/boot/bin/sh',
    arguments: ['sh', '-c', script],
    console: '/dev/console',
    atEnd: 'off',
  };
  const one = JSON.parse(readFileSync(new URL('../../images/cluster/one.json', import.meta.url), 'utf8'));
  const images = await buildSystem(manifestOf({ ...one, sessions: [session] }, 'the test'));
  const board = (await runImages(images, { seconds: 20 })).output;
  return { board: saidBy(board), qemu: hasQemu ? saidBy(runImagesOnQemu(images)) : '' };
}

/** Without what init and the services say. */
function saidBy(output: string): string {
  const lines = output.replaceAll('\r', '').split('\n');
  return lines.filter(line => !/^(init|file|disk|kernel): /.test(line)).join('\n');
}
