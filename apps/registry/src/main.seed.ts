import { DataSource } from 'typeorm';
import { readSealingKeys, Sealer } from '@ansinh/sealing';
import { createLogger, readConfig } from '@ansinh/service';
import { dataSourceOptions } from './data-source.js';
import { seedPeople } from './seed/seed-people.js';
import { seedProvince } from './seed/seed-province.js';

/**
 * Fills an empty registry with a believable province, and does nothing where there are people. Arguments: people, and a seed.
 * Or enters the made-up people of a file. Arguments: `--file`, and its path.
 */
const [first = '20000', second = '1'] = process.argv.slice(2);
if (first !== '--file' && (!/^[1-9]\d{0,6}$/.test(first) || !/^\d{1,4}$/.test(second)))
  throw new Error('main.seed.js PEOPLE SEED, or main.seed.js --file PATH');
const config = readConfig({
  databaseUrl: { name: 'DATABASE_URL' },
  sealingKeys: { name: 'SEALING_KEYS' },
  lookupKey: { name: 'LOOKUP_KEY' },
});
const logger = createLogger('registry-seed');
const dataSource = await new DataSource(dataSourceOptions(config.databaseUrl)).initialize();
try {
  const sealer = new Sealer(readSealingKeys(config.sealingKeys, config.lookupKey));
  const entered =
    first === '--file'
      ? await seedPeople(dataSource, sealer, second)
      : await seedProvince(dataSource, sealer, { people: Number(first), seed: Number(second) });
  logger.info({ people: entered }, entered > 0 ? 'seeded' : 'there are people already');
} finally {
  await dataSource.destroy();
}
