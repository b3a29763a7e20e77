/** A committed file that a program of ours can write anew. The program prints the content on standard output. */
export interface GeneratedFile {
  file: string;
  command: readonly string[];
}

/** What must be exactly as its sources say: contracts that others build on, reviewed as files. */
export const GENERATED_FILES: readonly GeneratedFile[] = [
  { file: 'apps/disbursements/openapi.json', command: ['node', 'apps/disbursements/dist/print-openapi.js'] },
  { file: 'apps/disbursements/schema.graphql', command: ['node', 'apps/disbursements/dist/print-schema.js'] },
  { file: 'apps/registry/openapi.json', command: ['node', 'apps/registry/dist/print-openapi.js'] },
  { file: 'apps/registry/schema.graphql', command: ['node', 'apps/registry/dist/print-schema.js'] },
  {
    file: 'apps/social-protection/openapi.json',
    command: ['node', 'apps/social-protection/dist/print-openapi.js'],
  },
  {
    file: 'apps/social-protection/schema.graphql',
    command: ['node', 'apps/social-protection/dist/print-schema.js'],
  },
  {
    file: 'apps/employment-loans/openapi.json',
    command: ['node', 'apps/employment-loans/dist/print-openapi.js'],
  },
  {
    file: 'apps/employment-loans/schema.graphql',
    command: ['node', 'apps/employment-loans/dist/print-schema.js'],
  },
  { file: 'apps/gateway/supergraph.graphql', command: ['node', 'apps/gateway/dist/print-supergraph.js'] },
];
