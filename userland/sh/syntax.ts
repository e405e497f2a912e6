/**
 * The tree of a shell program: what the parser makes, the printer writes out again, and execute.ts runs.
 *
 *     List ── entries, each with `&` or without
 *       AndOr ── pipelines joined by && and ||
 *         Pipeline ── commands joined by |, perhaps with `time` and ! before it
 *           Simple · Group · Subshell · If · Loop · For · Case · Definition, each with redirections
 *     Word ── parts: literal text, parameter, command and arithmetic expansions, each quoted or not
 */

/** Kinds of commands. */
export const SIMPLE: i32 = 0;
export const PIPELINE: i32 = 1;
export const AND_OR: i32 = 2;
export const LIST: i32 = 3;
export const GROUP: i32 = 4;
export const SUBSHELL: i32 = 5;
export const IF: i32 = 6;
export const LOOP: i32 = 7;
export const FOR: i32 = 8;
export const CASE: i32 = 9;
export const DEFINITION: i32 = 10;

/** Kinds of a word's parts. */
export const LITERAL: i32 = 0;
export const PARAMETER: i32 = 1;
export const COMMANDS: i32 = 2;
export const ARITHMETIC: i32 = 3;

export const UNTIMED: i32 = 0;
export const TIMED: i32 = 1;
/** `time -p`: as POSIX has it. */
export const TIMED_PORTABLY: i32 = 2;

/** One piece of a word. */
export class Part {
  /** Of a parameter: '', '#' before the name (its length), or what stands behind the name: ':-' '%%' …. */
  operator: string = '';
  /** The operator's word, or an arithmetic expansion's expression. */
  word: Word | null = null;
  /** A command substitution's commands. */
  commands: List | null = null;

  /** `text` is a literal's text or a parameter's name. */
  constructor(
    public kind: i32,
    public text: string,
    public isQuoted: bool,
  ) {}
}

export class Word {
  parts: Part[] = [];

  /** The text of a word that is one unquoted literal, as reserved words and names are; else ''. */
  get bare(): string {
    if (this.parts.length !== 1) return '';
    const part = this.parts[0];
    return part.kind === LITERAL && !part.isQuoted ? part.text : '';
  }

  get hasQuotes(): bool {
    for (let i = 0; i < this.parts.length; i++) if (this.parts[i].isQuoted) return true;
    return false;
  }
}

export class Assignment {
  constructor(
    public name: string,
    public value: Word,
  ) {}
}

/** `operator` is one of < > >> >| <> <& >& << <<-; a here-document's word is its body. */
export class Redirection {
  constructor(
    public descriptor: i32,
    public operator: string,
    public word: Word,
  ) {}
}

export class Command {
  redirections: Redirection[] = [];
  constructor(
    public kind: i32,
    public line: i32,
  ) {}
}

export class Simple extends Command {
  assignments: Assignment[] = [];
  words: Word[] = [];
  constructor(line: i32) {
    super(SIMPLE, line);
  }
}

export class Pipeline extends Command {
  commands: Command[] = [];
  isNegated: bool = false;
  /** TIMED_…: whether `time` stands before it. */
  timing: i32 = UNTIMED;
  constructor(line: i32) {
    super(PIPELINE, line);
  }
}

/** `isAnd[i]` says how pipeline i + 1 is joined to those before it. */
export class AndOr extends Command {
  pipelines: Command[] = [];
  isAnd: bool[] = [];
  constructor(line: i32) {
    super(AND_OR, line);
  }
}

/** Also what is between reserved words and in substitutions. */
export class List extends Command {
  commands: Command[] = [];
  isBackground: bool[] = [];
  constructor(line: i32) {
    super(LIST, line);
  }
}

/** { … }, or ( … ) where the kind is SUBSHELL. */
export class Group extends Command {
  constructor(
    kind: i32,
    line: i32,
    public body: List,
  ) {
    super(kind, line);
  }
}

/** `otherwise` is what follows else; an elif is an If in a list of its own. */
export class If extends Command {
  otherwise: List | null = null;
  constructor(
    line: i32,
    public condition: List,
    public consequence: List,
  ) {
    super(IF, line);
  }
}

export class Loop extends Command {
  constructor(
    line: i32,
    public isUntil: bool,
    public condition: List,
    public body: List,
  ) {
    super(LOOP, line);
  }
}

/** Without `in`, over "$@". */
export class For extends Command {
  hasIn: bool = false;
  words: Word[] = [];
  constructor(
    line: i32,
    public name: string,
    public body: List,
  ) {
    super(FOR, line);
  }
}

export class CaseItem {
  patterns: Word[] = [];
  constructor(public body: List) {}
}

export class Case extends Command {
  items: CaseItem[] = [];
  constructor(
    line: i32,
    public subject: Word,
  ) {
    super(CASE, line);
  }
}

/** A function's definition. */
export class Definition extends Command {
  constructor(
    line: i32,
    public name: string,
    public body: Command,
  ) {
    super(DEFINITION, line);
  }
}
