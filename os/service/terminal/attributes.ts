/**
 * The terminal's attributes (os/abi/terminal.ts), and the questions that the rest of it has about them.
 * From the beginning they are those of a person at a screen: lines that can be edited, echo, signals.
 */
import {
  ATTRIBUTES_CHARACTERS,
  ATTRIBUTES_CONTROL,
  ATTRIBUTES_INPUT,
  ATTRIBUTES_LOCAL,
  ATTRIBUTES_OUTPUT,
  ATTRIBUTES_SIZE,
  ECHO,
  ECHOCTL,
  ECHOE,
  ECHOK,
  ECHOKE,
  ICANON,
  ICRNL,
  IEXTEN,
  IMAXBEL,
  ISIG,
  IUTF8,
  IXON,
  ONLCR,
  OPOST,
  VEOF,
  VERASE,
  VERASE2,
  VINTR,
  VKILL,
  VLNEXT,
  VMIN,
  VQUIT,
  VREPRINT,
  VSTART,
  VSTOP,
  VSUSP,
  VWERASE,
} from '../../abi/terminal.ts';

/** The record itself. */
export const attributes = memory.data(36, 4);

/** 8 bits a character, and a receiver. */
const CONTROL_FLAGS: u32 = 0xb0;
const CONTROL_MASK: u32 = 0x1f;
const DELETE: u32 = 0x7f;

export function makeSane(): void {
  memory.fill(attributes, 0, ATTRIBUTES_SIZE);
  store<u32>(attributes, ICRNL | IXON | IMAXBEL | IUTF8, ATTRIBUTES_INPUT);
  store<u32>(attributes, OPOST | ONLCR, ATTRIBUTES_OUTPUT);
  store<u32>(attributes, CONTROL_FLAGS, ATTRIBUTES_CONTROL);
  const local = ISIG | ICANON | ECHO | ECHOE | ECHOK | ECHOCTL | ECHOKE | IEXTEN;
  store<u32>(attributes, local, ATTRIBUTES_LOCAL);
  setControl(VINTR, 0x43);
  setControl(VQUIT, 0x5c);
  setControl(VKILL, 0x55);
  setControl(VEOF, 0x44);
  setControl(VSTART, 0x51);
  setControl(VSTOP, 0x53);
  setControl(VSUSP, 0x5a);
  setControl(VREPRINT, 0x52);
  setControl(VWERASE, 0x57);
  setControl(VLNEXT, 0x56);
  setControl(VERASE2, 0x48);
  setCharacter(VERASE, DELETE);
  setCharacter(VMIN, 1);
}

export function hasInput(flag: u32): bool {
  return (load<u32>(attributes, ATTRIBUTES_INPUT) & flag) !== 0;
}

export function hasOutput(flag: u32): bool {
  return (load<u32>(attributes, ATTRIBUTES_OUTPUT) & flag) !== 0;
}

export function hasLocal(flag: u32): bool {
  return (load<u32>(attributes, ATTRIBUTES_LOCAL) & flag) !== 0;
}

export function characterAt(index: u32): u32 {
  return load<u8>(attributes + ATTRIBUTES_CHARACTERS + index);
}

/** Whether the byte is that control character; one that is switched off is none. */
export function isCharacter(byte: u32, index: u32): bool {
  return byte !== 0 && byte === characterAt(index);
}

function setControl(index: u32, letter: u32): void {
  setCharacter(index, letter & CONTROL_MASK);
}

function setCharacter(index: u32, byte: u32): void {
  store<u8>(attributes + ATTRIBUTES_CHARACTERS + index, byte);
}
