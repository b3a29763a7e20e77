import { createService, listen, serveApiPage } from '@ansinh/service';
import { describeRegistry } from './api-description.js';
import { mediaTypes } from './attachment/media-type.js';
import { loadConfig } from './config.js';
import { RegistryModule } from './registry.module.js';

const config = loadConfig();
const app = await createService({
  name: 'registry',
  module: RegistryModule.forApi(config),
  streamedTypes: Object.values(mediaTypes),
});
serveApiPage(app, describeRegistry(app));
await listen(app, config.host, config.port);
