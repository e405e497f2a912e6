/**
 * A program that looks every millisecond at whom this node reaches, and at its view of the cluster, and says each
 * change: the nodes as bits; the view's number, its nodes as bits, and whether they are a majority.
 */
import * as member from '../../../os/proto/member.client.ts';
import type { View } from '../../../os/proto/member.ts';
import * as net from '../../../os/proto/net.client.ts';
import { NODE_RECORD_NODE, NODE_RECORD_SIZE } from '../../../os/proto/net.ts';
import { handleNamed } from '../../../os/runtime/start.ts';
import { add, begin, end, waitMillisecond } from './program.ts';

const RECORDS_SIZE: u32 = 1024;

const seen = memory.data(20, 4);
const records = memory.data(1024, 4);

export function main(_argument: u32): i32 {
  const view = changetype<View>(seen);
  let reached: u32 = 0;
  let number: u32 = 0xffff_ffff;
  let isMajority: u32 = 0;
  while (true) {
    const bits = reachedNow();
    if (bits !== reached) {
      reached = bits;
      begin('reach');
      add(reached);
      end();
    }
    if (member.view(handleNamed('member'), view) < 0) return 1;
    if (view.number !== number || view.isMajority !== isMajority) {
      number = view.number;
      isMajority = view.isMajority;
      begin('view');
      add(number);
      add(view.low);
      add(isMajority);
      end();
    }
    waitMillisecond();
  }
}

function reachedNow(): u32 {
  const size = net.list(handleNamed('net'), records, RECORDS_SIZE);
  let bits: u32 = 0;
  for (let at = records; at < records + size; at += NODE_RECORD_SIZE)
    bits |= (<u32>1) << (<u32>load<u16>(at, NODE_RECORD_NODE));
  return bits;
}
