/**
 * What paths mean to the sessions of this node (os/service/init/view.ts), kept from what init starts. An image that
 * lends its owner's rights begins with it: if whoever starts it had the say, /etc could be anything to it.
 */
import { START_SIZE, START_VIEW } from '../../abi/start.ts';
import { addStartBytes, textsSize } from '../../lib/start-block.ts';

/** Where it is longer, nobody gets any. */
export const SESSION_VIEW_MAX: u32 = 2048;

const text = memory.data(2048);

/** With the zero behind it; 0 where paths are the node's own. */
let size: u32 = 0;

export function sessionViewSize(): u32 {
  return size;
}

/** From the block that init has sent for a session. */
export function keepSessionView(block: u32): void {
  const view = load<u32>(block, START_VIEW);
  size = view === 0 ? 0 : textsSize(block + view, 1);
  assert(size <= SESSION_VIEW_MAX);
  memory.copy(text, block + view, size);
}

/** The block, which has texts already, ends with it then. */
export function addSessionView(block: u32): void {
  const end = load<u32>(block, START_SIZE);
  if (size > 0) addStartBytes(block, end + size, START_VIEW, text, size);
}
