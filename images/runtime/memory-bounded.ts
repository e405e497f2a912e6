/**
 * memory.copy and memory.fill as the specification wants them: a range that is not wholly inside memory
 * traps before anything is written.
 */
import { copyBytes, fillBytes } from './memory.ts';

//@external("runtime", "memory_size")
declare function memorySize(): u32;
//@external("runtime", "trap_memory_bounds")
declare function trapMemoryBounds(): void;

export function memory_copy(destination: u32, source: u32, count: u32): void {
  requireMemory(destination, count);
  requireMemory(source, count);
  copyBytes(destination, source, count);
}

export function memory_fill(destination: u32, byte: u32, count: u32): void {
  requireMemory(destination, count);
  fillBytes(destination, byte, count);
}

/** A memory of 65,536 pages ends at 2^32. */
function requireMemory(address: u32, count: u32): void {
  const end: u64 = u64(address) + u64(count);
  if (end > u64(memorySize()) << 16) trapMemoryBounds();
}
