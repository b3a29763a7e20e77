import { readFile } from 'node:fs/promises';
import { createService, listen } from '@ansinh/service';
import { loadConfig } from './config.js';
import { GatewayModule } from './gateway.module.js';
import { supergraphFile } from './subgraphs.js';

const config = loadConfig();
const supergraphSdl = await readFile(supergraphFile, 'utf8');
const app = await createService({ name: 'gateway', module: GatewayModule.over(supergraphSdl, config) });
await listen(app, config.host, config.port);
