/**
 * Kinds of parameters and results in contracts, beside the numbers (u32, i32, bool, and u64, i64 of two words).
 *
 *     kind     the client gives          the server gets                the handle allows it to
 *     In       address, size             its size; lentRead(token, …)   –
 *     Out      address, size             its size; lentDeliver(token, …) –
 *     Send     a port                    its own handle                 call and send
 *     Master   a port                    its own handle                 call and send, and give it badges
 *     Notify   a port                    its own handle                 notify
 *     Image    a memory                  its own handle                 map it for reading
 *     Memory   a memory                  its own handle                 map it for reading and writing
 *     Handle   any                       its own handle                 what the client may
 *     Handles  address of values, count  how many; receivedHandle(…)    what the client may
 *
 * A client sends handles that allow COPY, and keeps its own. As results, Send to Handle are handles of the
 * server's that the client gets. A message has at most seven words, a range taking one for its size, two
 * ranges and four handles; a result five words.
 */

export type In = u32;
export type Out = u32;
export type Send = u32;
export type Master = u32;
export type Notify = u32;
export type Image = u32;
export type Memory = u32;
export type Handle = u32;
export type Handles = u32;
