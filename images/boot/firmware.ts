/**
 * The firmware's image: an ELF at the beginning of RAM, for `-bios`.
 *
 *     0x8000_0000  text, read-only data, globals, stack     three quarters of FIRMWARE_SIZE
 *     0x8001_8000  static data                              the rest
 */
import { type BuiltImage, buildGuest } from '../guest/build.ts';
import { firmwareDescription, firmwareLinearBase } from '../link/description.ts';

/** What the firmware closes to everybody else: FIRMWARE_SIZE in os/firmware/memory.ts. */
const FIRMWARE_SIZE = 0x2_0000;

/** Runs on plain RV32IMAC. */
export function buildFirmware(): Promise<BuiltImage> {
  return buildGuest({
    modules: [
      {
        name: 'firmware',
        entry: 'os/firmware/firmware.ts',
        profile: 'kernel',
        memoryBase: firmwareLinearBase(FIRMWARE_SIZE),
      },
    ],
    assembly: ['os/firmware/entry.s'],
    description: firmwareDescription({ sizeMax: FIRMWARE_SIZE }),
    extensions: { zba: false, zbb: false },
  });
}
