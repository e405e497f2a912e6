/**
 * The mode mask: permissions that new files of this process do not get, whatever is asked for. It is inherited
 * from who started the process, and by those that it starts; the shell's `umask` sets it.
 */
import { firstModeMask } from './arguments.ts';

const UNKNOWN: u32 = 0xffff_ffff;

let mask: u32 = UNKNOWN;

export function modeMask(): u32 {
  if (mask === UNKNOWN) mask = firstModeMask();
  return mask;
}

export function setModeMask(value: u32): void {
  mask = value;
}
