/**
 * What GDB's `monitor` commands answer: things about the machine that the protocol itself cannot ask.
 * Each command is one row of the table below.
 */
import { describePlace, describeTrap } from '../diagnosis.ts';
import type { Debuggee } from './debuggee.ts';

interface MonitorCommand {
  readonly synopsis: string;
  readonly description: string;
  answer(debuggee: Debuggee, parameters: readonly string[]): string;
}

const COMMANDS: Readonly<Record<string, MonitorCommand>> = {
  help: {
    synopsis: 'help',
    description: 'this list',
    answer: () => helpText(),
  },
  cycle: {
    synopsis: 'cycle',
    description: 'the cycle, the time, and how far back the record goes',
    answer: ({ hart, now, history }) =>
      `cycle ${hart.cycle}, ${now} ns\n` +
      (history === undefined ? '' : `the record begins at cycle ${history.beginning}\n`),
  },
  stats: {
    synopsis: 'stats',
    description: 'instructions, cycles and how often each cause of a stall applied',
    answer: ({ hart }) =>
      Object.entries(hart.counters)
        .map(([name, count]) => `${name.padEnd(20)} ${count}\n`)
        .join(''),
  },
  translate: {
    synopsis: 'translate ADDRESS',
    description: 'the physical address, for each kind of access, as the hart translates now',
    answer: (debuggee, [text = '']) => translateText(debuggee, text),
  },
  traps: {
    synopsis: 'traps',
    description: 'how many traps were taken, and the last one',
    answer: debuggee =>
      `${debuggee.hart.trapsTaken} taken\n${describeTrap(debuggee.hart, lookUp(debuggee))}\n`,
  },
  where: {
    synopsis: 'where',
    description: 'program counter, nearest symbol and mode',
    answer: debuggee => `${describePlace(debuggee.hart, lookUp(debuggee))}\n`,
  },
  reset: {
    synopsis: 'reset',
    description: 'press the reset button',
    answer: debuggee => {
      debuggee.reset();
      return 'the machine was reset\n';
    },
  },
};

/** The text for a command line; never empty, never an exception for what a person types. */
export function monitor(debuggee: Debuggee, line: string): string {
  const [name = '', ...parameters] = line.trim().split(/\s+/);
  if (!Object.hasOwn(COMMANDS, name))
    return `there is no monitor command '${name}'; there are:\n${helpText()}`;
  return COMMANDS[name]!.answer(debuggee, parameters);
}

function helpText(): string {
  return Object.values(COMMANDS)
    .map(({ synopsis, description }) => `${synopsis.padEnd(20)} ${description}\n`)
    .join('');
}

function translateText({ hart }: Debuggee, text: string): string {
  const va = Number(text);
  if (text === '' || !Number.isInteger(va) || va < 0 || va > 0xffff_ffff)
    return 'give an address of 32 bits: translate 0xc0000000\n';
  return (['read', 'write', 'execute'] as const)
    .map(access => {
      const pa = hart.translate(va, access);
      return `${access.padEnd(8)} ${pa === undefined ? 'faults' : '0x' + pa.toString(16).padStart(8, '0')}\n`;
    })
    .join('');
}

function lookUp(debuggee: Debuggee): (address: number) => string | undefined {
  return address => debuggee.symbolAt(address);
}
