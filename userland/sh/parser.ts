/**
 * Tokens to the tree: the grammar of the shell, by recursive descent, one function for each of its rules.
 *
 *     const parser = new Parser(new Lexer(text, 1), aliases);
 *     const list = parser.completeCommand();      // null at an empty line and at the end
 *
 * A complete command ends with its line. What is wrong with it is in the lexer's `error`, worded as dash does.
 */

import { trimmed } from '../lib/text.ts';
import {
  HereDocument,
  type Lexer,
  nameEnd,
  TOKEN_END,
  TOKEN_NEWLINE,
  TOKEN_NUMBER,
  TOKEN_OPERATOR,
  TOKEN_WORD,
  type Token,
} from './lexer.ts';
import {
  AndOr,
  Assignment,
  Case,
  CaseItem,
  type Command,
  Definition,
  For,
  GROUP,
  Group,
  If,
  LITERAL,
  List,
  Loop,
  Part,
  Pipeline,
  Redirection,
  Simple,
  SUBSHELL,
  TIMED,
  TIMED_PORTABLY,
  UNTIMED,
  Word,
} from './syntax.ts';

const RESERVED: StaticArray<string> = [
  '!',
  'case',
  'do',
  'done',
  'elif',
  'else',
  'esac',
  'fi',
  'for',
  'if',
  'in',
  'then',
  'until',
  'while',
  '{',
  '}',
];
/** Reserved words that end a list. */
const LIST_ENDS: StaticArray<string> = ['do', 'done', 'elif', 'else', 'esac', 'fi', 'then', '}'];

/** Reserved only where a pipeline begins; elsewhere it is the program. */
export const TIME = 'time';

export function isReserved(word: string): bool {
  return word !== '' && RESERVED.includes(word);
}

/** The commands up to `close`, which is taken; up to the end where it is ''. */
export function parseSubstitution(lexer: Lexer, close: string): List {
  const parser = new Parser(lexer, new Map<string, string>());
  const list = parser.list();
  if (close !== '') parser.expectOperator(close);
  else parser.expectEnd();
  return list;
}

export class Parser {
  /** No more commands. */
  isAtEnd: bool = false;
  private ahead: Token | null = null;
  /** Aliases whose text is being read, with how much of the source lies behind that text. */
  private activeAliases: string[] = [];
  private activeRests: i32[] = [];

  constructor(
    public lexer: Lexer,
    private aliases: Map<string, string>,
  ) {}

  completeCommand(): List | null {
    const token = this.peek();
    if (token.kind === TOKEN_NEWLINE) {
      this.take();
      return null;
    }
    if (token.kind === TOKEN_END) {
      this.isAtEnd = true;
      return null;
    }
    const list = new List(token.line);
    while (this.entry(list)) if (this.peek().kind === TOKEN_NEWLINE) break;
    const end = this.peek();
    if (end.kind === TOKEN_NEWLINE) this.take();
    else if (end.kind !== TOKEN_END) this.unexpected(end, '');
    return list;
  }

  /** Commands up to what cannot begin one. */
  list(): List {
    this.skipNewlines();
    const list = new List(this.peek().line);
    while (this.entry(list)) this.skipNewlines();
    return list;
  }

  expectOperator(text: string): void {
    const token = this.take();
    if (token.kind !== TOKEN_OPERATOR || token.text !== text) this.unexpected(token, text);
  }

  expectEnd(): void {
    const token = this.take();
    if (token.kind !== TOKEN_END) this.unexpected(token, '');
  }

  private peek(): Token {
    if (this.ahead === null) this.ahead = this.lexer.next();
    return this.ahead!;
  }

  private take(): Token {
    const token = this.peek();
    this.ahead = null;
    return token;
  }

  private isOperator(text: string): bool {
    const token = this.peek();
    return token.kind === TOKEN_OPERATOR && token.text === text;
  }

  private skipNewlines(): void {
    while (this.peek().kind === TOKEN_NEWLINE) this.take();
  }

  private unexpected(token: Token, expected: string): void {
    const suffix = expected === '' ? '' : ` (expecting "${expected}")`;
    this.lexer.fail(`Syntax error: ${describe(token)} unexpected${suffix}`, token.kind === TOKEN_END);
  }

  /** One and-or list with its separator; false where no other can follow. */
  private entry(list: List): bool {
    const token = this.peek();
    if (this.endsList(token)) return false;
    list.commands.push(this.andOr());
    const isBackground = this.isOperator('&');
    list.isBackground.push(isBackground);
    if (isBackground || this.isOperator(';')) {
      this.take();
      return true;
    }
    return this.peek().kind === TOKEN_NEWLINE;
  }

  private endsList(token: Token): bool {
    if (token.kind === TOKEN_END) return true;
    if (token.kind === TOKEN_OPERATOR) return token.text === ')' || token.text === ';;';
    return token.kind === TOKEN_WORD && LIST_ENDS.includes(token.bare);
  }

  private andOr(): Command {
    const first = this.pipeline();
    if (!this.isOperator('&&') && !this.isOperator('||')) return first;
    const node = new AndOr(first.line);
    node.pipelines.push(first);
    while (this.isOperator('&&') || this.isOperator('||')) {
      node.isAnd.push(this.take().text === '&&');
      this.skipNewlines();
      node.pipelines.push(this.pipeline());
    }
    return node;
  }

  private pipeline(): Command {
    const line = this.peek().line;
    const timing = this.timing();
    let isNegated = false;
    while (this.peek().bare === '!') {
      this.take();
      isNegated = !isNegated;
    }
    const first = timing !== UNTIMED && this.endsPipeline() ? new List(line) : this.command();
    if (timing === UNTIMED && !isNegated && !this.isOperator('|')) return first;
    const node = new Pipeline(line);
    node.timing = timing;
    node.isNegated = isNegated;
    node.commands.push(first);
    while (this.isOperator('|')) {
      this.take();
      this.skipNewlines();
      node.commands.push(this.command());
    }
    return node;
  }

  /** Takes `time` and its option. */
  private timing(): i32 {
    if (this.peek().bare !== TIME) return UNTIMED;
    this.take();
    if (this.peek().bare !== '-p') return TIMED;
    this.take();
    return TIMED_PORTABLY;
  }

  /** Nothing follows: `time` of nothing. */
  private endsPipeline(): bool {
    const token = this.peek();
    if (token.kind === TOKEN_NEWLINE || this.endsList(token)) return true;
    return token.kind === TOKEN_OPERATOR && (token.text === ';' || token.text === '&');
  }

  private command(): Command {
    while (this.substituteAlias());
    const token = this.peek();
    const compound = this.compound(token);
    if (compound === null) return this.simple();
    while (this.redirection(compound));
    return compound;
  }

  private compound(token: Token): Command | null {
    if (token.kind === TOKEN_OPERATOR && token.text === '(') {
      this.take();
      const body = this.filled(this.list(), ')');
      this.expectOperator(')');
      return new Group(SUBSHELL, token.line, body);
    }
    const word = token.bare;
    if (!isReserved(word) || LIST_ENDS.includes(word)) return null;
    this.take();
    if (word === '{') return this.group(token.line);
    if (word === 'if') return this.conditional(token.line);
    if (word === 'while' || word === 'until') return this.loop(token.line, word === 'until');
    if (word === 'for') return this.forLoop(token.line);
    if (word === 'case') return this.caseOf(token.line);
    this.unexpected(token, '');
    return new List(token.line);
  }

  /** A list that must have a command, before the word that is expected. */
  private filled(list: List, expected: string): List {
    if (list.commands.length === 0)
      this.unexpected(this.peek(), this.peek().kind === TOKEN_END ? expected : '');
    return list;
  }

  private expectReserved(word: string): void {
    const token = this.take();
    if (token.bare !== word) this.unexpected(token, word);
  }

  private group(line: i32): Command {
    const body = this.filled(this.list(), '}');
    this.expectReserved('}');
    return new Group(GROUP, line, body);
  }

  /** From behind `if` or `elif`. */
  private conditional(line: i32): Command {
    const condition = this.filled(this.list(), 'then');
    this.expectReserved('then');
    const node = new If(line, condition, this.filled(this.list(), 'fi'));
    const token = this.take();
    if (token.bare === 'elif') {
      const otherwise = new List(token.line);
      otherwise.commands.push(this.conditional(token.line));
      otherwise.isBackground.push(false);
      node.otherwise = otherwise;
      return node;
    }
    if (token.bare === 'else') {
      node.otherwise = this.filled(this.list(), 'fi');
      this.expectReserved('fi');
    } else if (token.bare !== 'fi') this.unexpected(token, 'fi');
    return node;
  }

  private loop(line: i32, isUntil: bool): Command {
    const condition = this.filled(this.list(), 'do');
    return new Loop(line, isUntil, condition, this.doBody());
  }

  private doBody(): List {
    this.expectReserved('do');
    const body = this.filled(this.list(), 'done');
    this.expectReserved('done');
    return body;
  }

  private forLoop(line: i32): Command {
    const name = this.take();
    if (!isName(name.bare)) this.lexer.fail('Syntax error: Bad for loop variable', name.kind === TOKEN_END);
    const node = new For(line, name.bare, new List(line));
    this.skipNewlines();
    if (this.peek().bare === 'in') {
      this.take();
      node.hasIn = true;
      while (this.peek().kind === TOKEN_WORD) node.words.push(this.take().word!);
      const end = this.peek();
      if (end.kind !== TOKEN_NEWLINE && !this.isOperator(';')) this.unexpected(end, 'do');
      this.take();
    } else if (this.isOperator(';')) this.take();
    this.skipNewlines();
    node.body = this.doBody();
    return node;
  }

  private caseOf(line: i32): Command {
    const subject = this.take();
    if (subject.kind !== TOKEN_WORD) this.unexpected(subject, '');
    const node = new Case(line, subject.word !== null ? subject.word! : new Word());
    this.skipNewlines();
    this.expectReserved('in');
    this.skipNewlines();
    while (this.lexer.error === '' && this.peek().bare !== 'esac') {
      node.items.push(this.caseItem());
      if (this.isOperator(';;')) this.take();
      else if (this.peek().bare !== 'esac') this.unexpected(this.peek(), ';;');
      this.skipNewlines();
    }
    this.expectReserved('esac');
    return node;
  }

  private caseItem(): CaseItem {
    const item = new CaseItem(new List(this.peek().line));
    if (this.isOperator('(')) this.take();
    while (true) {
      const pattern = this.take();
      if (pattern.kind !== TOKEN_WORD) {
        this.unexpected(pattern, pattern.kind === TOKEN_END ? ')' : '');
        return item;
      }
      item.patterns.push(pattern.word!);
      if (!this.isOperator('|')) break;
      this.take();
    }
    this.expectOperator(')');
    item.body = this.list();
    return item;
  }

  private simple(): Command {
    const start = this.peek();
    const node = new Simple(start.line);
    let mayBeAlias: bool = false;
    while (true) {
      if (mayBeAlias) mayBeAlias = this.substituteAlias();
      const token = this.peek();
      if (token.kind === TOKEN_WORD) {
        this.take();
        if (node.words.length === 0 && addAssignment(node, token.word!)) {
          while (this.substituteAlias());
          continue;
        }
        node.words.push(token.word!);
        mayBeAlias = this.endsBlankAlias();
        if (node.words.length === 1 && this.isOperator('(')) return this.definition(token);
      } else if (!this.redirection(node)) break;
    }
    if (node.words.length + node.assignments.length + node.redirections.length === 0)
      this.unexpected(start, '');
    return node;
  }

  private definition(name: Token): Command {
    this.take();
    this.expectOperator(')');
    if (!isName(name.bare)) this.lexer.fail('Syntax error: Bad function name', false);
    this.skipNewlines();
    return new Definition(name.line, name.bare, this.command());
  }

  /** Takes a redirection into the command, if one follows. */
  private redirection(command: Command): bool {
    let token = this.peek();
    let descriptor = -1;
    if (token.kind === TOKEN_NUMBER) {
      descriptor = <i32>parseInt(token.text, 10);
      this.take();
      token = this.peek();
    }
    if (token.kind !== TOKEN_OPERATOR || !(token.text.startsWith('<') || token.text.startsWith('>')))
      return false;
    this.take();
    const target = this.take();
    if (target.kind !== TOKEN_WORD) {
      this.unexpected(target, '');
      return false;
    }
    if (descriptor < 0) descriptor = token.text.startsWith('<') ? 0 : 1;
    const redirection = new Redirection(descriptor, token.text, target.word!);
    command.redirections.push(redirection);
    if (token.text.startsWith('<<')) {
      const isLiteral = target.word!.hasQuotes;
      const delimiter = isLiteral ? literalText(target.word!) : target.text;
      this.lexer.pending.push(new HereDocument(redirection, delimiter, isLiteral));
    }
    return true;
  }

  /** Puts an alias's text in the place of its name, if the next token is one that is not being read. */
  private substituteAlias(): bool {
    const token = this.peek();
    if (token.kind !== TOKEN_WORD) return false;
    const name = token.bare;
    if (name === '' || isReserved(name) || !this.aliases.has(name) || this.isActive(name, token.start))
      return false;
    const rest = this.lexer.source.length - this.lexer.position;
    this.activeAliases.push(name);
    this.activeRests.push(rest);
    this.lexer.substitute(token.start, this.aliases.get(name));
    this.ahead = null;
    return true;
  }

  private isActive(name: string, start: i32): bool {
    const rest = this.lexer.source.length - start;
    while (this.activeRests.length > 0 && rest <= this.activeRests[this.activeRests.length - 1]) {
      this.activeRests.pop();
      this.activeAliases.pop();
    }
    return this.activeAliases.includes(name);
  }

  /** Whether the last word ended an alias whose text ends with a blank: then the next may be one too. */
  private endsBlankAlias(): bool {
    const last = this.activeAliases.length - 1;
    if (last < 0) return false;
    const end = this.lexer.source.length - this.activeRests[last];
    return this.lexer.position < end && trimmed(this.lexer.source.substring(this.lexer.position, end)) === '';
  }
}

function describe(token: Token): string {
  if (token.kind === TOKEN_END) return 'end of file';
  if (token.kind === TOKEN_NEWLINE) return 'newline';
  if (token.kind === TOKEN_OPERATOR) return `"${token.text}"`;
  return isReserved(token.bare) ? `"${token.bare}"` : 'word';
}

export function isName(text: string): bool {
  return text !== '' && nameEnd(text, 0) === text.length;
}

function literalText(word: Word): string {
  let text = '';
  for (let i = 0; i < word.parts.length; i++) text += word.parts[i].text;
  return text;
}

/** `name=value` before the command's name. */
function addAssignment(node: Simple, word: Word): bool {
  const assignment = assignmentOf(word);
  if (assignment === null) return false;
  node.assignments.push(assignment);
  return true;
}

/** The word as an assignment, if it begins with an unquoted `name=`. */
export function assignmentOf(word: Word): Assignment | null {
  if (word.parts.length === 0) return null;
  const first = word.parts[0];
  if (first.kind !== LITERAL || first.isQuoted) return null;
  const end = nameEnd(first.text, 0);
  if (end === 0 || end >= first.text.length || first.text.charCodeAt(end) !== 0x3d) return null;
  const value = new Word();
  if (end + 1 < first.text.length) value.parts.push(new Part(LITERAL, first.text.substring(end + 1), false));
  for (let i = 1; i < word.parts.length; i++) value.parts.push(word.parts[i]);
  return new Assignment(first.text.substring(0, end), value);
}
