/**
 * A process's image: an executable for the boot archive, from an entry source that exports `main`.
 *
 *     buildService   drivers and services: nothing in them allocates
 *     buildProgram   programs of userland: managed memory, and userland/lib/finish.ts behind main
 */
import { type BuiltImage, buildGuest } from '../guest/build.ts';
import { programDescription } from '../link/description.ts';

const EXTENSIONS = { zba: true, zbb: true };
const MESSAGES = 'os/runtime/ipc.s';

/** `entry` is relative to the project. */
export function buildService(entry: string): Promise<BuiltImage> {
  return buildGuest({
    modules: [{ name: 'program', entry, profile: 'service' }],
    assembly: ['os/runtime/entry.s', MESSAGES],
    description: programDescription({}),
    extensions: EXTENSIONS,
  });
}

/** `entry` is relative to the project. */
export function buildProgram(entry: string): Promise<BuiltImage> {
  return buildGuest({
    modules: [{ name: 'program', entry, beside: ['userland/lib/finish.ts'], profile: 'program' }],
    assembly: ['os/runtime/program.s', MESSAGES],
    description: programDescription({}),
    extensions: EXTENSIONS,
  });
}
