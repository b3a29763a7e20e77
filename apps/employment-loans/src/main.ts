import { createService, listen, serveApiPage } from '@ansinh/service';
import { listTypes, removeAbandonedSpools } from '@ansinh/uploads';
import { describeEmploymentLoans } from './api-description.js';
import { loadConfig } from './config.js';
import { EmploymentLoansModule } from './employment-loans.module.js';

const config = loadConfig();
await removeAbandonedSpools();
const app = await createService({
  name: 'employment-loans',
  module: EmploymentLoansModule.forApi(config),
  streamedTypes: Object.values(listTypes),
});
serveApiPage(app, () => describeEmploymentLoans(app));
await listen(app, config.host, config.port);
