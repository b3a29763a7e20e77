import { join } from 'node:path';
import ts from 'typescript';
import { type Manifest, nameOf } from './manifests.js';

/** Where the schemas of each API group are: Kubernetes itself, and the operators that we ask for something. */
const packages: Record<string, string> = {
  'postgresql.cnpg.io/v1': '@kubernetes-models/cloudnative-pg/postgresql.cnpg.io/v1',
  'keda.sh/v1alpha1': '@kubernetes-models/keda/keda.sh/v1alpha1',
};

const packageOf = (apiVersion: string) => packages[apiVersion] ?? `kubernetes-models/${apiVersion}`;

interface Model {
  new (manifest: Manifest): { validate(): void };
}

/** Values, and what must be there: by the schemas that the cluster itself would judge by. */
export async function schemaErrors(manifests: Manifest[]): Promise<string[]> {
  const errors: string[] = [];
  for (const manifest of manifests) {
    try {
      const models = (await import(packageOf(manifest.apiVersion))) as Record<string, Model | undefined>;
      const Kind = models[manifest.kind];
      if (!Kind) throw new Error(`${manifest.apiVersion} has no ${manifest.kind}`);
      new Kind(manifest).validate();
    } catch (error) {
      errors.push(`${nameOf(manifest)}: ${(error as Error).message}`);
    }
  }
  return errors;
}

const fileName = 'rendered-manifests.ts';

/**
 * Names of fields: a schema lets one pass that it does not know, and so does a cluster with a mere warning. The types of
 * the same packages do not, once each manifest is written down as a literal of its type.
 */
export function fieldErrors(manifests: Manifest[], workspace: string): string[] {
  const lines = manifests.map(
    (manifest, index) =>
      `export const m${index}: import('${packageOf(manifest.apiVersion)}').I${manifest.kind} = ${JSON.stringify(manifest)};`,
  );
  const path = join(workspace, fileName);
  const options: ts.CompilerOptions = {
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    target: ts.ScriptTarget.ES2022,
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: [],
  };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists, readFile } = host;
  const text = lines.join('\n');
  host.fileExists = (name) => name === path || fileExists(name);
  host.readFile = (name) => (name === path ? text : readFile(name));
  host.getSourceFile = (name, ...rest) =>
    name === path ? ts.createSourceFile(name, text, options.target!) : getSourceFile(name, ...rest);
  const program = ts.createProgram([path], options, host);
  const source = program.getSourceFile(path)!;
  return ts.getPreEmitDiagnostics(program, source).map((diagnostic) => {
    const { line } = source.getLineAndCharacterOfPosition(diagnostic.start ?? 0);
    return `${nameOf(manifests[line]!)}: ${ts.flattenDiagnosticMessageText(diagnostic.messageText, ' ')}`;
  });
}
