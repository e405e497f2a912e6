/**
 * The kernel's function names for its own reports: the boot archive's file `kernel.symbols`, as
 * os/kernel/panic.ts reads it.
 *
 *     0  count    4  {address, offset of the name in the file} in the order of addresses    names, each ended by 0
 */
import { readElf } from '../../hw/elf.ts';

export function symbolFile(elf: Uint8Array): Uint8Array {
  const functions = readElf(elf)
    .symbols.filter(symbol => symbol.kind === 'function' && symbol.size > 0)
    .sort((a, b) => a.address - b.address);
  const names = functions.map(symbol => new TextEncoder().encode(`${symbol.name}\0`));
  const table = 4 + functions.length * 8;
  const file = new Uint8Array(table + names.reduce((sum, name) => sum + name.length, 0));
  const view = new DataView(file.buffer);
  view.setUint32(0, functions.length, true);
  let at = table;
  functions.forEach(({ address }, index) => {
    view.setUint32(4 + index * 8, address, true);
    view.setUint32(8 + index * 8, at, true);
    file.set(names[index]!, at);
    at += names[index]!.length;
  });
  return file;
}
