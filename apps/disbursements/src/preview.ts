import { loadConfig } from './config.js';
import { DisbursementsModule } from './disbursements.module.js';

const nowhere = 'http://nowhere.invalid';

/** The module as it is described, with nothing behind it. */
export const previewModule = () =>
  DisbursementsModule.forApi(
    loadConfig({
      DATABASE_URL: 'postgres://nowhere.invalid/none',
      OIDC_ISSUER: nowhere,
      BANK_URL: nowhere,
      BANK_API_TOKEN: 'none',
      SEALING_KEYS: `1:${Buffer.alloc(32).toString('base64')}`,
      LOOKUP_KEY: Buffer.alloc(32).toString('base64'),
    }),
  );
