/**
 * The campaign of system calls at random: as many programs as are named, in slices of one boot each.
 *
 *     node --import tsx test/bench/call-campaign.ts [programs] [seed]
 *
 * A million programs take about an hour of one core. Faults are printed as they are found, each with the seed
 * that repeats its slice. Ends with a line: programs, killed for standing still, cycles, faults.
 */
import { runSlice } from '../os/call-fuzz.ts';

const PAIRS = 200;
const PROGRAMS_PER_PAIR = 2;
const PROGRESS_SLICES = 50;

async function main(programs: number, firstSeed: number): Promise<void> {
  let killed = 0;
  let cycles = 0;
  let faults = 0;
  const slices = Math.ceil(programs / PROGRAMS_PER_PAIR / PAIRS);
  const line = (done: number) =>
    `${done * PAIRS * PROGRAMS_PER_PAIR} programs, ${killed} killed, ${cycles} cycles, ${faults} faults\n`;
  for (let slice = 0; slice < slices; slice += 1) {
    const seed = firstSeed + slice * PAIRS;
    const found = await runSlice(seed, PAIRS);
    killed += found.killed;
    cycles += found.cycles;
    if (found.fault !== undefined) {
      faults += 1;
      process.stdout.write(`seed ${seed}: ${found.fault}\n`);
    }
    if ((slice + 1) % PROGRESS_SLICES === 0) process.stdout.write(line(slice + 1));
  }
  process.stdout.write(line(slices));
  process.exitCode = faults === 0 ? 0 : 1;
}

const [programs = '1000000', seed = '1'] = process.argv.slice(2);
await main(Number(programs), Number(seed));
