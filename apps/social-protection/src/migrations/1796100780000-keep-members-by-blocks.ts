import type { MigrationInterface, QueryRunner } from 'typeorm';
import { of, protect, unprotect } from '@ansinh/database';

const makerIsNotChecker = (statedOfMonth: string) => `
CREATE OR REPLACE FUNCTION refuse_own_run() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.verdict = 'approved' AND EXISTS (
    SELECT FROM support_run WHERE id = NEW.run_id AND NEW.actor_id IN (created_by, submitted_by)
    UNION ALL
    SELECT FROM run_list JOIN support_list ON support_list.id = list_id
    WHERE run_id = NEW.run_id AND support_list.created_by = NEW.actor_id
    UNION ALL
    -- Of a month: who stated something of somebody that no approved run has seen yet.
    ${statedOfMonth})
  THEN
    RAISE EXCEPTION 'a maker of run % may not approve it', NEW.run_id
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'maker_is_not_checker';
  END IF;
  RETURN NEW;
END $$;`;

/** Members of a run by the hundred: as rows of their own they were an eighth of the time in which a month is decided. */
export class KeepMembersByBlocks1796100780000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
-- On whom a run of a month decides, as it stood when the run was made: a hundred to a block, in the order of their ids. Of the first
-- block the members are numbered from 1 to 100.
CREATE TABLE member_block (
  run_id uuid NOT NULL,
  block_no int NOT NULL,
  members uuid[] NOT NULL CONSTRAINT member_block_size CHECK (cardinality(members) BETWEEN 1 AND 100),
  PRIMARY KEY (run_id, block_no)
);
CREATE INDEX member_block_first ON member_block (run_id, (members[1]));

CREATE FUNCTION is_member(run uuid, beneficiary uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT coalesce((SELECT beneficiary = ANY (members) FROM member_block
    WHERE run_id = run AND members[1] <= beneficiary ORDER BY members[1] DESC LIMIT 1), false)
$$;

${protect('member_block', of('support_run', 'id', 'run_id'))}
-- The owner sees no row of his tables.
SET LOCAL ROLE ansinh_system;
INSERT INTO member_block (run_id, block_no, members)
SELECT run_id, (number - 1) / 100, array_agg(beneficiary_id ORDER BY number) FROM run_member GROUP BY 1, 2;
RESET ROLE;
${unprotect('run_member')}
DROP TABLE run_member;

CREATE FUNCTION require_members() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM entered CROSS JOIN unnest(members) AS member (id)
    WHERE NOT EXISTS (SELECT FROM beneficiary WHERE beneficiary.id = member.id))
  THEN
    RAISE EXCEPTION 'member_block refers to no row of beneficiary' USING ERRCODE = 'foreign_key_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER member_block_members_referred AFTER INSERT ON member_block REFERENCING NEW TABLE AS entered
  FOR EACH STATEMENT EXECUTE FUNCTION require_members();
CREATE TRIGGER member_block_run_id_referred AFTER INSERT ON member_block REFERENCING NEW TABLE AS entered
  FOR EACH STATEMENT EXECUTE FUNCTION require_referred('support_run', 'run_id', 'referred.id = entered.run_id');
CREATE TRIGGER member_block_append_only BEFORE UPDATE OR DELETE ON member_block
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
${makerIsNotChecker(`
    SELECT FROM beneficiary_statement stated
    WHERE stated.recorded_by = NEW.actor_id AND is_member(NEW.run_id, stated.beneficiary_id) AND NOT EXISTS (
      SELECT FROM support_run run JOIN support_run before ON before.programme = run.programme
      WHERE run.id = NEW.run_id AND before.state = 'approved' AND before.month IS NOT NULL AND before.id <> NEW.run_id
        AND before.created_at > stated.recorded_at AND is_member(before.id, stated.beneficiary_id))`)}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
CREATE TABLE run_member (
  run_id uuid NOT NULL,
  number int NOT NULL,
  beneficiary_id uuid NOT NULL,
  PRIMARY KEY (run_id, number)
);
CREATE INDEX run_member_beneficiary ON run_member (beneficiary_id);
${protect('run_member', of('support_run', 'id', 'run_id'))}
GRANT MAINTAIN ON run_member TO ansinh_system;
SET LOCAL ROLE ansinh_system;
INSERT INTO run_member (run_id, number, beneficiary_id)
SELECT run_id, block_no * 100 + member.place, member.id FROM member_block
CROSS JOIN unnest(members) WITH ORDINALITY AS member (id, place);
RESET ROLE;
${makerIsNotChecker(`
    SELECT FROM beneficiary_statement stated
    JOIN run_member member ON member.run_id = NEW.run_id AND member.beneficiary_id = stated.beneficiary_id
    WHERE stated.recorded_by = NEW.actor_id AND NOT EXISTS (
      SELECT FROM run_member seen JOIN support_run before ON before.id = seen.run_id AND before.state = 'approved'
      WHERE seen.beneficiary_id = stated.beneficiary_id AND before.id <> NEW.run_id
        AND before.created_at > stated.recorded_at)`)}
${unprotect('member_block')}
DROP FUNCTION is_member(uuid, uuid);
DROP TABLE member_block;
DROP FUNCTION require_members();
CREATE TRIGGER run_member_run_id_referred AFTER INSERT ON run_member REFERENCING NEW TABLE AS entered
  FOR EACH STATEMENT EXECUTE FUNCTION require_referred('support_run', 'run_id', 'referred.id = entered.run_id');
CREATE TRIGGER run_member_beneficiary_id_referred AFTER INSERT ON run_member REFERENCING NEW TABLE AS entered
  FOR EACH STATEMENT EXECUTE FUNCTION require_referred('beneficiary', 'beneficiary_id', 'referred.id = entered.beneficiary_id');
CREATE TRIGGER run_member_append_only BEFORE UPDATE OR DELETE ON run_member
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();`);
  }
}
