/**
 * The terminal behind an open object: how it hands over what is typed, how large it is, and which process
 * group it belongs to.
 *
 *     const before = attributesOf(handle);
 *     setRaw(handle, before);       every byte at once, nothing echoed, no signals from keys
 *     setSilent(handle, before);    nothing echoed
 *     setAttributes(handle, before);
 *     windowOf(handle)              rows and columns; 24 by 80 where it does not know
 */
import {
  ATTRIBUTES_CHARACTERS,
  ATTRIBUTES_INPUT,
  ATTRIBUTES_LOCAL,
  ATTRIBUTES_SIZE,
  ECHO,
  ECHONL,
  ICANON,
  IEXTEN,
  ISIG,
  IXON,
  TERMINAL_ASK_WINDOW,
  TERMINAL_GET_ATTRIBUTES,
  TERMINAL_GET_WINDOW,
  TERMINAL_SET_AFTER_OUTPUT,
  TERMINAL_SET_FOREGROUND,
  VMIN,
  VTIME,
  WINDOW_SIZE,
} from '../../os/abi/terminal.ts';
import * as file from '../../os/proto/file.client.ts';
import { environmentValue } from './arguments.ts';
import { parseNumber } from './options.ts';
import { isTerminal, standardOutput } from './output.ts';

export class Window {
  constructor(
    public rows: i32,
    public columns: i32,
  ) {}
}

/** As the terminal gives them; null where it is none. */
export function attributesOf(handle: u32): StaticArray<u8> | null {
  const attributes = new StaticArray<u8>(ATTRIBUTES_SIZE);
  const answer = changetype<usize>(attributes);
  const status = file.control(handle, TERMINAL_GET_ATTRIBUTES, 0, 0, answer, ATTRIBUTES_SIZE);
  return status < 0 ? null : attributes;
}

export function setAttributes(handle: u32, attributes: StaticArray<u8>): i32 {
  const value = changetype<usize>(attributes);
  return file.control(handle, TERMINAL_SET_AFTER_OUTPUT, value, ATTRIBUTES_SIZE, 0, 0);
}

/** Enter stays a newline, and output is as before: what is typed ahead, and what is written, means the same. */
export function setRaw(handle: u32, before: StaticArray<u8>): i32 {
  const raw = new StaticArray<u8>(ATTRIBUTES_SIZE);
  const at = changetype<usize>(raw);
  memory.copy(at, changetype<usize>(before), ATTRIBUTES_SIZE);
  store<u32>(at, load<u32>(at, ATTRIBUTES_INPUT) & ~IXON, ATTRIBUTES_INPUT);
  store<u32>(
    at,
    load<u32>(at, ATTRIBUTES_LOCAL) & ~(ICANON | ECHO | ECHONL | ISIG | IEXTEN),
    ATTRIBUTES_LOCAL,
  );
  store<u8>(at + VMIN, 1, ATTRIBUTES_CHARACTERS);
  store<u8>(at + VTIME, 0, ATTRIBUTES_CHARACTERS);
  return setAttributes(handle, raw);
}

/** What is typed is not shown, but for the end of the line. */
export function setSilent(handle: u32, before: StaticArray<u8>): i32 {
  const silent = new StaticArray<u8>(ATTRIBUTES_SIZE);
  const at = changetype<usize>(silent);
  memory.copy(at, changetype<usize>(before), ATTRIBUTES_SIZE);
  store<u32>(at, load<u32>(at, ATTRIBUTES_LOCAL) & ~ECHO, ATTRIBUTES_LOCAL);
  return setAttributes(handle, silent);
}

export function windowOf(handle: u32): Window {
  return window(handle, TERMINAL_GET_WINDOW);
}

/** How wide the standard output is: what COLUMNS says, or the terminal; 0 where it has no width. */
export function outputColumns(): i32 {
  const given = <i32>parseNumber(environmentValue('COLUMNS'));
  if (given > 0) return given;
  const handle = standardOutput().handle;
  return isTerminal(handle) ? windowOf(handle).columns : 0;
}

/** By asking the terminal itself, which takes a while. */
export function askWindow(handle: u32): Window {
  return window(handle, TERMINAL_ASK_WINDOW);
}

function window(handle: u32, command: u32): Window {
  const answer = heap.alloc(WINDOW_SIZE);
  const status = file.control(handle, command, 0, 0, answer, WINDOW_SIZE);
  const rows = status < 0 ? 0 : load<u16>(answer);
  const columns = status < 0 ? 0 : load<u16>(answer, 2);
  heap.free(answer);
  return new Window(rows === 0 ? 24 : rows, columns === 0 ? 80 : columns);
}

export function setForeground(handle: u32, group: i32): i32 {
  const value = heap.alloc(4);
  store<i32>(value, group);
  const status = file.control(handle, TERMINAL_SET_FOREGROUND, value, 4, 0, 0);
  heap.free(value);
  return status;
}
