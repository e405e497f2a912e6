/**
 * NAME
 *     image: a node's boot images from its cluster's manifest
 * SYNOPSIS
 *     npm run --silent image -- [--cluster NAME] [-o FOLDER]
 * DESCRIPTION
 *     Builds what has changed and writes the files firmware, kernel and archive to FOLDER (by default
 *     .build/image/NAME), for our machine or QEMU's:
 *
 *     npm run --silent machine -- --bios FOLDER/firmware --kernel FOLDER/kernel --initrd FOLDER/archive
 *     qemu-system-riscv32 -M virt -cpu rv32,h=false -nographic -global virtio-mmio.force-legacy=false \
 *         -bios FOLDER/firmware -kernel FOLDER/kernel -initrd FOLDER/archive
 *
 *     NAME is a manifest of images/cluster, by default `one`.
 * EXIT STATUS
 *     0, or 1 with what is wrong on standard error.
 * SEE ALSO
 *     images/boot/manifest.ts, images/boot/system.ts
 */
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildSystem, clusterManifest } from './system.ts';

async function main(commandLine: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...commandLine],
    options: { cluster: { type: 'string', default: 'one' }, out: { type: 'string', short: 'o' } },
  });
  const folder = values.out ?? join('.build', 'image', values.cluster);
  const images = await buildSystem(clusterManifest(values.cluster));
  mkdirSync(folder, { recursive: true });
  for (const [name, bytes] of Object.entries(images)) {
    const partial = join(folder, `${name}.${process.pid}`);
    writeFileSync(partial, bytes as Uint8Array);
    renameSync(partial, join(folder, name));
    process.stdout.write(`${join(folder, name)}: ${(bytes as Uint8Array).length} bytes\n`);
  }
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`image: ${(error as Error).message}\n`);
  process.exitCode = 1;
}
