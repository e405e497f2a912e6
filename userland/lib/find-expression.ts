/**
 * find's expressions, read and applied: a tree of tests and actions.
 *
 *     const expression = new FindExpression(['-name', '*.ts', '-o', '-type', 'd']);   fault is '' or what is wrong
 *     expression.apply(visit); … expression.finish();      what -exec … + has gathered is done then
 */
import { timeNow } from './clock.ts';
import { complain } from './complaint.ts';
import { listDirectory } from './directory.ts';
import { errorText } from './error.ts';
import { removeDirectory, removeFile } from './file.ts';
import { kindLetter } from './kind.ts';
import { changedMode, isMode } from './mode.ts';
import { flushOutput, print } from './output.ts';
import { baseName } from './path.ts';
import { matches } from './pattern.ts';
import { quoted } from './quote.ts';
import { runProgram } from './run.ts';
import { type Status, statusOf } from './status.ts';

/** Arguments of one command at most, for -exec … +. */
const GATHERED_MAX: i32 = 64;
const MINUTE: u64 = 60_000_000_000;
const DAY: u64 = 86_400_000_000_000;

/** A file that is come to. */
export class Visit {
  isPruned: bool = false;

  constructor(
    readonly path: string,
    readonly status: Status,
    readonly depth: i32,
  ) {}
}

class Term {
  left: Term | null = null;
  right: Term | null = null;
  words: string[] = [];
  gathered: string[] = [];
  value: string = '';
  /** −1 less than the number, 0 equal, 1 more. */
  sign: i32 = 0;
  number: i64 = 0;
  modified: u64 = 0;

  constructor(readonly name: string) {}
}

const PLAIN = ' -true -false -empty -print -print0 -delete -prune -quit -depth ';
const VALUED = ' -name -iname -path -type -size -perm -mtime -mmin -newer -links -inum -maxdepth -mindepth ';
const ACTIONS = ' -print -print0 -delete -quit -exec -exec+ ';

export class FindExpression {
  fault: string = '';
  maxDepth: i32 = i32.MAX_VALUE;
  minDepth: i32 = 0;
  isDepthFirst: bool = false;
  /** Nothing more is to be visited. */
  isOver: bool = false;
  hasFailed: bool = false;
  private at: i32 = 0;
  private hasAction: bool = false;
  private root: Term | null = null;
  private gathering: Term[] = [];

  constructor(private words: string[]) {
    if (words.length > 0) this.root = this.either();
    if (this.fault === '' && this.at < words.length)
      this.fail(`paths must precede expression: \`${words[this.at]}'`);
  }

  apply(visit: Visit): void {
    const root = this.root;
    const holds = root === null || this.holds(root, visit);
    if (holds && !this.hasAction) print(visit.path + '\n');
  }

  finish(): void {
    for (let index = 0; index < this.gathering.length; index++) this.runGathered(this.gathering[index]);
  }

  private fail(text: string): Term {
    if (this.fault === '') this.fault = text;
    this.at = this.words.length;
    return new Term('-true');
  }

  private peek(): string {
    return this.at < this.words.length ? this.words[this.at] : '';
  }

  private either(): Term {
    let term = this.both();
    while (this.peek() === '-o' || this.peek() === '-or') {
      this.at++;
      const whole = new Term('-o');
      whole.left = term;
      whole.right = this.both();
      term = whole;
    }
    return term;
  }

  private both(): Term {
    let term = this.single();
    while (
      this.at < this.words.length &&
      this.peek() !== '-o' &&
      this.peek() !== '-or' &&
      this.peek() !== ')'
    ) {
      if (this.peek() === '-a' || this.peek() === '-and') this.at++;
      const whole = new Term('-a');
      whole.left = term;
      whole.right = this.single();
      term = whole;
    }
    return term;
  }

  private single(): Term {
    const name = this.peek();
    this.at++;
    if (name === '!' || name === '-not') {
      const term = new Term('!');
      term.left = this.single();
      return term;
    }
    if (name === '(') {
      const term = this.either();
      if (this.peek() !== ')')
        return this.fail("invalid expression; I was expecting to find a ')' somewhere but did not see one.");
      this.at++;
      return term;
    }
    if (ACTIONS.indexOf(` ${name} `) >= 0) this.hasAction = true;
    if (name === '-exec') return this.command();
    if (name === '-depth' || name === '-delete') this.isDepthFirst = true;
    if (PLAIN.indexOf(` ${name} `) >= 0) return new Term(name);
    if (VALUED.indexOf(` ${name} `) < 0) return this.fail(`unknown predicate \`${name}'`);
    if (this.at >= this.words.length) return this.fail(`missing argument to \`${name}'`);
    const term = new Term(name);
    term.value = this.words[this.at++];
    this.prepare(term);
    return term;
  }

  private command(): Term {
    let isGathering = false;
    const words: string[] = [];
    while (this.at < this.words.length && this.peek() !== ';') {
      isGathering = this.peek() === '+' && words.length > 0 && words[words.length - 1] === '{}';
      if (isGathering) break;
      words.push(this.words[this.at++]);
    }
    if (this.at >= this.words.length || words.length === 0) return this.fail("missing argument to `-exec'");
    this.at++;
    const term = new Term(isGathering ? '-exec+' : '-exec');
    term.words = words;
    if (isGathering) this.gathering.push(term);
    return term;
  }

  private prepare(term: Term): void {
    const name = term.name;
    const value = term.value;
    if (name === '-newer') {
      const status = statusOf(value);
      if (status.isThere()) term.modified = status.modified;
      else this.fail(`${quoted(value)}: ${errorText(status.error)}`);
    } else if (name === '-type') {
      if (value.length !== 1 || 'fdlcp'.indexOf(value) < 0) this.fail(`Unknown argument to -type: ${value}`);
    } else if (name === '-perm') {
      const mode = value.startsWith('-') || value.startsWith('/') ? value.substring(1) : value;
      if (!isMode(mode)) this.fail(`invalid mode ${quoted(value)}`);
      else term.number = changedMode(0, mode, false);
    } else if (!name.endsWith('name') && name !== '-path') this.prepareNumber(term);
  }

  private prepareNumber(term: Term): void {
    let text = term.value;
    term.sign = text.startsWith('+') ? 1 : text.startsWith('-') ? -1 : 0;
    if (term.sign !== 0) text = text.substring(1);
    let unit: i64 = term.name === '-size' ? 512 : 1;
    const place = term.name === '-size' ? 'ckMG'.indexOf(text.charAt(text.length - 1)) : -1;
    if (text !== '' && place >= 0) {
      unit = (<i64>1) << (10 * place);
      text = text.substring(0, text.length - 1);
    }
    let number: i64 = 0;
    for (let at = 0; at < text.length; at++) {
      const digit = text.charCodeAt(at) - 0x30;
      if (digit < 0 || digit > 9 || at > 12) text = '';
      number = number * 10 + digit;
    }
    if (text === '') this.fail(`invalid argument \`${term.value}' to \`${term.name}'`);
    term.number = number;
    term.modified = unit;
    if (term.name === '-maxdepth') this.maxDepth = <i32>number;
    if (term.name === '-mindepth') this.minDepth = <i32>number;
  }

  private holds(term: Term, visit: Visit): bool {
    const status = visit.status;
    switch (term.name) {
      case '!':
        return !this.holds(term.left!, visit);
      case '-a':
        return this.holds(term.left!, visit) && this.holds(term.right!, visit);
      case '-o':
        return this.holds(term.left!, visit) || this.holds(term.right!, visit);
      case '-false':
        return false;
      case '-name':
        return matches(term.value, baseName(visit.path));
      case '-iname':
        return matches(term.value.toLowerCase(), baseName(visit.path).toLowerCase());
      case '-path':
        return matches(term.value, visit.path);
      case '-type':
        return kindLetter(status.kind) === (term.value === 'f' ? '-' : term.value);
      case '-size':
        return isAsMany(term, (status.size + term.modified - 1) / term.modified);
      case '-links':
        return isAsMany(term, status.links);
      case '-inum':
        return isAsMany(term, status.inode);
      case '-mtime':
        return isAsMany(term, ageOf(status) / DAY);
      case '-mmin':
        return isAsMany(term, (ageOf(status) + MINUTE - 1) / MINUTE);
      case '-newer':
        return status.modified > term.modified;
      case '-perm':
        return isAllowed(term, status.mode & 0o7777);
      case '-empty':
        return status.isDirectory() ? listDirectory(visit.path).entries.length === 0 : status.size === 0;
      default:
        return this.act(term, visit);
    }
  }

  private act(term: Term, visit: Visit): bool {
    switch (term.name) {
      case '-print':
        print(visit.path + '\n');
        return true;
      case '-print0':
        print(visit.path + '\0');
        return true;
      case '-prune':
        visit.isPruned = true;
        return true;
      case '-quit':
        this.isOver = true;
        return true;
      case '-delete':
        return this.remove(visit);
      case '-exec':
        return this.run(term, visit.path);
      case '-exec+':
        term.gathered.push(visit.path);
        if (term.gathered.length === GATHERED_MAX) this.runGathered(term);
        return true;
      default:
        return true;
    }
  }

  private remove(visit: Visit): bool {
    if (visit.path === '.') return true;
    const error = visit.status.isDirectory() ? removeDirectory(visit.path) : removeFile(visit.path);
    if (error === 0) return true;
    complain(`cannot delete ${quoted(visit.path)}: ${errorText(error)}`);
    this.hasFailed = true;
    return false;
  }

  private run(term: Term, path: string): bool {
    const words: string[] = [];
    for (let index = 0; index < term.words.length; index++)
      words.push(term.words[index].replaceAll('{}', path));
    flushOutput();
    return this.wasRun(words) === 0;
  }

  private runGathered(term: Term): void {
    if (term.gathered.length === 0) return;
    flushOutput();
    if (this.wasRun(term.words.slice(0, term.words.length - 1).concat(term.gathered)) !== 0)
      this.hasFailed = true;
    term.gathered = [];
  }

  private wasRun(words: string[]): i32 {
    const status = runProgram(words);
    if (status < 0) complain(`${quoted(words[0])}: ${errorText(status)}`);
    return status;
  }
}

function isAsMany(term: Term, value: u64): bool {
  const number = <u64>term.number;
  return term.sign < 0 ? value < number : term.sign > 0 ? value > number : value === number;
}

function ageOf(status: Status): u64 {
  const now = timeNow();
  return now > status.modified ? now - status.modified : 0;
}

function isAllowed(term: Term, mode: u32): bool {
  const wanted = <u32>term.number;
  if (term.value.startsWith('-')) return (mode & wanted) === wanted;
  if (term.value.startsWith('/')) return wanted === 0 || (mode & wanted) !== 0;
  return mode === wanted;
}
