/**
 * memory.copy and memory.fill for code whose bounds are nobody's but the MMU's: kernel, services, programs.
 */
import { copyBytes, fillBytes } from './memory.ts';

export function memory_copy(destination: u32, source: u32, count: u32): void {
  copyBytes(destination, source, count);
}

export function memory_fill(destination: u32, byte: u32, count: u32): void {
  fillBytes(destination, byte, count);
}
