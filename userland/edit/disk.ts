/**
 * Documents from files and back.
 *
 * A file is written as a whole beside the old one, synced, and then takes its name: whatever happens meanwhile,
 * one of the two is there. A symbolic link stays one: its file is written in its place.
 */
import { ERROR_IS_DIRECTORY, ERROR_NOT_FOUND } from '../../os/abi/errors.ts';
import { OPEN_CREATE, OPEN_READ, OPEN_TRUNCATE, OPEN_WRITE } from '../../os/abi/file.ts';
import * as file from '../../os/proto/file.client.ts';
import { errorText } from '../lib/error.ts';
import { closeFile, openFile, removeFile, setMode, writeWhole } from '../lib/file.ts';
import { Input } from '../lib/input.ts';
import { renameFile } from '../lib/link.ts';
import { linkStatusOf, statusOf } from '../lib/status.ts';
import { encodeText } from '../lib/utf8.ts';
import type { Document } from './document.ts';

const MODE: u32 = 0o666;
const MODE_BITS: u32 = 0o7777;

/** A file that is not there yet is an empty document. 0 or an error. */
export function loadDocument(document: Document, path: string): i32 {
  const status = statusOf(path);
  if (status.error === ERROR_NOT_FOUND) return 0;
  if (status.isDirectory()) return ERROR_IS_DIRECTORY;
  const handle = openFile(path, OPEN_READ, 0);
  if (handle < 0) return handle;
  const input = new Input(handle);
  const text = input.readAll();
  closeFile(handle);
  const lines = text.split('\n');
  if (lines.length > 1 && lines[lines.length - 1] === '') lines.pop();
  document.set(lines);
  return input.error;
}

/** What to tell about it. */
export function saveDocument(document: Document, path: string): string {
  const isEmpty = document.lines.length === 1 && document.lines[0] === '';
  const text = isEmpty ? '' : document.lines.join('\n') + '\n';
  const isLink = linkStatusOf(path).isLink();
  const status = statusOf(path);
  const beside = path + '.new';
  let error = writeFile(isLink ? path : beside, text);
  if (error >= 0 && !isLink) {
    if (status.isThere()) setMode(beside, status.mode & MODE_BITS);
    error = renameFile(beside, path);
    if (error < 0) removeFile(beside);
  }
  if (error < 0) return `${path}: ${errorText(error)}`;
  document.isChanged = false;
  const lines = isEmpty ? 0 : document.lines.length;
  return lines === 1 ? 'Wrote 1 line' : `Wrote ${lines} lines`;
}

function writeFile(path: string, text: string): i32 {
  const handle = openFile(path, OPEN_WRITE | OPEN_CREATE | OPEN_TRUNCATE, MODE);
  if (handle < 0) return handle;
  const bytes = heap.alloc(text.length * 3);
  let error = writeWhole(handle, bytes, encodeText(text, bytes));
  if (error >= 0) error = file.sync(handle);
  heap.free(bytes);
  closeFile(handle);
  return error;
}
