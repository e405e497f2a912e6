/**
 * What is bound on the nodes of the cluster, for those who ask the servers there without a stop on the way. The
 * same port is the tree /node (tree.ts).
 */
import type { In, Out, Send } from './types.ts';

/** @contract 18 */
export interface Nodes {
  /** → bytes of the node's bindings as name.list has them; 0 for this node itself. ERROR_NOT_FOUND where there is none. */
  bindings(node: u32, into: Out): u32;
  /** → the server of a binding there: of `/N` followed by the path that is bound. */
  server(path: In): Send;
}
