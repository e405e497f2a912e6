/**
 * `npm start` as a person, a pipe or a script meets it: the command in a folder of its own, run to its end.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildArchive } from '../../images/boot/archive.ts';
import { echoImages } from './session-rig.ts';

const ROOT = new URL('../..', import.meta.url).pathname;
/** Node's arguments that start the command in any folder. */
export const START = [
  '--import',
  pathToFileURL(join(ROOT, 'node_modules/tsx/dist/loader.mjs')).href,
  join(ROOT, 'images/start-command.ts'),
];

/** Options for the files that `writeEcho` writes; `empty` is a boot archive with nothing to start. */
export const ECHO = ['--bios', 'firmware', '--kernel', 'kernel', '--initrd', 'archive'];
export const PANIC = [...ECHO.slice(0, -1), 'empty'];

export async function writeEcho(folder: string): Promise<void> {
  const { firmware, kernel, initrd } = await echoImages();
  for (const [name, bytes] of Object.entries({
    firmware,
    kernel,
    archive: initrd,
    empty: buildArchive(new Map()),
  }))
    writeFileSync(join(folder, name), bytes);
}

export interface Ended {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

export class StartRig {
  readonly folder = mkdtempSync(join(tmpdir(), 'gossamer-'));

  /** With boards that echo: see session-rig.ts. */
  static async open(): Promise<StartRig> {
    const rig = new StartRig();
    await writeEcho(rig.folder);
    return rig;
  }

  /** With the boards that echo, unless a recording says what they are. */
  run(words: readonly string[], input = '', patience?: number): Ended {
    return this.runSystem([...(words.includes('--replay') ? [] : ECHO), ...words], input, patience);
  }

  /** With what is booted where nothing is said; after the patience, in milliseconds, it is interrupted. */
  runSystem(words: readonly string[], input = '', patience = 100_000): Ended {
    const { status, stdout, stderr } = spawnSync(process.execPath, [...START, ...words], {
      cwd: this.folder,
      input,
      encoding: 'utf8',
      env: { ...process.env, NO_COLOR: '1' },
      timeout: patience,
      killSignal: 'SIGINT',
    });
    return { status, out: stdout, err: stderr };
  }

  /** A line of a shell, in which $GOSSAMER is the command and its echoing boards. */
  shell(line: string): Ended {
    const environment = { GOSSAMER: [process.execPath, ...START, ...ECHO].join(' '), NO_COLOR: '1' };
    const { status, stdout, stderr } = spawnSync('bash', ['-c', line], {
      cwd: this.folder,
      encoding: 'utf8',
      env: { ...process.env, ...environment },
    });
    return { status, out: stdout, err: stderr };
  }

  write(name: string, text: string): string {
    writeFileSync(join(this.folder, name), text);
    return name;
  }

  read(name: string): string {
    return readFileSync(join(this.folder, name), 'utf8');
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
