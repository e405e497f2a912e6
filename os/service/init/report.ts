/**
 * What init has to say to a person: lines on the firmware's console, which works before and after every driver.
 */
import { INIT_CONTROL } from '../../abi/layout.ts';
import { LOG_SIZE_MAX } from '../../abi/limits.ts';
import { addByte, addText, beginLine, type Line } from '../../lib/line.ts';
import { log } from '../../runtime/system.ts';

const SIZE: u32 = 512;
const NEW_LINE: u32 = 10;

const buffer = memory.data(512, 4);

/** A line that begins with whose it is. */
export function beginReport(): Line {
  const line = beginLine(buffer, SIZE);
  addText(line, 'init: ');
  return line;
}

export function endReport(line: Line): void {
  if (line.at === line.end) line.at -= 1;
  addByte(line, NEW_LINE);
  let at = line.start;
  while (at < line.at) {
    const count = log(INIT_CONTROL, at, min<u32>(line.at - at, LOG_SIZE_MAX));
    if (count <= 0) return;
    at += count;
  }
}

export function report(text: string): void {
  const line = beginReport();
  addText(line, text);
  endReport(line);
}
