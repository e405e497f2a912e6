/**
 * A system process's image: an executable for the boot archive, from an entry source that exports `main`.
 */
import { type BuiltImage, buildGuest } from '../guest/build.ts';
import { programDescription } from '../link/description.ts';

/** `entry` is relative to the project. Nothing in it may allocate. */
export function buildService(entry: string): Promise<BuiltImage> {
  return buildGuest({
    modules: [{ name: 'program', entry, profile: 'service' }],
    assembly: ['os/runtime/entry.s'],
    description: programDescription({}),
    extensions: { zba: true, zbb: true },
  });
}
