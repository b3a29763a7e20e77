import { timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { type Actor, scopeOf } from '@ansinh/auth';
import { inTransaction } from '@ansinh/database';
import { ProblemError } from '@ansinh/problem';
import { whereabouts } from '@ansinh/procedures';
import { Sealer } from '@ansinh/sealing';
import { movesOf, timetableOfMoves } from './dossier-history.js';
import { dossierProblems } from './dossier.problems.js';
import { findDossier } from './dossier.service.js';
import { dossierColumns, type DossierRow, missingPapers, procedureOf } from './dossier-view.js';
import type { TrackDossier, TrackedDossier, TrackingSecret } from './tracking.dto.js';

/** Lets an applicant see the way of a dossier by the code and the secret on its receipt. */
@Injectable()
export class TrackingService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly sealer: Sealer,
  ) {}

  /**
   * The same answer for a code that there is not and for a wrong secret, after the same work: nobody learns from it which
   * codes there are.
   * @throws ProblemError TRACKING_NOT_FOUND
   */
  async track({ code, secret }: TrackDossier): Promise<TrackedDossier> {
    // Nobody has signed in, so there is no office to look for: the secret is what opens this one dossier.
    const found = await inTransaction(this.dataSource, 'system', async (tx) => {
      const [dossier] = (await tx.query(`SELECT ${dossierColumns} FROM dossier WHERE code = $1`, [
        code,
      ])) as DossierRow[];
      const moves = await movesOf(tx, dossier?.id ?? noDossier);
      return { dossier, moves };
    });
    const isRight = timingSafeEqual(lettersOf(this.secretOf(code)), lettersOf(secret));
    if (!isRight || !found.dossier) throw new ProblemError(dossierProblems.notTracked);
    const { dossier, moves } = found;
    const procedure = procedureOf(dossier);
    const timetable = timetableOfMoves(procedure, moves);
    return {
      code,
      procedure: procedure.name,
      state: dossier.state,
      dueOn: dossier.due_on,
      promisedOn: dossier.promised_on,
      outcome: dossier.outcome,
      missing: missingPapers(procedure, dossier.documents).map(({ name }) => name),
      whereabouts: timetable ? whereabouts(timetable) : [],
    };
  }

  /** For the receipt. @throws ProblemError DOSSIER_NOT_FOUND */
  async secret(id: string, actor: Actor): Promise<TrackingSecret> {
    const { code } = await inTransaction(this.dataSource, scopeOf(actor), (tx) => findDossier(tx, id));
    return { code, secret: this.secretOf(code) };
  }

  /** Made of the code by a key that is not in the database: it is kept nowhere, and the receipt can be printed again. */
  secretOf(code: string): string {
    const [, letters] = /^(.{12})/.exec(this.sealer.lookupKey('tracking', code).replaceAll('-', ''))!;
    return letters!.toUpperCase().replace(/(.{4})(?=.)/g, '$1-');
  }
}

const noDossier = '00000000-0000-0000-0000-000000000000';
const secretLetters = 12;

/** As people type it: small letters, without hyphens. Always of one length, as the comparison needs. */
function lettersOf(secret: string): Buffer {
  const letters = secret.toUpperCase().replaceAll(/[^0-9A-F]/g, '');
  return Buffer.from(
    letters
      .padEnd(secretLetters, ' ')
      .slice(0, secretLetters + 1)
      .padEnd(secretLetters + 1, ' '),
  );
}
