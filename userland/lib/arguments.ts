/**
 * What this program was started with: its name, arguments and environment (os/abi/start.ts).
 *
 *     programArguments()          the name it was called by first
 *     programName()               that without folders, for messages
 *     environment()               NAME=value, as it was given
 *     environmentValue('HOME')    '' where there is none
 */
import {
  START_ADDRESS,
  START_ARGUMENT_COUNT,
  START_ARGUMENTS,
  START_DIRECTORY,
  START_ENVIRONMENT,
  START_ENVIRONMENT_COUNT,
  START_MODE_MASK,
  START_VIEW,
} from '../../os/abi/start.ts';
import { baseName } from './path.ts';
import { decodeText } from './utf8.ts';

export function programArguments(): string[] {
  return textsAt(START_ARGUMENTS, START_ARGUMENT_COUNT);
}

export function programName(): string {
  const args = programArguments();
  return args.length > 0 ? baseName(args[0]) : 'program';
}

export function environment(): string[] {
  return textsAt(START_ENVIRONMENT, START_ENVIRONMENT_COUNT);
}

export function environmentValue(name: string): string {
  const all = environment();
  const start = name + '=';
  for (let index = 0; index < all.length; index++) {
    if (all[index].startsWith(start)) return all[index].substring(start.length);
  }
  return '';
}

/** The directory that the program was started in. */
export function firstDirectory(): string {
  return textAt(START_ADDRESS + load<u32>(START_ADDRESS + START_DIRECTORY));
}

/** The permissions that its files did not get when it was started (mode-mask.ts). */
export function firstModeMask(): u32 {
  return load<u32>(START_ADDRESS, START_MODE_MASK);
}

/** What paths mean to it (view.ts); '' where nothing is said. */
export function firstView(): string {
  const offset = load<u32>(START_ADDRESS + START_VIEW);
  return offset === 0 ? '' : textAt(START_ADDRESS + offset);
}

function textsAt(offset: u32, count: u32): string[] {
  const texts: string[] = [];
  let at = START_ADDRESS + load<u32>(START_ADDRESS + offset);
  for (let left = load<u32>(START_ADDRESS + count); left > 0; left--) {
    texts.push(textAt(at));
    at += sizeAt(at) + 1;
  }
  return texts;
}

function textAt(address: u32): string {
  return decodeText(address, sizeAt(address));
}

function sizeAt(address: u32): u32 {
  let size: u32 = 0;
  while (load<u8>(address + size) !== 0) size++;
  return size;
}
