/**
 * Chance from the machine's own source: bytes that nobody else gets.
 */
import type { Out } from './types.ts';

/** @contract 4 */
export interface Entropy {
  /**
   * → bytes given, 1 or more: what the source has at once.
   * @idempotent
   */
  read(into: Out): u32;
}
