/**
 * Chance from the machine's own source.
 */
import type { Out } from './types.ts';

/** @contract 4 */
export interface Entropy {
  /**
   * → bytes given, 1 or more.
   * @idempotent
   */
  read(into: Out): u32;
}
