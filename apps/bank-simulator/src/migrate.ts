import 'reflect-metadata';
import { loadConfig } from './config.js';
import { migrate } from './database.js';

await migrate(loadConfig().databaseUrl);
