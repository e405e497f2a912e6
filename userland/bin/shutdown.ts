/**
 * NAME
 *     shutdown, poweroff, reboot, halt: end the machine in good order
 * SYNOPSIS
 *     shutdown [-ahPr] [-n NODE] [now | +MINUTES]
 *     poweroff
 *     reboot
 * DESCRIPTION
 *     The cluster is told that this node goes; programs are asked to end, then made to; file trees write what they
 *     have; then the machine switches itself off, or with -r, and as reboot, starts again. At once, or so many
 *     minutes from now.
 *
 *     -a, --all          all nodes of the cluster, this one last
 *     -n, --node NODE    that node instead of this one
 *     -h, -P             off, as without
 *     -r, --reboot       and on again
 * SEE ALSO
 *     sync, kill, uptime, nodes
 */
import { ERROR_CANCELLED, ERROR_NOT_FOUND } from '../../os/abi/errors.ts';
import { HALT_OFF, HALT_REBOOT } from '../../os/proto/init.ts';
import * as members from '../../os/proto/member.client.ts';
import * as processes from '../../os/proto/process.client.ts';
import { handleNamed } from '../../os/runtime/start.ts';
import { programName } from '../lib/arguments.ts';
import { waitFor } from '../lib/clock.ts';
import { nodeError, nodeList, nodeNumber, serverAt } from '../lib/cluster.ts';
import { complain, writeError } from '../lib/complaint.ts';
import { errorText } from '../lib/error.ts';
import { complainOfNode } from '../lib/members.ts';
import { Options, parseNumber } from '../lib/options.ts';

const NANOSECONDS_PER_MINUTE: i64 = 60_000_000_000;

/** As a node's number. */
const HERE: i64 = -1;

let isAll: bool = false;
let node: i64 = HERE;
let how: u32 = HALT_OFF;

export function main(): i32 {
  const minutes = readOptions();
  if (minutes > 0) {
    writeError(`The machine ${how === HALT_REBOOT ? 'starts again' : 'is switched off'} in ${minutes} min\n`);
    if (waitFor(minutes * NANOSECONDS_PER_MINUTE) === ERROR_CANCELLED) return 1;
  }
  if (isAll) haltOthers();
  const status = node === HERE ? processes.halt(handleNamed('process'), how) : haltNode(<u32>node);
  if (status === ERROR_NOT_FOUND && node !== HERE) complainOfNode(<i32>node);
  else if (status < 0) complain(node === HERE ? errorText(status) : `node ${node}: ${errorText(status)}`);
  return status < 0 ? 1 : 0;
}

/** → the minutes to wait. */
function readOptions(): i64 {
  const isShutdown = programName() === 'shutdown';
  const usage = `${programName()} [-ahPr] [-n NODE]${isShutdown ? ' [now | +MINUTES]' : ''}`;
  const options = new Options(usage, 'ahPrn:', 'all=a,node=n,poweroff=P,halt=h,reboot=r');
  how = programName() === 'reboot' ? HALT_REBOOT : HALT_OFF;
  while (options.next()) {
    if (options.letter === 'a') isAll = true;
    else if (options.letter === 'n') node = nodeNumber(options, options.value);
    else how = options.letter === 'r' ? HALT_REBOOT : HALT_OFF;
  }
  options.allow(isShutdown ? 1 : 0);
  return options.operands.length > 0 ? minutesOf(options, options.operands[0]) : 0;
}

/** All that can be reached but this one. */
function haltOthers(): void {
  const nodes = nodeList();
  for (let index = 0; index < nodes.length; index++) {
    if (nodes[index].cost === 0) continue;
    const status = haltNode(nodes[index].number);
    if (status < 0) complain(`node ${nodes[index].number}: ${errorText(status)}`);
  }
}

function haltNode(number: u32): i32 {
  const server = serverAt('/dev/member');
  return server === 0 ? nodeError : members.halt(server, number, how);
}

function minutesOf(options: Options, text: string): i64 {
  const minutes = text === 'now' ? 0 : parseNumber(text.startsWith('+') ? text.substring(1) : text);
  if (minutes < 0) options.fail(`invalid time ‘${text}’`);
  return minutes;
}
