import type { EmployedPerson, RegistryClient } from '@ansinh/client';

export const registryClient = Symbol('registry');

/** People whom the registry answers for at once. */
const peoplePerQuestion = 1_000;

/** What the registry said of workers, each as of the day of the check that names him. */
export interface KnownWorkers {
  answeredAt: Date;
  of: (personId: string, on: string) => EmployedPerson | null;
}

interface NamedOn {
  on: string;
  workers: readonly string[];
}

/** Asked before the transaction that writes it: a question over the network holds no lock. */
export async function askRegistry(
  registry: RegistryClient,
  checks: readonly NamedOn[],
): Promise<KnownWorkers> {
  const known = new Map<string, EmployedPerson>();
  for (const [on, named] of Map.groupBy(checks, (check) => check.on)) {
    const people = [...new Set(named.flatMap(({ workers }) => workers.map(lowered)))];
    for (let first = 0; first < people.length; first += peoplePerQuestion) {
      const asked = people.slice(first, first + peoplePerQuestion);
      for (const person of await registry.employers.employedOn(on, asked))
        known.set(`${on} ${person.personId}`, person);
    }
  }
  return {
    answeredAt: new Date(),
    of: (personId, on) => known.get(`${on} ${lowered(personId)}`) ?? null,
  };
}

const lowered = (id: string) => id.toLowerCase();
