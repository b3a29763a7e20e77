import type { Command } from 'commander';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Language } from '@ansinh/client';
import { Context } from '../src/context.js';
import { chooseLanguage } from '../src/language.js';
import { messagesIn } from '../src/messages/index.js';
import { buildProgram } from '../src/program.js';
import { batch, batchId, type Service, startService } from './service.js';
import { ansinh } from './terminal.js';

let service: Service;
beforeEach(async () => {
  service = await startService();
});
afterEach(() => service.stop());

test.each([
  [[], {}, 'en'],
  [[], { LANG: 'vi_VN.UTF-8' }, 'vi'],
  [[], { LANG: 'vi_VN.UTF-8', LC_ALL: 'C' }, 'en'],
  [[], { LANG: 'en_US.UTF-8', LC_MESSAGES: 'vi_VN' }, 'vi'],
  [[], { LC_ALL: '', LANG: 'vi' }, 'vi'],
  [['batch', '--lang', 'en'], { LANG: 'vi_VN' }, 'en'],
  [['--lang=vi'], { LC_ALL: 'en_US' }, 'vi'],
])('%j with %j speaks %s', (argv, env, expected) => {
  expect(chooseLanguage(argv, env)).toBe(expected);
});

describe('Vietnamese by the locale', () => {
  const env = { LC_ALL: 'vi_VN.UTF-8' };

  test('states, amounts and the language asked of the service', async () => {
    service.on(`GET /v1/batches/${batchId}`, () => batch());
    const { out } = await ansinh(service.url, ['batch', 'status', batchId], { env });
    expect(out).toMatch(/Trạng thái +đã kiểm tra/);
    expect(out).toMatch(/Số tiền +1\.500\.000\.000 đ/);
    expect(service.asked[0]?.language).toBe('vi');
  });

  test.each([
    [['batch', 'list', '--sate', 'x'], 'Không có tùy chọn «--sate». Có phải ý bạn là «--state»?'],
    [['batch', 'reject', batchId], 'Phải có tùy chọn «--reason <text>».'],
    [['batch', 'list', '--limit', '-1'], '«-1» không phải giá trị hợp lệ của «--limit <count>».'],
    [['batch', 'message', batchId, 'x'], '«x» không phải giá trị hợp lệ của «number».'],
  ])('wrong usage: %j', async (argv, said) => {
    const { code, err } = await ansinh(service.url, argv, { env });
    expect(code).toBe(2);
    expect(err).toContain(said);
    expect(err).not.toMatch(/error:|is invalid/);
  });
});

describe.each(['en', 'vi'] as const)('help in %s', (language) => {
  const commands = allCommands(language);

  test.each(commands.map((command) => [command.name, command] as const))(
    '%s',
    (name, { help, hasChildren }) => {
      const { general } = messagesIn(language);
      expect(help).toContain(general.titles[name === 'ansinh' ? 'Options:' : 'Global Options:']);
      if (!hasChildren) expect(help).toContain(`${general.examples}\n  `);
      if (language === 'vi')
        expect(help).not.toMatch(/Usage:|Options:|Commands:|display help|default:|choices:|\[options\]/);
    },
  );
});

test('every text stands in both languages, and differs', () => {
  const [en, vi] = [textsOf(messagesIn('en')), textsOf(messagesIn('vi'))];
  expect([...vi.keys()]).toEqual([...en.keys()]);
  const same = [...en].filter(([key, text]) => text === '' || text === vi.get(key)).map(([key]) => key);
  expect(same).toEqual([]);
});

function allCommands(language: Language): { name: string; help: string; hasChildren: boolean }[] {
  const streams = { stdin: process.stdin, stdout: process.stdout, stderr: process.stderr };
  const walk = (command: Command, path: string): { name: string; help: string; hasChildren: boolean }[] => {
    let help = '';
    command.configureOutput({ ...command.configureOutput(), writeOut: (text) => void (help += text) });
    command.outputHelp();
    return [
      { name: path, help, hasChildren: command.commands.length > 0 },
      ...command.commands.flatMap((child) => walk(child, `${path} ${child.name()}`)),
    ];
  };
  return walk(buildProgram(new Context({ ...streams, env: {} }, language)), 'ansinh');
}

/** Every leaf of the catalogue: sentences as they are, functions by what they make of the same arguments. */
function textsOf(messages: object, path = ''): Map<string, string> {
  const texts = Object.entries(messages).flatMap(([key, value]: [string, unknown]): [string, string][] => {
    const at = path ? `${path}.${key}` : key;
    if (typeof value === 'function') return [[at, String((value as (...all: number[]) => unknown)(1, 2, 3))]];
    return typeof value === 'object' && value !== null ? [...textsOf(value, at)] : [[at, String(value)]];
  });
  return new Map(texts);
}
