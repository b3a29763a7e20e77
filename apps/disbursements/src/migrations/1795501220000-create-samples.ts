import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Samples of paid lines that somebody visits, and what was found there. */
export class CreateSamples1795501220000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
CREATE TABLE sample (
  id uuid PRIMARY KEY,
  batch_number bigint NOT NULL REFERENCES batch (number),
  seed text NOT NULL,
  confidence double precision NOT NULL CHECK (confidence > 0 AND confidence < 1),
  -- What the size was computed from; null where the size was given.
  margin double precision,
  expected_error_rate double precision NOT NULL,
  -- By these a line has its stratum, so that the list of then can be written again.
  districts jsonb NOT NULL,
  bands bigint[] NOT NULL,
  list_digest text NOT NULL,
  lines int NOT NULL CHECK (lines > 0),
  amount bigint NOT NULL,
  drawn_by text NOT NULL,
  drawn_by_name text NOT NULL,
  -- Lines that were paid at this moment are its list: what comes back later was on it.
  drawn_at timestamptz NOT NULL
);
CREATE INDEX sample_batch ON sample (batch_number, id);

CREATE TABLE sample_stratum (
  sample_id uuid NOT NULL REFERENCES sample,
  stratum_no int NOT NULL,
  district_code text NOT NULL,
  band_no int NOT NULL,
  lines int NOT NULL,
  amount bigint NOT NULL,
  amount_max bigint NOT NULL,
  sampled int NOT NULL CHECK (0 < sampled AND sampled <= lines),
  PRIMARY KEY (sample_id, stratum_no)
);

CREATE TABLE sample_line (
  sample_id uuid NOT NULL,
  row_no int NOT NULL,
  stratum_no int NOT NULL,
  PRIMARY KEY (sample_id, row_no),
  FOREIGN KEY (sample_id, stratum_no) REFERENCES sample_stratum
);

-- One result a line; a correction is a row that names the one it corrects, and each is corrected once.
CREATE TABLE sample_result (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  sample_id uuid NOT NULL,
  row_no int NOT NULL,
  outcome text NOT NULL CHECK (outcome IN ('correct', 'wrongAmount', 'notReceived', 'wrongPerson', 'notFound')),
  received bigint CHECK (received > 0),
  note text,
  corrects bigint,
  recorded_by text NOT NULL,
  recorded_by_name text NOT NULL,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  FOREIGN KEY (sample_id, row_no) REFERENCES sample_line,
  CONSTRAINT sample_result_line UNIQUE (sample_id, row_no, id),
  CONSTRAINT sample_result_corrects FOREIGN KEY (sample_id, row_no, corrects)
    REFERENCES sample_result (sample_id, row_no, id),
  CONSTRAINT sample_result_corrected_once UNIQUE (corrects),
  CONSTRAINT sample_result_received CHECK ((outcome = 'wrongAmount') = (received IS NOT NULL))
);
CREATE UNIQUE INDEX sample_result_once ON sample_result (sample_id, row_no) WHERE corrects IS NULL;`);
    for (const table of ['sample', 'sample_stratum', 'sample_line', 'sample_result']) {
      await runner.query(`
CREATE TRIGGER ${table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ${table}
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE sample_result, sample_line, sample_stratum, sample;');
  }
}
