/**
 * The compiled core for hosts that are Node: built from hw/cpu/core on first use, kept under .build.
 *
 *     const hart = new Hart({ core: await loadCore(), … })
 */

/** The module every hart of this process shares. */
export function loadCore(): Promise<WebAssembly.Module> {
  throw new Error('not yet');
}
