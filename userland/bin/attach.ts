/**
 * NAME
 *     attach: go on with a session that was left at another console
 * SYNOPSIS
 *     attach NODE
 * DESCRIPTION
 *     The session of node NODE comes to this console, with all that runs in it. The session from which this is asked
 *     ends, and its console, which is then where the other was left, asks who logs in. It has to be one's own, unless
 *     one is root. Where the way between the two nodes is lost, each goes back to its own node's console.
 * EXIT STATUS
 *     0; 1 where it does not come
 * SEE ALSO
 *     who, login
 */
import { ERROR_ACCESS, ERROR_NO_SUCH_CALL, ERROR_NODE_LOST, ERROR_NOT_FOUND } from '../../os/abi/errors.ts';
import * as console from '../../os/proto/console.client.ts';
import { SIGNAL_HUP } from '../../os/proto/process.ts';
import { isThere, nodeNumber } from '../lib/cluster.ts';
import { complain } from '../lib/complaint.ts';
import { errorText } from '../lib/error.ts';
import { standardInput } from '../lib/file.ts';
import { complainOfNode } from '../lib/members.ts';
import { Options } from '../lib/options.ts';
import { ownNode, ownSession, sendSignal } from '../lib/process.ts';

export function main(): i32 {
  const options = new Options('attach NODE', '');
  while (options.next()) {}
  options.need(1);
  options.allow(1);
  const node = nodeNumber(options, options.operands[0]);
  const error = console.bring(standardInput(), node);
  if (error < 0) {
    if (isMissing(error) && node !== ownNode() && !isThere(node)) complainOfNode(node);
    else complain(`node ${node}: ${reason(error, node)}`);
    return 1;
  }
  sendSignal(ownSession(), SIGNAL_HUP);
  return 0;
}

function isMissing(error: i32): bool {
  return error === ERROR_NOT_FOUND || error === ERROR_NODE_LOST;
}

function reason(error: i32, node: i32): string {
  if (isMissing(error)) return node === ownNode() ? 'this is its session' : 'nobody is logged in there';
  if (error === ERROR_ACCESS) return "the session is somebody else's";
  return error === ERROR_NO_SUCH_CALL ? 'the input is no console' : errorText(error);
}
