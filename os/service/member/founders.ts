/**
 * Who founds the cluster, by the kernel's command line: `members=0-4,7`, numbers and ranges of them. All of them
 * together make the first view; whoever is not named is taken in later. A node alone founds its own.
 */
import { NO_NUMBER, numberVariable, variable } from '../../runtime/environment.ts';

const NODES_MAX: u32 = 64;
const ZERO: u32 = 0x30;
const DASH: u32 = 0x2d;
const COMMA: u32 = 0x2c;
const NO_DIGIT: u32 = 10;

/** Where the text is read. */
let at: u32 = 0;

/** Bit n: node n. 0 where none are named, or not in order. */
export function foundersMask(): u64 {
  if (numberVariable('node') === NO_NUMBER) return 1;
  at = variable('members');
  if (at === 0) return 0;
  let mask: u64 = 0;
  while (true) {
    const first = readNumber();
    let last = first;
    if (load<u8>(at) === DASH) {
      at += 1;
      last = readNumber();
    }
    if (first > last || last >= NODES_MAX) return 0;
    for (let node = first; node <= last; node += 1) mask |= (<u64>1) << (<u64>node);
    if (load<u8>(at) !== COMMA) break;
    at += 1;
  }
  return load<u8>(at) === 0 ? mask : 0;
}

/** NODES_MAX or more where there is none, or it is none that a node can have. */
function readNumber(): u32 {
  if (digit() === NO_DIGIT) return NODES_MAX;
  let number: u32 = 0;
  for (; digit() < NO_DIGIT; at += 1) number = min<u32>(number * 10 + digit(), NODES_MAX);
  return number;
}

function digit(): u32 {
  return min<u32>(<u32>load<u8>(at) - ZERO, NO_DIGIT);
}
