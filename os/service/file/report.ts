/**
 * What the file service has to say to a person: lines on the firmware's console, each with what is wrong and
 * what has been done about it.
 */
import { addNumber, addText, beginLine, type Line } from '../../lib/line.ts';
import { log } from '../../runtime/system.ts';
import {
  VOLUME_BLANK,
  VOLUME_DAMAGED,
  VOLUME_FOREIGN,
  VOLUME_TOO_LARGE,
  VOLUME_TOO_NEW,
  VOLUME_TOO_SMALL,
  VOLUME_UNFINISHED,
} from './root.ts';

const SIZE: u32 = 256;
const buffer = memory.data(256, 4);
const KIBIBYTES_PER_BLOCK: u32 = 4;

let console: u32 = 0;

export function useConsole(control: u32): void {
  console = control;
}

/** Why a disk was not mounted: VOLUME_…. */
export function reportVolume(found: i32): void {
  const line = begin();
  addText(line, reasonOf(found));
  addText(line, '; nothing was written to it');
  end(line);
}

export function reportFormatted(blocks: u32): void {
  const line = begin();
  addText(line, 'the disk was blank; it is a volume of ');
  addNumber(line, blocks * KIBIBYTES_PER_BLOCK);
  addText(line, ' KiB now');
  end(line);
}

export function reportInMemory(): void {
  const line = begin();
  addText(line, 'the tree is in memory, and will be lost with the power');
  end(line);
}

/** The volume is not changed any more, by this error. */
export function reportFailure(error: i32): void {
  if (error === 0) return;
  const line = begin();
  addText(line, 'the disk has failed (error ');
  addNumber(line, -error);
  addText(line, '); nothing is written any more, what was synced is safe');
  end(line);
}

function reasonOf(found: i32): string {
  switch (found) {
    case VOLUME_BLANK:
    case VOLUME_UNFINISHED:
      return 'the disk is blank and read-only: take one that can be written';
    case VOLUME_FOREIGN:
      return 'the disk has something on it that is not a volume: take a blank one, or a volume';
    case VOLUME_TOO_NEW:
      return 'the volume was made by a newer system: start that one';
    case VOLUME_DAMAGED:
      return 'the volume is damaged: have it checked with fsck';
    case VOLUME_TOO_LARGE:
      return 'the disk is too large for the memory of this system: take a smaller one';
    case VOLUME_TOO_SMALL:
      return 'the disk is too small: take one of 512 KiB or more';
    default:
      return 'the disk cannot be read';
  }
}

function begin(): Line {
  const line = beginLine(buffer, SIZE - 1);
  addText(line, 'file: ');
  return line;
}

function end(line: Line): void {
  store<u8>(line.at, 10);
  if (console !== 0) log(console, line.start, line.at + 1 - line.start);
}
