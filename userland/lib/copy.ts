/**
 * Copying files and whole directories, as cp does it and mv where a file goes to another tree. What goes wrong
 * is complained of, and the rest goes on.
 */

import {
  KIND_SYMBOLIC_LINK,
  OPEN_CREATE,
  OPEN_EXCLUSIVE,
  OPEN_READ,
  OPEN_TRUNCATE,
  OPEN_WRITE,
} from '../../os/abi/file.ts';
import { complain } from './complaint.ts';
import { joined, listDirectory } from './directory.ts';
import { errorText } from './error.ts';
import { closeFile, makeDirectory, openFile, removeFile, setMode, setModified, writeWhole } from './file.ts';
import { linkFile, linkSymbolically, readLink } from './link.ts';
import { absolutePath } from './mount.ts';
import { readObject } from './object.ts';
import { print } from './output.ts';
import { isConfirmed } from './question.ts';
import { quoted } from './quote.ts';
import { linkStatusOf, type Status, statusOf } from './status.ts';

const CHUNK: i32 = 65_536;

export class Copying {
  /** Directories with all in them. */
  isRecursive: bool = false;
  /** Links themselves instead of what they lead to. */
  keepsLinks: bool = false;
  /** Mode and time of the copy are the source's. */
  keepsAttributes: bool = false;
  /** What cannot be written is removed first. */
  isForced: bool = false;
  asks: bool = false;
  neverReplaces: bool = false;
  /** Only what is newer than its copy. */
  onlyNewer: bool = false;
  isVerbose: bool = false;
  /** Links to the sources instead of copies. */
  makesHardLinks: bool = false;
  makesSymbolicLinks: bool = false;

  private chunk: usize = heap.alloc(CHUNK);

  /** Whether all of it is there now. */
  copy(source: string, target: string): bool {
    const from = this.keepsLinks ? linkStatusOf(source) : statusOf(source);
    if (!from.isThere()) return failed(`cannot stat ${quoted(source)}`, from.error);
    if (from.isDirectory() && !this.isRecursive) {
      complain(`-r not specified; omitting directory ${quoted(source)}`);
      return false;
    }
    const to = from.isLink() ? linkStatusOf(target) : statusOf(target);
    if (to.isThere() && !this.mayReplace(source, from, target, to)) return this.isSkipped(from, to);
    if (from.isDirectory()) return this.copyDirectory(source, from, target, to);
    if (this.isVerbose) print(`${quoted(source)} -> ${quoted(target)}\n`);
    if (this.makesHardLinks) return this.linked(source, target, to, false);
    if (this.makesSymbolicLinks) return this.linked(source, target, to, true);
    const isDone =
      from.kind === KIND_SYMBOLIC_LINK
        ? this.copyLink(source, target, to)
        : this.copyContents(source, target, from, to);
    if (isDone && this.keepsAttributes && !from.isLink()) this.keep(target, from);
    return isDone;
  }

  /** What is left as it was by wish is no failure. */
  private isSkipped(from: Status, to: Status): bool {
    return !from.isSame(to) && from.isDirectory() === to.isDirectory();
  }

  private mayReplace(source: string, from: Status, target: string, to: Status): bool {
    if (from.isSame(to)) {
      complain(`${quoted(source)} and ${quoted(target)} are the same file`);
      return false;
    }
    if (from.isDirectory() && !to.isDirectory()) {
      complain(`cannot overwrite non-directory ${quoted(target)} with directory ${quoted(source)}`);
      return false;
    }
    if (!from.isDirectory() && to.isDirectory()) {
      complain(`cannot overwrite directory ${quoted(target)} with non-directory`);
      return false;
    }
    if (from.isDirectory()) return true;
    if (this.neverReplaces || (this.onlyNewer && from.modified <= to.modified)) return false;
    return !this.asks || isConfirmed(`overwrite ${quoted(target)}`);
  }

  private copyDirectory(source: string, from: Status, target: string, to: Status): bool {
    if ((absolutePath(target) + '/').startsWith(absolutePath(source) + '/')) {
      complain(`cannot copy a directory, ${quoted(source)}, into itself, ${quoted(target)}`);
      return false;
    }
    if (!to.isThere()) {
      const error = makeDirectory(target, (from.mode & 0o777) | 0o700);
      if (error < 0) return failed(`cannot create directory ${quoted(target)}`, error);
      if (this.isVerbose) print(`${quoted(source)} -> ${quoted(target)}\n`);
    }
    const listing = listDirectory(source);
    if (listing.error < 0) return failed(`cannot access ${quoted(source)}`, listing.error);
    let isDone = true;
    for (let index = 0; index < listing.entries.length; index++) {
      const name = listing.entries[index].name;
      if (!this.copy(joined(source, name), joined(target, name))) isDone = false;
    }
    if (this.keepsAttributes) this.keep(target, from);
    return isDone;
  }

  private copyLink(source: string, target: string, to: Status): bool {
    if (to.isThere()) removeFile(target);
    const error = linkSymbolically(readLink(source), target);
    return error === 0 || failed(`cannot create symbolic link ${quoted(target)}`, error);
  }

  private linked(source: string, target: string, to: Status, isSymbolic: bool): bool {
    if (to.isThere() && this.isForced) removeFile(target);
    const error = isSymbolic ? linkSymbolically(source, target) : linkFile(source, target);
    const kind = isSymbolic ? 'symbolic' : 'hard';
    return error === 0 || failed(`cannot create ${kind} link ${quoted(target)} to ${quoted(source)}`, error);
  }

  private copyContents(source: string, target: string, from: Status, to: Status): bool {
    const reading = openFile(source, OPEN_READ, 0);
    if (reading < 0) return failed(`cannot open ${quoted(source)} for reading`, reading);
    const how = OPEN_WRITE | OPEN_CREATE | OPEN_TRUNCATE;
    let writing = openFile(target, how, from.mode & 0o777);
    if (writing < 0 && to.isThere() && this.isForced && removeFile(target) === 0)
      writing = openFile(target, how | OPEN_EXCLUSIVE, from.mode & 0o777);
    if (writing < 0) {
      closeFile(reading);
      return failed(`cannot create regular file ${quoted(target)}`, writing);
    }
    let count = readObject(reading, this.chunk, CHUNK);
    let error = 0;
    while (count > 0 && error === 0) {
      error = writeWhole(writing, this.chunk, count);
      if (error === 0) count = readObject(reading, this.chunk, CHUNK);
    }
    closeFile(reading);
    closeFile(writing);
    if (error < 0) return failed(`error writing ${quoted(target)}`, error);
    return count === 0 || failed(`error reading ${quoted(source)}`, count);
  }

  private keep(target: string, from: Status): void {
    setMode(target, from.mode);
    setModified(target, from.modified);
  }
}

/** False, for who has failed. */
function failed(what: string, error: i32): bool {
  complain(`${what}: ${errorText(error)}`);
  return false;
}
