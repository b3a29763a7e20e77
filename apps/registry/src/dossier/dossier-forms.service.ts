import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { type Actor, scopeOf } from '@ansinh/auth';
import { inTransaction } from '@ansinh/database';
import { findPlace } from '@ansinh/places';
import { ProblemError } from '@ansinh/problem';
import { type DossierForm, type FormKind, writeDossierForm } from './dossier-form-pdf.js';
import { type MoveRow, movesOf } from './dossier-history.js';
import { dossierProblems } from './dossier.problems.js';
import { findDossier } from './dossier.service.js';
import { type DossierRow, procedureOf } from './dossier-view.js';
import { TrackingService } from './tracking.service.js';

/** By which move each form came about. */
const moveOfForm = { receipt: 'received', supplementRequest: 'supplementAsked', refusal: 'refused' } as const;

/** The papers that the applicant takes home. */
@Injectable()
export class DossierFormsService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly tracking: TrackingService,
  ) {}

  /** @throws ProblemError DOSSIER_NOT_FOUND, DOSSIER_STATE where there is nothing to print */
  async print(id: string, actor: Actor): Promise<{ content: Uint8Array; fileName: string }> {
    const { dossier, moves } = await inTransaction(this.dataSource, scopeOf(actor), async (tx) => ({
      dossier: await findDossier(tx, id),
      moves: await movesOf(tx, id),
    }));
    const kind = formOf(dossier);
    const move = kind && moves.findLast((candidate) => candidate.kind === moveOfForm[kind]);
    if (!move) throw new ProblemError(dossierProblems.state);
    const form = this.contentOf(kind, dossier, move);
    return { content: await writeDossierForm(form), fileName: `${dossier.code}-${kind}.pdf` };
  }

  private contentOf(kind: FormKind, dossier: DossierRow, move: MoveRow): DossierForm {
    const procedure = procedureOf(dossier);
    const shown = kind === 'receipt' ? dossier.documents : move.documents;
    return {
      kind,
      office: findPlace(dossier.office_code)?.name ?? dossier.office_code,
      code: dossier.code,
      procedure: procedure.name.vi,
      applicant: dossier.applicant_name,
      phone: dossier.applicant_phone,
      address: findPlace(dossier.place_code)?.name ?? dossier.place_code,
      papers: procedure.documents.filter(({ code }) => shown.includes(code)).map(({ name }) => name.vi),
      reason: move.note,
      at: move.at,
      dueOn: dossier.due_on,
      officer: move.actor_name,
      secret: this.tracking.secretOf(dossier.code),
    };
  }
}

/** The form that is the last word to the applicant. */
function formOf({ state, counts_from }: DossierRow): FormKind | null {
  if (state === 'refused') return 'refusal';
  if (state === 'incomplete' || state === 'awaitingSupplement') return 'supplementRequest';
  return counts_from === null ? null : 'receipt';
}
