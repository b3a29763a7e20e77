import { createService, listen } from '@ansinh/service';
import { EmploymentLoansModule } from './employment-loans.module.js';
import { loadWorkerConfig } from './worker-config.js';

/**
 * The worker serves nothing but its health; it closes days of the loans, signs those of the audit log, judges jobs whose law was
 * confirmed, and seals anew under a new key.
 */
const config = loadWorkerConfig();
const app = await createService({
  name: 'employment-loans-worker',
  module: EmploymentLoansModule.forWorker(config),
});
await listen(app, config.host, config.port);
