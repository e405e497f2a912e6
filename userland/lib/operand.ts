/**
 * Files named on a command line, where - is standard input. One that cannot be opened is complained of.
 *
 *     const handle = openOperand(name);
 *     if (handle >= 0) { …; closeOperand(name, handle); }
 */

import { ERROR_IS_DIRECTORY } from '../../os/abi/errors.ts';
import { OPEN_READ } from '../../os/abi/file.ts';
import { complainOf } from './complaint.ts';
import { closeFile, openFile, standardInput } from './file.ts';
import { openStatusOf } from './status.ts';

export function openOperand(name: string): i32 {
  if (name === '-') return standardInput();
  const handle = openFile(name, OPEN_READ, 0);
  if (handle < 0) {
    complainOf(name, handle);
    return handle;
  }
  if (!openStatusOf(handle).isDirectory()) return handle;
  complainOf(name, ERROR_IS_DIRECTORY);
  closeFile(handle);
  return ERROR_IS_DIRECTORY;
}

export function closeOperand(name: string, handle: u32): void {
  if (name !== '-') closeFile(handle);
}
