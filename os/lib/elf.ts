/**
 * ELF32 executables for RISC-V, as far as a loader needs them: the entry and the loadable segments. A file
 * is an allegation; `isExecutable` checks that headers and contents lie in it before anything is used.
 */

const MAGIC: u32 = 0x464c_457f;
const CLASS_32_LITTLE: u32 = 0x0101;
const TYPE_EXECUTABLE: u32 = 2;
const MACHINE_RISCV: u32 = 243;
const HEADER_SIZE: u32 = 52;
const PROGRAM_HEADER_SIZE: u32 = 32;
const PT_LOAD: u32 = 1;

export const SEGMENT_EXECUTE: u32 = 1;
export const SEGMENT_WRITE: u32 = 2;
export const SEGMENT_READ: u32 = 4;

/** Whether `size` bytes at `file` are an executable whose segments lie in it. */
export function isExecutable(file: u32, size: u32): bool {
  if (size < HEADER_SIZE || load<u32>(file) !== MAGIC) return false;
  if (load<u16>(file, 4) !== CLASS_32_LITTLE) return false;
  if (load<u16>(file, 16) !== TYPE_EXECUTABLE || load<u16>(file, 18) !== MACHINE_RISCV) return false;
  const table = load<u32>(file, 28);
  const count = segmentCount(file);
  if ((table & 3) !== 0 || load<u16>(file, 42) !== PROGRAM_HEADER_SIZE) return false;
  if (table > size || count > (size - table) / PROGRAM_HEADER_SIZE) return false;
  for (let index: u32 = 0; index < count; index += 1) {
    const offset = segmentOffset(file, index);
    const contents = segmentContents(file, index);
    if (!isLoaded(file, index)) continue;
    if (offset > size || contents > size - offset || contents > segmentSize(file, index)) return false;
    if (segmentAddress(file, index) + segmentSize(file, index) < segmentAddress(file, index)) return false;
  }
  return true;
}

export function entryPoint(file: u32): u32 {
  return load<u32>(file, 24);
}

export function segmentCount(file: u32): u32 {
  return load<u16>(file, 44);
}

export function isLoaded(file: u32, index: u32): bool {
  return load<u32>(header(file, index)) === PT_LOAD;
}

export function segmentOffset(file: u32, index: u32): u32 {
  return load<u32>(header(file, index), 4);
}

export function segmentAddress(file: u32, index: u32): u32 {
  return load<u32>(header(file, index), 8);
}

/** Bytes in the file; the rest of the segment is zero. */
export function segmentContents(file: u32, index: u32): u32 {
  return load<u32>(header(file, index), 16);
}

export function segmentSize(file: u32, index: u32): u32 {
  return load<u32>(header(file, index), 20);
}

/** SEGMENT_READ, _WRITE, _EXECUTE. */
export function segmentFlags(file: u32, index: u32): u32 {
  return load<u32>(header(file, index), 24);
}

function header(file: u32, index: u32): u32 {
  return file + load<u32>(file, 28) + index * PROGRAM_HEADER_SIZE;
}
