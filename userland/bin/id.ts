/**
 * NAME
 *     id: say who a user is
 * SYNOPSIS
 *     id [-gnu] [USER]
 * DESCRIPTION
 *     The user's number and group, of the USER or of whoever asks.
 *
 *     -u   only the user     -g   only the group     -n   with -u or -g: the name
 * SEE ALSO
 *     whoami, who, su
 */
import { gidOf, uidOf } from '../../os/lib/user.ts';
import { accountNamed, groupName, userName } from '../lib/account.ts';
import { complain } from '../lib/complaint.ts';
import { Options } from '../lib/options.ts';
import { print } from '../lib/output.ts';
import { ownUser } from '../lib/process.ts';
import { quoted } from '../lib/quote.ts';

export function main(): i32 {
  const options = new Options('id [-gnu] [USER]', 'gnu', 'group=g,name=n,user=u');
  let letters = '';
  while (options.next()) letters += options.letter;
  options.allow(1);
  let uid = uidOf(ownUser());
  let gid = gidOf(ownUser());
  if (options.operands.length > 0) {
    const account = accountNamed(options.operands[0]);
    if (account === null) {
      complain(`${quoted(options.operands[0])}: no such user`);
      return 1;
    }
    uid = account.uid;
    gid = account.gid;
  }
  const withName = letters.includes('n');
  if (letters.includes('u')) print(`${withName ? userName(uid) : uid.toString()}\n`);
  else if (letters.includes('g')) print(`${withName ? groupName(gid) : gid.toString()}\n`);
  else print(`uid=${uid}(${userName(uid)}) gid=${gid}(${groupName(gid)})\n`);
  return 0;
}
