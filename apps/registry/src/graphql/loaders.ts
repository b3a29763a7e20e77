import { Injectable } from '@nestjs/common';
import { RequestLoader } from '@ansinh/graphql';
import type { PersonSummary } from '../person/person.dto.js';
import { PersonService } from '../person/person.service.js';

/** Every way from one record to others, each one query a request however many records ask. */
@Injectable()
export class Loaders {
  readonly people: RequestLoader<string, PersonSummary>;
  readonly peopleByNumberKey: RequestLoader<string, PersonSummary>;

  constructor(people: PersonService) {
    this.people = new RequestLoader((ids, actor) => people.byIds(ids, actor));
    this.peopleByNumberKey = new RequestLoader((keys, actor) => people.byNumberKeys(keys, actor));
  }
}
