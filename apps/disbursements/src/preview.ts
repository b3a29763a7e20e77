import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { loadConfig } from './config.js';
import { DisbursementsModule } from './disbursements.module.js';

/** The API with nothing behind it: it can be described, and it connects to nothing. */
export async function previewApi(): Promise<NestFastifyApplication> {
  const nowhere = 'http://nowhere.invalid';
  const config = loadConfig({
    DATABASE_URL: 'postgres://nowhere.invalid/none',
    OIDC_ISSUER: nowhere,
    BANK_URL: nowhere,
    BANK_API_TOKEN: 'none',
    SEALING_KEYS: `1:${Buffer.alloc(32).toString('base64')}`,
    LOOKUP_KEY: Buffer.alloc(32).toString('base64'),
  });
  return NestFactory.create<NestFastifyApplication>(
    DisbursementsModule.forApi(config),
    new FastifyAdapter(),
    {
      preview: true,
      abortOnError: false,
      logger: ['error'],
    },
  );
}
