/**
 * Pipes: what is written to one end is read at the other. Both ends are open objects (file.ts): a read at the
 * end of which nobody writes any more gives 0, a write that nobody reads ERROR_BROKEN_PIPE.
 */
import type { Send } from './types.ts';

/** @contract 9 */
export interface Pipe {
  create(): Ends;
}

//@unmanaged
export class Ends {
  reader: Send = 0;
  writer: Send = 0;
}
