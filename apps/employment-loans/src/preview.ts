import { loadConfig } from './config.js';
import { EmploymentLoansModule } from './employment-loans.module.js';

/** The module as it is described, with nothing behind it. */
export const previewModule = () =>
  EmploymentLoansModule.forApi(
    loadConfig({
      DATABASE_URL: 'postgres://nowhere.invalid/none',
      OIDC_ISSUER: 'http://nowhere.invalid',
      SEALING_KEYS: `1:${Buffer.alloc(32).toString('base64')}`,
      LOOKUP_KEY: Buffer.alloc(32).toString('base64'),
    }),
  );
