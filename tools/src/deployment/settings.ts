import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';

/** The variables that a program reads from its environment; true: it does not start without. */
export type Settings = Map<string, boolean>;

/** Of Node and of the system: no code of ours reads them by `readConfig`. */
const ambient = ['NODE_ENV', 'TMPDIR'];

/**
 * Settings of an entry of an app, read from the sources: the settings that are given to `readConfig`, and `process.env`
 * itself, in every file that the entry comes to. So the manifests cannot name what the code does not know.
 */
export function settingsOf(workspace: string, app: string, entry: string): Settings {
  const settings: Settings = new Map(ambient.map((name) => [name, false]));
  const waiting = [join(workspace, 'apps', app, 'src', entry)];
  const seen = new Set(waiting);
  for (const path of waiting) {
    const source = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.ES2022, true);
    readSettings(source, settings);
    for (const next of importsOf(source, path, workspace)) {
      if (seen.has(next)) continue;
      seen.add(next);
      waiting.push(next);
    }
  }
  return settings;
}

function importsOf(source: ts.SourceFile, path: string, workspace: string): string[] {
  return source.statements.flatMap((statement) => {
    if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) return [];
    // Types read nothing: an API that knows the shape of its worker's settings does not ask for them.
    if (ts.isImportDeclaration(statement) && statement.importClause?.isTypeOnly) return [];
    const specifier = statement.moduleSpecifier;
    if (!specifier || !ts.isStringLiteral(specifier)) return [];
    const found = specifier.text.startsWith('.')
      ? join(dirname(path), specifier.text.replace(/\.js$/, '.ts'))
      : specifier.text.startsWith('@ansinh/')
        ? join(workspace, 'libs', specifier.text.slice('@ansinh/'.length), 'src/index.ts')
        : null;
    return found && existsSync(found) ? [found] : [];
  });
}

function readSettings(source: ts.SourceFile, settings: Settings): void {
  const isConfig = source.text.includes('readConfig(');
  const visit = (node: ts.Node): void => {
    if (isConfig && ts.isObjectLiteralExpression(node)) {
      const name = textOf(node, 'name');
      if (name && /^[A-Z][A-Z0-9_]+$/.test(name)) {
        const isRequired = !node.properties.some((property) => property.name?.getText() === 'fallback');
        settings.set(name, isRequired || (settings.get(name) ?? false));
      }
    }
    const variable = environmentVariable(node);
    if (variable && !settings.has(variable)) settings.set(variable, false);
    ts.forEachChild(node, visit);
  };
  visit(source);
}

function textOf(node: ts.ObjectLiteralExpression, key: string): string | null {
  for (const property of node.properties) {
    if (!ts.isPropertyAssignment(property) || property.name.getText() !== key) continue;
    if (ts.isStringLiteral(property.initializer)) return property.initializer.text;
  }
  return null;
}

/** `process.env['NAME']` */
function environmentVariable(node: ts.Node): string | null {
  if (!ts.isElementAccessExpression(node) || node.expression.getText() !== 'process.env') return null;
  return ts.isStringLiteral(node.argumentExpression) ? node.argumentExpression.text : null;
}
