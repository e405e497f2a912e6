/**
 * A whole node for tests: init and the services of a manifest, and programs of the tests beside userland's, on
 * our board or under QEMU.
 *
 *     const run = await bootSystem(systemManifest({ sessions: [{ run: '/boot/bin/hello' }] }), { programs });
 */
import { manifestOf } from '../../images/boot/manifest.ts';
import { buildSystem } from '../../images/boot/system.ts';
import { type Circumstances, type KernelRun, runImages } from './kernel-rig.ts';
import { type QemuCircumstances, runImagesOnQemu } from './qemu.ts';

/** A whole system from nothing, on a slow host. */
export const BUILD_MILLISECONDS = 900_000;

export interface System extends Circumstances, QemuCircumstances {
  /** Programs for bin, by name: of guest/, or a path. */
  readonly programs?: Readonly<Record<string, string>>;
  /** More files for the archive. */
  readonly others?: Readonly<Record<string, Uint8Array>>;
}

/** `manifest` as in images/cluster, but no programs of userland unless it names them. */
export async function bootSystem(manifest: object, system: System = {}): Promise<KernelRun> {
  return runImages(await systemImages(manifest, system), system);
}

export async function bootSystemOnQemu(manifest: object, system: System = {}): Promise<string> {
  return runImagesOnQemu(await systemImages(manifest, system), system);
}

interface ManifestParts {
  /** What is said of one that there is anyhow comes in addition. */
  readonly services?: Readonly<Record<string, object>>;
  readonly mounts?: object;
  readonly sessions?: readonly object[];
  readonly environment?: object;
  /** Services of which every program has a handle, beside names and pipes. */
  readonly shared?: readonly string[];
}

const ALL = ['pages', 'handles', 'threads', 'ports', 'memories', 'timers', 'spaces'];

/** The least with which programs run, and a console that only writes; what is given comes on top. */
export function systemManifest({ shared = [], ...more }: ManifestParts): object {
  const known = ['name', 'pipe', ...shared];
  const services: Record<string, object> = {
    name: {},
    archive: { authority: ['archive'], limits: { memories: 64, handles: 192, timers: 140 } },
    pipe: { priority: 26, limits: { pages: 1100, handles: 320, timers: 256 } },
    console: { source: 'test/os/guest/console.ts', authority: ['control'] },
    process: {
      uses: known,
      arguments: known,
      authority: ['init'],
      limits: Object.fromEntries(ALL.map(resource => [resource, 'rest'])),
    },
  };
  return {
    ...more,
    services: merged(services, more.services ?? {}),
    mounts: { '/boot': 'archive', '/dev': 'console', ...more.mounts },
  };
}

function merged(some: Readonly<Record<string, object>>, more: Readonly<Record<string, object>>): object {
  const names = [...new Set([...Object.keys(some), ...Object.keys(more)])];
  return Object.fromEntries(names.map(name => [name, { ...some[name], ...more[name] }]));
}

/** Builds what is not built yet: for a hook before the tests, with BUILD_MILLISECONDS. */
export async function systemImages(manifest: object, { programs = {}, others = {} }: System = {}) {
  const sources = Object.entries(programs).map(([name, source]) => [
    name,
    source.includes('/') ? source : `test/os/guest/${source}.ts`,
  ]);
  const parsed = manifestOf({ programs: [], ...manifest }, 'the test');
  return buildSystem(parsed, { programs: Object.fromEntries(sources), files: others });
}
