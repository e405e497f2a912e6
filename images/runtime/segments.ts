/**
 * The instructions that copy between segments, tables and memory, with the bounds that the specification
 * wants: nothing is written before everything is known to fit.
 *
 *     segment   { address, size }                 size in bytes or, of elements, in entries
 *     table     count, 0, then the first entry    entries of eight bytes: type, code
 */
import { copyBytes } from './memory.ts';

//@external("runtime", "memory_size")
declare function memorySize(): u32;
//@external("runtime", "trap_memory_bounds")
declare function trapMemoryBounds(): void;
//@external("runtime", "trap_table_bounds")
declare function trapTableBounds(): void;

const ENTRY_SIZE_LOG2: u32 = 3;

export function memory_init(destination: u32, offset: u32, count: u32, segment: u32): void {
  const bytes = u64(memorySize()) << 16;
  if (u64(destination) + u64(count) > bytes || isOutside(offset, count, load<u32>(segment, 4))) {
    trapMemoryBounds();
  }
  copyBytes(destination, load<u32>(segment) + offset, count);
}

export function table_copy(destination: u32, source: u32, count: u32, to: u32, from: u32): void {
  if (isOutside(destination, count, entriesOf(to)) || isOutside(source, count, entriesOf(from))) {
    trapTableBounds();
  }
  copyEntries(entry(to, destination), entry(from, source), count);
}

export function table_init(destination: u32, offset: u32, count: u32, table: u32, segment: u32): void {
  if (isOutside(destination, count, entriesOf(table)) || isOutside(offset, count, load<u32>(segment, 4))) {
    trapTableBounds();
  }
  copyEntries(entry(table, destination), entry(load<u32>(segment), offset), count);
}

//@inline
function isOutside(start: u32, count: u32, size: u32): bool {
  return u64(start) + u64(count) > u64(size);
}

//@inline
function entriesOf(table: u32): u32 {
  return load<u32>(table - 8);
}

//@inline
function entry(table: u32, index: u32): u32 {
  return table + (index << ENTRY_SIZE_LOG2);
}

//@inline
function copyEntries(destination: u32, source: u32, count: u32): void {
  copyBytes(destination, source, count << ENTRY_SIZE_LOG2);
}
