/**
 * The editor's type checker over guest sources, for every folder of them: what an editor underlines there is
 * an error here. Each folder has a tsconfig.json that extends one of this folder's two:
 *
 *     system.tsconfig.json    kernel and services: nothing in scope that allocates
 *     program.tsconfig.json   programs: the dialect's own library
 */
import { existsSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

export const PROJECT_DIRECTORY = fileURLToPath(new URL('../..', import.meta.url));
const FOLDERS = [
  'images/softfloat',
  'images/runtime',
  'images/wasi',
  'test/bench/guest',
  'test/compiler/bare/guest',
  'test/userland/guest',
  'os',
  'userland',
];

/** The folders of guest sources that there are. */
export function guestFolders(): readonly string[] {
  return FOLDERS.filter(folder => existsSync(join(PROJECT_DIRECTORY, folder, 'tsconfig.json')));
}

/** One line `file:line:column: message` for each fault; `only` are the files to check instead of the folder's. */
export function typeFaults(configFile: string, only?: readonly string[]): readonly string[] {
  const { config, error } = ts.readConfigFile(configFile, ts.sys.readFile);
  if (error !== undefined) return [faultLine(error)];
  const parsed = ts.parseJsonConfigFileContent(config, ts.sys, dirname(configFile), undefined, configFile);
  const emptyFolder = 18003;
  const errors = parsed.errors.filter(each => each.code !== emptyFolder);
  const declarations = parsed.fileNames.filter(file => file.endsWith('.d.ts'));
  const files = only === undefined ? parsed.fileNames : [...declarations, ...only];
  const program = ts.createProgram(files, parsed.options);
  return [...errors, ...ts.getPreEmitDiagnostics(program)].map(faultLine);
}

function faultLine({ file, start, messageText }: ts.Diagnostic): string {
  const message = ts.flattenDiagnosticMessageText(messageText, ' ');
  if (file === undefined || start === undefined) return message;
  const { line, character } = file.getLineAndCharacterOfPosition(start);
  return `${relative(PROJECT_DIRECTORY, file.fileName)}:${line + 1}:${character + 1}: ${message}`;
}
