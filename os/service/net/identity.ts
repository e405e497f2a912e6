/**
 * Who this node is in its cluster, from the environment that it was started with (the kernel's command line):
 *
 *     node=3           its number; absent: it is alone
 *     cluster=7        the cluster's number; absent: 1
 *     key=0123…        32 hexadecimal digits, the cluster's secret
 *     silence=2000     for how many ms a neighbour may be silent; absent: SILENCE_MS
 */
import { NO_NUMBER, numberVariable, variable } from '../../runtime/environment.ts';
import { NODES_MAX } from './limits.ts';

const KEY_DIGITS: u32 = 32;

const key = memory.data(16, 8);

/** NO_NUMBER where there is none, or none that a node can have. */
export function nodeNumber(): u32 {
  const number = numberVariable('node');
  return number < NODES_MAX ? number : NO_NUMBER;
}

export function clusterNumber(): u32 {
  const number = numberVariable('cluster');
  return number === NO_NUMBER ? 1 : number;
}

/** In ms; 0 where nobody says. */
export function silenceMost(): u32 {
  const ms = numberVariable('silence');
  return ms === NO_NUMBER ? 0 : ms;
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

/** 0 … 15; more for what is no digit. */
function digitOf(character: u32): u32 {
  if (character >= 0x30 && character <= 0x39) return character - 0x30;
  if (character >= 0x61 && character <= 0x66) return character - 0x61 + 10;
  return 16;
}
