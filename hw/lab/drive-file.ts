/**
 * A drive's file on the host: the one place where disks touch the file system.
 *
 *     const drive = openDriveFile('disk.img', 'read');
 *     new Medium({ random, base: drive })          what the guest writes stays in memory
 *
 * Opened for `write`, what becomes durable on the disk is in the file at once. Nothing else may change the
 * file meanwhile. Every refusal is an error with one line that says what is wrong and how to mend it.
 */
import { closeSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import type { MediumBase } from './page-store.ts';

export interface DriveFile extends MediumBase {
  close(): void;
}

export function openDriveFile(path: string, access: 'read' | 'write'): DriveFile {
  const file = open(path, access);
  const { size } = fstatSync(file);
  if (size === 0) {
    closeSync(file);
    throw new Error(`drive ${path} is empty: give it a size, for example with truncate -s 64M ${path}`);
  }
  const drive: DriveFile = {
    size,
    read: (offset, count) => {
      const bytes = new Uint8Array(count);
      readSync(file, bytes, 0, count, offset);
      return bytes;
    },
    close: () => closeSync(file),
  };
  if (access === 'read') return drive;
  return { ...drive, write: (offset, bytes) => writeWhole(file, path, offset, bytes) };
}

function open(path: string, access: 'read' | 'write'): number {
  try {
    const file = openSync(path, access === 'read' ? 'r' : 'r+');
    if (fstatSync(file).isFile()) return file;
    closeSync(file);
  } catch (error) {
    throw new Error(`drive ${path} ${refusal((error as NodeJS.ErrnoException).code, access)}`);
  }
  throw new Error(`drive ${path} is not a file: give a raw image`);
}

function refusal(code: string | undefined, access: 'read' | 'write'): string {
  if (code === 'ENOENT') return 'does not exist: create it, for example with truncate -s 64M';
  if (code === 'EISDIR') return 'is a directory: give a raw image';
  if (code !== 'EACCES' && code !== 'EPERM' && code !== 'EROFS') return `cannot be opened: ${code}`;
  if (access === 'read') return 'may not be read: change its permissions';
  return 'may not be written: change its permissions, or use it with an overlay';
}

function writeWhole(file: number, path: string, offset: number, bytes: Uint8Array): void {
  const written = writeSync(file, bytes, 0, bytes.length, offset);
  if (written !== bytes.length)
    throw new Error(`drive ${path}: the host wrote ${written} of ${bytes.length} bytes`);
}
