import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { OpenAPIObject } from '@nestjs/swagger';
import { describeApi } from '@ansinh/service';
import { summaries } from './api-summaries.js';
import { Problem } from './rest.js';

/** The OpenAPI document of the REST interface. An operation without a summary is left to the lint, which refuses it. */
export function describeDisbursements(app: NestFastifyApplication): OpenAPIObject {
  const document = describeApi(
    app,
    {
      title: 'An Sinh: disbursements',
      description:
        'Funds, batches of payments, their transmission to the bank and their reconciliation. Amounts are whole đồng as strings.',
    },
    [Problem],
  );
  const operations = Object.values(document.paths).flatMap((path) => Object.values(path) as Operation[]);
  for (const operation of operations) operation.summary ||= summaries[operation.operationId];
  return document;
}

interface Operation {
  operationId: string;
  summary?: string;
}
