/**
 * The kernel's image: an ELF that firmware enters in S mode, for `-kernel`. It runs where it is loaded, by
 * addresses that are physical and virtual at once.
 *
 *     0x8040_0000  text, read-only data, globals, stack     0x8043_0000  static data
 *     0x8044_0000  the end, at most; RAM behind it is the kernel's to hand out
 */
import { type BuiltImage, buildGuest } from '../guest/build.ts';
import type { LinkDescription } from '../link/description.ts';

const KERNEL_START = 0x8040_0000;
const KERNEL_STATIC = 0x8043_0000;
const KERNEL_END = 0x8044_0000;
/** The goal for the kernel's text. */
const TEXT_SIZE_MAX = 0xc000;
/** What os/kernel/entry.s sets aside. */
const STACK_SIZE = 4096;

/** Needs Zba and Zbb, as the processes do. */
export function buildKernel(): Promise<BuiltImage> {
  return buildGuest({
    modules: [{ name: 'kernel', entry: 'os/kernel/kernel.ts', profile: 'kernel', memoryBase: KERNEL_STATIC }],
    assembly: ['os/kernel/entry.s'],
    description: description(),
    extensions: { zba: true, zbb: true },
  });
}

function description(): LinkDescription {
  const following = { start: undefined, sizeMax: KERNEL_STATIC - KERNEL_START, physicalOffset: 0 };
  const entries = ['kernel.system_call', 'kernel.message_call', 'kernel.trap', 'kernel.start'];
  return {
    name: 'kernel',
    entry: '_start',
    roots: [],
    rx: { start: KERNEL_START, sizeMax: TEXT_SIZE_MAX, physicalOffset: 0 },
    r: following,
    rw: following,
    linear: { start: KERNEL_STATIC, sizeMax: KERNEL_END - KERNEL_STATIC, physicalOffset: 0 },
    values: {},
    stack: { from: entries, sizeMax: STACK_SIZE },
  };
}
