/**
 * NAME
 *     adduser, addgroup: add a user, or a group
 * SYNOPSIS
 *     adduser USER
 *     adduser USER GROUP
 *     addgroup GROUP
 * DESCRIPTION
 *     Gives the USER a number, a group of the same name and number, and a home directory, /home/USER. Only root may.
 *     Nobody can log in as the USER before passwd has given a password. With a GROUP: the USER, who there is, is in that
 *     group from now on too. addgroup adds a group that is nobody's own.
 * FILES
 *     /etc/passwd, /etc/group, /etc/shadow
 * SEE ALSO
 *     passwd, login, groups
 */
import { ERROR_EXISTS } from '../../os/abi/errors.ts';
import {
  accountError,
  accountNamed,
  accounts,
  addMember,
  GROUP,
  groupNamed,
  groupNumbers,
  groupsOf,
  linesOf,
  nobodyBecause,
  PASSWD,
  setSecret,
  writeLines,
} from '../lib/account.ts';
import { programName } from '../lib/arguments.ts';
import { complain } from '../lib/complaint.ts';
import { errorText } from '../lib/error.ts';
import { makeDirectory, setOwner } from '../lib/file.ts';
import { Options } from '../lib/options.ts';

const FIRST: u32 = 1000;
const LAST: u32 = 16_000;
const NAME_SIZE_MAX: i32 = 32;
/** No password is right. */
const LOCKED = '!';

export function main(): i32 {
  const isGroup = programName() === 'addgroup';
  const options = new Options(isGroup ? 'addgroup GROUP' : 'adduser USER [GROUP]', '');
  while (options.next()) {}
  options.need(1);
  options.allow(isGroup ? 1 : 2);
  const name = options.operands[0];
  if (options.operands.length > 1) return join(name, options.operands[1]);
  if (!isName(name))
    return refused(`${name}: a name is of small letters, digits, - and _, and begins with a letter`);
  if (!isGroup && accountNamed(name) !== null) return refused(`user ${name} exists`);
  if (groupNamed(name) >= 0) return refused(`group ${name} exists`);
  const number = freeNumber();
  if (number > LAST) return refused('there are no numbers left');
  const error = added(GROUP, `${name}:x:${number}:`);
  if (error < 0) return refused(`/etc: ${errorText(error)}`);
  return isGroup ? 0 : add(name, number);
}

/** The user's group is there. */
function add(name: string, number: u32): i32 {
  const home = `/home/${name}`;
  let error = setSecret(name, LOCKED);
  if (error === 0) error = added(PASSWD, `${name}:x:${number}:${number}::${home}:/boot/bin/sh`);
  if (error < 0) return refused(`/etc: ${errorText(error)}`);
  error = makeDirectory(home, 0o755);
  if (error === 0 || error === ERROR_EXISTS) error = setOwner(home, number, number);
  return error < 0 ? refused(`${home}: ${errorText(error)}`) : 0;
}

function join(name: string, group: string): i32 {
  const account = accountNamed(name);
  if (account === null) return refused(nobodyBecause(`user ${name} does not exist`));
  const number = groupNamed(group);
  if (number < 0) return refused(`group ${group} does not exist`);
  if (groupsOf(account.uid, account.gid).includes(<u32>number))
    return refused(`user ${name} is in group ${group} already`);
  const error = addMember(group, name);
  return error < 0 ? refused(`/etc: ${errorText(error)}`) : 0;
}

function added(path: string, line: string): i32 {
  const lines = linesOf(path);
  if (accountError < 0) return accountError;
  lines.push(line);
  return writeLines(path, lines, 0o644);
}

/** No user's, and no group's. */
function freeNumber(): u32 {
  const all = accounts();
  let number = FIRST;
  for (let index = 0; index < all.length; index++) number = behind(number, all[index].uid);
  const groups = groupNumbers();
  for (let index = 0; index < groups.length; index++) number = behind(number, groups[index]);
  return number;
}

function behind(number: u32, taken: u32): u32 {
  return taken >= number && taken <= LAST ? taken + 1 : number;
}

function isName(name: string): bool {
  for (let at = 0; at < name.length; at++) {
    const code = name.charCodeAt(at);
    const isLetter = code >= 0x61 && code <= 0x7a;
    const isOther = (code >= 0x30 && code <= 0x39) || code === 0x2d || code === 0x5f;
    if (!isLetter && (at === 0 || !isOther)) return false;
  }
  return name.length > 0 && name.length <= NAME_SIZE_MAX;
}

function refused(why: string): i32 {
  complain(why);
  return 1;
}
