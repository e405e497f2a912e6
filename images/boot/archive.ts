/**
 * The boot archive: named files to the bytes of an initial RAM disk, as os/abi/archive.ts lays them out, and back.
 * The same files in the same order give the same bytes. Everybody may read them, and execute what is ELF; those that
 * are named as privileged run as root whoever starts them.
 */
import * as layout from '../../os/abi/archive.ts';

const READABLE = 0o444;
const EXECUTABLE = 0o555;
const SET_USER = 0o4000;

/** Throws an error of one line for a name that does not fit. */
export function buildArchive(
  files: ReadonlyMap<string, Uint8Array>,
  privileged: readonly string[] = [],
): Uint8Array {
  const table = layout.ARCHIVE_HEADER_SIZE + files.size * layout.ARCHIVE_ENTRY_SIZE;
  let end = alignUp(table);
  const placed = [...files].map(([name, bytes]) => {
    const offset = end;
    end = alignUp(offset + bytes.length);
    const mode = (isElf(bytes) ? EXECUTABLE : READABLE) | (privileged.includes(name) ? SET_USER : 0);
    return { name: nameBytes(name), mode, bytes, offset };
  });
  const archive = new Uint8Array(end);
  const view = new DataView(archive.buffer);
  view.setUint32(0, layout.ARCHIVE_MAGIC, true);
  view.setUint32(layout.ARCHIVE_COUNT, files.size, true);
  view.setUint32(layout.ARCHIVE_SIZE, end, true);
  placed.forEach(({ name, mode, bytes, offset }, index) => {
    const entry = layout.ARCHIVE_HEADER_SIZE + index * layout.ARCHIVE_ENTRY_SIZE;
    archive.set(name, entry);
    view.setUint32(entry + layout.ARCHIVE_ENTRY_MODE, mode, true);
    view.setUint32(entry + layout.ARCHIVE_ENTRY_OFFSET, offset, true);
    view.setUint32(entry + layout.ARCHIVE_ENTRY_LENGTH, bytes.length, true);
    archive.set(bytes, offset);
  });
  return archive;
}

/** The files by name, in their order. Throws an error of one line for what is no archive. */
export function readArchive(archive: Uint8Array): Map<string, Uint8Array> {
  const view = new DataView(archive.buffer, archive.byteOffset, archive.byteLength);
  const isWhole =
    archive.length >= layout.ARCHIVE_HEADER_SIZE &&
    view.getUint32(0, true) === layout.ARCHIVE_MAGIC &&
    view.getUint32(layout.ARCHIVE_SIZE, true) === archive.length;
  if (!isWhole) throw new Error('this is no boot archive: give one that image build wrote');
  const files = new Map<string, Uint8Array>();
  for (let index = 0; index < view.getUint32(layout.ARCHIVE_COUNT, true); index += 1) {
    const entry = layout.ARCHIVE_HEADER_SIZE + index * layout.ARCHIVE_ENTRY_SIZE;
    const name = archive.subarray(entry, archive.indexOf(0, entry));
    const offset = view.getUint32(entry + layout.ARCHIVE_ENTRY_OFFSET, true);
    const length = view.getUint32(entry + layout.ARCHIVE_ENTRY_LENGTH, true);
    files.set(new TextDecoder().decode(name), archive.subarray(offset, offset + length));
  }
  return files;
}

function isElf(bytes: Uint8Array): boolean {
  return [0x7f, 0x45, 0x4c, 0x46].every((byte, index) => bytes[index] === byte);
}

function nameBytes(name: string): Uint8Array {
  const bytes = new TextEncoder().encode(name);
  if (bytes.length === 0 || bytes.length >= layout.ARCHIVE_NAME_SIZE)
    throw new Error(
      `the boot archive cannot hold a file named "${name}": give it 1 to ${layout.ARCHIVE_NAME_SIZE - 1} bytes`,
    );
  return bytes;
}

function alignUp(size: number): number {
  const alignment = layout.ARCHIVE_ALIGNMENT;
  return Math.ceil(size / alignment) * alignment;
}
