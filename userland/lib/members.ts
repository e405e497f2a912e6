/**
 * What the nodes of the cluster are to each other, from the servers that are bound at /dev/member and /dev/load. Where
 * there is no such server, nothing is known.
 */
import * as loads from '../../os/proto/load.client.ts';
import {
  LOAD_RECORD_AGE,
  LOAD_RECORD_CLOCK,
  LOAD_RECORD_FREE,
  LOAD_RECORD_NODE,
  LOAD_RECORD_PAGES,
  LOAD_RECORD_SIZE,
  LOAD_RECORD_USE,
  LOAD_RECORD_WAITING,
} from '../../os/proto/load.ts';
import * as members from '../../os/proto/member.client.ts';
import {
  MEMBER_RECORD_NODE,
  MEMBER_RECORD_SIZE,
  MEMBER_RECORD_STATE,
  type View,
} from '../../os/proto/member.ts';
import { serverAt } from './cluster.ts';
import { complain } from './complaint.ts';

const NODES_MAX: i32 = 64;

/** A node that was ever heard of. */
export class Member {
  constructor(
    readonly number: i32,
    /** MEMBER_… of os/proto/member.ts. */
    readonly state: u32,
  ) {}
}

/** How busy a node is. */
export class Load {
  constructor(
    readonly number: i32,
    /** Of a thousand cycles so many are used. */
    readonly use: u32,
    /** Hundredths of threads that wait to run. */
    readonly waiting: u32,
    /** MHz. */
    readonly clock: u32,
    readonly freePages: u32,
    readonly allPages: u32,
    /** Milliseconds since it was so. */
    readonly age: u32,
  ) {}
}

/** By number. */
export function memberList(): Member[] {
  const found: Member[] = [];
  const server = serverAt('/dev/member');
  if (server === 0) return found;
  const size = NODES_MAX * MEMBER_RECORD_SIZE;
  const records = heap.alloc(size);
  const end = members.list(server, records, size);
  for (let at = 0; at < end; at += MEMBER_RECORD_SIZE) {
    const record = records + at;
    found.push(new Member(load<u16>(record, MEMBER_RECORD_NODE), load<u16>(record, MEMBER_RECORD_STATE)));
  }
  heap.free(records);
  return found;
}

/** That the node cannot be reached, or that there is none of that number. */
export function complainOfNode(number: i32): void {
  const all = memberList();
  for (let index = 0; index < all.length; index++) {
    if (all[index].number !== number) continue;
    complain(`node ${number} cannot be reached: nodes says how it is`);
    return;
  }
  complain(`there is no node ${number}: nodes lists those that are there`);
}

/** By number: of those that have told. */
export function loadList(): Load[] {
  const found: Load[] = [];
  const server = serverAt('/dev/load');
  if (server === 0) return found;
  const size = NODES_MAX * LOAD_RECORD_SIZE;
  const records = heap.alloc(size);
  const end = loads.list(server, records, size);
  for (let at = 0; at < end; at += LOAD_RECORD_SIZE) found.push(loadAt(records + at));
  heap.free(records);
  return found;
}

function loadAt(record: usize): Load {
  return new Load(
    load<u16>(record, LOAD_RECORD_NODE),
    load<u16>(record, LOAD_RECORD_USE),
    load<u16>(record, LOAD_RECORD_WAITING),
    load<u16>(record, LOAD_RECORD_CLOCK),
    load<u32>(record, LOAD_RECORD_FREE),
    load<u32>(record, LOAD_RECORD_PAGES),
    load<u32>(record, LOAD_RECORD_AGE),
  );
}

/** The last view that this node knows; its number is 0 where there is none. */
export function lastView(): View {
  const view = changetype<View>(heap.alloc(offsetof<View>()));
  memory.fill(changetype<usize>(view), 0, offsetof<View>());
  const server = serverAt('/dev/member');
  if (server !== 0) members.view(server, view);
  return view;
}
