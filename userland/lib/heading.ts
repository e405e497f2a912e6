/**
 * The line with a file's name before what head and tail write of it, where there are several: ==> name <==.
 */
import { print } from './output.ts';

export class Heading {
  private isChosen: bool = false;
  private isWanted: bool = false;
  private isFirst: bool = true;

  /** Always or never, whatever the count. */
  choose(isWanted: bool): void {
    this.isChosen = true;
    this.isWanted = isWanted;
  }

  show(name: string, count: i32): void {
    if (this.isChosen ? !this.isWanted : count < 2) return;
    print(`${this.isFirst ? '' : '\n'}==> ${name === '-' ? 'standard input' : name} <==\n`);
    this.isFirst = false;
  }
}
