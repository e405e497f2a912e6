/**
 * What `npm start` runs: the operator's console (hw/console/start.ts, whose header is its manual) with the boot
 * images that are built here.
 *
 * package.json gives it a young generation of up to 32 MB: what the screen keeps of frames and snapshots lives for
 * seconds, and with node's 16 MB to copy it again and again is a seventh of the cost at rest.
 */
import { fileURLToPath } from 'node:url';
import { start } from '../hw/console/start.ts';
import { buildSystem, clusterManifest, clusterNames } from './boot/system.ts';
import { ProgressBar } from './progress-bar.ts';

const DISK_SIZE = 16 * 1024 * 1024;
/** As os/service/net/limits.ts says. */
const NODES_MAX = 64;

// npm starts scripts in the project's folder; names of files are meant where the person is.
if (process.env['npm_lifecycle_event'] === 'start') process.chdir(process.env['INIT_CWD'] ?? '.');
process.exit(
  await start(process.argv.slice(2), {
    names: clusterNames(),
    defaultName: 'one',
    diskSize: DISK_SIZE,
    nodesMax: NODES_MAX,
    build,
    outsideFolder: fileURLToPath(new URL('../.build/outside', import.meta.url)),
  }),
);

async function build(name: string) {
  const bar = new ProgressBar('building the system');
  try {
    const { firmware, kernel, archive } = await buildSystem(clusterManifest(name), { progress: bar.step });
    return { firmware, kernel, initrd: archive };
  } finally {
    bar.close();
  }
}
