import type { MigrationInterface, QueryRunner } from 'typeorm';
import { open, unprotect } from '@ansinh/database';

/**
 * The words that names are made of, some hundreds, and names by their words: of what could have been meant by a word with a
 * slip only that is looked for which is in some name. Comparing names letter by letter takes ten times as long.
 */
export class IndexNameWords1796001100000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
CREATE TABLE name_word (word text COLLATE "C" PRIMARY KEY);
INSERT INTO name_word SELECT DISTINCT word FROM name_form, string_to_table(plain, ' ') AS word;
CREATE INDEX name_form_words ON name_form USING gin (string_to_array(plain, ' '));

-- In their order, for two lists may bring the same ones at a time.
CREATE FUNCTION note_name_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO name_word
  SELECT DISTINCT part.word FROM entered, string_to_table(plain, ' ') AS part (word)
  WHERE NOT EXISTS (SELECT FROM name_word known WHERE known.word = part.word)
  ORDER BY part.word ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
CREATE TRIGGER name_form_words AFTER INSERT ON name_form REFERENCING NEW TABLE AS entered
  FOR EACH STATEMENT EXECUTE FUNCTION note_name_words();`);
    const ofNobody = 'a word of a name is nobody in particular';
    await runner.query(open('name_word', ofNobody, { office: 'SELECT, INSERT', system: 'SELECT, INSERT' }));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
DROP TRIGGER name_form_words ON name_form;
DROP FUNCTION note_name_words();
DROP INDEX name_form_words;`);
    await runner.query(unprotect('name_word'));
    await runner.query('DROP TABLE name_word');
  }
}
