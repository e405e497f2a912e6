/**
 * A whole node at its console: the system of images/cluster/one.json with a blank disk, on our board.
 *
 *     const console = await openConsole();
 *     await console.run('echo hi')          what is written between the command and the next prompt
 */
import { loadCore } from '../../hw/cpu/load-core.ts';
import { Random } from '../../hw/lab/random.ts';
import { parseTopology } from '../../hw/lab/topology.ts';
import { Session } from '../../hw/session/session.ts';
import { buildSystem, clusterManifest } from '../../images/boot/system.ts';

const PROMPT = '$ ';
const PATIENCE = '20s';

export interface Console {
  readonly session: Session;
  /** With newlines as a file has them. */
  readonly run: (command: string) => Promise<string>;
}

export async function openConsole(): Promise<Console> {
  const { firmware, kernel, archive } = await buildSystem(clusterManifest('one'));
  const description = {
    topology: parseTopology('line:1', new Random(1)),
    seed: 1,
    imagesOf: () => ({ firmware, kernel, initrd: archive }),
  };
  const session = Session.boot(description, await loadCore());
  await session.expect(0, PROMPT, { within: PATIENCE });
  return { session, run: command => runAt(session, command) };
}

async function runAt(session: Session, command: string): Promise<string> {
  const before = session.text(0).length;
  session.type(0, `${command}\r`);
  await session.expect(0, PROMPT, { within: PATIENCE });
  const text = session.text(0).slice(before).replaceAll('\r', '');
  return text.slice(text.indexOf('\n') + 1, text.lastIndexOf(PROMPT));
}
