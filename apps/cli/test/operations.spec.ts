import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { describe, expect, test } from '@jest/globals';
import { Context } from '../src/context.js';
import { buildProgram } from '../src/program.js';

/** The runbook is read on the worst of days: what it says to type exists, with those options. */
const workspace = fileURLToPath(new URL('../../..', import.meta.url));
const text = readFileSync(join(workspace, 'docs/operations.md'), 'utf8');

const lines = [...text.matchAll(/^( *)```\n([\s\S]*?)^\1```$/gm)].flatMap(([, , block]) =>
  block!.split('\n').map((line) => line.trim()),
);
const inline = [...text.matchAll(/`((?:npx ansinh|npm (?:run|start|test))[^`]*)`/g)].map(([, line]) => line!);
const commands = [...lines, ...inline].flatMap((line) => line.split(/[;|]| do /)).map((line) => line.trim());

/** Words as a shell would make them; of quotes, only those that the runbook uses. */
const wordsOf = (line: string) =>
  [...line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, plain]) => double ?? single ?? plain!,
  );

const streams = { stdin: process.stdin, stdout: process.stdout, stderr: process.stderr };

/** What is wrong with a command line by the program's own tree; nothing is run. */
function wrongWith(words: string[]): string[] {
  const program = buildProgram(new Context({ ...streams, env: {} }, 'en'));
  let command: Command = program;
  const values: string[] = [];
  const given = new Set<string>();
  const wrong: string[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at]!;
    if (word.startsWith('-')) {
      const option = [...command.options, ...program.options].find(
        ({ long, short }) => long === word || short === word,
      );
      if (!option) wrong.push(`no option ${word}`);
      given.add(option?.long ?? word);
      const value = option?.required ? words[(at += 1)] : undefined;
      if (option?.argChoices && !option.argChoices.includes(value ?? '')) wrong.push(`${word} ${value}`);
      continue;
    }
    const child = command.commands.find((one) => one.name() === word);
    if (child && values.length === 0) command = child;
    else values.push(word);
  }
  if (command.commands.length > 0) wrong.push(`${command.name()} needs one of its commands`);
  for (const { long, mandatory } of command.options)
    if (mandatory && !given.has(long!)) wrong.push(`without ${long}`);
  const required = command.registeredArguments.filter((one) => one.required).length;
  const isVariadic = command.registeredArguments.some((one) => one.variadic);
  if (values.length < required || (!isVariadic && values.length > command.registeredArguments.length))
    wrong.push(`${values.length} arguments`);
  return wrong;
}

describe('the command line', () => {
  const told = commands.filter((line) => line.startsWith('npx ansinh'));

  test.each(told)('%s', (line) => {
    expect(wrongWith(wordsOf(line.split(' >')[0]!).slice(2))).toEqual([]);
  });

  test('it is told often, and a wrong line would be seen', () => {
    expect(told.length).toBeGreaterThan(30);
    expect(wrongWith(['batch', 'sent', 'LO-00000001'])).not.toEqual([]);
    expect(wrongWith(['batch', 'send'])).not.toEqual([]);
    expect(wrongWith(['batch', 'send', 'LO-00000001', '--wach'])).not.toEqual([]);
    expect(wrongWith(['recover', 'begin'])).not.toEqual([]);
  });
});

describe('npm', () => {
  const { scripts } = JSON.parse(readFileSync(join(workspace, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  const told = commands.filter((line) => /^npm (run|start|test)\b/.test(line));

  test.each(told)('%s', (line) => {
    const [, verb, name] = wordsOf(line);
    expect(Object.keys(scripts)).toContain(verb === 'run' ? name : verb);
  });

  test('its options are those of the command', () => {
    const rehearsal = readFileSync(join(workspace, 'tools/src/rehearse-restore.ts'), 'utf8');
    const options = told
      .filter((line) => line.includes('rehearse:restore'))
      .flatMap((line) => line.match(/ --[a-z]+/g) ?? []);
    for (const option of options) expect(rehearsal).toContain(`'${option.trim()} `);
  });
});

test('what kubectl is told to look at is in the manifests', () => {
  const folders = ['k8s', 'k8s/base', 'k8s/overlays/dev', 'k8s/overlays/prod'];
  const manifests = folders
    .flatMap((folder) => readdirSync(join(workspace, folder)).map((name) => join(workspace, folder, name)))
    .filter((path) => path.endsWith('.yaml'))
    .map((path) => readFileSync(path, 'utf8'))
    .join('\n---\n');
  const things = commands
    .filter((line) => line.startsWith('kubectl'))
    .flatMap((line) => [
      ...line.matchAll(/ (deployment|statefulset|scaledobject|cluster|pooler|job|secret)\/([\w-]+)/g),
    ]);
  expect(things.length).toBeGreaterThan(15);
  for (const [, kind, name] of things) {
    const isThere =
      kind === 'secret'
        ? new RegExp(`secretKeyRef:\\n\\s+name: ${name}\\b`).test(manifests)
        : new RegExp(`kind: ${kind}\\nmetadata:\\n  name: ${name}\\n`, 'i').test(manifests);
    expect({ kind, name, isThere }).toEqual({ kind, name, isThere: true });
  }
  for (const file of text.match(/k8s\/[\w/.-]+/g) ?? []) {
    expect(() => readdirSync(join(workspace, file))).not.toThrow('ENOENT');
  }
});
