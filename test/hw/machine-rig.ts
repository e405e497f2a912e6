/**
 * The `machine` command as a person starts it, for stories about its options, its output and its exit
 * status; and programs for it, assembled and linked into a folder of their own.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RAM_BASE } from '../../hw/manual/memory-map.ts';
import { assemble } from '../../images/assembler/assemble.ts';
import { link } from '../../images/link/link.ts';

/** An executable of one source at the beginning of RAM, entered at `_start`. */
export function program(source: string, roots: readonly string[] = []): Uint8Array {
  const after = { start: undefined, sizeMax: MEGABYTE, physicalOffset: 0 };
  return link([assemble(source)], {
    name: 'test program',
    entry: '_start',
    roots,
    rx: { ...after, start: RAM_BASE },
    r: after,
    rw: after,
    linear: after,
    values: {},
  }).elf;
}

const MEGABYTE = 0x10_0000;
const ROOT = new URL('../..', import.meta.url).pathname;
const START = join(ROOT, 'hw/console/start.mjs');
const COMMAND = 'hw/console/machine.ts';

export interface Ended {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

export class MachineRig {
  readonly folder = mkdtempSync(join(tmpdir(), 'gossamer-'));

  /** Runs the command in the rig's folder to its end. */
  run(words: readonly string[], input = ''): Ended {
    const result = spawnSync(process.execPath, this.words(words), {
      cwd: this.folder,
      input,
      encoding: 'latin1',
      timeout: 60_000,
    });
    return { status: result.status, out: result.stdout, err: result.stderr };
  }

  /** Node's arguments that start the command. */
  words(words: readonly string[]): string[] {
    return [START, COMMAND, ...words];
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  write(name: string, bytes: Uint8Array | string): string {
    writeFileSync(this.path(name), bytes);
    return name;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
