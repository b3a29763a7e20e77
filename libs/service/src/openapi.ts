import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';

interface ApiDescription {
  title: string;
  description: string;
}

/** The service's OpenAPI 3.1 document, from its decorators. */
export function describeApi(
  app: NestFastifyApplication,
  api: ApiDescription,
  extraModels: (new () => object)[] = [],
): OpenAPIObject {
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
  return SwaggerModule.createDocument(app, config, {
    operationIdFactory: (_controller, method) => method,
    extraModels,
  });
}

/** Serves the document at `/openapi.json` and a page to browse and try it at `/docs`. */
export function serveApiPage(app: NestFastifyApplication, document: OpenAPIObject): void {
  SwaggerModule.setup('docs', app, document, { jsonDocumentUrl: 'openapi.json' });
}
