import { recordDigests } from '@ansinh/audit';

/** Whole rows, so that nothing is forgotten when a table grows. Numbers of people are in them sealed. */
export const digestOf = recordDigests({
  attachments: `
    SELECT jsonb_build_object(
      'files', (SELECT jsonb_agg(file ORDER BY file.number) FROM dossier_attachment file WHERE dossier_id = $1),
      'removals', (SELECT jsonb_agg(removal ORDER BY removal.number) FROM dossier_attachment_removal removal
                   WHERE dossier_id = $1))`,
  duplicatePair: `
    SELECT to_jsonb(pair) || jsonb_build_object(
      'verdicts', (SELECT jsonb_agg(verdict ORDER BY verdict.number) FROM duplicate_verdict verdict WHERE pair_id = pair.id))
    FROM duplicate_pair pair WHERE id = $1`,
  duplicateRun: 'SELECT to_jsonb(duplicate_run) FROM duplicate_run WHERE id = $1',
  employer: `
    SELECT to_jsonb(employer) || jsonb_build_object(
      'workers', (SELECT count(*) FROM employment WHERE employer_id = employer.id))
    FROM employer WHERE id = $1`,
  employment: 'SELECT to_jsonb(employment) FROM employment WHERE id = $1',
  household: `
    SELECT to_jsonb(household) || jsonb_build_object(
      'members', (SELECT jsonb_agg(member ORDER BY member.id) FROM household_member member WHERE household_id = household.id),
      'classes', (SELECT jsonb_agg(class ORDER BY class.id) FROM household_class class WHERE household_id = household.id))
    FROM household WHERE id = $1`,
  // Of some households, by their ids.
  householdClasses: `
    SELECT jsonb_agg(class ORDER BY class.id) FROM household_class class
    WHERE household_id = ANY (string_to_array($1, ',')::uuid[])`,
  import: 'SELECT to_jsonb(registry_import) FROM registry_import WHERE id = $1',
  person: `
    SELECT to_jsonb(person) || jsonb_build_object(
      'absorbed', (SELECT jsonb_agg(absorbed ORDER BY absorbed.id) FROM person absorbed WHERE absorbed.survivor_id = person.id),
      'numbers', (SELECT jsonb_agg(number ORDER BY number.id) FROM person_number number WHERE person_id = person.id),
      'residences', (SELECT jsonb_agg(residence ORDER BY residence.id) FROM person_residence residence WHERE person_id = person.id),
      'facts', (SELECT jsonb_agg(fact ORDER BY fact.id) FROM person_fact fact WHERE person_id = person.id),
      'accounts', (SELECT jsonb_agg(account ORDER BY account.id) FROM person_account account WHERE person_id = person.id))
    FROM person WHERE id = $1`,
});
