/**
 * Our images on `qemu-system-riscv32 -M virt`, with nobody at its serial line or with somebody who waits for what
 * is shown before typing on: QEMU runs at the host's pace, so no other pace is the same everywhere.
 *
 *     const qemu = new Qemu(images);
 *     await qemu.until('$ ');                 what came before it
 *     qemu.type('poweroff\r');
 *     await qemu.ended()                      all that was shown
 */
import { type ChildProcessByStdio, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import type { SystemImages } from '../../images/boot/system.ts';
import { QEMU } from './firmware-rig.ts';

/** What the host may take before a run is given up: a guard, not a measure. */
const HANG_MILLISECONDS = 60_000;

export interface QemuCircumstances {
  /** What is on the serial line from the start. */
  readonly typed?: string;
  readonly cpu?: string;
  /** More of QEMU's options; a word in it may name a file of `files`. */
  readonly devices?: string;
  readonly files?: Readonly<Record<string, Uint8Array>>;
}

/** What is shown until the machine goes off. */
export function runImagesOnQemu(images: SystemImages, circumstances: QemuCircumstances = {}): string {
  const { folder, words } = laidOut(images, circumstances);
  try {
    return execFileSync(QEMU, words, {
      cwd: folder,
      encoding: 'latin1',
      input: circumstances.typed ?? '',
      timeout: HANG_MILLISECONDS,
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export class Qemu {
  private readonly process: ChildProcessByStdio<Writable, Readable, null>;
  /** In Latin-1: a character for each byte. */
  private output = '';
  /** How much of the output has been met. */
  private met = 0;
  private hasEnded = false;
  private wake = () => {};

  constructor(images: SystemImages, circumstances: QemuCircumstances = {}) {
    const { folder, words } = laidOut(images, circumstances);
    this.process = spawn(QEMU, words, { cwd: folder, stdio: ['pipe', 'pipe', 'inherit'] });
    const guard = setTimeout(() => this.process.kill(), HANG_MILLISECONDS);
    this.process.stdout.setEncoding('latin1').on('data', (text: string) => {
      this.output += text;
      this.wake();
    });
    this.process.on('close', () => {
      clearTimeout(guard);
      rmSync(folder, { recursive: true });
      this.hasEnded = true;
      this.wake();
    });
    this.type(circumstances.typed ?? '');
  }

  type(keys: string): void {
    this.process.stdin.write(keys);
  }

  /** What comes before the text. */
  async until(text: string): Promise<string> {
    const start = this.met;
    while (!this.output.includes(text, start)) {
      if (this.hasEnded)
        throw new Error(`no ${JSON.stringify(text)} in ${JSON.stringify(this.output.slice(start))}`);
      await this.news();
    }
    this.met = this.output.indexOf(text, start) + text.length;
    return this.output.slice(start, this.met - text.length);
  }

  /** All that was shown, as soon as the machine has gone off. */
  async ended(): Promise<string> {
    while (!this.hasEnded) await this.news();
    return this.output;
  }

  /** Pulls the plug. */
  close(): void {
    this.process.kill('SIGKILL');
  }

  private news(): Promise<void> {
    return new Promise(resolve => {
      this.wake = resolve;
    });
  }
}

function laidOut(
  images: SystemImages,
  { cpu = 'rv32,h=false', devices = '', files = {} }: QemuCircumstances,
) {
  const folder = mkdtempSync(join(tmpdir(), 'gossamer-'));
  for (const [name, bytes] of Object.entries({ ...images, ...files }))
    writeFileSync(join(folder, name), bytes);
  const options = `-M virt -cpu ${cpu} -m 32M -nographic -monitor none`;
  const boot = '-bios firmware -kernel kernel -initrd archive -global virtio-mmio.force-legacy=false';
  const words = [options, boot, devices].flatMap(each => each.split(' ')).filter(word => word !== '');
  return { folder, words };
}
