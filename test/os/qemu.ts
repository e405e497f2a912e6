/**
 * Our images on `qemu-system-riscv32 -M virt`, with nobody at its serial line or with somebody who waits for what
 * is shown before typing on: QEMU runs at the host's pace, so no other pace is the same everywhere.
 *
 *     const qemu = new Qemu(images);
 *     await qemu.until('$ ');                 what came before it
 *     qemu.type('poweroff\r');
 *     await qemu.ended()                      all that was shown
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SystemImages } from '../../images/boot/system.ts';
import { Dialogue, HANG_MILLISECONDS } from './dialogue.ts';
import { QEMU } from './firmware-rig.ts';

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

export class Qemu extends Dialogue {
  constructor(images: SystemImages, circumstances: QemuCircumstances = {}) {
    const { folder, words } = laidOut(images, circumstances);
    super(QEMU, words, { folder, encoding: 'latin1' });
    void this.ended().finally(() => rmSync(folder, { recursive: true }));
    this.type(circumstances.typed ?? '');
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
