import { loadConfig } from './config.js';
import { RegistryModule } from './registry.module.js';

/** The module as it is described, with nothing behind it. */
export const previewModule = () =>
  RegistryModule.forApi(
    loadConfig({
      DATABASE_URL: 'postgres://nowhere.invalid/none',
      OIDC_ISSUER: 'http://nowhere.invalid',
      SEALING_KEYS: `1:${Buffer.alloc(32).toString('base64')}`,
      OBJECT_STORE: 'file:///nowhere',
      LOOKUP_KEY: Buffer.alloc(32).toString('base64'),
    }),
  );
