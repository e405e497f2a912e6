/**
 * The name section: debug names of functions. It is no part of the module's meaning, so a malformed one is
 * left out instead of refused (core specification, appendix "Custom Sections").
 */
import { Bytes, WasmError } from './bytes.ts';
import type { CustomSection } from './module.ts';

const FUNCTION_NAMES = 1;

export function functionNames(sections: readonly CustomSection[]): ReadonlyMap<number, string> {
  const names = new Map<number, string>();
  const section = sections.find(({ name }) => name === 'name');
  if (section === undefined) return names;
  const bytes = new Bytes(section.bytes, 0, section.bytes.length);
  try {
    while (!bytes.done) {
      const id = bytes.byte();
      const size = bytes.u32();
      const start = bytes.skip(size);
      if (id === FUNCTION_NAMES) readNames(new Bytes(section.bytes, start, start + size), names);
    }
  } catch (error) {
    if (!(error instanceof WasmError)) throw error;
  }
  return names;
}

function readNames(bytes: Bytes, names: Map<number, string>): void {
  for (let count = bytes.count(); count > 0; count--) {
    const index = bytes.u32();
    names.set(index, bytes.text());
  }
}
