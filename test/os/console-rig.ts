/**
 * A cluster that people use: the system of images/cluster/one.json on every board, with the programs that a test
 * needs, and commands typed at its consoles.
 *
 *     const cluster = await Consoles.boot('mesh:3', ['ls', 'cat']);
 *     await cluster.ask(1, 'ls /');        what the console of node 1 says to it
 *     const again = cluster.fork();        another, to go on from there
 *
 * Services beside those of one.json are told as a manifest has them.
 */
import { loadCore } from '../../hw/cpu/load-core.ts';
import { Random } from '../../hw/lab/random.ts';
import { parseTopology, type Topology } from '../../hw/lab/topology.ts';
import { Session } from '../../hw/session/session.ts';
import { readManifest } from '../../images/boot/manifest.ts';
import { buildSystem, clusterManifest } from '../../images/boot/system.ts';

export const PROMPT = '$ ';
export const LOGIN = /login: $/;
export const PASSWORD = /Password: $/;
const ALWAYS = ['login', 'passwd', 'sh', 'su'];

/** More files of the boot archive. */
type Files = Readonly<Record<string, Uint8Array>>;

export class Consoles {
  readonly session: Session;

  private constructor(session: Session) {
    this.session = session;
  }

  /** Boots it to the prompt of every console, which is to be there within 20 million cycles. */
  static async boot(
    topology: string | Topology,
    programs: readonly string[],
    files: Files = {},
    services: object = {},
  ): Promise<Consoles> {
    const consoles = await Consoles.start(topology, programs, files, services);
    for (const node of consoles.session.boards.keys()) {
      await consoles.session.expect(node, PROMPT, { within: '200ms' });
    }
    await consoles.session.run('100ms');
    return consoles;
  }

  /** The same without waiting for anything. */
  static async start(
    topology: string | Topology,
    programs: readonly string[],
    files: Files = {},
    services: object = {},
  ): Promise<Consoles> {
    const one = clusterManifest('one');
    const more = readManifest(JSON.stringify({ services }), 'services').services;
    const manifest = { ...one, services: [...one.services, ...more], programs: [...ALWAYS, ...programs] };
    const { firmware, kernel, archive } = await buildSystem(manifest, { files });
    const images = { firmware, kernel, initrd: archive };
    const parsed = typeof topology === 'string' ? parseTopology(topology, new Random(1)) : topology;
    const description = { topology: parsed, seed: 1, imagesOf: () => images };
    return new Consoles(Session.boot(description, await loadCore()));
  }

  /** Another cluster in the same state. */
  fork(): Consoles {
    return new Consoles(this.session.fork());
  }

  /** Answers the console's questions in turn. */
  async answer(node: number, ...answers: readonly (readonly [RegExp | string, string])[]): Promise<void> {
    for (const [question, text] of answers) {
      await this.session.expect(node, question, { within: '5s' });
      this.session.type(node, `${text}\n`);
    }
  }

  /** At the console's `login:`. */
  async logIn(node: number, name: string, password: string): Promise<void> {
    await this.answer(node, [LOGIN, name], [PASSWORD, password]);
    await this.session.expect(node, PROMPT, { within: '5s' });
  }

  /** By root at the console. */
  async addUser(node: number, name: string, password: string): Promise<void> {
    this.session.type(node, `adduser ${name}; passwd ${name}\n`);
    await this.answer(node, ['New password: ', password], ['New password again: ', password]);
    await this.session.expect(node, 'Password changed.', { within: '5s' });
  }

  /** What the node's console says to a command; its end is told by a sum, since what is typed is echoed. */
  async ask(node: number, command: string): Promise<string> {
    this.session.type(node, `${command}; echo end-$((1+1))\n`);
    const text = await this.session.expect(node, /[\s\S]*end-2/, { within: '10s' });
    return text.slice(text.indexOf('\n') + 1, text.lastIndexOf('end-2')).replaceAll('\r', '');
  }
}
