import { DataSource } from 'typeorm';
import { readSealingKeys, Sealer } from '@ansinh/sealing';
import { createLogger, readConfig } from '@ansinh/service';
import { dataSourceOptions } from './data-source.js';
import { seedProvince } from './seed/seed-province.js';

/** Fills an empty registry with a believable province. Arguments: people, and a seed. Does nothing where there are people. */
const [people = '20000', seed = '1'] = process.argv.slice(2);
if (!/^[1-9]\d{0,6}$/.test(people) || !/^\d{1,4}$/.test(seed)) throw new Error('main.seed.js PEOPLE SEED');
const config = readConfig({
  databaseUrl: { name: 'DATABASE_URL' },
  sealingKeys: { name: 'SEALING_KEYS' },
  lookupKey: { name: 'LOOKUP_KEY' },
});
const logger = createLogger('registry-seed');
const dataSource = await new DataSource(dataSourceOptions(config.databaseUrl)).initialize();
try {
  const sealer = new Sealer(readSealingKeys(config.sealingKeys, config.lookupKey));
  const entered = await seedProvince(dataSource, sealer, { people: Number(people), seed: Number(seed) });
  logger.info({ people: entered }, entered > 0 ? 'seeded' : 'there are people already');
} finally {
  await dataSource.destroy();
}
