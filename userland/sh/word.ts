/**
 * Words: quotes, escapes and expansions, read from the lexer's position into parts.
 *
 *     'as it is'   "with $expansions"   \c   $'\n'   $name ${name…} $(commands) `commands` $((expression))
 *
 * What a character means depends on where it stands: in a plain word, in double quotes, in the braces of an
 * expansion (inside quotes or not), in a here-document, or in an arithmetic expression.
 */
import { readEscape } from '../lib/escape.ts';
import { endsWord, type HereDocument, isDigit, isNameStart, Lexer, nameEnd } from './lexer.ts';
import { parseSubstitution } from './parser.ts';
import { ARITHMETIC, COMMANDS, LITERAL, PARAMETER, Part, Word } from './syntax.ts';

/** Where the reader is. */
const PLAIN: i32 = 0;
const QUOTES: i32 = 1;
const BRACES: i32 = 2;
const QUOTED_BRACES: i32 = 3;
const HERE_DOCUMENT: i32 = 4;
const EXPRESSION: i32 = 5;

/** The special parameters. */
const SPECIAL = '@*#?-$!';
const BAD_SUBSTITUTION = 'bad';

export function readWord(lexer: Lexer): Word {
  const word = new Word();
  readParts(lexer, word, PLAIN);
  return word;
}

/** The body of a here-document, up to its delimiter's line or the end. */
export function readHereDocument(lexer: Lexer, document: HereDocument): void {
  const isStripped = document.redirection.operator === '<<-';
  let body = '';
  let isEnded = false;
  while (!isEnded && lexer.peek() >= 0) {
    let end = lexer.source.indexOf('\n', lexer.position);
    if (end < 0) end = lexer.source.length;
    let start = lexer.position;
    if (isStripped) while (start < end && lexer.source.charCodeAt(start) === 0x09) start++;
    const line = lexer.source.substring(start, end);
    lexer.position = end < lexer.source.length ? end + 1 : end;
    isEnded = line === document.delimiter;
    if (!isEnded) body += line + '\n';
  }
  // a text that ends first is one more line short when it is typed
  if (!isEnded) lexer.isIncomplete = true;
  document.redirection.word = document.isLiteral ? literalWord(body) : expandedBody(lexer, body);
}

/** A prompt's text: expansions in it, but no quotes. */
export function promptWord(text: string): Word {
  const word = new Word();
  readParts(new Lexer(text, 1), word, HERE_DOCUMENT);
  return word;
}

function literalWord(text: string): Word {
  const word = new Word();
  word.parts.push(new Part(LITERAL, text, true));
  return word;
}

function expandedBody(lexer: Lexer, body: string): Word {
  const inner = new Lexer(body, lexer.line);
  const word = new Word();
  readParts(inner, word, HERE_DOCUMENT);
  if (inner.error !== '') lexer.fail(inner.error, false);
  return word;
}

function readParts(lexer: Lexer, word: Word, mode: i32): void {
  const isQuoted = mode !== PLAIN && mode !== BRACES;
  const first = word.parts.length;
  let depth = 0;
  while (lexer.error === '') {
    const code = lexer.peek();
    if (code < 0) {
      endOfText(lexer, mode);
      return;
    }
    if (mode === PLAIN && endsWord(code)) return;
    if (mode === EXPRESSION) {
      if (code === 0x28) depth++;
      if (code === 0x29 && depth-- === 0) return;
    }
    switch (code) {
      case 0x5c: // \
        readBackslash(lexer, word, mode);
        break;
      case 0x27: // '
        if (isQuoted) addLiteral(word, take(lexer), true);
        else readSingleQuotes(lexer, word);
        break;
      case 0x22: // "
        if (mode === HERE_DOCUMENT) {
          addLiteral(word, take(lexer), true);
          break;
        }
        lexer.position++;
        if (mode === QUOTES) {
          if (word.parts.length === first) addLiteral(word, '', true);
          return;
        }
        if (mode !== EXPRESSION) readParts(lexer, word, QUOTES);
        break;
      case 0x24: // $
        readDollar(lexer, word, isQuoted);
        break;
      case 0x60: // `
        readBackquotes(lexer, word, isQuoted);
        break;
      case 0x7d: // }
        if (mode === BRACES || mode === QUOTED_BRACES) {
          lexer.position++;
          return;
        }
        addLiteral(word, take(lexer), isQuoted);
        break;
      default:
        readRun(lexer, word, mode, isQuoted);
    }
  }
}

function endOfText(lexer: Lexer, mode: i32): void {
  if (mode === QUOTES) lexer.fail('Syntax error: Unterminated quoted string', true);
  else if (mode === BRACES || mode === QUOTED_BRACES) lexer.fail("Syntax error: Missing '}'", true);
  else if (mode === EXPRESSION) lexer.fail("Syntax error: Missing '))'", true);
}

function take(lexer: Lexer): string {
  return lexer.source.charAt(lexer.position++);
}

/** Adjacent literals of the same kind are one. */
function addLiteral(word: Word, text: string, isQuoted: bool): void {
  const last = word.parts.length - 1;
  if (last >= 0 && word.parts[last].kind === LITERAL && word.parts[last].isQuoted === isQuoted) {
    word.parts[last].text += text;
  } else {
    word.parts.push(new Part(LITERAL, text, isQuoted));
  }
}

/** Characters without a meaning, as many as there are. */
function readRun(lexer: Lexer, word: Word, mode: i32, isQuoted: bool): void {
  const start = lexer.position++;
  while (true) {
    const code = lexer.peek();
    if (code < 0 || code === 0x5c || code === 0x27 || code === 0x22 || code === 0x24) break;
    if (code === 0x60 || code === 0x7d) break;
    if (mode === PLAIN && endsWord(code)) break;
    if (mode === EXPRESSION && (code === 0x28 || code === 0x29)) break;
    lexer.position++;
  }
  addLiteral(word, lexer.source.substring(start, lexer.position), isQuoted);
}

function readBackslash(lexer: Lexer, word: Word, mode: i32): void {
  const next = lexer.peek(1);
  lexer.position++;
  if (next < 0) {
    addLiteral(word, '\\', true);
    if (mode === PLAIN) lexer.isIncomplete = true;
    return;
  }
  if (next === 0x0a) {
    lexer.position++;
    return;
  }
  let isEscape = mode === PLAIN || mode === BRACES || next === 0x24 || next === 0x60 || next === 0x5c;
  if (next === 0x22) isEscape = isEscape || mode === QUOTES || mode === QUOTED_BRACES;
  if (next === 0x7d) isEscape = isEscape || mode === QUOTED_BRACES;
  addLiteral(word, isEscape ? take(lexer) : '\\', true);
}

function readSingleQuotes(lexer: Lexer, word: Word): void {
  const end = lexer.source.indexOf("'", lexer.position + 1);
  if (end < 0) {
    lexer.fail('Syntax error: Unterminated quoted string', true);
    return;
  }
  addLiteral(word, lexer.source.substring(lexer.position + 1, end), true);
  lexer.position = end + 1;
}

function readDollar(lexer: Lexer, word: Word, isQuoted: bool): void {
  const next = lexer.peek(1);
  if (next === 0x28) {
    readParenthesis(lexer, word, isQuoted);
    return;
  }
  if (next === 0x7b) {
    readBraces(lexer, word, isQuoted);
    return;
  }
  if (next === 0x27 && !isQuoted) {
    readEscapes(lexer, word);
    return;
  }
  const start = ++lexer.position;
  let end = nameEnd(lexer.source, start);
  if (end === start && (isDigit(next) || isSpecial(next))) end++;
  if (end === start) {
    addLiteral(word, '$', isQuoted);
    return;
  }
  lexer.position = end;
  word.parts.push(new Part(PARAMETER, lexer.source.substring(start, end), isQuoted));
}

function isSpecial(code: i32): bool {
  return code >= 0 && SPECIAL.indexOf(String.fromCharCode(code)) >= 0;
}

/** `$'…'`, whose escapes are those of C. */
function readEscapes(lexer: Lexer, word: Word): void {
  lexer.position += 2;
  let text = '';
  while (true) {
    const code = lexer.peek();
    if (code < 0) {
      lexer.fail('Syntax error: Unterminated quoted string', true);
      return;
    }
    if (code === 0x27) break;
    if (code !== 0x5c) {
      text += take(lexer);
      continue;
    }
    const meant = readEscape(lexer.source, lexer.position);
    text += meant.text;
    lexer.position = meant.end;
  }
  lexer.position++;
  addLiteral(word, text, true);
}

/** `$(commands)`, or `$((expression))` where the text is one. */
function readParenthesis(lexer: Lexer, word: Word, isQuoted: bool): void {
  const start = lexer.position;
  if (lexer.peek(2) === 0x28) {
    lexer.position += 3;
    const expression = new Word();
    readParts(lexer, expression, EXPRESSION);
    if (lexer.error !== '') return;
    if (lexer.peek(1) === 0x29) {
      lexer.position += 2;
      const part = new Part(ARITHMETIC, '', isQuoted);
      part.word = expression;
      word.parts.push(part);
      return;
    }
  }
  lexer.position = start + 2;
  const part = new Part(COMMANDS, '', isQuoted);
  part.commands = parseSubstitution(lexer, ')');
  word.parts.push(part);
}

/** Inside backquotes a backslash takes the meaning from $ ` and itself; what is left is commands. */
function readBackquotes(lexer: Lexer, word: Word, isQuoted: bool): void {
  const line = lexer.line;
  lexer.position++;
  let text = '';
  while (true) {
    const code = lexer.peek();
    if (code < 0) {
      lexer.fail('Syntax error: EOF in backquote substitution', true);
      return;
    }
    lexer.position++;
    if (code === 0x60) break;
    const next = lexer.peek();
    const isEscape =
      code === 0x5c && (next === 0x24 || next === 0x60 || next === 0x5c || (isQuoted && next === 0x22));
    text += isEscape ? take(lexer) : String.fromCharCode(code);
  }
  const inner = new Lexer(text, line);
  const part = new Part(COMMANDS, '', isQuoted);
  part.commands = parseSubstitution(inner, '');
  if (inner.error !== '') lexer.fail(inner.error, false);
  word.parts.push(part);
}

/** `${name}`, `${#name}` and `${name<operator>word}`. */
function readBraces(lexer: Lexer, word: Word, isQuoted: bool): void {
  lexer.position += 2;
  const part = new Part(PARAMETER, '', isQuoted);
  word.parts.push(part);
  if (lexer.peek() === 0x23 && lexer.peek(1) !== 0x7d && isLength(lexer)) {
    lexer.position++;
    part.operator = '#';
  }
  part.text = readParameterName(lexer);
  if (part.operator === '#' && lexer.peek() === 0x7d) {
    lexer.position++;
    part.operator = 'length';
    return;
  }
  part.operator = part.text === '' ? BAD_SUBSTITUTION : readOperator(lexer);
  if (part.operator === '') return;
  const isPattern = part.operator.startsWith('%') || part.operator.startsWith('#');
  const operand = new Word();
  readParts(lexer, operand, isQuoted && !isPattern ? QUOTED_BRACES : BRACES);
  part.word = operand;
}

/** Whether `#` stands before a name, not for the number of parameters. */
function isLength(lexer: Lexer): bool {
  const next = lexer.peek(1);
  if (isNameStart(next) || isDigit(next)) return true;
  return isSpecial(next) && lexer.peek(2) === 0x7d;
}

function readParameterName(lexer: Lexer): string {
  const start = lexer.position;
  let end = nameEnd(lexer.source, start);
  while (end < lexer.source.length && isDigit(lexer.source.charCodeAt(end))) end++;
  if (end === start && isSpecial(lexer.peek())) end++;
  lexer.position = end;
  return lexer.source.substring(start, end);
}

/** '' where the closing brace follows. */
function readOperator(lexer: Lexer): string {
  const code = lexer.peek();
  if (code < 0) return BAD_SUBSTITUTION;
  const character = String.fromCharCode(code);
  if (code === 0x7d) {
    lexer.position++;
    return '';
  }
  if (code === 0x25 || code === 0x23) {
    const isDouble = lexer.peek(1) === code;
    lexer.position += isDouble ? 2 : 1;
    return isDouble ? character + character : character;
  }
  if ('-=?+'.indexOf(character) >= 0) {
    lexer.position++;
    return character;
  }
  const next = lexer.peek(1);
  if (code === 0x3a && next >= 0 && '-=?+'.indexOf(String.fromCharCode(next)) >= 0) {
    lexer.position += 2;
    return ':' + String.fromCharCode(next);
  }
  return BAD_SUBSTITUTION;
}
