import type { DataSource } from 'typeorm';

/** One row of an office in every table that belongs to offices, past every trigger: what is looked at is who sees it. */
const rows = (office: string, number: number) => `
INSERT INTO audit_event (seq, actor_id, actor_name, office, verb, subject, request_id, facts, previous_hash, hash)
  VALUES (${number}, 'a', 'a', '${office}', 'v', 's', 'r', '{}', '', '');
INSERT INTO dossier (id, code, procedure_code, procedure_from, office_code, holder_code, place_code, applicant_name, presented_at)
  VALUES ('${uuid(number)}', 'H05-${office}', 'SP-MONTHLY', '2021-07-01', '${office}', '${office}', '09169', 'A', now());
INSERT INTO dossier_move (dossier_id, number, kind, at, holder_code, actor_id, actor_name)
  VALUES ('${uuid(number)}', 1, 'presented', now(), '${office}', 'a', 'a');`;

const uuid = (number: number) => `00000000-0000-7000-8000-${String(number).padStart(12, '0')}`;

export async function plantRows(owner: DataSource, office: string, number: number): Promise<void> {
  await owner.transaction(async (tx) => {
    await tx.query('SET LOCAL session_replication_role = replica');
    await tx.query(rows(office, number));
  });
}
