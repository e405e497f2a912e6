/**
 * A file as ls writes it: alone, or in a line with all that is known. Numbers stand in columns as wide as the
 * widest of those measured.
 *
 *     text.measure();  text.measureOne(status) …    text.long('name', status)
 */
import { KIND_DIRECTORY, KIND_FILE, KIND_PIPE, KIND_SYMBOLIC_LINK } from '../../os/abi/file.ts';
import { groupName, userName } from './account.ts';
import { formatDate } from './calendar.ts';
import { timeNow } from './clock.ts';
import { modeText } from './kind.ts';
import { humanSize } from './size.ts';
import type { Status } from './status.ts';

const HALF_YEAR: u64 = 15_778_476_000_000_000;
const SPACE_UNIT: u64 = 1024;

export class ItemText {
  withOwner: bool = true;
  withInode: bool = false;
  withSpace: bool = false;
  isHuman: bool = false;
  hidesControls: bool = false;
  /** Of `/@*|`, those that are written behind names. */
  marks: string = '';
  private links: i32 = 1;
  private size: i32 = 1;
  private inode: i32 = 1;
  private space: i32 = 1;
  private total: u64 = 0;
  private now: u64 = 0;

  measure(): void {
    this.links = 1;
    this.size = 1;
    this.inode = 1;
    this.space = 1;
    this.total = 0;
    this.now = timeNow();
  }

  measureOne(status: Status): void {
    this.links = max(this.links, status.links.toString().length);
    this.size = max(this.size, this.sizeText(status.size).length);
    this.inode = max(this.inode, status.inode.toString().length);
    this.space = max(this.space, this.spaceText(status.space).length);
    this.total += status.space;
  }

  totalText(): string {
    return this.spaceText(this.total);
  }

  short(name: string, status: Status): string {
    let text = '';
    if (this.withInode) text += status.inode.toString().padStart(this.inode) + ' ';
    if (this.withSpace) text += this.spaceText(status.space).padStart(this.space) + ' ';
    return text + this.shown(name) + this.markOf(status);
  }

  long(name: string, status: Status): string {
    const mode = modeText(status.kind, status.mode);
    const links = status.links.toString().padStart(this.links);
    const owner = this.withOwner ? userName(status.uid) + ' ' : '';
    const size = this.sizeText(status.size).padStart(this.size);
    const isRecent = status.modified <= this.now && this.now - status.modified < HALF_YEAR;
    const time = formatDate(isRecent ? '%b %e %H:%M' : '%b %e  %Y', status.modified);
    let text = '';
    if (this.withInode) text += status.inode.toString().padStart(this.inode) + ' ';
    if (this.withSpace) text += this.spaceText(status.space).padStart(this.space) + ' ';
    const mark = status.kind === KIND_SYMBOLIC_LINK ? '' : this.markOf(status);
    return `${text}${mode} ${links} ${owner}${groupName(status.gid)} ${size} ${time} ${this.shown(name)}${mark}`;
  }

  private sizeText(size: u64): string {
    return this.isHuman ? humanSize(size) : size.toString();
  }

  private spaceText(space: u64): string {
    return this.isHuman ? humanSize(space) : ((space + SPACE_UNIT - 1) / SPACE_UNIT).toString();
  }

  private shown(name: string): string {
    if (!this.hidesControls) return name;
    let text = '';
    for (let at = 0; at < name.length; at++) {
      const code = name.charCodeAt(at);
      text += code < 0x20 || code === 0x7f ? '?' : name.charAt(at);
    }
    return text;
  }

  private markOf(status: Status): string {
    const mark =
      status.kind === KIND_DIRECTORY
        ? '/'
        : status.kind === KIND_SYMBOLIC_LINK
          ? '@'
          : status.kind === KIND_PIPE
            ? '|'
            : status.kind === KIND_FILE && (status.mode & 0o111) !== 0
              ? '*'
              : '';
    return mark !== '' && this.marks.indexOf(mark) >= 0 ? mark : '';
  }
}
