/**
 * Changing a volume's image as somebody would who knows its format: contents and then the checksums over them,
 * so that nothing but the contents is wrong.
 */
const SECTOR_SIZE = 512;
const BLOCK_SIZE = 4096;
const CHECKSUM = 12;

/** Where the four copies of roots are. */
export function rootPlaces(image: Uint8Array): readonly number[] {
  const last = image.length - 2 * BLOCK_SIZE;
  return [0, BLOCK_SIZE, last, last + BLOCK_SIZE];
}

/** A copy of the image in which every root that there is was changed, and is whole. */
export function withRoots(image: Uint8Array, change: (root: DataView) => void): Uint8Array {
  const changed = image.slice();
  for (const place of rootPlaces(image)) {
    const root = new DataView(changed.buffer, place, SECTOR_SIZE);
    if (root.getUint32(0, true) === 0) continue;
    change(root);
    root.setUint32(CHECKSUM, 0, true);
    root.setUint32(CHECKSUM, crc32c(changed.subarray(place, place + SECTOR_SIZE)), true);
  }
  return changed;
}

/**
 * Makes every checksum of the newest tree right again, of the root that is first found, from the leaves up.
 * Gives the blocks that are not data: of the inode table, of directories, of pointers.
 */
export function seal(image: Uint8Array): readonly number[] {
  const view = new DataView(image.buffer);
  const generation = (place: number) => Number(view.getBigUint64(place + 16, true));
  const newest = [...rootPlaces(image)].sort((a, b) => generation(b) - generation(a))[0]!;
  const structure: number[] = [];
  sealNode(view, newest + 256, structure, true);
  const root = new DataView(image.buffer, newest, SECTOR_SIZE);
  root.setUint32(CHECKSUM, 0, true);
  root.setUint32(CHECKSUM, crc32c(image.subarray(newest, newest + SECTOR_SIZE)), true);
  return structure;
}

const DEPTH = 1;
const POINTERS = 48;
const INODE_SIZE = 128;
const KIND_DIRECTORY = 2;

function sealNode(view: DataView, node: number, structure: number[], isTable: boolean): void {
  const depth = Math.min(view.getUint8(node + DEPTH), 3);
  const isDirectory = view.getUint8(node) === KIND_DIRECTORY;
  for (let slot = 0; slot < 10; slot += 1) {
    sealPointer(view, node + POINTERS + slot * 8, depth, structure, isTable, isDirectory);
  }
}

function sealPointer(
  view: DataView,
  pointer: number,
  level: number,
  structure: number[],
  isTable: boolean,
  isDirectory: boolean,
): void {
  const block = view.getUint32(pointer, true);
  if (block === 0 || (block + 1) * BLOCK_SIZE > view.byteLength || structure.includes(block)) return;
  const start = block * BLOCK_SIZE;
  if (isTable || isDirectory || level > 0) structure.push(block);
  for (let slot = 0; level > 0 && slot < 512; slot += 1) {
    sealPointer(view, start + slot * 8, level - 1, structure, isTable, isDirectory);
  }
  for (let slot = 0; level === 0 && isTable && slot < 32; slot += 1) {
    sealNode(view, start + slot * INODE_SIZE, structure, false);
  }
  view.setUint32(pointer + 4, crc32c(new Uint8Array(view.buffer, start, BLOCK_SIZE)), true);
}

export function crc32c(bytes: Uint8Array): number {
  let crc = -1;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0x82f6_3b78 : 0);
  }
  return ~crc >>> 0;
}
