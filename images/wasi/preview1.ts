/**
 * WASI preview 1 for programs of other languages: the module `wasi_snapshot_preview1`, whose exports the
 * linker binds to such a program's imports, made of the functions in system.ts.
 *
 *     arguments, environment, clocks, random, exit, yield    whole
 *     standard input, output, error                          read, write, fdstat, close
 *     everything else of a descriptor or path                BADF: no directory is preopened, so that no
 *                                                            such descriptor can exist; SPIPE for seeking
 *                                                            and INVAL for what a stream cannot
 *     poll_oneoff, proc_raise                                 NOSYS
 *
 * It has no static memory, since the program's memory is the address space.
 */
import { BADF, INVAL, NOSYS, SPIPE, SUCCESS } from './errno.ts';
import * as system from './system.ts';

const CLOCK_REALTIME: u32 = 0;
const CLOCK_MONOTONIC: u32 = 1;
const FILETYPE_CHARACTER_DEVICE: u32 = 2;
const RIGHT_READ: u32 = 1 << 1;
const RIGHT_WRITE: u32 = 1 << 6;

export function args_sizes_get(countAt: u32, sizeAt: u32): u32 {
  const count = system.argument_count();
  let size: u32 = 0;
  for (let index: u32 = 0; index < count; index++) size += system.argument_size(index) + 1;
  store<u32>(countAt, count);
  store<u32>(sizeAt, size);
  return SUCCESS;
}

export function args_get(pointers: u32, buffer: u32): u32 {
  const count = system.argument_count();
  for (let index: u32 = 0; index < count; index++) {
    const size = system.argument_size(index);
    store<u32>(pointers + (index << 2), buffer);
    system.argument_copy(index, buffer);
    store<u8>(buffer + size, 0);
    buffer += size + 1;
  }
  return SUCCESS;
}

export function environ_sizes_get(countAt: u32, sizeAt: u32): u32 {
  const count = system.environment_count();
  let size: u32 = 0;
  for (let index: u32 = 0; index < count; index++) size += system.environment_size(index) + 1;
  store<u32>(countAt, count);
  store<u32>(sizeAt, size);
  return SUCCESS;
}

export function environ_get(pointers: u32, buffer: u32): u32 {
  const count = system.environment_count();
  for (let index: u32 = 0; index < count; index++) {
    const size = system.environment_size(index);
    store<u32>(pointers + (index << 2), buffer);
    system.environment_copy(index, buffer);
    store<u8>(buffer + size, 0);
    buffer += size + 1;
  }
  return SUCCESS;
}

export function clock_res_get(clock: u32, resultAt: u32): u32 {
  if (clock > CLOCK_MONOTONIC) return INVAL;
  store<u64>(resultAt, system.clock_step());
  return SUCCESS;
}

export function clock_time_get(clock: u32, _precision: u64, resultAt: u32): u32 {
  if (clock > CLOCK_MONOTONIC) return INVAL;
  store<u64>(resultAt, clock === CLOCK_REALTIME ? system.date() : system.monotonic());
  return SUCCESS;
}

/** `vectors` are pairs of address and size; a short transfer ends the list. */
export function fd_write(descriptor: u32, vectors: u32, count: u32, writtenAt: u32): u32 {
  let total: u32 = 0;
  for (let index: u32 = 0; index < count; index++) {
    const vector = vectors + (index << 3);
    const size = load<u32>(vector, 4);
    const written = system.write(descriptor, load<u32>(vector), size);
    if (written < 0) return -written;
    total += written;
    if (u32(written) < size) break;
  }
  store<u32>(writtenAt, total);
  return SUCCESS;
}

export function fd_read(descriptor: u32, vectors: u32, count: u32, readAt: u32): u32 {
  let total: u32 = 0;
  for (let index: u32 = 0; index < count; index++) {
    const vector = vectors + (index << 3);
    const size = load<u32>(vector, 4);
    const got = system.read(descriptor, load<u32>(vector), size);
    if (got < 0) return -got;
    total += got;
    if (u32(got) < size) break;
  }
  store<u32>(readAt, total);
  return SUCCESS;
}

/** A stream of characters: type, flags, rights, inherited rights. */
export function fd_fdstat_get(descriptor: u32, statAt: u32): u32 {
  if (!isOpen(descriptor)) return BADF;
  store<u32>(statAt, FILETYPE_CHARACTER_DEVICE);
  store<u32>(statAt, 0, 4);
  store<u64>(statAt, descriptor === 0 ? RIGHT_READ : RIGHT_WRITE, 8);
  store<u64>(statAt, 0, 16);
  return SUCCESS;
}

export function fd_close(descriptor: u32): u32 {
  if (!isOpen(descriptor)) return BADF;
  system.close(descriptor);
  return SUCCESS;
}

export function fd_seek(descriptor: u32, _offset: i64, _whence: u32, _resultAt: u32): u32 {
  return isOpen(descriptor) ? SPIPE : BADF;
}

export function fd_tell(descriptor: u32, _resultAt: u32): u32 {
  return isOpen(descriptor) ? SPIPE : BADF;
}

export function random_get(address: u32, count: u32): u32 {
  system.random(address, count);
  return SUCCESS;
}

export function sched_yield(): u32 {
  system.yield_();
  return SUCCESS;
}

export function proc_exit(status: u32): void {
  system.exit(status);
}

export function proc_raise(_signal: u32): u32 {
  return NOSYS;
}

export function poll_oneoff(_in: u32, _out: u32, _count: u32, _eventsAt: u32): u32 {
  return NOSYS;
}

export function fd_advise(descriptor: u32, _offset: u64, _size: u64, _advice: u32): u32 {
  return streamCannot(descriptor);
}

export function fd_allocate(descriptor: u32, _offset: u64, _size: u64): u32 {
  return streamCannot(descriptor);
}

export function fd_datasync(descriptor: u32): u32 {
  return streamCannot(descriptor);
}

export function fd_sync(descriptor: u32): u32 {
  return streamCannot(descriptor);
}

export function fd_fdstat_set_flags(descriptor: u32, _flags: u32): u32 {
  return streamCannot(descriptor);
}

export function fd_fdstat_set_rights(descriptor: u32, _rights: u64, _inherited: u64): u32 {
  return streamCannot(descriptor);
}

export function fd_filestat_get(descriptor: u32, _statAt: u32): u32 {
  return streamCannot(descriptor);
}

export function fd_filestat_set_size(descriptor: u32, _size: u64): u32 {
  return streamCannot(descriptor);
}

export function fd_filestat_set_times(descriptor: u32, _access: u64, _change: u64, _flags: u32): u32 {
  return streamCannot(descriptor);
}

export function fd_pread(descriptor: u32, _vectors: u32, _count: u32, _offset: u64, _readAt: u32): u32 {
  return isOpen(descriptor) ? SPIPE : BADF;
}

export function fd_pwrite(descriptor: u32, _vectors: u32, _count: u32, _offset: u64, _writtenAt: u32): u32 {
  return isOpen(descriptor) ? SPIPE : BADF;
}

export function fd_prestat_get(_descriptor: u32, _statAt: u32): u32 {
  return BADF;
}

export function fd_prestat_dir_name(_descriptor: u32, _address: u32, _size: u32): u32 {
  return BADF;
}

export function fd_readdir(_descriptor: u32, _address: u32, _size: u32, _cookie: u64, _usedAt: u32): u32 {
  return BADF;
}

export function fd_renumber(from: u32, to: u32): u32 {
  return isOpen(from) && isOpen(to) ? NOSYS : BADF;
}

export function path_create_directory(_directory: u32, _path: u32, _size: u32): u32 {
  return BADF;
}

export function path_filestat_get(_directory: u32, _flags: u32, _path: u32, _size: u32, _statAt: u32): u32 {
  return BADF;
}

export function path_filestat_set_times(
  _directory: u32,
  _flags: u32,
  _path: u32,
  _size: u32,
  _access: u64,
  _change: u64,
  _which: u32,
): u32 {
  return BADF;
}

export function path_link(
  _from: u32,
  _flags: u32,
  _path: u32,
  _size: u32,
  _to: u32,
  _newPath: u32,
  _newSize: u32,
): u32 {
  return BADF;
}

export function path_open(
  _directory: u32,
  _lookUp: u32,
  _path: u32,
  _size: u32,
  _open: u32,
  _rights: u64,
  _inherited: u64,
  _flags: u32,
  _descriptorAt: u32,
): u32 {
  return BADF;
}

export function path_readlink(
  _directory: u32,
  _path: u32,
  _size: u32,
  _address: u32,
  _room: u32,
  _usedAt: u32,
): u32 {
  return BADF;
}

export function path_remove_directory(_directory: u32, _path: u32, _size: u32): u32 {
  return BADF;
}

export function path_rename(_from: u32, _path: u32, _size: u32, _to: u32, _newPath: u32, _newSize: u32): u32 {
  return BADF;
}

export function path_symlink(_old: u32, _oldSize: u32, _directory: u32, _path: u32, _size: u32): u32 {
  return BADF;
}

export function path_unlink_file(_directory: u32, _path: u32, _size: u32): u32 {
  return BADF;
}

export function sock_accept(_socket: u32, _flags: u32, _descriptorAt: u32): u32 {
  return BADF;
}

export function sock_recv(
  _socket: u32,
  _vectors: u32,
  _count: u32,
  _flags: u32,
  _sizeAt: u32,
  _flagsAt: u32,
): u32 {
  return BADF;
}

export function sock_send(_socket: u32, _vectors: u32, _count: u32, _flags: u32, _sizeAt: u32): u32 {
  return BADF;
}

export function sock_shutdown(_socket: u32, _how: u32): u32 {
  return BADF;
}

function isOpen(descriptor: u32): bool {
  return system.is_open(descriptor) !== 0;
}

function streamCannot(descriptor: u32): u32 {
  return isOpen(descriptor) ? INVAL : BADF;
}
