import { RequestMethod } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { MetadataScanner, ModulesContainer } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { getMetadataStorage } from 'class-validator';
import supertest from 'supertest';
import { permissions, publicRoute, requiredPermission } from '@ansinh/auth';
import { constraintSentences } from '@ansinh/problem';
import type { Operation } from './operations.js';
import type { PlayedClient, Player } from './played-client.js';

interface Route {
  name: string;
  permission: unknown;
  isPublic: boolean;
}

interface Service {
  app: NestFastifyApplication;
  as(player: Player): Promise<PlayedClient>;
  stop(): Promise<void>;
}

interface RouteSuite<Started extends Service> {
  start(): Promise<Started>;
  /** Every operation of the service's OpenAPI document. */
  operationsOf(service: Started): Operation[];
  /** Carries an operation out; every part of the request is valid. */
  request(client: PlayedClient, operation: Operation): supertest.Test;
  /** What is open to anybody beside health, as `Controller.handler (METHOD)`; each needs a reason. */
  publicRoutes?: string[];
  /** Fewer, and the suite has not seen the service. */
  routesMin: number;
}

/** Every handler of every controller, as Nest itself finds them. */
function routesOf(app: NestFastifyApplication): Route[] {
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

/** Of all shapes that the service has loaded; its types keep the map of them to themselves. */
function constraintNames(): string[] {
  const { validationMetadatas } = getMetadataStorage() as unknown as {
    validationMetadatas: Map<unknown, { type: string; name?: string }[]>;
  };
  const named = [...validationMetadatas.values()]
    .flat()
    .filter(({ type }) => type !== 'conditionalValidation')
    .map(({ type, name }) => name ?? type);
  return [...new Set(named)].sort();
}

/** What holds for the routes of every service: each declares its permission, and is closed to those without it. */
export function testRoutes<Started extends Service>(suite: RouteSuite<Started>): void {
  let service: Started;
  let routes: Route[];
  beforeAll(async () => {
    service = await suite.start();
    routes = routesOf(service.app);
  });
  afterAll(() => service.stop());

  describe('every route', () => {
    test('declares its permission or that it is public, and not both', () => {
      expect(routes.length).toBeGreaterThan(suite.routesMin);
      const undeclared = routes.filter(({ permission, isPublic }) => (permission === undefined) !== isPublic);
      expect(undeclared).toEqual([]);
    });

    test('says in both languages what is wrong with a field', () => {
      const mute = constraintNames().filter((name) => !(name in constraintSentences));
      expect(mute).toEqual([]);
    });

    test('asks for a permission that exists', () => {
      const known = new Set<unknown>(permissions);
      expect(routes.filter(({ permission, isPublic }) => !isPublic && !known.has(permission))).toEqual([]);
    });

    test('is public only where it tells about the process', () => {
      const open = routes.filter(({ isPublic }) => isPublic).map(({ name }) => name);
      const health = ['HealthController.live (GET)', 'HealthController.ready (GET)'];
      expect(open.sort()).toEqual([...health, ...(suite.publicRoutes ?? [])].sort());
    });

    test('stands in the OpenAPI document, but for health', () => {
      const documented = suite.operationsOf(service).map(({ id }) => id);
      const handlers = routes
        .filter(({ name }) => !name.startsWith('HealthController.'))
        .map(({ name }) => /\.(\w+)/.exec(name)![1]);
      expect(documented.sort()).toEqual(handlers.sort());
    });
  });

  describe('every operation', () => {
    test('is closed to those without a token, and to those without the permission', async () => {
      const powerless = await service.as({ sub: 'powerless', permissions: [] });
      const isOpen = ({ id }: Operation) => suite.publicRoutes?.some((name) => name.includes(`.${id} `));
      for (const operation of suite.operationsOf(service).filter((one) => !isOpen(one))) {
        const refused = await suite.request(powerless, operation);
        expect({ id: operation.id, ...(refused.body as object) }).toMatchObject({
          status: 403,
          code: 'FORBIDDEN',
        });
        const anonymous = await suite.request(powerless, operation).unset('authorization');
        expect({ id: operation.id, ...(anonymous.body as object) }).toMatchObject({
          status: 401,
          code: 'UNAUTHENTICATED',
        });
      }
    });

    test.each(['Bearer not-a-token', 'Basic bWFrZXI6', 'Bearer ', ''])(
      '«%s» is no token',
      async (authorization) => {
        const { path } = suite
          .operationsOf(service)
          .find((operation) => operation.method === 'get' && !operation.path.includes('{'))!;
        const { body } = await supertest(service.app.getHttpServer())
          .get(path)
          .set('authorization', authorization)
          .expect(401);
        expect(body).toMatchObject({ code: 'UNAUTHENTICATED' });
      },
    );
  });
}
