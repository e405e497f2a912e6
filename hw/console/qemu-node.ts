/**
 * QEMU in the place of a node: its files in a folder, and a script there that starts `qemu-system-riscv32 -M virt` with
 * them, wired to the ports at which this session listens. What is said to the script goes on to QEMU:
 *
 *     sh .build/outside/node2/run -icount shift=0
 *
 *     run          the script            firmware kernel archive     the images that boards boot too
 *     disk         empty with every session; QEMU may come and go, and finds on it what it wrote
 */
import { closeSync, ftruncateSync, mkdirSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { BootImages } from '../boot-plan.ts';
import { RAM_SIZE_DEFAULT } from '../manual/memory-map.ts';
import { aboutHost } from './bad-input.ts';

export interface QemuNode {
  readonly node: number;
  readonly name: string;
  /** Of its kernel. */
  readonly commandLine: string;
  readonly images: BootImages;
  readonly ramSize: number | undefined;
  /** 0 or undefined: none. */
  readonly diskSize: number | undefined;
  /** For each of its network interfaces a TCP port of this host, and how much a frame carries. */
  readonly nics: readonly { readonly port: number; readonly mtu: number }[];
}

const MEBIBYTE = 0x10_0000;

/** Writes it all to a folder below `parent`. Gives the command that starts it from the current folder. */
export function writeQemuNode(parent: string, node: QemuNode): string {
  const folder = join(parent, node.name);
  const { firmware, kernel, initrd } = node.images;
  aboutHost(folder, () => {
    mkdirSync(folder, { recursive: true });
    for (const [name, bytes] of Object.entries({ firmware, kernel, archive: initrd }))
      if (bytes !== undefined) writeFileSync(join(folder, name), bytes);
    // whoever still runs from an earlier session keeps his own
    rmSync(join(folder, 'disk'), { force: true });
    const disk = openSync(join(folder, 'disk'), 'w');
    ftruncateSync(disk, node.diskSize ?? 0);
    closeSync(disk);
    writeFileSync(join(folder, 'run'), scriptOf(node));
  });
  return `sh ${relative('.', join(folder, 'run'))}`;
}

function scriptOf(node: QemuNode): string {
  return `#!/bin/sh
# ${node.name} on QEMU; Ctrl-A X ends it
cd "$(dirname "$0")" && exec qemu-system-riscv32 ${optionsOf(node).join(' \\\n  ')} "$@"
`;
}

function optionsOf({ node, commandLine, images, ramSize, diskSize, nics }: QemuNode): string[] {
  const { firmware, kernel, initrd } = images;
  return [
    `-M virt -cpu rv32,h=false -m ${Math.ceil((ramSize ?? RAM_SIZE_DEFAULT) / MEBIBYTE)}M -nographic`,
    '-global virtio-mmio.force-legacy=false',
    `-bios ${firmware === undefined ? 'none' : 'firmware'}`,
    ...(kernel === undefined ? [] : ['-kernel kernel', `-append "${commandLine}"`]),
    ...(initrd === undefined ? [] : ['-initrd archive']),
    ...((diskSize ?? 0) === 0
      ? []
      : ['-drive if=none,id=disk,format=raw,file=disk -device virtio-blk-device,drive=disk']),
    '-device virtio-rng-device',
    ...nics.map(
      ({ port, mtu }, nic) =>
        `-netdev socket,id=nic${nic},connect=127.0.0.1:${port} -device virtio-net-device,netdev=nic${nic},mac=${macOf(node, nic)},host_mtu=${mtu}`,
    ),
  ];
}

/** Administered locally (IEEE 802, 8.4), and no board's. */
function macOf(node: number, nic: number): string {
  return [0x02, 0x51, 0x45, 0x4d, node, nic].map(byte => byte.toString(16).padStart(2, '0')).join(':');
}
