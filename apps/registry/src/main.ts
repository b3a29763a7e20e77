import { createService, listen, serveApiPage } from '@ansinh/service';
import { listTypes, removeAbandonedSpools } from '@ansinh/uploads';
import { describeRegistry } from './api-description.js';
import { mediaTypes } from './attachment/media-type.js';
import { loadConfig } from './config.js';
import { RegistryModule } from './registry.module.js';

const config = loadConfig();
await removeAbandonedSpools();
const app = await createService({
  name: 'registry',
  module: RegistryModule.forApi(config),
  streamedTypes: [...Object.values(listTypes), ...Object.values(mediaTypes)],
});
serveApiPage(app, () => describeRegistry(app));
await listen(app, config.host, config.port);
