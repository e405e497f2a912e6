/**
 * Linked queues: work items wander between eight queues until they are done.
 *
 * run(n) does n rounds and gives a checksum; queues.c is the same in C.
 */
@unmanaged
class Node {
  next: Node | null = null;
  key: i32 = 0;
  work: i32 = 0;
}
@unmanaged
class Queue {
  head: Node | null = null;
  tail: usize = 0;
  len: i32 = 0;
}
const pool: usize = memory.data(64 * 12, 4);
const q: usize = memory.data(8 * 12, 4);
let freelist: Node | null = null;
//@inline
function queue(i: u32): Queue {
  return changetype<Queue>(q + i * 12);
}
function put(k: Queue, p: Node): void {
  p.next = null;
  store<Node>(k.tail, p);
  k.tail = changetype<usize>(p) + offsetof<Node>('next');
  k.len++;
}
function get(k: Queue): Node | null {
  const p = k.head;
  if (p) {
    k.head = p.next;
    if (!k.head) k.tail = changetype<usize>(k) + offsetof<Queue>('head');
    k.len--;
  }
  return p;
}
export function run(n: i32): i32 {
  let acc: u32 = 0,
    x: u32 = 99;
  freelist = null;
  for (let i = 0; i < 8; i++) {
    const k = queue(i);
    k.head = null;
    k.tail = changetype<usize>(k);
    k.len = 0;
  }
  for (let i = 0; i < 64; i++) {
    const p = changetype<Node>(pool + i * 12);
    p.next = freelist;
    p.key = i;
    freelist = p;
  }
  while (n-- > 0) {
    for (let i = 0; i < 512; i++) {
      x = x * 1103515245 + 12345;
      const f = freelist;
      if (((x >> 16) & 3) !== 0 && f) {
        freelist = f.next;
        f.work = i32((x >> 20) & 15) + 1;
        put(queue((x >> 28) & 7), f);
      }
      const p = get(queue((x >> 8) & 7));
      if (p) {
        acc = acc * 17 + u32(p.key) + u32(p.work);
        if (--p.work > 0) put(queue((p.key + p.work) & 7), p);
        else {
          p.next = freelist;
          freelist = p;
        }
      }
    }
    for (let i = 0; i < 8; i++) acc ^= u32(queue(i).len) << (i * 4);
  }
  return i32(acc);
}
