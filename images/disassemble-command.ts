/**
 * The command line of images/disassemble.ts, whose header is its manual.
 */
import { readFileSync } from 'node:fs';
import { readElf } from '../hw/elf.ts';
import { listing } from './disassemble.ts';

const [file, ...wanted] = process.argv.slice(2);
if (file === undefined || file.startsWith('-')) {
  process.stderr.write('usage: npm run --silent disassemble -- FILE [SYMBOL…]\n');
  process.exitCode = file === '--help' ? 0 : 1;
} else {
  try {
    const text = [...listing(readElf(readFileSync(file)), wanted)].join('\n');
    process.stdout.write(`${text.trimStart()}\n`);
  } catch (error) {
    process.stderr.write(`${file}: ${(error as Error).message}\n`);
    process.exitCode = 1;
  }
}
