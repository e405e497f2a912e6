/**
 * The only chance in the machine: a seeded generator with named streams.
 *
 * Each user of chance has a stream of its own, derived from the seed and a name that says who uses it
 * ('wire 3 a→b', 'board 1 disk 0'). What one stream draws is therefore never moved by another's draws,
 * by the order of construction or by the number of workers.
 *
 * Generator: xoshiro128** 1.1 (Blackman and Vigna, "Scrambled linear pseudorandom number generators",
 * ACM TOMS 47, 2021). Seeding: SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number
 * generators", OOPSLA 2014) over the seed and the FNV-1a hash of the name (Fowler, Noll and Vo). All
 * results are integers: no host floating point decides anything.
 */
import type { Stateful, StatePort } from '../state.ts';

export class Random implements Stateful {
  private readonly origin: bigint;
  private readonly words = new Uint32Array(4);

  /** `seed` is an integer of 0 … 2^53 - 1. */
  constructor(seed: number | bigint) {
    this.origin = BigInt.asUintN(64, BigInt(seed));
    let state = this.origin;
    for (let at = 0; at < 4; at += 2) {
      state = BigInt.asUintN(64, state + GOLDEN_GAMMA);
      const word = finalize(state);
      this.words[at] = Number(word & 0xffff_ffffn);
      this.words[at + 1] = Number(word >> 32n);
    }
  }

  /** The stream of that name: the same sequence whenever and however often it is asked for. */
  stream(name: string): Random {
    return new Random(finalize(this.origin ^ fnv1a(new TextEncoder().encode(name))));
  }

  /** An integer of 0 … 2^32 - 1. */
  u32(): number {
    const s = this.words;
    const s1 = s[1]!;
    const result = Math.imul(rotateLeft(Math.imul(s1, 5), 7), 9) >>> 0;
    s[2]! ^= s[0]!;
    s[3]! ^= s1;
    s[1]! ^= s[2]!;
    s[0]! ^= s[3]!;
    s[2]! ^= s1 << 9;
    s[3] = rotateLeft(s[3]!, 11);
    return result;
  }

  /** An integer of 0 … bound - 1, each as likely; `bound` is 1 … 2^32. */
  below(bound: number): number {
    const whole = 0x1_0000_0000;
    const fair = whole - (whole % bound);
    let value = this.u32();
    while (value >= fair) value = this.u32();
    return value % bound;
  }

  /** True `count` times in `outOf`; draws nothing where the answer is certain. */
  chance(count: number, outOf: number): boolean {
    if (count <= 0) return false;
    if (count >= outOf) return true;
    return this.below(outOf) < count;
  }

  fill(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; at += 4) {
      const word = this.u32();
      const end = Math.min(at + 4, bytes.length);
      for (let byte = at; byte < end; byte += 1) bytes[byte] = word >>> ((byte - at) * 8);
    }
  }

  state(port: StatePort): void {
    for (let at = 0; at < 4; at += 1) this.words[at] = port.u32(this.words[at]!);
  }
}

const GOLDEN_GAMMA = 0x9e37_79b9_7f4a_7c15n;

/** SplitMix64's mixing function (Stafford's variant 13). */
function finalize(state: bigint): bigint {
  let z = BigInt.asUintN(64, state);
  z = BigInt.asUintN(64, (z ^ (z >> 30n)) * 0xbf58_476d_1ce4_e5b9n);
  z = BigInt.asUintN(64, (z ^ (z >> 27n)) * 0x94d0_49bb_1331_11ebn);
  return z ^ (z >> 31n);
}

function fnv1a(bytes: Uint8Array): bigint {
  let hash = 0xcbf2_9ce4_8422_2325n;
  for (const byte of bytes) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100_0000_01b3n);
  return hash;
}

function rotateLeft(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by));
}
