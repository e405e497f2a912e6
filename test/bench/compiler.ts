/**
 * What the guest tool chain is worth, in cycles and bytes on the emulated CPU, beside gcc where it is
 * installed. Prints tables; run it with `node --import tsx test/bench/compiler.ts`.
 *
 *     COREMARK_WASM, COREMARK_ELF   see test/compiler/coremark.ts
 */
import { arithmeticCosts, gccInstalled } from '../compiler/arithmetic-cost.ts';
import { COREMARK_ELF, COREMARK_WASM, otherCoreMark, ourCoreMark } from '../compiler/coremark.ts';
import {
  cFigures,
  clangInstalled,
  dialectFigures,
  gccFigures,
  KERNELS,
  type KernelFigures,
} from '../compiler/kernels.ts';

async function* coreMarkTable(): AsyncGenerator<string> {
  if (COREMARK_WASM === '') return;
  yield '| CoreMark, 10 iterations | cycles | instructions | text, bytes |';
  yield '|---|---|---|---|';
  const ours = await ourCoreMark();
  yield `| ours | ${ours.cycles} | ${ours.instructions} | ${ours.textSize} |`;
  if (COREMARK_ELF === '') return;
  const gcc = await otherCoreMark();
  const ratios = [
    ours.cycles / gcc.cycles,
    ours.instructions / gcc.instructions,
    ours.textSize / gcc.textSize,
  ];
  yield `| gcc | ${gcc.cycles} | ${gcc.instructions} | ${gcc.textSize} |`;
  yield `| ratio | ${ratios.map(ratio => ratio.toFixed(2)).join(' | ')} |`;
}

async function* arithmeticTable(): AsyncGenerator<string> {
  if (!gccInstalled) return;
  const plain = await arithmeticCosts(false);
  const extended = await arithmeticCosts(true);
  yield '| instructions a call | ours | with Zba, Zbb | libgcc | ratio |';
  yield '|---|---|---|---|---|';
  for (const [index, { name, ours, gcc }] of plain.entries()) {
    yield `| ${name} | ${ours} | ${extended[index]!.ours} | ${gcc} | ${(ours / gcc).toFixed(2)} |`;
  }
  const sum = plain.reduce((total, { ours, gcc }) => total + Math.log(ours / gcc), 0);
  yield `| geometric mean | | | | ${Math.exp(sum / plain.length).toFixed(2)} |`;
}

async function* kernelTable(): AsyncGenerator<string> {
  if (!gccInstalled) return;
  yield '| kernel, × gcc -O2 | instructions | cycles | text |';
  yield '|---|---|---|---|';
  if (clangInstalled) yield* ratioRows('C', cFigures);
  yield* ratioRows('dialect, Zba, Zbb', dialectFigures);
}

async function* ratioRows(
  from: string,
  ours: (name: string) => Promise<KernelFigures>,
): AsyncGenerator<string> {
  const logarithms = [0, 0, 0];
  for (const name of KERNELS.keys()) {
    const [mine, gcc] = [await ours(name), await gccFigures(name)];
    if (mine.checksum !== gcc.checksum) throw new Error(`${name} from ${from}: the checksums differ`);
    const columns = ['instructions', 'cycles', 'textSize'] as const;
    const ratios = columns.map(column => mine[column] / gcc[column]);
    for (const [index, ratio] of ratios.entries()) logarithms[index]! += Math.log(ratio);
    yield `| ${name} from ${from} | ${ratios.map(ratio => ratio.toFixed(2)).join(' | ')} |`;
  }
  const means = logarithms.map(sum => Math.exp(sum / KERNELS.size).toFixed(3));
  yield `| geometric mean from ${from} | ${means.join(' | ')} |`;
}

for (const table of [coreMarkTable, kernelTable, arithmeticTable]) {
  for await (const line of table()) process.stdout.write(`${line}\n`);
  process.stdout.write('\n');
}
