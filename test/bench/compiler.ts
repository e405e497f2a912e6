/**
 * What the guest tool chain is worth, in cycles and bytes on the emulated CPU, beside gcc where it is
 * installed. Prints tables; run it with `node --import tsx test/bench/compiler.ts`.
 *
 *     COREMARK_WASM, COREMARK_ELF   see test/compiler/coremark.ts
 */
import { arithmeticCosts, gccInstalled } from '../compiler/arithmetic-cost.ts';
import { COREMARK_ELF, COREMARK_WASM, otherCoreMark, ourCoreMark } from '../compiler/coremark.ts';

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

for (const table of [coreMarkTable, arithmeticTable]) {
  for await (const line of table()) process.stdout.write(`${line}\n`);
  process.stdout.write('\n');
}
