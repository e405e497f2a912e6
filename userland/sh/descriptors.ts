/**
 * The shell's descriptors: which open object each number means, for builtins and for the programs it starts.
 *
 * A redirection changes an entry and remembers what it was; `restore` puts back all since a mark, `keep`
 * lets them stand (exec). An object is closed once no entry means it any more and none will again.
 */
import { closeObject, writeText } from './system.ts';

export const DESCRIPTORS_MAX: i32 = 10;
export const CLOSED: i32 = -1;
/** What is written goes into `captured`. */
export const CAPTURE: i32 = -2;

export class Descriptors {
  table: i32[] = [];
  captured: string = '';
  /** Number and object in turn, as they were. */
  private saved: i32[] = [];

  constructor() {
    for (let i = 0; i < DESCRIPTORS_MAX; i++) this.table.push(CLOSED);
  }

  mark(): i32 {
    return this.saved.length;
  }

  set(descriptor: i32, object: i32): void {
    this.saved.push(descriptor);
    this.saved.push(this.table[descriptor]);
    this.table[descriptor] = object;
  }

  restore(mark: i32): void {
    while (this.saved.length > mark) {
      const object = this.saved.pop();
      const descriptor = this.saved.pop();
      const current = this.table[descriptor];
      this.table[descriptor] = object;
      this.release(current);
    }
  }

  keep(mark: i32): void {
    while (this.saved.length > mark) {
      const object = this.saved.pop();
      this.saved.pop();
      this.release(object);
    }
  }

  /** False where it could not be written. */
  write(descriptor: i32, text: string): bool {
    const object = this.table[descriptor];
    if (object === CLOSED) return false;
    if (object === CAPTURE) {
      this.captured += text;
      return true;
    }
    return text === '' || writeText(object, text) >= 0;
  }

  private release(object: i32): void {
    if (object < 0 || this.table.includes(object)) return;
    for (let i = 1; i < this.saved.length; i += 2) if (this.saved[i] === object) return;
    closeObject(object);
  }
}
