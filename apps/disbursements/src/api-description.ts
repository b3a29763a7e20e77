import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { OpenAPIObject } from '@nestjs/swagger';
import { describeApi } from '@ansinh/service';
import { summaries } from './api-summaries.js';

/** The OpenAPI document of the REST interface. */
export function describeDisbursements(app: NestFastifyApplication): OpenAPIObject {
  return describeApi(app, {
    title: 'An Sinh: disbursements',
    description:
      'Funds, batches of payments, their transmission to the bank and their reconciliation. Amounts are whole đồng as strings.',
    summaries,
  });
}
