/**
 * The sources as the rules see them: path and text of every file of the project, imports and syntax of
 * the TypeScript ones. Each rule is a function from files to faults, one line each, so that its test
 * can feed it bad samples as well as the project.
 *
 *     projectFiles()          all but node_modules, .git and .build
 *     sample(path, text)      a file that is not there, for a rule to refuse
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join, posix, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const NOT_OURS = new Set(['node_modules', '.git', '.build']);

export interface ProjectFile {
  /** From the project's root, with slashes. */
  readonly path: string;
  readonly text: string;
}

export function sample(path: string, text: string): ProjectFile {
  return { path, text };
}

let cached: readonly ProjectFile[] | undefined;

export function projectFiles(): readonly ProjectFile[] {
  cached ??= walk(ROOT).map(path => ({
    path: relative(ROOT, path).split(sep).join('/'),
    text: readFileSync(path, 'utf8'),
  }));
  return cached;
}

function walk(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap(entry => {
    if (NOT_OURS.has(entry.name)) return [];
    const path = join(folder, entry.name);
    return entry.isDirectory() ? walk(path) : [path];
  });
}

export const isTypeScript = ({ path }: ProjectFile) => path.endsWith('.ts');

export function parse({ path, text }: ProjectFile): ts.SourceFile {
  return ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
}

/** Lines that a node covers. */
export function lineCount(node: ts.Node, source: ts.SourceFile): number {
  return lineOf(node.end, source) - lineOf(node.getStart(source), source) + 1;
}

export function lineOf(position: number, source: ts.SourceFile): number {
  return source.getLineAndCharacterOfPosition(position).line + 1;
}

/** Calls the visitor with the node and everything in it. */
export function visit(node: ts.Node, visitor: (node: ts.Node) => void): void {
  visitor(node);
  ts.forEachChild(node, child => visit(child, visitor));
}

export interface Import {
  /** A path from the root for relative imports, otherwise a package's or built-in module's name. */
  readonly target: string;
  readonly isRelative: boolean;
  readonly line: number;
}

/** All that a file imports, in whatever form: import, export from, import(), import type. */
export function importsOf(file: ProjectFile): Import[] {
  const source = parse(file);
  const imports: Import[] = [];
  visit(source, node => {
    const specifier = specifierOf(node);
    if (specifier === undefined) return;
    const isRelative = specifier.text.startsWith('.');
    const target = isRelative ? posix.join(posix.dirname(file.path), specifier.text) : specifier.text;
    imports.push({ target, isRelative, line: lineOf(specifier.getStart(source), source) });
  });
  return imports;
}

function specifierOf(node: ts.Node): ts.StringLiteral | undefined {
  let specifier: ts.Node | undefined;
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) specifier = node.moduleSpecifier;
  else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument))
    specifier = node.argument.literal;
  else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
    specifier = node.arguments[0];
  return specifier !== undefined && ts.isStringLiteral(specifier) ? specifier : undefined;
}
