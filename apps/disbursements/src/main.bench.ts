import { writeFileSync } from 'node:fs';
import { NestFactory } from '@nestjs/core';
import { createLogger, NestLogger } from '@ansinh/service';
import { LifecycleRun, payer } from './bench/lifecycle.js';
import { RecordedBank } from './bench/recorded-bank.js';
import { paymentChannels } from './channel/payment-channel.js';
import { loadConfig } from './config.js';
import { DisbursementsModule } from './disbursements.module.js';

/**
 * Measures the lifecycle of one list in one process, on a migrated and otherwise empty database. Called by `npm run bench`.
 * Arguments: the list (CSV), its programme, the money for its fund in đồng, a folder for the bank's files, and the file
 * for the report (JSON).
 */
const [path = '', programmeCode = '', money = '', folder = '', report = ''] = process.argv.slice(2);
const amount = BigInt(money);
const { bin, number, name } = payer;
const bank = new RecordedBank(folder, { number, name, agentBin: bin }, amount);
const service = DisbursementsModule.forApi(loadConfig());
const module = {
  ...service,
  // The last provider of a token is the one that counts.
  providers: [...service.providers!, { provide: paymentChannels, useValue: { 'iso20022-http': bank } }],
};
const app = await NestFactory.createApplicationContext(module, {
  logger: new NestLogger(createLogger('disbursements-bench')),
  abortOnError: false,
});
try {
  const lifecycle = await new LifecycleRun(app, bank).run({ path, programmeCode, amount });
  const peakRssMb = Math.ceil(process.resourceUsage().maxRSS / 1_024);
  writeFileSync(report, JSON.stringify({ ...lifecycle, peakRssMb }), { mode: 0o600 });
} finally {
  await app.close();
}
