/**
 * A program's linear memory: what its image has at first, grown by memories that are mapped behind it in its
 * own space. What its account does not allow it asks of the process service. A program that gets no more is told
 * so once; the second time in a row ends it with a message, since nothing in it could go on.
 *
 * Pages of linear memory are 64 KiB, those of the machine 4 KiB.
 */
import { RESOURCE_PAGES } from '../abi/account.ts';
import { PROGRAM_HEAP_END } from '../abi/layout.ts';
import { RIGHT_READ, RIGHT_WRITE } from '../abi/rights.ts';
import { START_ADDRESS, START_ARGUMENTS } from '../abi/start.ts';
import * as file from '../proto/file.client.ts';
import * as processes from '../proto/process.client.ts';
import { handleNamed } from './start.ts';
import { allowed, close, createMemory, exit, map } from './system.ts';

const SHIFT: u32 = 16;
const PAGES_SHIFT: u32 = 4;
/** For text, stack, and tables of pages and handles. */
const OTHER_PAGES: u32 = 48;
const MESSAGE_MAX: u32 = 64;
const FAILED: i32 = -1;
const EXIT_OUT_OF_MEMORY: u32 = 1;

const message = memory.data(64);

let pages: u32 = 0;
let hasFailed: bool = false;

export function memorySize(): u32 {
  if (pages === 0) pages = (u32(__heap_base) + 0xffff) >> SHIFT;
  return pages;
}

/** The size before, or -1. */
export function growMemory(more: u32): i32 {
  const before = memorySize();
  if (more === 0) return before;
  if (isAllowed(before, more) && mapMore(before << SHIFT, more << PAGES_SHIFT)) {
    pages = before + more;
    hasFailed = false;
    return before;
  }
  if (hasFailed) endWithMessage();
  hasFailed = true;
  return FAILED;
}

function isAllowed(before: u32, more: u32): bool {
  if (more > (PROGRAM_HEAP_END >> SHIFT) - before) return false;
  const limit = allowed(handleNamed('space'), RESOURCE_PAGES);
  const wanted = ((before + more) << PAGES_SHIFT) + OTHER_PAGES;
  return (
    limit >= 0 && (wanted <= <u32>limit || processes.allow(handleNamed('process'), wanted - limit) === 0)
  );
}

function mapMore(va: u32, count: u32): bool {
  const made = createMemory(count);
  if (made < 0) return false;
  const result = map(handleNamed('space'), va, made, 0, count, RIGHT_READ | RIGHT_WRITE);
  close(made);
  return result === 0;
}

/** "NAME: out of memory" to fd2. */
function endWithMessage(): void {
  let name = START_ADDRESS + load<u32>(START_ADDRESS, START_ARGUMENTS);
  let size: u32 = 0;
  for (let byte = load<u8>(name); byte !== 0; byte = load<u8>(++name)) {
    if (size < MESSAGE_MAX - 16) store<u8>(message + size++, byte);
  }
  const text = ': out of memory\n';
  for (let index = 0; index < text.length; index += 1) store<u8>(message + size++, text.charCodeAt(index));
  file.write(handleNamed('fd2'), message, size);
  exit(EXIT_OUT_OF_MEMORY);
}
