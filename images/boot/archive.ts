/**
 * The boot archive's builder: named files to the bytes of an initial RAM disk, as os/abi/archive.ts lays them
 * out. The same files in the same order give the same bytes.
 */
import * as layout from '../../os/abi/archive.ts';

/** Throws an error of one line for a name that does not fit. */
export function buildArchive(files: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const table = layout.ARCHIVE_HEADER_SIZE + files.size * layout.ARCHIVE_ENTRY_SIZE;
  let end = alignUp(table);
  const placed = [...files].map(([name, bytes]) => {
    const offset = end;
    end = alignUp(offset + bytes.length);
    return { name: nameBytes(name), bytes, offset };
  });
  const archive = new Uint8Array(end);
  const view = new DataView(archive.buffer);
  view.setUint32(0, layout.ARCHIVE_MAGIC, true);
  view.setUint32(layout.ARCHIVE_COUNT, files.size, true);
  view.setUint32(layout.ARCHIVE_SIZE, end, true);
  placed.forEach(({ name, bytes, offset }, index) => {
    const entry = layout.ARCHIVE_HEADER_SIZE + index * layout.ARCHIVE_ENTRY_SIZE;
    archive.set(name, entry);
    view.setUint32(entry + layout.ARCHIVE_ENTRY_OFFSET, offset, true);
    view.setUint32(entry + layout.ARCHIVE_ENTRY_LENGTH, bytes.length, true);
    archive.set(bytes, offset);
  });
  return archive;
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
