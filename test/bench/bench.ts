/**
 * NAME      bench — what the machine, the cluster and the compiler are worth
 * SYNOPSIS  npm run bench -- [cpu|cluster|idle|compiler|locate]…
 *
 * Prints the tables that are named, or all. Each is a program of its own, run in a process of its own, so that none
 * measures what another left behind: cpu.ts, cluster.ts, idle.ts and so on.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const TABLES = ['cpu', 'cluster', 'idle', 'compiler', 'locate'];

const wanted = process.argv.slice(2);
const unknown = wanted.find(name => !TABLES.includes(name));
if (unknown !== undefined) {
  process.stderr.write(`bench: there is no table ${unknown}: name some of ${TABLES.join(', ')}\n`);
  process.exit(2);
}
for (const name of wanted.length > 0 ? wanted : TABLES) {
  const script = fileURLToPath(new URL(`${name}.ts`, import.meta.url));
  const { status } = spawnSync(process.execPath, ['--import', 'tsx', script], { stdio: 'inherit' });
  if (status !== 0) process.exit(1);
  process.stdout.write('\n');
}
