/**
 * Who this node is in its cluster, from the environment that it was started with (the kernel's command line):
 *
 *     node=3           its number; absent: it is alone
 *     cluster=7        the cluster's number; absent: 1
 *     key=0123…        32 hexadecimal digits, the cluster's secret
 */
import { START_ADDRESS, START_ENVIRONMENT, START_ENVIRONMENT_COUNT } from '../../abi/start.ts';
import { NODES_MAX } from './limits.ts';

const KEY_DIGITS: u32 = 32;
const EQUALS: u32 = 0x3d;
export const NO_NUMBER: u32 = 0xffff_ffff;

const key = memory.data(16, 8);

/** NO_NUMBER where there is none, or none that a node can have. */
export function nodeNumber(): u32 {
  const number = numberOf('node');
  return number < NODES_MAX ? number : NO_NUMBER;
}

export function clusterNumber(): u32 {
  const number = numberOf('cluster');
  return number === NO_NUMBER ? 1 : number;
}

/** The address of sixteen bytes; 0 where there is no key in order. */
export function clusterKey(): u32 {
  const text = variable('key');
  if (text === 0) return 0;
  for (let index: u32 = 0; index < KEY_DIGITS; index += 1) {
    const digit = digitOf(load<u8>(text + index));
    if (digit > 15) return 0;
    const at = key + (index >> 1);
    store<u8>(at, (index & 1) === 0 ? digit << 4 : <u32>load<u8>(at) | digit);
  }
  return load<u8>(text + KEY_DIGITS) === 0 ? key : 0;
}

function numberOf(name: string): u32 {
  const text = variable(name);
  if (text === 0 || load<u8>(text) === 0) return NO_NUMBER;
  let number: u32 = 0;
  for (let at = text; load<u8>(at) !== 0; at += 1) {
    const digit = digitOf(load<u8>(at));
    if (digit > 9 || number > 99_999) return NO_NUMBER;
    number = number * 10 + digit;
  }
  return number;
}

/** 0 … 15; more for what is no digit. */
function digitOf(character: u32): u32 {
  if (character >= 0x30 && character <= 0x39) return character - 0x30;
  if (character >= 0x61 && character <= 0x66) return character - 0x61 + 10;
  return 16;
}

/** The address of the variable's value; 0 where it is not set. */
function variable(name: string): u32 {
  const count = load<u32>(START_ADDRESS, START_ENVIRONMENT_COUNT);
  let text = START_ADDRESS + load<u32>(START_ADDRESS, START_ENVIRONMENT);
  for (let index: u32 = 0; index < count; index += 1) {
    if (begins(text, name)) return text + <u32>name.length + 1;
    while (load<u8>(text) !== 0) text += 1;
    text += 1;
  }
  return 0;
}

function begins(text: u32, name: string): bool {
  const length: u32 = name.length;
  for (let at: u32 = 0; at < length; at += 1) {
    if (<u32>load<u8>(text + at) !== <u32>load<u16>(changetype<usize>(name) + (at << 1))) return false;
  }
  return <u32>load<u8>(text + length) === EQUALS;
}
