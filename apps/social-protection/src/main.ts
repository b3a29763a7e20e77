import { createService, listen, serveApiPage } from '@ansinh/service';
import { listTypes, removeAbandonedSpools } from '@ansinh/uploads';
import { describeSocialProtection } from './api-description.js';
import { loadConfig } from './config.js';
import { SocialProtectionModule } from './social-protection.module.js';

const config = loadConfig();
await removeAbandonedSpools();
const app = await createService({
  name: 'social-protection',
  module: SocialProtectionModule.forApi(config),
  streamedTypes: Object.values(listTypes),
});
serveApiPage(app, () => describeSocialProtection(app));
await listen(app, config.host, config.port);
