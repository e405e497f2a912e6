/**
 * The signature of an architecture test: what lies between two symbols when it ends, one 32-bit word a
 * line in eight hexadecimal digits, as the RISC-V architecture tests compare it.
 */
import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Ram } from '../bus/device.ts';
import type { SymbolTable } from '../lab/symbols.ts';
import { BadInput } from './bad-input.ts';

const BEGIN = 'begin_signature';
const END = 'end_signature';

/** Before the run: whether it will be possible to write one to that file. */
export function checkSignature(file: string, symbols: SymbolTable): void {
  for (const name of [BEGIN, END])
    if (symbols.address(name) === undefined)
      throw new BadInput(
        `--signature: the ELF has no symbol ${name}: give an architecture test, not stripped`,
      );
  if (statSync(dirname(file), { throwIfNoEntry: false })?.isDirectory() !== true)
    throw new BadInput(`--signature ${file}: there is no folder ${dirname(file)}: make it first`);
}

/** Undefined where the symbols do not enclose whole words of RAM. */
export function signatureText(ram: Ram, symbols: SymbolTable): string | undefined {
  const begin = symbols.address(BEGIN)!;
  const size = symbols.address(END)! - begin;
  const bytes = size >= 0 && size % 4 === 0 ? ram.read(begin, size) : undefined;
  if (bytes === undefined) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, size);
  let text = '';
  for (let at = 0; at < size; at += 4) text += `${view.getUint32(at, true).toString(16).padStart(8, '0')}\n`;
  return text;
}
