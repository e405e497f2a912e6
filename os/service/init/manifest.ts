/**
 * The manifest (os/abi/manifest.ts) as it lies in the boot archive, checked when it was made.
 */
import { ARCHIVE_ENTRY_OFFSET } from '../../abi/archive.ts';
import { INIT_ARCHIVE_ADDRESS } from '../../abi/layout.ts';
import {
  MANIFEST_DIRECTORIES,
  MANIFEST_ENVIRONMENT,
  MANIFEST_MAGIC,
  MANIFEST_MOUNTS,
  MANIFEST_SERVICES,
  MANIFEST_SESSIONS,
  MOUNT_SIZE,
  SERVICE_SIZE,
  SESSION_SIZE,
} from '../../abi/manifest.ts';
import { findInArchive } from '../../lib/archive.ts';

let manifest: u32 = 0;

/** False where the archive has none that is one. */
export function openManifest(): bool {
  const entry = findInArchive(INIT_ARCHIVE_ADDRESS, 'manifest');
  if (entry === 0) return false;
  manifest = INIT_ARCHIVE_ADDRESS + load<u32>(entry, ARCHIVE_ENTRY_OFFSET);
  return load<u32>(manifest) === MANIFEST_MAGIC;
}

/** What is at an offset that the manifest gives. */
export function placeInManifest(offset: u32): u32 {
  return manifest + offset;
}

export function serviceCount(): u32 {
  return load<u32>(manifest, MANIFEST_SERVICES);
}

export function serviceRecord(index: u32): u32 {
  return manifest + load<u32>(manifest, MANIFEST_SERVICES + 4) + index * SERVICE_SIZE;
}

export function mountCount(): u32 {
  return load<u32>(manifest, MANIFEST_MOUNTS);
}

export function mountRecord(index: u32): u32 {
  return manifest + load<u32>(manifest, MANIFEST_MOUNTS + 4) + index * MOUNT_SIZE;
}

export function sessionCount(): u32 {
  return load<u32>(manifest, MANIFEST_SESSIONS);
}

export function sessionRecord(index: u32): u32 {
  return manifest + load<u32>(manifest, MANIFEST_SESSIONS + 4) + index * SESSION_SIZE;
}

export function environmentCount(): u32 {
  return load<u32>(manifest, MANIFEST_ENVIRONMENT);
}

export function environmentTexts(): u32 {
  return manifest + load<u32>(manifest, MANIFEST_ENVIRONMENT + 4);
}

/** Directories of the root, each a path and a mode: how many texts, and where they are, one behind the other. */
export function directoryCount(): u32 {
  return load<u32>(manifest, MANIFEST_DIRECTORIES);
}

export function directoryTexts(): u32 {
  return manifest + load<u32>(manifest, MANIFEST_DIRECTORIES + 4);
}

/** Of a list at `field` of a record: how many, and where. */
export function listCount(record: u32, field: u32): u32 {
  return load<u32>(record + field);
}

export function listPlace(record: u32, field: u32): u32 {
  return manifest + load<u32>(record + field, 4);
}
