/**
 * The lists of functions that are to lie together (images/guest/build.ts): each names what there is, in the order
 * in which it then lies in memory.
 */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { readElf } from '../../hw/elf.ts';
import { buildKernel } from '../../images/boot/kernel.ts';
import { buildService } from '../../images/boot/program.ts';

const LISTS = [
  { file: 'os/kernel/kernel.order', build: buildKernel },
  { file: 'os/service/net/net.order', build: () => buildService('os/service/net/net.ts') },
];

it.each(LISTS)('$file names functions that there are, and they lie so', async ({ file, build }) => {
  const lines = readFileSync(file, 'utf8').split('\n');
  const names = lines.map(line => line.replace(/#.*/, '').trim()).filter(name => name !== '');
  const { symbols } = readElf((await build()).elf);
  const places = new Map(symbols.map(({ name, address }) => [name, address]));
  expect(names.filter(name => !places.has(name))).toEqual([]);
  const addresses = names.map(name => places.get(name)!);
  expect(addresses).toEqual([...addresses].sort((one, other) => one - other));
});
