/**
 * Sessions on clusters of boards whose first process echoes what is typed (test/os/guest/echo.ts): a q
 * switches the board off. They stand where every board listens. The same seed gives the same cluster.
 */
import { beforeAll } from 'vitest';
import { loadCore } from '../../hw/cpu/load-core.ts';
import { Random } from '../../hw/lab/random.ts';
import { parseTopology } from '../../hw/lab/topology.ts';
import type { ClusterDescription } from '../../hw/session/description.ts';
import { Session, type SessionOptions } from '../../hw/session/session.ts';
import { buildArchive } from '../../images/boot/archive.ts';
import { buildFirmware } from '../../images/boot/firmware.ts';
import { buildKernel } from '../../images/boot/kernel.ts';
import { buildService } from '../../images/boot/program.ts';
import { placeFile } from '../../images/boot/symbols.ts';

const RAM_SIZE = 0x200_0000;
/** The echo's driver listens by then. */
const BOOTED = '20ms';

/** What has changed is built before the first story, and takes its own time. */
const BUILD_MS = 900_000;
beforeAll(async () => {
  await echoImages();
}, BUILD_MS);

/** Firmware, kernel and boot archive of a board that echoes. */
export async function echoImages() {
  const firmware = (await buildFirmware()).elf;
  const kernel = (await buildKernel()).elf;
  const files = new Map([
    ['kernel.symbols', placeFile(kernel)],
    ['init', (await buildService('test/os/guest/echo.ts')).elf],
    ['uart', (await buildService('os/driver/uart.ts')).elf],
  ]);
  return { firmware, kernel, initrd: buildArchive(files) };
}

export async function echoDescription(topology: string, seed = 1): Promise<ClusterDescription> {
  const images = await echoImages();
  return {
    topology: parseTopology(topology, new Random(seed)),
    seed,
    imagesOf: () => images,
    ramSize: RAM_SIZE,
  };
}

export async function echoSession(
  topology: string,
  seed = 1,
  options: SessionOptions = {},
): Promise<Session> {
  const session = Session.boot(await echoDescription(topology, seed), await loadCore(), options);
  await session.run(BOOTED);
  return session;
}
