import { RequestMethod } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { MetadataScanner, ModulesContainer } from '@nestjs/core';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import supertest from 'supertest';
import { permissions, publicRoute, requiredPermission } from '@ansinh/auth';
import { type Harness, startHarness } from './harness.js';
import { operationsOf, request } from './operations.js';

interface Route {
  name: string;
  permission: unknown;
  isPublic: boolean;
}

let harness: Harness;
let routes: Route[];
beforeAll(async () => {
  harness = await startHarness();
  routes = routesOf(harness);
});
afterAll(() => harness.stop());

/** Every handler of every controller, as Nest itself finds them. */
function routesOf({ app }: Harness): Route[] {
  const controllers = [...app.get(ModulesContainer).values()].flatMap((module) => [
    ...module.controllers.values(),
  ]);
  return controllers.flatMap(({ metatype }) => {
    const controller = metatype as new () => object;
    const handlers = new MetadataScanner()
      .getAllMethodNames(controller.prototype as object)
      .map((name) => ({ name, handler: (controller.prototype as Record<string, object>)[name]! }))
      .filter(({ handler }) => Reflect.hasMetadata(PATH_METADATA, handler));
    return handlers.map(({ name, handler }) => {
      const declared = (key: string) =>
        (Reflect.getMetadata(key, handler) ?? Reflect.getMetadata(key, controller)) as unknown;
      const method = RequestMethod[Reflect.getMetadata(METHOD_METADATA, handler) as number];
      return {
        name: `${controller.name}.${name} (${method})`,
        permission: declared(requiredPermission),
        isPublic: declared(publicRoute) === true,
      };
    });
  });
}

describe('every route', () => {
  test('declares its permission or that it is public, and not both', () => {
    expect(routes.length).toBeGreaterThan(30);
    const undeclared = routes.filter(({ permission, isPublic }) => (permission === undefined) !== isPublic);
    expect(undeclared).toEqual([]);
  });

  test('asks for a permission that exists', () => {
    const known = new Set<unknown>(permissions);
    expect(routes.filter(({ permission, isPublic }) => !isPublic && !known.has(permission))).toEqual([]);
  });

  test('is public only where it tells about the process', () => {
    const open = routes.filter(({ isPublic }) => isPublic).map(({ name }) => name);
    expect(open.sort()).toEqual(['HealthController.live (GET)', 'HealthController.ready (GET)']);
  });

  test('stands in the OpenAPI document, but for health', () => {
    const documented = operationsOf(harness).map(({ id }) => id);
    const handlers = routes.filter(({ isPublic }) => !isPublic).map(({ name }) => /\.(\w+)/.exec(name)![1]);
    expect(documented.sort()).toEqual(handlers.sort());
  });
});

describe('every operation', () => {
  const records = {
    fundId: crypto.randomUUID(),
    batchId: crypto.randomUUID(),
    exceptionId: crypto.randomUUID(),
    scheduleId: crypto.randomUUID(),
    sampleId: crypto.randomUUID(),
  };

  test('is closed to those without a token, and to those without the permission', async () => {
    const powerless = await harness.as({ sub: 'powerless', permissions: [] });
    for (const operation of operationsOf(harness)) {
      const refused = await request(powerless, operation, records);
      expect({ id: operation.id, ...(refused.body as object) }).toMatchObject({
        status: 403,
        code: 'FORBIDDEN',
      });
      const anonymous = await request(powerless, operation, records).unset('authorization');
      expect({ id: operation.id, ...(anonymous.body as object) }).toMatchObject({
        status: 401,
        code: 'UNAUTHENTICATED',
      });
    }
  });

  test.each(['Bearer not-a-token', 'Basic bWFrZXI6', 'Bearer ', ''])(
    '«%s» is no token',
    async (authorization) => {
      const { body } = await supertest(harness.app.getHttpServer())
        .get('/v1/funds')
        .set('authorization', authorization)
        .expect(401);
      expect(body).toMatchObject({ code: 'UNAUTHENTICATED' });
    },
  );
});
