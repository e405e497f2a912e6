/**
 * A question in the last row and the answer that is being typed: characters, Backspace, ^U for all of it.
 */
import { columnsOf, previousIndex } from '../lib/columns.ts';
import { isCharacter } from '../lib/keys.ts';

export class Prompt {
  constructor(
    private question: string,
    public answer: string,
  ) {}

  get shown(): string {
    return this.question + this.answer;
  }

  /** Behind the answer. */
  get column(): i32 {
    return columnsOf(this.shown);
  }

  take(key: string): void {
    if (isCharacter(key)) this.answer += key;
    else if (key === 'Backspace')
      this.answer = this.answer.substring(0, previousIndex(this.answer, this.answer.length));
    else if (key === 'C-u') this.answer = '';
  }
}
