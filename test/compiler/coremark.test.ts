/**
 * CoreMark through WebAssembly: the right checksums, and in not too many instructions.
 */
import { expect, it } from 'vitest';
import { COREMARK_ELF, COREMARK_WASM, otherCoreMark, ourCoreMark } from './coremark.ts';

/** Of gcc's instructions for the same sources. */
const RATIO_MAX = 1.15;

it.skipIf(COREMARK_WASM === '')('CoreMark computes the checksums that EEMBC states', async () => {
  const { report } = await ourCoreMark();
  for (const line of ['crclist       : 0xe714', 'crcmatrix     : 0x1fd7', 'crcstate      : 0x8e3a']) {
    expect(report).toContain(line);
  }
});

it.skipIf(COREMARK_WASM === '' || COREMARK_ELF === '')('CoreMark stays near gcc', async () => {
  const [ours, gcc] = [await ourCoreMark(), await otherCoreMark()];
  expect(ours.instructions / gcc.instructions).toBeLessThanOrEqual(RATIO_MAX);
  expect(ours.textSize / gcc.textSize).toBeLessThanOrEqual(1.2);
});
