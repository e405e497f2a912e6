/**
 * Signals by name, by number, and as a person reads of them: `SIGSEGV`, 11, "Segmentation fault".
 *
 *     signalNumber('TERM')   15, also for 'SIGTERM' and '15'; −1 where there is none
 *     signalName(9)          'KILL'
 */

/** By number; '' where there is none. */
const NAMES: StaticArray<string> = [
  'EXIT',
  'HUP',
  'INT',
  'QUIT',
  'ILL',
  'TRAP',
  'ABRT',
  'BUS',
  'FPE',
  'KILL',
  'USR1',
  'SEGV',
  'USR2',
  'PIPE',
  'ALRM',
  'TERM',
  '',
  'CHLD',
  'CONT',
  'STOP',
  'TSTP',
  'TTIN',
  'TTOU',
  '',
  '',
  '',
  '',
  '',
  'WINCH',
];
const DESCRIPTIONS: StaticArray<string> = [
  '',
  'Hangup',
  'Interrupt',
  'Quit',
  'Illegal instruction',
  'Trace/breakpoint trap',
  'Aborted',
  'Bus error',
  'Floating point exception',
  'Killed',
  'User defined signal 1',
  'Segmentation fault',
  'User defined signal 2',
  'Broken pipe',
  'Alarm clock',
  'Terminated',
  '',
  'Child exited',
  'Continued',
  'Stopped (signal)',
  'Stopped',
  'Stopped (tty input)',
  'Stopped (tty output)',
  '',
  '',
  '',
  '',
  '',
  'Window changed',
];

export const SIGNALS: i32 = 29;

export function signalName(signal: i32): string {
  return signal >= 0 && signal < NAMES.length ? NAMES[signal] : '';
}

export function signalDescription(signal: i32): string {
  const text = signal > 0 && signal < DESCRIPTIONS.length ? DESCRIPTIONS[signal] : '';
  return text === '' ? `Signal ${signal}` : text;
}

export function signalNumber(text: string): i32 {
  if (text === '') return -1;
  let value = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x30 || code > 0x39) return namedSignal(text.toUpperCase());
    value = value * 10 + code - 0x30;
    if (value >= SIGNALS) return -1;
  }
  return value;
}

function namedSignal(text: string): i32 {
  const name = text.startsWith('SIG') ? text.substring(3) : text;
  return name === '' ? -1 : NAMES.indexOf(name);
}
