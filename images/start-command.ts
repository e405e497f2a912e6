/**
 * What `npm start` runs: the operator's console (hw/console/start.ts, whose header is its manual) with the boot
 * images that are built here.
 */
import { start } from '../hw/console/start.ts';
import { buildArchive } from './boot/archive.ts';
import { buildFirmware } from './boot/firmware.ts';
import { buildKernel } from './boot/kernel.ts';
import { buildService } from './boot/program.ts';
import { placeFile } from './boot/symbols.ts';

// npm starts scripts in the project's folder; names of files are meant where the person is.
if (process.env['npm_lifecycle_event'] === 'start') process.chdir(process.env['INIT_CWD'] ?? '.');
process.exit(await start(process.argv.slice(2), { defaultName: 'echo', build: buildEcho }));

async function buildEcho() {
  const firmware = (await buildFirmware()).elf;
  const kernel = (await buildKernel()).elf;
  const files = new Map([
    ['kernel.symbols', placeFile(kernel)],
    ['init', (await buildService('test/os/guest/echo.ts')).elf],
    ['uart', (await buildService('os/driver/uart.ts')).elf],
  ]);
  return { firmware, kernel, initrd: buildArchive(files) };
}
