import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { OpenAPIObject } from '@nestjs/swagger';
import { describeApi } from '@ansinh/service';

/** What each operation does, in a few words, for the page on which the interface is browsed. */
const summaries: Record<string, string> = {
  getPlace: 'Get a place as it was on a day, and what it is today',
  listPlaces: 'List the places right below one, on a day',
};

/** The OpenAPI document of the REST interface. */
export function describeRegistry(app: NestFastifyApplication): OpenAPIObject {
  return describeApi(app, {
    title: 'An Sinh: registry',
    description: 'People, households, employers and places of the province. Numbers of people are masked.',
    summaries,
  });
}
