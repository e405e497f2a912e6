/**
 * Who the users are: /etc/passwd, /etc/group and, for root alone to read, /etc/shadow, with a line for each. Where
 * there is no such file there is root, whose home is the root and who needs no password, and nobody. Where the file
 * cannot be read nobody is known, and `accountError` says why.
 *
 *     passwd    name:x:user:group:comment:home:shell
 *     group     name:x:group:members, with commas between
 *     shadow    name:secret, as secret.ts makes it; nothing: none is needed; anything else: no password is right
 */
import { ERROR_NOT_FOUND } from '../../os/abi/errors.ts';
import { OPEN_CREATE, OPEN_READ, OPEN_TRUNCATE, OPEN_WRITE } from '../../os/abi/file.ts';
import * as file from '../../os/proto/file.client.ts';
import { errorText } from './error.ts';
import { closeFile, openFile, writeWhole } from './file.ts';
import { Input } from './input.ts';
import { renameFile } from './link.ts';
import { encodeText } from './utf8.ts';

export const PASSWD = '/etc/passwd';
export const GROUP = '/etc/group';
export const SHADOW = '/etc/shadow';
const FIRST_ACCOUNTS = 'root:x:0:0:root:/:/boot/bin/sh\nnobody:x:16383:16383:nobody:/:/boot/bin/false\n';
const FIRST_GROUPS = 'root:x:0:\nnobody:x:16383:\n';
const FIRST_SECRETS = 'root:\n';

export class Account {
  constructor(
    readonly name: string,
    readonly uid: u32,
    readonly gid: u32,
    readonly home: string,
    readonly shell: string,
  ) {}
}

/** Why the file that was asked last cannot be read; 0 where it can, or there is none. */
export let accountError: i32 = 0;

/** Lines of one of the three files, or of what holds where there is none. */
export function linesOf(path: string): string[] {
  const handle = openFile(path, OPEN_READ, 0);
  if (handle === ERROR_NOT_FOUND) {
    accountError = 0;
    return firstLines(path);
  }
  accountError = min(0, handle);
  if (handle < 0) return [];
  const input = new Input(handle);
  const text = input.readAll();
  closeFile(handle);
  accountError = input.error;
  return accountError < 0 ? [] : written(text);
}

function firstLines(path: string): string[] {
  return written(path === PASSWD ? FIRST_ACCOUNTS : path === GROUP ? FIRST_GROUPS : FIRST_SECRETS);
}

function written(text: string): string[] {
  const all = text.split('\n');
  const lines: string[] = [];
  for (let index = 0; index < all.length; index++) if (all[index] !== '') lines.push(all[index]);
  return lines;
}

/** Writes one of the files anew, in one step and for good; others than root may not read a secret one. 0, or an error. */
export function writeLines(path: string, lines: string[], mode: u32): i32 {
  const text = lines.join('\n') + '\n';
  const fresh = path + '.new';
  const handle = openFile(fresh, OPEN_WRITE | OPEN_CREATE | OPEN_TRUNCATE, mode);
  if (handle < 0) return handle;
  const bytes = heap.alloc(text.length * 3);
  let result = writeWhole(handle, bytes, encodeText(text, bytes));
  heap.free(bytes);
  if (result >= 0) result = renameFile(fresh, path);
  if (result >= 0) result = file.sync(handle);
  closeFile(handle);
  return min(0, result);
}

/** Root only may read them. */
export function secretOf(name: string): string | null {
  const line = lineOf(linesOf(SHADOW), name);
  return line === '' ? null : fieldsOf(line)[1];
}

/** 0, or an error. */
export function setSecret(name: string, secret: string): i32 {
  const lines = linesOf(SHADOW);
  if (accountError < 0) return accountError;
  const before = lines.indexOf(lineOf(lines, name));
  const line = `${name}:${secret}`;
  if (before < 0) lines.push(line);
  else lines[before] = line;
  return writeLines(SHADOW, lines, 0o600);
}

let known: Account[] = [];
let knownGroups: string[] = [];

export function accounts(): Account[] {
  return accountsIn(linesOf(PASSWD));
}

function accountsIn(lines: string[]): Account[] {
  const found: Account[] = [];
  for (let index = 0; index < lines.length; index++) {
    const fields = fieldsOf(lines[index]);
    if (fields.length < 7) continue;
    const uid = <u32>parseInt(fields[2], 10);
    found.push(new Account(fields[0], uid, <u32>parseInt(fields[3], 10), fields[5], fields[6]));
  }
  return found;
}

export function accountNamed(name: string): Account | null {
  return named(accounts(), name);
}

/** As where nothing was written yet. */
export function firstAccountNamed(name: string): Account | null {
  return named(accountsIn(firstLines(PASSWD)), name);
}

function named(all: Account[], name: string): Account | null {
  for (let index = 0; index < all.length; index++) if (all[index].name === name) return all[index];
  return null;
}

/** Why nobody has the name that was looked for: that nobody is known now; or else this. */
export function nobodyBecause(otherwise: string): string {
  return accountError < 0 ? `${PASSWD}: ${errorText(accountError)}` : otherwise;
}

export function accountOf(uid: u32): Account | null {
  const all = accounts();
  for (let index = 0; index < all.length; index++) if (all[index].uid === uid) return all[index];
  return null;
}

/** Its name, or the number itself; as it was when the first one was asked for. */
export function userName(uid: u32): string {
  if (known.length === 0) known = accounts();
  for (let index = 0; index < known.length; index++) if (known[index].uid === uid) return known[index].name;
  return uid.toString();
}

/** The same of groups. */
export function groupName(gid: u32): string {
  if (knownGroups.length === 0) knownGroups = linesOf(GROUP);
  for (let index = 0; index < knownGroups.length; index++) {
    const fields = fieldsOf(knownGroups[index]);
    if (fields.length > 2 && fields[2] === gid.toString()) return fields[0];
  }
  return gid.toString();
}

/** The numbers of the user's groups: the own one first, then those of which he is a member. */
export function groupsOf(uid: u32, gid: u32): u32[] {
  const groups: u32[] = [gid];
  const account = accountOf(uid);
  const lines = linesOf(GROUP);
  for (let index = 0; index < lines.length && account !== null; index++) {
    const fields = fieldsOf(lines[index]);
    if (fields.length < 4 || !fields[3].split(',').includes(account.name)) continue;
    const number = <u32>parseInt(fields[2], 10);
    if (!groups.includes(number)) groups.push(number);
  }
  return groups;
}

export function groupNumbers(): u32[] {
  const lines = linesOf(GROUP);
  const numbers: u32[] = [];
  for (let index = 0; index < lines.length; index++) {
    const fields = fieldsOf(lines[index]);
    if (fields.length > 2) numbers.push(<u32>parseInt(fields[2], 10));
  }
  return numbers;
}

/** Makes the user a member of the group, which there is. 0, or an error. */
export function addMember(group: string, user: string): i32 {
  const lines = linesOf(GROUP);
  if (accountError < 0) return accountError;
  const at = lines.indexOf(lineOf(lines, group));
  const fields = fieldsOf(lines[at]);
  const members = fields.length < 4 || fields[3] === '' ? user : `${fields[3]},${user}`;
  lines[at] = `${fields[0]}:${fields[1]}:${fields[2]}:${members}`;
  return writeLines(GROUP, lines, 0o644);
}

/** −1 where there is no group of this name. */
export function groupNamed(name: string): i32 {
  const line = lineOf(linesOf(GROUP), name);
  return line === '' ? -1 : <i32>parseInt(fieldsOf(line)[2], 10);
}

/** The line that begins with the name; '' for none. */
function lineOf(lines: string[], name: string): string {
  for (let index = 0; index < lines.length; index++)
    if (fieldsOf(lines[index])[0] === name) return lines[index];
  return '';
}

function fieldsOf(line: string): string[] {
  return line.split(':');
}
