// Jest loads its global set-up outside its own module system. Node reads TypeScript by itself, but takes `./x.js` and
// `@ansinh/x` at their word: these two rules lead them to the sources, so that no build is needed to run one spec.
import { existsSync } from 'node:fs';
import { registerHooks } from 'node:module';

const libs = new URL('../', import.meta.url);

registerHooks({
  resolve(specifier, context, nextResolve) {
    const lib = /^@ansinh\/([^/]+)$/.exec(specifier)?.[1];
    if (lib) return nextResolve(new URL(`${lib}/src/index.ts`, libs).href, context);
    if (specifier.startsWith('.') && specifier.endsWith('.js') && context.parentURL?.startsWith('file:')) {
      const source = new URL(specifier.replace(/\.js$/, '.ts'), context.parentURL);
      if (existsSync(source)) return nextResolve(source.href, context);
    }
    return nextResolve(specifier, context);
  },
});
