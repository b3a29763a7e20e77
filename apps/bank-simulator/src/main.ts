import 'reflect-metadata';
import { listen } from '@ansinh/service';
import { createBank } from './bank.js';
import { loadConfig } from './config.js';

const config = loadConfig();
await listen(await createBank(config), config.host, config.port);
