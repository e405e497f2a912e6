/**
 * Questions that a command asks before it does something: on standard error, answered on standard input.
 * Whatever begins with y or Y is a yes.
 */
import { programName } from './arguments.ts';
import { writeError } from './complaint.ts';
import { standardInput } from './file.ts';
import { Input } from './input.ts';

let answers: Input | null = null;

/** "rm: remove regular file 'x'? " */
export function isConfirmed(question: string): bool {
  writeError(`${programName()}: ${question}? `);
  let input = answers;
  if (input === null) {
    input = new Input(standardInput());
    answers = input;
  }
  const line = input.readLine();
  return line !== null && (line.startsWith('y') || line.startsWith('Y'));
}
