/**
 * Variables: values by name, what is exported, what is read-only, and what functions made local.
 *
 * A variable may be exported or read-only without having a value yet. A function's locals are kept as what
 * stood in their place before, and put back when it returns.
 */

class Variable {
  isExported: bool = false;
  isReadOnly: bool = false;
  /** null: not set. */
  constructor(public value: string | null) {}

  copy(): Variable {
    const other = new Variable(this.value);
    other.isExported = this.isExported;
    other.isReadOnly = this.isReadOnly;
    return other;
  }
}

/** What a local variable hides. */
class Hidden {
  constructor(
    public name: string,
    public variable: Variable | null,
    public depth: i32,
  ) {}
}

export class Variables {
  private table: Map<string, Variable> = new Map<string, Variable>();
  private hidden: Hidden[] = [];
  /** How many functions are being called. */
  depth: i32 = 0;

  has(name: string): bool {
    return this.table.has(name) && this.table.get(name).value !== null;
  }

  /** '' where it is not set. */
  get(name: string): string {
    if (!this.table.has(name)) return '';
    const value = this.table.get(name).value;
    return value === null ? '' : value;
  }

  /** False where it is read-only. */
  set(name: string, value: string): bool {
    const variable = this.variable(name);
    if (variable.isReadOnly) return false;
    variable.value = value;
    return true;
  }

  /** False where it is read-only. */
  unset(name: string): bool {
    if (!this.table.has(name)) return true;
    if (this.table.get(name).isReadOnly) return false;
    this.table.delete(name);
    return true;
  }

  isReadOnly(name: string): bool {
    return this.table.has(name) && this.table.get(name).isReadOnly;
  }

  isExported(name: string): bool {
    return this.table.has(name) && this.table.get(name).isExported;
  }

  setReadOnly(name: string): void {
    this.variable(name).isReadOnly = true;
  }

  setExported(name: string, isExported: bool): void {
    this.variable(name).isExported = isExported;
  }

  /** Sorted. */
  names(): string[] {
    return this.table.keys().sort();
  }

  /** `name=value` of what is exported and set. */
  environment(): string[] {
    const names = this.names();
    const result: string[] = [];
    for (let i = 0; i < names.length; i++) {
      const variable = this.table.get(names[i]);
      if (variable.isExported && variable.value !== null) result.push(names[i] + '=' + variable.value!);
    }
    return result;
  }

  /** Hides the variable until `leave` of this depth; a local begins with the value that it hides. */
  makeLocal(name: string): void {
    for (let i = this.hidden.length - 1; i >= 0 && this.hidden[i].depth === this.depth; i--) {
      if (this.hidden[i].name === name) return;
    }
    const before = this.table.has(name) ? this.table.get(name) : null;
    this.hidden.push(new Hidden(name, before, this.depth));
    if (before !== null) this.table.set(name, before.copy());
  }

  enter(): void {
    this.depth++;
  }

  /** Puts back what the locals of this depth have hidden. */
  leave(): void {
    while (this.hidden.length > 0 && this.hidden[this.hidden.length - 1].depth === this.depth) {
      const last = this.hidden.pop();
      if (last.variable === null) this.table.delete(last.name);
      else this.table.set(last.name, last.variable!);
    }
    this.depth--;
  }

  private variable(name: string): Variable {
    if (!this.table.has(name)) this.table.set(name, new Variable(null));
    return this.table.get(name);
  }
}
