/**
 * NAME
 *     groups: say in which groups a user is
 * SYNOPSIS
 *     groups [USER…]
 * DESCRIPTION
 *     The names of all groups of each USER, or of whoever asks: the own one first, then those of which /etc/group says
 *     that the user is a member. What a file's mode allows its group it allows all of these.
 * FILES
 *     /etc/group
 * SEE ALSO
 *     id, adduser, chgrp
 */
import { gidOf, uidOf } from '../../os/lib/user.ts';
import { accountNamed, groupName, groupsOf, nobodyBecause } from '../lib/account.ts';
import { complain } from '../lib/complaint.ts';
import { Options } from '../lib/options.ts';
import { print } from '../lib/output.ts';
import { ownUser } from '../lib/process.ts';
import { quoted } from '../lib/quote.ts';

export function main(): i32 {
  const options = new Options('groups [USER...]', '');
  while (options.next()) {}
  const operands = options.operands;
  if (operands.length === 0) print(`${namesOf(uidOf(ownUser()), gidOf(ownUser()))}\n`);
  let status = 0;
  for (let index = 0; index < operands.length; index++) {
    const account = accountNamed(operands[index]);
    if (account === null) {
      complain(nobodyBecause(`${quoted(operands[index])}: no such user`));
      status = 1;
    } else print(`${account.name} : ${namesOf(account.uid, account.gid)}\n`);
  }
  return status;
}

function namesOf(uid: u32, gid: u32): string {
  return groupsOf(uid, gid)
    .map<string>(group => groupName(group))
    .join(' ');
}
