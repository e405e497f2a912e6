/**
 * The environment that a process was started with, NAME=VALUE each. A service's are the words of the kernel's
 * command line, which say what is this node's own: `node=3 members=0-4 key=…`.
 */
import { START_ADDRESS, START_ENVIRONMENT, START_ENVIRONMENT_COUNT } from '../abi/start.ts';

const EQUALS: u32 = 0x3d;
const ZERO: u32 = 0x30;
/** As a number: there is none. */
export const NO_NUMBER: u32 = 0xffff_ffff;

/** The address of the variable's value, ended by a zero; 0 where it is not set. */
export function variable(name: string): u32 {
  const texts = START_ADDRESS + load<u32>(START_ADDRESS, START_ENVIRONMENT);
  return variableIn(texts, load<u32>(START_ADDRESS, START_ENVIRONMENT_COUNT), name);
}

/** The variable's decimal number; NO_NUMBER where it is not set, or to anything else. */
export function numberVariable(name: string): u32 {
  return numberIn(variable(name));
}

/** The address of the variable's value among `count` texts; 0 where it is not set. */
export function variableIn(texts: u32, count: u32, name: string): u32 {
  let text = texts;
  for (let index: u32 = 0; index < count; index += 1) {
    if (begins(text, name)) return text + <u32>name.length + 1;
    while (load<u8>(text) !== 0) text += 1;
    text += 1;
  }
  return 0;
}

/** The number that the text at an address is, in decimal digits; NO_NUMBER for another, and at 0. */
export function numberIn(text: u32): u32 {
  if (text === 0 || load<u8>(text) === 0) return NO_NUMBER;
  let number: u32 = 0;
  for (let at = text; load<u8>(at) !== 0; at += 1) {
    const digit = <u32>load<u8>(at) - ZERO;
    if (digit > 9 || number > 99_999) return NO_NUMBER;
    number = number * 10 + digit;
  }
  return number;
}

function begins(text: u32, name: string): bool {
  const length: u32 = name.length;
  for (let at: u32 = 0; at < length; at += 1) {
    if (<u32>load<u8>(text + at) !== <u32>load<u16>(changetype<usize>(name) + (at << 1))) return false;
  }
  return <u32>load<u8>(text + length) === EQUALS;
}
