import { createService, listen, serveApiPage } from '@ansinh/service';
import { describeDisbursements } from './api-description.js';
import { loadConfig } from './config.js';
import { DisbursementsModule } from './disbursements.module.js';
import { streamedTypes } from './rest.js';
import { removeAbandonedSpools } from '@ansinh/uploads';

const config = loadConfig();
await removeAbandonedSpools();
const app = await createService({
  name: 'disbursements',
  module: DisbursementsModule.forApi(config),
  streamedTypes: Object.values(streamedTypes),
});
serveApiPage(app, () => describeDisbursements(app));
await listen(app, config.host, config.port);
