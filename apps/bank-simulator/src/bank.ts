import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createService } from '@ansinh/service';
import { BankModule } from './bank.module.js';
import type { Config } from './config.js';

/** The bank as an application that does not listen yet: `main` and the tests start the same one. */
export function createBank(config: Config): Promise<NestFastifyApplication> {
  return createService({
    name: 'bank-simulator',
    module: BankModule.with(config),
    streamedTypes: ['application/xml', 'text/xml'],
  });
}
