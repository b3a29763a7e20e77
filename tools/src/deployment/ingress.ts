import type { Manifest } from './manifests.js';

interface IngressRule {
  host: string;
  http: { paths: { path: string; pathType: string; backend: { service: { name: string } } }[] };
}

/** Every service with a REST API can be reached from outside, at a host of its own. @param apps those that have an OpenAPI document */
export function ingressErrors(manifests: readonly Manifest[], apps: readonly string[]): string[] {
  const rules = manifests
    .filter(({ kind }) => kind === 'Ingress')
    .flatMap(({ spec }) => (spec as unknown as { rules: IngressRule[] }).rules);
  const leadsTo = (app: string) =>
    rules.some(({ http: { paths } }) => {
      const [only, ...more] = paths;
      if (!only || more.length > 0) return false;
      return only.path === '/v1' && only.pathType === 'Prefix' && only.backend.service.name === app;
    });
  return apps
    .filter((app) => !leadsTo(app))
    .map((app) => `Ingress: no host leads all of /v1 to ${app}, and nothing else`);
}
