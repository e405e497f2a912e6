/**
 * Removing files and whole directories, as rm does it, and mv behind a copy. What goes wrong is complained of,
 * and the rest goes on.
 */

import { ERROR_IS_DIRECTORY, ERROR_NOT_FOUND } from '../../os/abi/errors.ts';
import { complain } from './complaint.ts';
import { joined, listDirectory } from './directory.ts';
import { errorText } from './error.ts';
import { removeDirectory, removeFile } from './file.ts';
import { kindText } from './kind.ts';
import { print } from './output.ts';
import { isConfirmed } from './question.ts';
import { quoted } from './quote.ts';
import { linkStatusOf } from './status.ts';

export class Removal {
  isRecursive: bool = false;
  /** Directories that are empty. */
  takesDirectories: bool = false;
  /** What is not there is no fault. */
  isForced: bool = false;
  asks: bool = false;
  isVerbose: bool = false;

  /** Whether it is gone. */
  remove(path: string): bool {
    const status = linkStatusOf(path);
    if (!status.isThere())
      return this.isForced && status.error === ERROR_NOT_FOUND ? true : failed(path, status.error);
    if (status.isDirectory()) return this.removeFolder(path);
    if (this.asks) {
      const kind = status.size === 0 && status.isFile() ? 'regular empty file' : kindText(status.kind);
      if (!isConfirmed(`remove ${kind} ${quoted(path)}`)) return false;
    }
    const error = removeFile(path);
    if (error < 0) return failed(path, error);
    if (this.isVerbose) print(`removed ${quoted(path)}\n`);
    return true;
  }

  private removeFolder(path: string): bool {
    if (!this.isRecursive && !this.takesDirectories) return failed(path, ERROR_IS_DIRECTORY);
    if (this.isRecursive && !this.removeContents(path)) return false;
    if (this.asks && !isConfirmed(`remove directory ${quoted(path)}`)) return false;
    const error = removeDirectory(path);
    if (error < 0) return failed(path, error);
    if (this.isVerbose) print(`removed directory ${quoted(path)}\n`);
    return true;
  }

  /** Whether nothing is in it any more, so that it can go itself. */
  private removeContents(path: string): bool {
    const listing = listDirectory(path);
    if (listing.error < 0) return failed(path, listing.error);
    const entries = listing.entries;
    if (this.asks && entries.length > 0 && !isConfirmed(`descend into directory ${quoted(path)}`))
      return false;
    let isEmpty = true;
    for (let index = 0; index < entries.length; index++) {
      if (!this.remove(joined(path, entries[index].name))) isEmpty = false;
    }
    return isEmpty;
  }
}

function failed(path: string, error: i32): bool {
  complain(`cannot remove ${quoted(path)}: ${errorText(error)}`);
  return false;
}
