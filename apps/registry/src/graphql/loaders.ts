import { Injectable } from '@nestjs/common';
import { ChildrenLoader, type PageLoader, RequestLoader } from '@ansinh/graphql';
import type { DossierView } from '../dossier/dossier.dto.js';
import { DossierService } from '../dossier/dossier.service.js';
import type { EmployerView, EmploymentView } from '../employer/employer.dto.js';
import { EmployerService } from '../employer/employer.service.js';
import type { HouseholdView } from '../household/household.dto.js';
import { HouseholdService } from '../household/household.service.js';
import type { PersonSummary } from '../person/person.dto.js';
import { PersonService } from '../person/person.service.js';

/** Every way from one record to others, each one query a request however many records ask. */
@Injectable()
export class Loaders {
  readonly people: RequestLoader<string, PersonSummary>;
  readonly peopleByNumberKey: RequestLoader<string, PersonSummary>;
  readonly households: RequestLoader<string, HouseholdView>;
  readonly householdOfPerson: RequestLoader<string, HouseholdView>;
  readonly dossiersOfPerson: PageLoader<{ limit: number; after?: string }, DossierView>;
  readonly employers: RequestLoader<string, EmployerView>;
  readonly employmentsOfPerson: RequestLoader<string, EmploymentView[]>;

  constructor(
    people: PersonService,
    households: HouseholdService,
    employers: EmployerService,
    dossiers: DossierService,
  ) {
    this.people = new RequestLoader((ids, actor) => people.byIds(ids, actor));
    this.peopleByNumberKey = new RequestLoader((keys, actor) => people.byNumberKeys(keys, actor));
    this.households = new RequestLoader((ids, actor) => households.byIds(ids, actor));
    this.householdOfPerson = new RequestLoader((ids, actor) => households.ofPeople(ids, actor));
    this.dossiersOfPerson = new ChildrenLoader((ids, query, actor) => dossiers.ofPeople(ids, query, actor));
    this.employers = new RequestLoader((ids, actor) => employers.byIds(ids, actor));
    this.employmentsOfPerson = new RequestLoader((ids, actor) => employers.employmentsOf(ids, actor));
  }
}
