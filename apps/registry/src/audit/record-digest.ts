import { recordDigests } from '@ansinh/audit';

/** Whole rows, so that nothing is forgotten when a table grows. Numbers of people are in them sealed. */
export const digestOf = recordDigests({
  person: `
    SELECT to_jsonb(person) || jsonb_build_object(
      'numbers', (SELECT jsonb_agg(number ORDER BY number.id) FROM person_number number WHERE person_id = person.id),
      'residences', (SELECT jsonb_agg(residence ORDER BY residence.id) FROM person_residence residence WHERE person_id = person.id),
      'facts', (SELECT jsonb_agg(fact ORDER BY fact.id) FROM person_fact fact WHERE person_id = person.id),
      'accounts', (SELECT jsonb_agg(account ORDER BY account.id) FROM person_account account WHERE person_id = person.id))
    FROM person WHERE id = $1`,
});
