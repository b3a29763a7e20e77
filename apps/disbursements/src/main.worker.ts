import { createService, listen } from '@ansinh/service';
import { loadConfig } from './config.js';
import { DisbursementsModule } from './disbursements.module.js';
import { removeAbandonedSpools } from '@ansinh/uploads';

/** The worker serves nothing but its health; it checks lists, sends chunks, sweeps, and reads the banks' outboxes. */
const config = loadConfig();
await removeAbandonedSpools();
const app = await createService({
  name: 'disbursements-worker',
  module: DisbursementsModule.forWorker(config),
});
await listen(app, config.host, config.port);
