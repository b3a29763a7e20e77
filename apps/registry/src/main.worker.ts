import { createService, listen } from '@ansinh/service';
import { loadConfig } from './config.js';
import { RegistryModule } from './registry.module.js';

/** The worker serves nothing but its health; it signs days of the audit log, seals anew under a new key, and sweeps. */
const config = loadConfig();
const app = await createService({ name: 'registry-worker', module: RegistryModule.forWorker(config) });
await listen(app, config.host, config.port);
