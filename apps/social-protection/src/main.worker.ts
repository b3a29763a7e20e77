import { createService, listen } from '@ansinh/service';
import { SocialProtectionModule } from './social-protection.module.js';
import { loadWorkerConfig } from './worker-config.js';

/**
 * The worker serves nothing but its health; it carries payment lists to the disbursements and takes outcomes back, signs the days of
 * the audit log, removes what was kept of flawed lists, and seals anew under a new key.
 */
const config = loadWorkerConfig();
const app = await createService({
  name: 'social-protection-worker',
  module: SocialProtectionModule.forWorker(config),
});
await listen(app, config.host, config.port);
