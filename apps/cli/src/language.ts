import type { Language } from '@ansinh/client';

/** `--lang` wins; else the first of LC_ALL, LC_MESSAGES and LANG that is set decides, as for every program of the system. */
export function chooseLanguage(argv: readonly string[], env: NodeJS.ProcessEnv): Language {
  const at = argv.findIndex((argument) => argument === '--lang' || argument.startsWith('--lang='));
  const asked = at < 0 ? undefined : (argv[at]?.split('=')[1] ?? argv[at + 1]);
  const locale = asked ?? (env['LC_ALL'] || env['LC_MESSAGES'] || env['LANG'] || '');
  return locale.toLowerCase().startsWith('vi') ? 'vi' : 'en';
}
