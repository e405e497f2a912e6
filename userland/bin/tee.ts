/**
 * NAME
 *     tee: write standard input to standard output and to files
 * SYNOPSIS
 *     tee [-ai] [FILE]…
 * DESCRIPTION
 *     -a, --append   at the end of the FILEs
 *     -i, --ignore-interrupts   go on at an interrupt from the terminal
 * SEE ALSO
 *     cat
 */

import { OPEN_APPEND, OPEN_CREATE, OPEN_TRUNCATE, OPEN_WRITE } from '../../os/abi/file.ts';
import * as processes from '../../os/proto/process.client.ts';
import { ACTION_IGNORE, SIGNAL_INT } from '../../os/proto/process.ts';
import { handleNamed } from '../../os/runtime/start.ts';
import { complainOf } from '../lib/complaint.ts';
import { openFile, standardInput, writeWhole } from '../lib/file.ts';
import { readObject } from '../lib/object.ts';
import { Options } from '../lib/options.ts';
import { standardOutput } from '../lib/output.ts';

const CAPACITY: i32 = 4096;
const MODE: u32 = 0o666;

export function main(): i32 {
  const options = new Options('tee [OPTION]... [FILE]...', 'ai', 'append=a,ignore-interrupts=i');
  let how = OPEN_TRUNCATE;
  while (options.next()) {
    if (options.letter === 'a') how = OPEN_APPEND;
    else processes.setSignal(handleNamed('process'), SIGNAL_INT, ACTION_IGNORE);
  }
  const names = options.operands;
  const handles: i32[] = [];
  for (let index = 0; index < names.length; index++) {
    const handle = openFile(names[index], OPEN_WRITE | OPEN_CREATE | how, MODE);
    if (handle < 0) complainOf(names[index], handle);
    handles.push(handle);
  }
  copy(names, handles);
  return 0;
}

/** What is read is written at once, so that others see it. */
function copy(names: string[], handles: i32[]): void {
  const buffer = heap.alloc(CAPACITY);
  const output = standardOutput();
  let size = readObject(standardInput(), buffer, CAPACITY);
  while (size > 0) {
    output.writeBytes(buffer, size);
    output.flush();
    for (let index = 0; index < handles.length; index++) {
      if (handles[index] < 0) continue;
      const error = writeWhole(handles[index], buffer, size);
      if (error === 0) continue;
      complainOf(names[index], error);
      handles[index] = error;
    }
    size = readObject(standardInput(), buffer, CAPACITY);
  }
  if (size < 0) complainOf('read error', size);
}
