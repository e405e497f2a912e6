/**
 * The tree to text that parses to the same tree: for `jobs`, for `type`, and to hand functions and commands
 * to a subshell, which is another process.
 *
 *     printCommand(node)    one command; on one line, unless here-documents follow it
 *     quoted(text)          text as one word that means exactly itself
 *
 * Bodies of here-documents come after the next newline, which takes the place of a `;`.
 */
import {
  AND_OR,
  type AndOr,
  ARITHMETIC,
  CASE,
  type Case,
  COMMANDS,
  type Command,
  DEFINITION,
  type Definition,
  FOR,
  type For,
  GROUP,
  type Group,
  IF,
  type If,
  LIST,
  LITERAL,
  type List,
  LOOP,
  type Loop,
  type Part,
  PIPELINE,
  type Pipeline,
  type Redirection,
  type Simple,
  SUBSHELL,
  TIMED,
  UNTIMED,
  type Word,
} from './syntax.ts';

export function printCommand(command: Command): string {
  const printer = new Printer();
  printer.command(command);
  return printer.finished();
}

/** One line for a person: a here-document is `<<...`. */
export function printLine(command: Command): string {
  const printer = new Printer();
  printer.isForPerson = true;
  printer.command(command);
  return printer.finished();
}

/** As dash quotes for its own `set`: 'it'"'"'s'. */
export function quoted(text: string): string {
  return "'" + text.replaceAll("'", "'\"'\"'") + "'";
}

class Printer {
  isForPerson: bool = false;
  private text: string = '';
  /** Here-documents whose bodies are due at the next newline: delimiter and body in turn. */
  private bodies: string[] = [];

  finished(): string {
    this.flushBodies();
    return this.text;
  }

  command(node: Command): void {
    switch (node.kind) {
      case PIPELINE:
        this.pipeline(node as Pipeline);
        break;
      case AND_OR:
        this.andOr(node as AndOr);
        break;
      case LIST:
        this.list(node as List);
        break;
      case GROUP:
        this.text += '{ ';
        this.list((node as Group).body);
        this.separator();
        this.text += '}';
        break;
      case SUBSHELL:
        this.text += '( ';
        this.list((node as Group).body);
        this.closeSubshell();
        break;
      case IF:
        this.text += 'if ';
        this.conditional(node as If);
        this.text += 'fi';
        break;
      case LOOP:
        this.loop(node as Loop);
        break;
      case FOR:
        this.forLoop(node as For);
        break;
      case CASE:
        this.caseOf(node as Case);
        break;
      case DEFINITION:
        this.text += (node as Definition).name + '() ';
        this.command((node as Definition).body);
        break;
      default:
        this.simple(node as Simple);
    }
    for (let i = 0; i < node.redirections.length; i++) this.redirection(node.redirections[i]);
  }

  private pipeline(node: Pipeline): void {
    if (node.timing !== UNTIMED) this.text += node.timing === TIMED ? 'time ' : 'time -p ';
    if (node.isNegated) this.text += '! ';
    for (let i = 0; i < node.commands.length; i++) {
      if (i > 0) this.text += ' | ';
      this.command(node.commands[i]);
    }
  }

  private andOr(node: AndOr): void {
    for (let i = 0; i < node.pipelines.length; i++) {
      if (i > 0) this.text += node.isAnd[i - 1] ? ' && ' : ' || ';
      this.command(node.pipelines[i]);
    }
  }

  private list(node: List): void {
    for (let i = 0; i < node.commands.length; i++) {
      if (i > 0) this.separator();
      this.command(node.commands[i]);
      if (node.isBackground[i]) this.text += ' &';
    }
  }

  /** `; `, nothing more behind a `&`, or a newline with the bodies that are due. */
  private separator(): void {
    if (this.bodies.length > 0) this.flushBodies();
    else this.text += this.text.endsWith(' &') ? ' ' : '; ';
  }

  private closeSubshell(): void {
    this.flushBodies();
    this.text += ' )';
  }

  private flushBodies(): void {
    if (this.bodies.length === 0) return;
    this.text += '\n';
    for (let i = 0; i < this.bodies.length; i += 2) this.text += this.bodies[i + 1] + this.bodies[i] + '\n';
    this.bodies = [];
  }

  /** From behind `if` or `elif`, up to `fi`. */
  private conditional(node: If): void {
    this.list(node.condition);
    this.separator();
    this.text += 'then ';
    this.list(node.consequence);
    this.separator();
    const otherwise = node.otherwise;
    if (otherwise === null) return;
    const only = otherwise.commands[0];
    if (otherwise.commands.length === 1 && only.kind === IF && only.redirections.length === 0) {
      this.text += 'elif ';
      this.conditional(only as If);
      return;
    }
    this.text += 'else ';
    this.list(otherwise);
    this.separator();
  }

  private loop(node: Loop): void {
    this.text += node.isUntil ? 'until ' : 'while ';
    this.list(node.condition);
    this.separator();
    this.doBody(node.body);
  }

  private doBody(body: List): void {
    this.text += 'do ';
    this.list(body);
    this.separator();
    this.text += 'done';
  }

  private forLoop(node: For): void {
    this.text += 'for ' + node.name;
    if (node.hasIn) this.text += ' in';
    for (let i = 0; i < node.words.length; i++) this.text += ' ' + this.word(node.words[i]);
    this.text += '; ';
    this.doBody(node.body);
  }

  private caseOf(node: Case): void {
    this.text += 'case ' + this.word(node.subject) + ' in ';
    for (let i = 0; i < node.items.length; i++) {
      const item = node.items[i];
      this.text += '(';
      for (let k = 0; k < item.patterns.length; k++) {
        this.text += (k > 0 ? ' | ' : '') + this.word(item.patterns[k]);
      }
      this.text += ') ';
      this.list(item.body);
      this.flushBodies();
      this.text += ' ;; ';
    }
    this.text += 'esac';
  }

  private simple(node: Simple): void {
    let space = '';
    for (let i = 0; i < node.assignments.length; i++) {
      this.text += space + node.assignments[i].name + '=' + this.word(node.assignments[i].value);
      space = ' ';
    }
    for (let i = 0; i < node.words.length; i++) {
      this.text += space + this.word(node.words[i]);
      space = ' ';
    }
  }

  private redirection(node: Redirection): void {
    const standard = node.operator.startsWith('<') ? 0 : 1;
    const descriptor = node.descriptor === standard ? '' : node.descriptor.toString();
    if (this.text !== '' && !this.text.endsWith(' ')) this.text += ' ';
    this.text += descriptor;
    if (!node.operator.startsWith('<<')) this.text += node.operator + this.word(node.word);
    else if (this.isForPerson) this.text += '<<...';
    else this.hereDocument(node.word);
  }

  private hereDocument(word: Word): void {
    const isLiteral = word.hasQuotes && word.parts.length === 1 && word.parts[0].kind === LITERAL;
    const body = isLiteral ? word.parts[0].text : this.inHereDocument(word);
    let delimiter = 'EOF';
    while (body.indexOf(delimiter) >= 0) delimiter += '_';
    this.text += isLiteral ? `<<'${delimiter}'` : `<<${delimiter}`;
    this.bodies.push(delimiter);
    this.bodies.push(body);
  }

  private inHereDocument(word: Word): string {
    let text = '';
    for (let i = 0; i < word.parts.length; i++) {
      const part = word.parts[i];
      text += part.kind === LITERAL ? escaped(part.text, '$`\\') : this.expansion(part);
    }
    return text;
  }

  /** Runs of quoted parts share their quotes. */
  private word(node: Word): string {
    let text = '';
    let isOpen: bool = false;
    for (let i = 0; i < node.parts.length; i++) {
      const part = node.parts[i];
      const isAlone = !isOpen && (i + 1 === node.parts.length || !node.parts[i + 1].isQuoted);
      if (part.kind === LITERAL && part.isQuoted && isAlone) {
        text += literalInQuotes(part.text);
        continue;
      }
      if (part.isQuoted !== isOpen) {
        text += '"';
        isOpen = part.isQuoted;
      }
      if (part.kind !== LITERAL) text += this.expansion(part);
      else text += isOpen ? escaped(part.text, '$`\\"') : part.text;
    }
    return isOpen ? text + '"' : text;
  }

  private expansion(part: Part): string {
    if (part.kind === COMMANDS) {
      const inner = new Printer();
      inner.isForPerson = this.isForPerson;
      inner.command(part.commands!);
      const text = inner.finished();
      return text.startsWith('(') ? `$( ${text})` : `$(${text})`;
    }
    if (part.kind === ARITHMETIC) return `$((${this.inHereDocument(part.word!)}))`;
    return this.parameter(part);
  }

  private parameter(part: Part): string {
    const name = part.text;
    const operator = part.operator;
    if (operator === '') return `\${${name}}`;
    if (operator === 'length') return `\${#${name}}`;
    const isPattern = operator.startsWith('%') || operator.startsWith('#');
    const operand = part.isQuoted && !isPattern ? this.inQuotes(part.word!) : this.word(part.word!);
    return '${' + name + operator + operand + '}';
  }

  private inQuotes(word: Word): string {
    let text = '';
    for (let i = 0; i < word.parts.length; i++) {
      const part = word.parts[i];
      text += part.kind === LITERAL ? escaped(part.text, '$`\\"}') : this.expansion(part);
    }
    return text;
  }
}

function escaped(text: string, special: string): string {
  let result = '';
  for (let i = 0; i < text.length; i++) {
    const character = text.charAt(i);
    if (special.indexOf(character) >= 0) result += '\\';
    result += character;
  }
  return result;
}

function literalInQuotes(text: string): string {
  return escaped(text, '$`\\"') === text ? `"${text}"` : quoted(text);
}
