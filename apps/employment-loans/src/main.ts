import { createService, listen, serveApiPage } from '@ansinh/service';
import { describeEmploymentLoans } from './api-description.js';
import { loadConfig } from './config.js';
import { EmploymentLoansModule } from './employment-loans.module.js';

const config = loadConfig();
const app = await createService({
  name: 'employment-loans',
  module: EmploymentLoansModule.forApi(config),
});
serveApiPage(app, () => describeEmploymentLoans(app));
await listen(app, config.host, config.port);
