/**
 * A part of a node's system: an executable, and from which sources it is made.
 */
import type { BuiltImage } from '../guest/build.ts';
import { buildFirmware } from './firmware.ts';
import { buildKernel } from './kernel.ts';
import { buildProgram, buildService } from './program.ts';

export interface SystemPart {
  readonly name: string;
  readonly kind: 'firmware' | 'kernel';
}

export interface ProcessPart {
  /** Its place in the boot archive. */
  readonly name: string;
  readonly kind: 'service' | 'program';
  /** Relative to the project. */
  readonly source: string;
}

export type Part = SystemPart | ProcessPart;

/** Throws what buildGuest throws. */
export function buildPart(part: Part): Promise<BuiltImage> {
  switch (part.kind) {
    case 'firmware':
      return buildFirmware();
    case 'kernel':
      return buildKernel();
    case 'service':
      return buildService(part.source);
    case 'program':
      return buildProgram(part.source);
  }
}
