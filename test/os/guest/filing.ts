/**
 * Calls to a file tree with paths as text, for the programs of the tests. Answers are the contracts' own.
 */
import * as file from '../../../os/proto/file.client.ts';
import type { Position } from '../../../os/proto/file.ts';
import * as tree from '../../../os/proto/tree.client.ts';

const first = memory.data(128);
const second = memory.data(128);
const position = memory.data(8, 8);

export function openPath(server: u32, path: string, flags: u32): i32 {
  return tree.open(server, first, put(first, path), flags, 0o644);
}

export function makeFolder(server: u32, path: string): i32 {
  return tree.makeDirectory(server, first, put(first, path), 0o755);
}

export function removePath(server: u32, path: string): i32 {
  return tree.remove(server, first, put(first, path), false);
}

export function renamePath(server: u32, from: string, to: string): i32 {
  return tree.rename(server, first, put(first, from), second, put(second, to));
}

export function linkPath(server: u32, from: string, to: string): i32 {
  return tree.link(server, first, put(first, from), second, put(second, to));
}

export function statPath(server: u32, path: string, into: u32): i32 {
  return tree.stat(server, first, put(first, path), 0, into, 64);
}

export function writeText(object: u32, text: string): i32 {
  return file.write(object, second, put(second, text));
}

export function seekTo(object: u32, offset: i64): i32 {
  return file.seek(object, offset, 0, changetype<Position>(position));
}

/** ASCII, at most 128 characters: its length. */
function put(at: u32, text: string): u32 {
  const length: u32 = text.length;
  for (let index: u32 = 0; index < length; index += 1) {
    store<u8>(at + index, load<u16>(changetype<usize>(text) + (index << 1)));
  }
  return length;
}
