import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { Copy, DockerfileParser, From, type Instruction, JSONInstruction } from 'dockerfile-ast';
import { parse } from 'yaml';
import { nodeFlags } from '@ansinh/embedded';
import type { Program } from './rules.js';
import type { Settings } from './settings.js';

/** The image: its versions are exact, it is nobody's root, it copies what is there, and runs on our Node. */
export function dockerfileErrors(workspace: string, nodeVersion: string): string[] {
  const file = DockerfileParser.parse(readFileSync(join(workspace, 'docker/Dockerfile'), 'utf8'));
  const errors: string[] = [];
  const instructions = file.getInstructions();
  const froms = instructions.filter((instruction) => instruction instanceof From);
  const last = instructions.slice(instructions.lastIndexOf(froms.at(-1)!));
  for (const from of froms) {
    if (from.getImageTag() !== `${nodeVersion}-bookworm-slim`)
      errors.push(`${from.getImage()} is not the Node ${nodeVersion} of package.json`);
  }
  for (const copy of instructions.filter((instruction) => instruction instanceof Copy)) {
    if (copy.getFromFlag()) continue;
    const sources = copy.getArguments().slice(0, -1);
    for (const source of sources)
      if (!existsSync(join(workspace, source.getValue())))
        errors.push(`COPY ${source.getValue()}: not there`);
  }
  if (!of(last, 'ARG').some((text) => text === 'APP')) errors.push('the last stage takes no ARG APP');
  const user = of(last, 'USER').at(-1);
  if (!/^[1-9]\d*:[1-9]\d*$/.test(user ?? ''))
    errors.push(`USER ${user ?? 'root'} is not the number of somebody but root`);
  for (const name of ['ENTRYPOINT', 'CMD']) {
    const run = last.find((instruction) => instruction.getKeyword() === name);
    if (!(run instanceof JSONInstruction) || run.getJSONStrings().length === 0)
      errors.push(`${name} is not a list: a shell would keep signals from the service`);
    else if (name === 'ENTRYPOINT') errors.push(...entrypointErrors(run, workspace));
  }
  return errors.map((error) => `docker/Dockerfile: ${error}`);
}

/** A service runs in its image as it does everywhere else; what the workspace has is under /srv/ansinh there. */
function entrypointErrors(entrypoint: JSONInstruction, workspace: string): string[] {
  const given = entrypoint.getJSONStrings().map((part) => part.getJSONValue());
  const root = pathToFileURL(workspace).href;
  const flags = nodeFlags.map((flag) => flag.replace(root, '/srv/ansinh/'));
  return isDeepStrictEqual(given, ['node', ...flags])
    ? []
    : [`ENTRYPOINT is not node ${flags.join(' ')}, which libs/embedded starts services by`];
}

const of = (instructions: Instruction[], keyword: string) =>
  instructions
    .filter((instruction) => instruction.getKeyword() === keyword)
    .map((instruction) => instruction.getArgumentsContent() ?? '');

interface ComposeService {
  image: string;
  command?: string[];
  build?: { context: string; dockerfile: string; args: { APP: string } };
  environment?: Record<string, string>;
  read_only?: boolean;
  user?: string;
  cap_drop?: string[];
  tmpfs?: string[];
  ports?: string[];
  healthcheck?: object;
  depends_on?: Record<string, { condition: string }>;
}

export function composeErrors(workspace: string, settingsOf: (program: Program) => Settings): string[] {
  const text = readFileSync(join(workspace, 'docker/compose.yaml'), 'utf8');
  const { services } = parse(text, { merge: true }) as { services: Record<string, ComposeService> };
  return Object.entries(services).flatMap(([name, service]) => {
    const errors = Object.keys(service.depends_on ?? {})
      .filter((other) => !services[other])
      .map((other) => `depends on ${other}, which is not there`);
    for (const [other, { condition }] of Object.entries(service.depends_on ?? {})) {
      if (condition === 'service_healthy' && !services[other]?.healthcheck)
        errors.push(`waits for the health of ${other}, which tells none`);
    }
    if (service.build) errors.push(...ownErrors(workspace, service, settingsOf));
    return errors.map((error) => `docker/compose.yaml: ${name} ${error}`);
  });
}

/** Of a service whose image is built here. */
function ownErrors(
  workspace: string,
  service: ComposeService,
  settingsOf: (program: Program) => Settings,
): string[] {
  const { build, environment = {}, ports = [] } = service;
  const app = build!.args.APP;
  if (!existsSync(join(workspace, 'apps', app))) return [`is built of ${app}, which is no app`];
  const entry = /^dist\/(.+)\.js$/.exec(service.command?.[0] ?? 'dist/main.js')?.[1] ?? '';
  const settings = settingsOf({ app, entry: `${entry}.ts` });
  const errors: string[] = [];
  for (const name of Object.keys(environment))
    if (!settings.has(name)) errors.push(`is given ${name}, which it does not read`);
  for (const [name, isRequired] of settings)
    if (isRequired && !(name in environment))
      errors.push(`is not given ${name}, without which it does not start`);
  for (const port of ports)
    if (port.split(':').at(-1) !== environment['PORT'])
      errors.push(`publishes ${port}, and listens on ${environment['PORT']}`);
  if (!service.read_only) errors.push('can write its files');
  if (!/^[1-9]/.test(service.user ?? '')) errors.push('may run as root');
  if (!service.cap_drop?.includes('ALL')) errors.push('keeps capabilities');
  if (!service.tmpfs?.some((path) => path.startsWith('/tmp'))) errors.push('has no place of its own at /tmp');
  if (environment['PORT'] && !service.healthcheck) errors.push('tells nobody whether it is ready');
  return errors;
}
