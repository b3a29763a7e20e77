import type { OpenAPIObject } from '@nestjs/swagger';

export interface Operation {
  id: string;
  method: 'get' | 'post' | 'put';
  path: string;
}

/** Every operation of an OpenAPI document. */
export function operationsIn({ paths }: Pick<OpenAPIObject, 'paths'>): Operation[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods as Record<string, { operationId: string }>).map(([method, { operationId }]) => ({
      id: operationId,
      method: method as Operation['method'],
      path,
    })),
  );
}
