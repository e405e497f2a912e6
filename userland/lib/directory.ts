/**
 * What is in a directory, without `.` and `..`, in the tree's order.
 *
 *     const listing = listDirectory(path);     its error is 0, or why it cannot be read
 */
import { LISTED_KIND, LISTED_NAME, LISTED_NAME_SIZE, OPEN_DIRECTORY, OPEN_READ } from '../../os/abi/file.ts';
import * as file from '../../os/proto/file.client.ts';
import { closeFile, openFile } from './file.ts';
import { decodeText } from './utf8.ts';

const CAPACITY: i32 = 4096;

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
  const handle = openFile(path, OPEN_READ | OPEN_DIRECTORY, 0);
  if (handle < 0) {
    listing.error = handle;
    return listing;
  }
  const buffer = heap.alloc(CAPACITY);
  let size = file.list(handle, buffer, CAPACITY);
  while (size > 0) {
    for (let at = 0; at < size; ) at += addEntry(listing.entries, buffer + at);
    size = file.list(handle, buffer, CAPACITY);
  }
  listing.error = size;
  heap.free(buffer);
  closeFile(handle);
  return listing;
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
