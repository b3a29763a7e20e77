import { randomUUID } from 'node:crypto';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { type Permission, permissions } from '@ansinh/auth';
import type { Issuer } from '@ansinh/embedded';
import supertest from 'supertest';

/** Who a test plays. Office 27 is the province, 256 and 261 are two of its districts. */
export interface Player {
  sub: string;
  office?: string;
  permissions?: Permission[];
  /** Given to those who play a service: the client of the token. */
  client?: string;
}

/** Requests as somebody; commands get a fresh Idempotency-Key unless one is given. */
export interface PlayedClient {
  get(path: string): supertest.Test;
  post(path: string, body?: object, key?: string): supertest.Test;
  put(path: string, body: object): supertest.Test;
  list(path: string, content: string | Buffer, type: string): supertest.Test;
  /** The same as a command. */
  upload(path: string, content: string | Buffer, type: string, key?: string): supertest.Test;
  token: string;
}

/** A purpose as the header carries it: whole numbers are given for no less. */
export const statedPurpose = {
  'access-purpose': `inspection; ${encodeURIComponent('Kế hoạch kiểm tra 12/KH-TTr')}`,
};

/** Signs somebody in, and sends the requests to the service in this process. */
export async function playedClient(
  app: NestFastifyApplication,
  issuer: Issuer,
  player: Player,
): Promise<PlayedClient> {
  const token = await issuer.token({
    sub: player.sub,
    name: player.sub,
    permissions: [...(player.permissions ?? permissions)],
    office: player.office ?? '27',
    client: player.client,
  });
  const agent = () => supertest(app.getHttpServer());
  const signed = (test: supertest.Test) =>
    test.set('authorization', `Bearer ${token}`).set('accept-language', 'en');
  return {
    token,
    get: (path) => signed(agent().get(path)),
    post: (path, body = {}, key = randomUUID()) =>
      signed(agent().post(path)).set('idempotency-key', key).send(body),
    put: (path, body) => signed(agent().put(path)).send(body),
    list: (path, content, type) => signed(agent().put(path)).set('content-type', type).send(content),
    upload: (path, content, type, key = randomUUID()) =>
      signed(agent().post(path)).set('content-type', type).set('idempotency-key', key).send(content),
  };
}
