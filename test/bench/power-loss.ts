/**
 * The whole campaign of power losses: every workload of up to three operations of test/os/file/workload.ts,
 * each followed by nothing, a sync or a new root (the last one not by nothing), every loss within them.
 *
 *     node --import tsx test/bench/power-loss.ts [share] [shares]
 *
 * Takes a part of the workloads, every `shares`-th from `share` on, and all where none is named; about an hour of
 * one core for all. Ends with a line: workloads, losses, faults. Faults are printed as they are found.
 */
import { Random } from '../../hw/lab/random.ts';
import { Volume } from '../../images/disk/volume.ts';
import { type After, OPERATIONS, type Step, Workloads } from '../os/file/workload.ts';

const NAMES = Object.keys(OPERATIONS);
const BETWEEN: readonly After[] = ['nothing', 'sync', 'root'];
const LAST: readonly After[] = ['sync', 'root'];
const OPERATIONS_MAX = 3;
const FAULTS_SHOWN = 20;
const TOLD_EVERY = 2_000;

function* workloadsOf(count: number): Generator<readonly Step[]> {
  const afters = count === 1 ? LAST : BETWEEN;
  for (const name of NAMES) {
    for (const after of afters) {
      if (count === 1) yield [{ name, after }];
      else for (const rest of workloadsOf(count - 1)) yield [{ name, after }, ...rest];
    }
  }
}

async function main(share: number, shares: number): Promise<void> {
  const workloads = new Workloads(await Volume.load(), new Random(share).stream('campaign'));
  let index = 0;
  let run = 0;
  let losses = 0;
  let faults = 0;
  for (let count = 1; count <= OPERATIONS_MAX; count += 1) {
    for (const steps of workloadsOf(count)) {
      index += 1;
      if (index % shares !== share) continue;
      const verdict = workloads.run(steps);
      run += 1;
      losses += verdict.losses;
      if (run % TOLD_EVERY === 0) console.log(`… ${run} workloads, ${losses} losses, ${faults} faults`);
      for (const fault of verdict.faults) {
        faults += 1;
        if (faults <= FAULTS_SHOWN) console.log(fault);
      }
    }
    console.log(`up to ${count} operations: ${run} workloads, ${losses} losses, ${faults} faults`);
  }
  process.exitCode = faults === 0 ? 0 : 1;
}

await main(Number(process.argv[2] ?? 0), Number(process.argv[3] ?? 1));
