/**
 * NAME      cpu — how many guest instructions a second the CPU executes
 * SYNOPSIS  node --import tsx test/bench/cpu.ts [workload | image.bin …]
 *
 * Runs the workloads of test/bench/cpu under Sv32, with caches and cycles counted, interpreted (tier 0) and
 * translated (tier 1), and beside them, where it is installed, QEMU on the same bytes: as fast as it can, and
 * with -icount shift=0. The figures are millions of guest instructions a second of processor time, the best of
 * RUNS; at the end their geometric means. Instructions are counted once, by this machine.
 *
 *     image.bin   of others, built with the start code of test/bench/cpu: a raw image for the beginning of RAM;
 *                 the environment's COREMARK names one that is run with all the others
 *     cold        generated: two thousand functions, each called a few times
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { Hart } from '../../hw/cpu/hart.ts';
import { loadCore } from '../../hw/cpu/load-core.ts';
import { CLOCK_HZ_DEFAULT, POWER_BASE, RAM_BASE } from '../../hw/manual/memory-map.ts';
import { assembleFlat } from '../../images/assembler/assemble.ts';

const QEMU = 'qemu-system-riscv32';
const QEMU_CPU = 'rv32,f=false,d=false,h=false,zba=true,zbb=true';
const RUNS = 3;
const RAM_SIZE = 32 << 20;
const SLICE_CYCLES = 2_000_000;

/** name → rounds, for about two hundred million instructions. */
const WORKLOADS: Readonly<Record<string, number>> = {
  mix: 60_000,
  sieve: 2_000,
  crc: 5_000,
  matrix: 700,
  quicksort: 800,
  memcpy: 70_000,
  memory: 1_500,
  syscall: 7_000_000,
  switch: 1_000_000,
  bytecode: 35_000,
  cold: 2_000,
};

interface Figures {
  readonly instructions: number;
  readonly cyclesEach: number;
  readonly interpreted: number;
  readonly translated: number;
  readonly qemu: number | undefined;
  readonly icount: number | undefined;
}

async function main(): Promise<void> {
  const wanted = process.argv.slice(2);
  const more = process.env['COREMARK'];
  const all = [...Object.keys(WORKLOADS), ...(more === undefined ? [] : [more])];
  const names = wanted.length > 0 ? wanted : all;
  const core = await loadCore();
  const directory = mkdtempSync(join(tmpdir(), 'bench-cpu-'));
  console.log(row(['workload', 'instructions', 'cycles each', 'tier 0', 'tier 1', 'QEMU', 'QEMU -icount']));
  try {
    const measured = names.map(name => {
      const figures = measure(core, name, directory);
      report(basename(name, '.bin'), figures);
      return figures;
    });
    reportMeans(measured);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function report(name: string, figures: Figures): void {
  const rounded = (value: number | undefined) => (value === undefined ? '–' : value.toFixed(0));
  console.log(
    row([
      name,
      `${(figures.instructions / 1e6).toFixed(0)} M`,
      figures.cyclesEach.toFixed(2),
      ...[figures.interpreted, figures.translated, figures.qemu, figures.icount].map(rounded),
    ]),
  );
}

function reportMeans(all: readonly Figures[]): void {
  const mean = (pick: (figures: Figures) => number | undefined) => {
    const values = all.map(pick);
    if (values.some(value => value === undefined)) return '–';
    const sum = values.reduce<number>((total, value) => total + Math.log(value!), 0);
    return Math.exp(sum / values.length).toFixed(0);
  };
  const columns = [
    mean(each => each.interpreted),
    mean(each => each.translated),
    mean(each => each.qemu),
    mean(each => each.icount),
  ];
  console.log(row(['geometric mean', '', '', ...columns]));
}

function row(cells: readonly string[]): string {
  return cells.map((cell, index) => (index === 0 ? cell.padEnd(14) : cell.padStart(14))).join('');
}

function measure(core: WebAssembly.Module, name: string, directory: string): Figures {
  const image = name.endsWith('.bin') ? readFileSync(name) : assemble(name);
  const path = join(directory, basename(name, '.bin'));
  writeFileSync(path, image);
  const { instructions, cycles, speed: interpreted } = ourBest(core, image, Number.POSITIVE_INFINITY);
  const { cycles: cyclesTranslated, speed: translated } = ourBest(core, image, undefined);
  if (cyclesTranslated !== cycles)
    throw new Error(`${name}: ${cycles} cycles, translated ${cyclesTranslated}`);
  return {
    instructions,
    cyclesEach: cycles / instructions,
    interpreted,
    translated,
    qemu: qemuSpeed(path, instructions, []),
    icount: qemuSpeed(path, instructions, ['-icount', 'shift=0']),
  };
}

function assemble(name: string): Uint8Array {
  const rounds = WORKLOADS[name];
  if (rounds === undefined)
    throw new Error(`no workload is named ${name}: ${Object.keys(WORKLOADS).join(', ')}`);
  const text = `.equ ROUNDS, ${rounds}\n${source('start')}\n${source(name)}`;
  return assembleFlat(text, { origin: RAM_BASE }).bytes;
}

function source(name: string): string {
  return name === 'cold' ? coldSource() : readFileSync(new URL(`cpu/${name}.s`, import.meta.url), 'utf8');
}

/** Code that is executed rarely: 2000 functions of about forty instructions, called one after the other. */
function coldSource(): string {
  const bodies = Array.from({ length: 2000 }, (_, index) => {
    const steps = Array.from(
      { length: 9 },
      (_, step) => `addi t${step % 3}, t${(step + 1) % 3}, ${(index * 7 + step) % 100}
        xor a1, a1, t${step % 3}
        slli t2, a1, ${1 + (step % 5)}
        bltu a1, t2, 1f
        add a1, a1, t2
        1:`,
    );
    return `f${index}: ${steps.join('\n')}\n ret`;
  });
  const calls = Array.from({ length: 2000 }, (_, index) => `call f${(index * 37) % 2000}`);
  return `run: addi sp, sp, -16\n sw ra, 0(sp)\n sw s0, 4(sp)\n mv s0, a0
    round: ${calls.join('\n')}\n addi s0, s0, -1\n beqz s0, end\n tail round
    end: lw ra, 0(sp)\n lw s0, 4(sp)\n addi sp, sp, 16\n ret\n ${bodies.join('\n')}`;
}

function ourBest(core: WebAssembly.Module, image: Uint8Array, translateAfter: number | undefined) {
  const runs = Array.from({ length: RUNS }, () => runOurs(core, image, translateAfter));
  const { instructions, cycles } = runs[0]!;
  return { instructions, cycles, speed: instructions / Math.min(...runs.map(run => run.seconds)) / 1e6 };
}

function runOurs(core: WebAssembly.Module, image: Uint8Array, translateAfter: number | undefined) {
  let exit = 0;
  const hart: Hart = new Hart({
    core,
    ramSize: RAM_SIZE,
    clockHz: CLOCK_HZ_DEFAULT,
    adBits: 'hardware',
    translateAfter,
    bus: {
      read: () => undefined,
      write: (pa, _size, value) => {
        exit = value;
        hart.stop();
        return pa === POWER_BASE;
      },
    },
  });
  hart.ram.write(RAM_BASE, image);
  const before = process.cpuUsage();
  while (hart.run(hart.cycle + SLICE_CYCLES) === 'limit');
  const { user, system } = process.cpuUsage(before);
  const seconds = (user + system) / 1e6;
  if (exit !== 0x5555) throw new Error(`the workload ended with ${exit}, ${JSON.stringify(hart.lastTrap)}`);
  return { seconds, instructions: hart.counters['instructions']!, cycles: hart.cycle };
}

/** undefined where QEMU is not installed. Its start, some 50 ms, is in the time. */
function qemuSpeed(image: string, instructions: number, options: readonly string[]): number | undefined {
  const machine = ['-M', 'virt', '-m', '32M', '-cpu', QEMU_CPU, '-bios', image, ...options];
  const quiet = ['-serial', 'none', '-monitor', 'none', '-display', 'none'];
  const command = `${QEMU} ${[...machine, ...quiet].join(' ')} 2>/dev/null && times`;
  const seconds = Array.from({ length: RUNS }, () => {
    const { stdout } = spawnSync('sh', ['-c', command], { encoding: 'utf8' });
    // The last line: user and system time of the shell's children, as 0m1.250s.
    const times = [...stdout.matchAll(/(\d+)m([\d.]+)s/g)].map(([, m, s]) => Number(m) * 60 + Number(s));
    return times.length === 4 ? times[2]! + times[3]! : Number.POSITIVE_INFINITY;
  });
  const best = Math.min(...seconds);
  return Number.isFinite(best) ? instructions / best / 1e6 : undefined;
}

await main();
