/**
 * `--drive`: raw files as the machine's disks.
 *
 *     write     the file; what is durable on the disk is in it at once, the rest when the command ends
 *     overlay   the file stays as it is, changes live in memory
 *     read      the file stays as it is, and the guest is told that the drive is read-only
 */
import { statSync } from 'node:fs';
import type { DriveDescription } from '../board.ts';
import { type DriveFile, openDriveFile } from '../lab/drive-file.ts';
import { Medium } from '../lab/medium.ts';
import type { Random } from '../lab/random.ts';
import { aboutInput, BadInput } from './bad-input.ts';
import type { DriveOption } from './options.ts';

/** Permission bits. The administrator could write a file that has none, but the file says not to. */
const ANYBODY_WRITES = 0o222;

export class Drives {
  readonly descriptions: readonly DriveDescription[];
  private readonly files: readonly DriveFile[];
  private readonly media: readonly Medium[];

  /** Nothing is written before the guest writes. */
  constructor(options: readonly DriveOption[], random: Random) {
    this.files = options.map(openDrive);
    this.media = this.files.map((base, index) => {
      const readOnly = options[index]!.mode === 'read';
      return new Medium({ base, readOnly, random: random.stream(`disk ${index}`) });
    });
    this.descriptions = this.media.map((medium, index) => ({ medium, serial: `drive-${index}` }));
  }

  /** Ending the command is not a power failure: what the guest has written is kept. */
  close(): void {
    for (const medium of this.media) medium.flush();
    for (const file of this.files) file.close();
  }
}

function openDrive({ file, mode }: DriveOption): DriveFile {
  const status = statSync(file, { throwIfNoEntry: false });
  if (mode === 'write' && status !== undefined && (status.mode & ANYBODY_WRITES) === 0)
    throw new BadInput(
      `drive ${file} is read-only: allow writing (chmod u+w), or give ${file},overlay or ${file},ro`,
    );
  return aboutInput('', () => openDriveFile(file, mode === 'write' ? 'write' : 'read'));
}
