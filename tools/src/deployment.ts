import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { notChecked } from './ci-steps.js';
import { runCommand, WORKSPACE } from './command.js';
import { composeErrors, dockerfileErrors } from './deployment/docker.js';
import { ingressErrors } from './deployment/ingress.js';
import { findKustomize, render } from './deployment/manifests.js';
import { type Program, ruleErrors } from './deployment/rules.js';
import { fieldErrors, schemaErrors } from './deployment/schemas.js';
import { type Settings, settingsOf } from './deployment/settings.js';

const folders = ['k8s/overlays/dev', 'k8s/overlays/prod'];
const documented = globSync('apps/*/openapi.json', { cwd: WORKSPACE }).map((file) => basename(dirname(file)));

// Docker's files and the manifests, rendered as a cluster would get them: by the schemas of Kubernetes and of its operators,
// and by what they must say to fit the code.
await runCommand(async () => {
  const { devDependencies } = JSON.parse(readFileSync(join(WORKSPACE, 'package.json'), 'utf8')) as {
    devDependencies: Record<string, string>;
  };
  const errors = [
    ...dockerfileErrors(WORKSPACE, devDependencies['node']!),
    ...composeErrors(WORKSPACE, knownSettings),
  ];
  const kustomize = findKustomize();
  if (kustomize === null) process.stdout.write(`${notChecked}\n`);
  for (const folder of kustomize === null ? [] : folders) {
    const manifests = render(kustomize!, join(WORKSPACE, folder));
    const found = [
      ...(await schemaErrors(manifests)),
      ...fieldErrors(manifests, WORKSPACE),
      ...ruleErrors(manifests, knownSettings),
      ...ingressErrors(manifests, documented),
    ];
    errors.push(...new Set(found.map((error) => `${folder}: ${error}`)));
    process.stdout.write(`${folder}: ${manifests.length} objects\n`);
    if (manifests.length === 0) errors.push(`${folder}: nothing was rendered`);
  }
  for (const error of errors) process.stdout.write(`${error}\n`);
  return errors.length === 0 ? 0 : 1;
});

function knownSettings({ app, entry }: Program): Settings {
  if (!existsSync(join(WORKSPACE, 'apps', app, 'src', entry))) throw new Error(`apps/${app} has no ${entry}`);
  return settingsOf(WORKSPACE, app, entry);
}
