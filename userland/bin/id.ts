/**
 * NAME
 *     id: say who a user is
 * SYNOPSIS
 *     id [-Ggnu] [USER]
 * DESCRIPTION
 *     The user's number, group, and all groups, of the USER or of whoever asks.
 *
 *     -u   only the user     -g   only the group     -G   only the groups     -n   with one of these: names
 * SEE ALSO
 *     groups, whoami, who, su
 */
import { gidOf, uidOf } from '../../os/lib/user.ts';
import { accountNamed, groupName, groupsOf, nobodyBecause, userName } from '../lib/account.ts';
import { complain } from '../lib/complaint.ts';
import { Options } from '../lib/options.ts';
import { print } from '../lib/output.ts';
import { ownUser } from '../lib/process.ts';
import { quoted } from '../lib/quote.ts';

export function main(): i32 {
  const options = new Options('id [-Ggnu] [USER]', 'Ggnu', 'group=g,groups=G,name=n,user=u');
  let letters = '';
  while (options.next()) letters += options.letter;
  options.allow(1);
  let uid = uidOf(ownUser());
  let gid = gidOf(ownUser());
  if (options.operands.length > 0) {
    const account = accountNamed(options.operands[0]);
    if (account === null) {
      complain(nobodyBecause(`${quoted(options.operands[0])}: no such user`));
      return 1;
    }
    uid = account.uid;
    gid = account.gid;
  }
  const withName = letters.includes('n');
  const groups = groupsOf(uid, gid);
  if (letters.includes('u')) print(`${withName ? userName(uid) : uid.toString()}\n`);
  else if (letters.includes('g')) print(`${withName ? groupName(gid) : gid.toString()}\n`);
  else if (letters.includes('G')) print(`${textsOf(groups, withName ? groupName : numberText).join(' ')}\n`);
  else
    print(
      `uid=${uid}(${userName(uid)}) gid=${gid}(${groupName(gid)}) groups=${textsOf(groups, numberAndName).join(',')}\n`,
    );
  return 0;
}

function textsOf(groups: u32[], textOf: (gid: u32) => string): string[] {
  const texts: string[] = [];
  for (let index = 0; index < groups.length; index++) texts.push(textOf(groups[index]));
  return texts;
}

function numberText(gid: u32): string {
  return gid.toString();
}

function numberAndName(gid: u32): string {
  return `${gid}(${groupName(gid)})`;
}
