import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { OpenAPIObject } from '@nestjs/swagger';
import { describeApi } from '@ansinh/service';

/** What each operation does, in a few words, for the page on which the interface is browsed. */
const summaries: Record<string, string> = {
  listProgrammes: 'List the one-off programmes of support, with their forms and last days',
};

/** The OpenAPI document of the REST interface. */
export function describeSocialProtection(app: NestFastifyApplication): OpenAPIObject {
  return describeApi(app, {
    title: 'An Sinh: social protection',
    description:
      'Programmes of support: who asks for whom, what is decided by which article, and what was paid. Numbers of people are masked.',
    summaries,
  });
}
