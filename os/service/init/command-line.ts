/**
 * The kernel's command line: words between blanks. Those of the form NAME=VALUE are the environment of services,
 * by which a node is told what is its own: its number in a cluster, for one.
 */
import { INIT_COMMAND_LINE } from '../../abi/layout.ts';
import { START_ENVIRONMENT, START_ENVIRONMENT_COUNT } from '../../abi/start.ts';
import { addStartBytes } from '../../lib/start-block.ts';
import { numberIn, variableIn } from '../../runtime/environment.ts';

const BLANK: u32 = 0x20;
const EQUALS: u32 = 0x3d;

const texts = memory.data(4096);
let size: u32 = 0;
let count: u32 = 0;
let isRead = false;

/** The number that a word NAME=… has; NO_NUMBER where there is none, or it is no number. */
export function numberOnCommandLine(name: string): u32 {
  if (!isRead) read();
  return numberIn(variableIn(texts, count, name));
}

/** Adds them to the start block in `capacity` bytes. */
export function addCommandLine(block: u32, capacity: u32): void {
  if (!isRead) read();
  store<u32>(block, count, START_ENVIRONMENT_COUNT);
  addStartBytes(block, capacity, START_ENVIRONMENT, texts, size);
}

function read(): void {
  isRead = true;
  let at = INIT_COMMAND_LINE;
  while (load<u8>(at) !== 0) {
    const start = at;
    let hasEquals = false;
    while (load<u8>(at) > BLANK) {
      hasEquals = hasEquals || load<u8>(at) === EQUALS;
      at += 1;
    }
    if (hasEquals) keep(start, at - start);
    if (load<u8>(at) !== 0) at += 1;
  }
}

/** There is room: a word and its zero take no more than the word and its blank. */
function keep(word: u32, length: u32): void {
  memory.copy(texts + size, word, length);
  store<u8>(texts + size + length, 0);
  size += length + 1;
  count += 1;
}
