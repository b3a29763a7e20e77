import { createService, listen, serveApiPage } from '@ansinh/service';
import { listTypes, removeAbandonedSpools } from '@ansinh/uploads';
import { describeRegistry } from './api-description.js';
import { loadConfig } from './config.js';
import { RegistryModule } from './registry.module.js';

const config = loadConfig();
await removeAbandonedSpools();
const app = await createService({
  name: 'registry',
  module: RegistryModule.forApi(config),
  streamedTypes: Object.values(listTypes),
});
serveApiPage(app, describeRegistry(app));
await listen(app, config.host, config.port);
