import {
  type Container,
  type EnvironmentVariable,
  type Manifest,
  type Labels,
  nameOf,
  type PodTemplate,
  selects,
  type Workload,
  workloadsOf,
} from './manifests.js';
import { networkErrors } from './network.js';
import type { Settings } from './settings.js';

export interface Program {
  app: string;
  entry: string;
}

/** The program of ours that a container runs; null for an image of somebody else. */
function programOf({ image, args }: Container): Program | null {
  const app = /^ansinh\/([a-z-]+)(:|$)/.exec(image)?.[1];
  const entry = /^dist\/(.+)\.js$/.exec(args?.[0] ?? '')?.[1];
  if (!app) return null;
  if (!entry) throw new Error(`${image}: its arguments do not begin with a file of dist`);
  return { app, entry: `${entry}.ts` };
}

/** What the schemas cannot say: that the manifests fit the code, each other, and the rules of this deployment. */
export function ruleErrors(manifests: Manifest[], settingsOf: (program: Program) => Settings): string[] {
  const workloads = workloadsOf(manifests);
  return [
    ...workloads.flatMap((workload) => {
      const { initContainers = [], containers } = workload.template.spec;
      const errors = [
        ...podErrors(workload),
        ...[...initContainers, ...containers].flatMap((container) => [
          ...containerErrors(container, workload.template),
          ...environmentErrors(container, manifests, settingsOf),
        ]),
        ...containers.flatMap((container) => (workload.isService ? probeErrors(container) : [])),
        ...drainErrors(workload, manifests),
      ];
      return errors.map((error) => `${nameOf(workload.manifest)}: ${error}`);
    }),
    ...serviceErrors(manifests, workloads),
    ...selectorErrors(manifests, workloads),
    ...disruptionErrors(manifests, workloads),
    ...networkErrors(manifests),
  ];
}

function podErrors({ template: { spec } }: Workload): string[] {
  const errors: string[] = [];
  if (spec.securityContext?.runAsNonRoot !== true) errors.push('runs as root where its image does');
  if (spec.securityContext?.seccompProfile?.type !== 'RuntimeDefault') errors.push('has no seccomp profile');
  if (spec.automountServiceAccountToken !== false) errors.push('is given a token of the cluster');
  return errors;
}

function containerErrors(container: Container, { spec }: PodTemplate): string[] {
  const errors: string[] = [];
  const { securityContext, resources, volumeMounts = [] } = container;
  if (!securityContext?.readOnlyRootFilesystem) errors.push('its files can be written');
  if (securityContext?.allowPrivilegeEscalation !== false) errors.push('may gain privileges');
  if (!securityContext?.capabilities?.drop?.includes('ALL')) errors.push('keeps capabilities');
  if (!resources?.requests?.['cpu'] || !resources.requests['memory'])
    errors.push('requests no processor or memory');
  if (!resources?.limits?.['memory']) errors.push('has no limit of memory');
  const scratch = volumeMounts.find(({ mountPath }) => mountPath === '/tmp');
  const volume = spec.volumes?.find(({ name }) => name === scratch?.name);
  if (!volume?.emptyDir?.sizeLimit) errors.push('has no bounded place of its own at /tmp');
  if (!/:[\w.-]+$/.test(container.image)) errors.push(`the version of ${container.image} is not said`);
  return errors.map((error) => `${container.name} ${error}`);
}

function probeErrors(container: Container): string[] {
  const errors: string[] = [];
  const paths = {
    startupProbe: '/health/live',
    livenessProbe: '/health/live',
    readinessProbe: '/health/ready',
  };
  for (const [probe, path] of Object.entries(paths) as [keyof typeof paths, string][]) {
    const { httpGet, exec } = container[probe] ?? {};
    if (!httpGet && !exec) errors.push(`has no ${probe}`);
    if (httpGet && httpGet.path !== path) errors.push(`${probe} asks ${httpGet.path} instead of ${path}`);
    if (httpGet && !portOf(container, httpGet.port)) errors.push(`${probe} asks a port that is not there`);
  }
  return errors.map((error) => `${container.name} ${error}`);
}

const portOf = (container: Container, port: string | number) =>
  container.ports?.find(({ name, containerPort }) => name === port || containerPort === port);

/** All that a container is given; what stands in the container itself wins. */
function environmentOf(container: Container, manifests: Manifest[]): Map<string, EnvironmentVariable> {
  const given = new Map<string, EnvironmentVariable>();
  for (const { configMapRef } of container.envFrom ?? []) {
    const settings = manifests.find(
      ({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === configMapRef?.name,
    );
    for (const [name, value] of Object.entries(settings?.data ?? {})) given.set(name, { name, value });
  }
  for (const variable of container.env ?? []) given.set(variable.name, variable);
  return given;
}

function environmentErrors(
  container: Container,
  manifests: Manifest[],
  settingsOf: (program: Program) => Settings,
): string[] {
  const program = programOf(container);
  if (!program) return [];
  const given = environmentOf(container, manifests);
  const settings = settingsOf(program);
  const texts = [...given.values()].map(({ value }) => value ?? '');
  // A secret may be given only to become part of a value.
  const isPart = (name: string) => texts.some((text) => text.includes(`$(${name})`));
  const unknown = [...given.keys()].filter((name) => !settings.has(name) && !isPart(name));
  const missing = [...settings]
    .filter(([name, isRequired]) => isRequired && !given.has(name))
    .map(([name]) => name);
  const loose = texts
    .flatMap((text) => [...text.matchAll(/\$\((\w+)\)/g)].map(([, name]) => name!))
    .filter((name) => !given.has(name));
  const errors = [
    ...unknown.map((name) => `is given ${name}, which ${program.app}/${program.entry} does not read`),
    ...missing.map(
      (name) => `is not given ${name}, without which ${program.app}/${program.entry} does not start`,
    ),
    ...loose.map((name) => `refers to $(${name}), which is not there`),
  ];
  for (const variable of ['PORT', 'METRICS_PORT']) {
    const port = Number(given.get(variable)?.value);
    if (container.ports && given.has(variable) && !portOf(container, port))
      errors.push(`listens on ${variable}=${port}, which is not among its ports`);
  }
  for (const { name, containerPort } of container.ports ?? []) {
    const isListened = ['PORT', 'METRICS_PORT'].some(
      (variable) => given.get(variable)?.value === String(containerPort),
    );
    if (!isListened) errors.push(`port ${name ?? ''} ${containerPort} is one that it does not listen on`);
  }
  return errors.map((error) => `${container.name} ${error}`);
}

function drainErrors({ template: { spec }, isService }: Workload, manifests: Manifest[]): string[] {
  const drainMs = Math.max(
    0,
    ...spec.containers.map((container) =>
      Number(environmentOf(container, manifests).get('DRAIN_MS')?.value ?? 0),
    ),
  );
  const graceMs = (spec.terminationGracePeriodSeconds ?? 30) * 1_000;
  return isService && graceMs <= drainMs ? [`is killed after ${graceMs} ms, and drains for ${drainMs}`] : [];
}

function serviceErrors(manifests: Manifest[], workloads: Workload[]): string[] {
  return manifests
    .filter(({ kind }) => kind === 'Service')
    .flatMap((service) => {
      const { selector, ports } = service.spec as {
        selector: Labels;
        ports: { targetPort: string | number }[];
      };
      const behind = workloads.find(({ template }) => selects(selector, template.metadata.labels));
      if (!behind) return [`${nameOf(service)}: selects no pod`];
      return ports
        .filter(
          ({ targetPort }) =>
            !behind.template.spec.containers.some((container) => portOf(container, targetPort)),
        )
        .map(({ targetPort }) => `${nameOf(service)}: ${nameOf(behind.manifest)} has no port ${targetPort}`);
    });
}

function selectorErrors(manifests: Manifest[], workloads: Workload[]): string[] {
  const wrong = workloads.filter(({ manifest, template }) => {
    const selector = manifest.spec!['selector'] as { matchLabels: Labels } | undefined;
    return selector && !selects(selector.matchLabels, template.metadata.labels);
  });
  return [
    ...wrong.map(({ manifest }) => `${nameOf(manifest)}: does not select its own pods`),
    ...manifests
      .filter(({ kind }) => kind === 'ScaledObject')
      .filter(({ spec }) => {
        const { name } = spec!['scaleTargetRef'] as { name: string };
        return !workloads.some(
          ({ manifest }) => manifest.kind === 'Deployment' && manifest.metadata.name === name,
        );
      })
      .map((manifest) => `${nameOf(manifest)}: scales nothing`),
  ];
}

/** Redis is one by intent: a budget would only keep its node from being emptied. */
function disruptionErrors(manifests: Manifest[], workloads: Workload[]): string[] {
  const budgets = manifests.filter(({ kind }) => kind === 'PodDisruptionBudget');
  return workloads
    .filter(({ manifest }) => manifest.kind === 'Deployment')
    .filter(({ template }) => {
      const of = (budget: Manifest) => (budget.spec!['selector'] as { matchLabels: Labels }).matchLabels;
      return !budgets.some((budget) => selects(of(budget), template.metadata.labels));
    })
    .map(({ manifest }) => `${nameOf(manifest)}: has no PodDisruptionBudget`);
}
