import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { type Reader, recordAccess, requirePurpose } from '@ansinh/access-log';
import { type Actor, scopeOf } from '@ansinh/auth';
import { addDays, endOfDayInVietnam } from '@ansinh/calendar';
import { inTransaction, type Transaction } from '@ansinh/database';
import { findPlace } from '@ansinh/places';
import { problems, ProblemError } from '@ansinh/problem';
import { slipOf } from './control-slip.js';
import { writeControlSlip } from './dossier-control-slip-pdf.js';
import type { RegisterQuery } from './dossier-form.dto.js';
import { type DossierForm, type FormKind, writeDossierForm } from './dossier-form-pdf.js';
import { type MoveRow, movesOf } from './dossier-history.js';
import { dossierProblems } from './dossier.problems.js';
import { type RegisterLine, writeRegister } from './dossier-register-pdf.js';
import { findDossier } from './dossier.service.js';
import type { MoveKind } from './dossier.states.js';
import { dossierColumns, type DossierRow, procedureOf } from './dossier-view.js';
import { TrackingService } from './tracking.service.js';

/** By which move each form came about. */
const moveOfForm: Record<FormKind, MoveKind> = {
  receipt: 'received',
  supplementRequest: 'supplementAsked',
  refusal: 'refused',
  apology: 'apologised',
};

const registerDaysMax = 31;
/** A hundred sheets. */
const registerLinesMax = 1_000;

interface Printed {
  content: Uint8Array;
  fileName: string;
}

/** The papers of the desk: those that the applicant takes home, the slip that goes along, and the register. */
@Injectable()
export class DossierFormsService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly tracking: TrackingService,
  ) {}

  /**
   * @param asked null: the form that is the last word to the applicant
   * @throws ProblemError DOSSIER_NOT_FOUND, DOSSIER_STATE where there is nothing to print
   */
  async print(id: string, asked: FormKind | null, actor: Actor): Promise<Printed> {
    const { dossier, moves } = await this.read(id, actor);
    const kind = asked ?? formOf(dossier);
    const move = kind && moves.findLast((candidate) => candidate.kind === moveOfForm[kind]);
    if (!move) throw new ProblemError(dossierProblems.state);
    const form = this.contentOf(kind, dossier, move);
    return { content: await writeDossierForm(form), fileName: `${dossier.code}-${kind}.pdf` };
  }

  /** @throws ProblemError DOSSIER_NOT_FOUND, DOSSIER_STATE of one that was never received */
  async printControlSlip(id: string, actor: Actor): Promise<Printed> {
    const { dossier, moves } = await this.read(id, actor);
    const slip = slipOf(dossier, moves);
    if (!slip) throw new ProblemError(dossierProblems.state);
    return { content: await writeControlSlip(slip), fileName: `${dossier.code}-controlSlip.pdf` };
  }

  /**
   * Names and telephones of everybody whom a desk saw in a month are not taken along without a word.
   * @throws ProblemError ACCESS_PURPOSE_MISSING, INVALID_REQUEST, REGISTER_TOO_LONG, DOSSIER_NOT_FOUND for the desk of another area
   */
  async printRegister({ from, until, office: asked }: RegisterQuery, reader: Reader): Promise<Printed> {
    const purpose = requirePurpose(reader, true);
    const { actor } = reader;
    const office = asked ?? actor.office;
    if (until < from || until > addDays(from, registerDaysMax - 1))
      throw new ProblemError(problems.invalidRequest, {
        errors: [{ pointer: '?until', code: 'range', detail: daysRefused }],
      });
    const scope = scopeOf(actor);
    if (!scope.offices.includes(office)) throw new ProblemError(dossierProblems.notFound);
    const lines = await inTransaction(this.dataSource, scope, async (tx) => {
      const found = await registered(tx, office, from, until);
      if (found.length > registerLinesMax) throw new ProblemError(dossierProblems.registerTooLong);
      const rows = { first: Math.min(1, found.length), last: found.length };
      await recordAccess(tx, reader, purpose, { office, subject: 'dossiers/register', rows, numbers: 0 });
      return found;
    });
    const register = { office: placeNameOf(office), from, until, lines };
    return { content: await writeRegister(register), fileName: `register-${office}-${from}.pdf` };
  }

  private read(id: string, actor: Actor): Promise<{ dossier: DossierRow; moves: MoveRow[] }> {
    return inTransaction(this.dataSource, scopeOf(actor), async (tx) => ({
      dossier: await findDossier(tx, id),
      moves: await movesOf(tx, id),
    }));
  }

  private contentOf(kind: FormKind, dossier: DossierRow, move: MoveRow): DossierForm {
    const procedure = procedureOf(dossier);
    const shown = kind === 'receipt' ? dossier.documents : move.documents;
    return {
      kind,
      office: placeNameOf(kind === 'apology' ? move.holder_code : dossier.office_code),
      code: dossier.code,
      procedure: procedure.name.vi,
      applicant: dossier.applicant_name,
      phone: dossier.applicant_phone,
      address: placeNameOf(dossier.place_code),
      papers: procedure.documents.filter(({ code }) => shown.includes(code)).map(({ name }) => name.vi),
      reason: move.note,
      at: move.at,
      dueOn: dossier.due_on,
      promisedOn: move.promised_on,
      officer: move.actor_name,
      secret: this.tracking.secretOf(dossier.code),
    };
  }
}

const daysRefused = {
  vi: `Từ ngày đầu đến ngày cuối nhiều nhất ${registerDaysMax} ngày.`,
  en: `From the first day to the last there are at most ${registerDaysMax}.`,
};

const placeNameOf = (code: string) => findPlace(code)?.name ?? code;

/** The form that is the last word to the applicant. */
function formOf({ state, counts_from }: DossierRow): FormKind | null {
  if (state === 'refused') return 'refusal';
  if (state === 'incomplete' || state === 'awaitingSupplement') return 'supplementRequest';
  return counts_from === null ? null : 'receipt';
}

/** What a desk took in, in the order in which it came. What was refused at once has a form of its own, and is none of it. */
async function registered(
  tx: Transaction,
  office: string,
  from: string,
  until: string,
): Promise<RegisterLine[]> {
  const rows = (await tx.query(
    `SELECT ${dossierColumns},
       (SELECT at FROM dossier_move WHERE dossier_id = dossier.id AND kind = 'returned') AS returned_at
     FROM dossier
     WHERE office_code = $1 AND presented_at >= $2 AND presented_at < $3 AND counts_from IS NOT NULL
     ORDER BY presented_at, id LIMIT $4`,
    [office, endOfDayInVietnam(addDays(from, -1)), endOfDayInVietnam(until), registerLinesMax + 1],
  )) as (DossierRow & { returned_at: Date | null })[];
  return rows.map((row) => ({
    code: row.code,
    procedure: procedureOf(row).name.vi,
    papers: row.documents.length,
    applicant: row.applicant_name,
    place: placeNameOf(row.place_code),
    phone: row.applicant_phone,
    holder: placeNameOf(row.holder_code),
    presentedAt: row.presented_at,
    dueOn: row.due_on,
    promisedOn: row.promised_on,
    returnedAt: row.returned_at,
  }));
}
