import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { Problem } from './rest.js';

interface ApiDescription {
  title: string;
  description: string;
  /** What each operation does, in a few words, by its id. */
  summaries: Readonly<Record<string, string>>;
}

/** The service's OpenAPI 3.1 document, from its decorators. One without a summary is left to the lint, which refuses it. */
export function describeApi(app: NestFastifyApplication, api: ApiDescription): OpenAPIObject {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle(api.title)
    .setDescription(api.description)
    .setVersion('1')
    .setLicense('Proprietary', 'https://ansinh.example/licence')
    .addServer('/')
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'JWT' })
    .addSecurityRequirements('bearer')
    .build();
  const document = SwaggerModule.createDocument(app, config, {
    operationIdFactory: (_controller, method) => method,
    extraModels: [Problem],
  });
  const operations = Object.values(document.paths).flatMap((path) => Object.values(path) as Operation[]);
  for (const operation of operations) operation.summary ||= api.summaries[operation.operationId];
  return document;
}

interface Operation {
  operationId: string;
  summary?: string;
}

/**
 * Serves the document at `/openapi.json` and a page to browse and try it at `/docs`. It is described when it is first asked
 * for: that is a quarter of the processor time of a start, and most starts are never asked.
 */
export function serveApiPage(app: NestFastifyApplication, describe: () => OpenAPIObject): void {
  SwaggerModule.setup('docs', app, describe, { jsonDocumentUrl: 'openapi.json' });
}
