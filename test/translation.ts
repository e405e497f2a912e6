/**
 * The setting that has every test run with the CPU's translator otherwise than usual:
 *
 *     TRANSLATE_AFTER=1 npx vitest run --config test/vitest.config.ts test/hw
 *
 * A number of cycles: 1 translates all that is executed, Infinity nothing. What a test itself says about it
 * stays. Cluster workers are processes of their own kind, and keep their default.
 */
import { TRANSLATION } from '../hw/cpu/translator/translator.ts';

const setting = process.env['TRANSLATE_AFTER'];
if (setting !== undefined) {
  const after = Number(setting);
  if (!(after >= 1)) throw new Error(`TRANSLATE_AFTER=${setting} is no number of cycles: give 1 … Infinity`);
  TRANSLATION.after = after;
}
