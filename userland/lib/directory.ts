/**
 * What is in a directory, without `.` and `..`, in the tree's order. A union has what is in all that are bound
 * there, each name once.
 *
 *     const listing = listDirectory(path);     its error is 0, or why it cannot be read
 */
import { LISTED_KIND, LISTED_NAME, LISTED_NAME_SIZE, OPEN_DIRECTORY, OPEN_READ } from '../../os/abi/file.ts';
import * as file from '../../os/proto/file.client.ts';
import { closeFile, openCanonical, openFile } from './file.ts';
import { absolutePath, ownView } from './mount.ts';
import { decodeText } from './utf8.ts';

const CAPACITY: i32 = 4096;
const HOW: u32 = OPEN_READ | OPEN_DIRECTORY;

export class Entry {
  constructor(
    readonly name: string,
    readonly inode: u32,
    /** KIND_… of os/abi/file.ts. */
    readonly kind: u32,
  ) {}
}

export class Listing {
  error: i32 = 0;
  entries: Entry[] = [];
}

export function listDirectory(path: string): Listing {
  const listing = new Listing();
  const absolute = absolutePath(path);
  if (path === '' || !ownView().isUnion(absolute))
    listing.error = listInto(listing.entries, openFile(path, HOW, 0));
  else listUnion(listing, ownView().meanings(absolute));
  return listing;
}

/** That one of them cannot be listed is no fault as long as another can. */
function listUnion(listing: Listing, folders: string[]): void {
  const seen = new Set<string>();
  let isListed = false;
  for (let index = 0; index < folders.length; index++) {
    const entries: Entry[] = [];
    const error = listInto(entries, openCanonical(folders[index], HOW));
    if (error === 0) isListed = true;
    else listing.error = error;
    for (let at = 0; at < entries.length; at++) {
      if (seen.has(entries[at].name)) continue;
      seen.add(entries[at].name);
      listing.entries.push(entries[at]);
    }
  }
  if (isListed) listing.error = 0;
}

/** `handle` is the opened directory, or why it is not open; it is closed. 0, or an error. */
function listInto(entries: Entry[], handle: i32): i32 {
  if (handle < 0) return handle;
  const buffer = heap.alloc(CAPACITY);
  let size = file.list(handle, buffer, CAPACITY);
  while (size > 0) {
    for (let at = 0; at < size; ) at += addEntry(entries, buffer + at);
    size = file.list(handle, buffer, CAPACITY);
  }
  heap.free(buffer);
  closeFile(handle);
  return size;
}

/** → its size. */
function addEntry(entries: Entry[], address: usize): i32 {
  const nameSize: i32 = load<u8>(address, LISTED_NAME_SIZE);
  const name = decodeText(address + LISTED_NAME, nameSize);
  if (name !== '.' && name !== '..')
    entries.push(new Entry(name, load<u32>(address), load<u8>(address, LISTED_KIND)));
  return (<i32>LISTED_NAME + nameSize + 3) & ~3;
}

/** `name` in `folder`, as a person would write it. */
export function joined(folder: string, name: string): string {
  return folder === '' ? name : folder.endsWith('/') ? folder + name : folder + '/' + name;
}
