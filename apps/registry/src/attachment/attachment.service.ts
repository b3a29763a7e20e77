import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { type Reader, recordAccess, requirePurpose } from '@ansinh/access-log';
import { type Actor, type Permission, scopeOf } from '@ansinh/auth';
import { inTransaction, type Transaction } from '@ansinh/database';
import { type Command, Commands } from '@ansinh/idempotency';
import { problems, ProblemError } from '@ansinh/problem';
import { Sealer } from '@ansinh/sealing';
import { digestOf } from '../audit/record-digest.js';
import { dossierProblems } from '../dossier/dossier.problems.js';
import { findDossier, requirePapers } from '../dossier/dossier.service.js';
import { papersOpenStates } from '../dossier/dossier.states.js';
import { type DossierRow, procedureOf } from '../dossier/dossier-view.js';
import type { AttachmentQuery, AttachmentView, RemoveAttachment } from './attachment.dto.js';
import { AttachmentFiles, type KeptFile } from './attachment-files.js';
import { attachmentProblems } from './attachment.problems.js';
import { extensionOf, type MediaType } from './media-type.js';

interface AttachmentRow {
  id: string;
  number: number;
  document: string | null;
  media_type: MediaType;
  bytes: number;
  sha256: string;
  object_name: string;
  sealed_key: Buffer;
  scan: string;
  added_at: Date;
  added_by_name: string;
  reason: string | null;
  removed_at: Date | null;
  removed_by_name: string | null;
}

/** Whoever works on dossiers reads their papers; what was taken off one is for inspectors. */
const workOnDossiers: readonly Permission[] = ['dossier:receive', 'dossier:process', 'dossier:decide'];

const attachmentsMax = 100;

/** What the seal of a file's key is bound to. */
export const placeOfKey = (id: string) => `dossier_attachment/${id}`;

/** The papers of a dossier as files. */
@Injectable()
export class AttachmentService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly commands: Commands,
    private readonly files: AttachmentFiles,
    private readonly sealer: Sealer,
  ) {}

  /**
   * The file is in the store before the row that names it, so that no row ever names what is not there.
   * @throws ProblemError DOSSIER_NOT_FOUND, DOSSIER_DOCUMENT, DOSSIER_STATE, ATTACHMENTS_TOO_MANY, and what
   *   `AttachmentFiles.keep` refuses
   */
  async add(
    dossierId: string,
    { document }: AttachmentQuery,
    upload: { content: AsyncIterable<Uint8Array>; mediaType: MediaType },
    command: Command,
  ): Promise<AttachmentView> {
    // Before twenty megabytes are taken in for nobody.
    await inTransaction(this.dataSource, scopeOf(command.actor), (tx) => findDossier(tx, dossierId));
    const file = await this.files.keep(upload.content, upload.mediaType);
    const id = uuidv7();
    const written = await this.write(dossierId, { id, document: document ?? null, file }, command).catch(
      async (error) => {
        // Whatever else went wrong, the commit may have been done: then the row needs its file.
        if (error instanceof ProblemError) await this.files.forget(file);
        throw error;
      },
    );
    // The answer to a repeated command is of the first one, and of its file.
    if (written.id !== id) await this.files.forget(file);
    return written;
  }

  private write(
    dossierId: string,
    added: { id: string; document: string | null; file: KeptFile },
    command: Command,
  ): Promise<AttachmentView> {
    const { id, document, file } = added;
    const digest = createHash('sha256').update(`${command.digest}\n${file.sha256}`).digest('hex');
    return this.commands.run({ ...command, digest }, 'dossier.attach', async (tx) => {
      const dossier = await lockOpenDossier(tx, dossierId);
      if (document !== null) requirePapers(procedureOf(dossier), [document]);
      const before = await digestOf(tx, 'attachments', dossierId);
      const number = await nextNumber(tx, dossierId);
      await tx.query(
        `INSERT INTO dossier_attachment (dossier_id, number, id, document, media_type, bytes, sha256, object_name, sealed_key,
                                         scan, added_by, added_by_name)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
        [
          dossierId,
          number,
          id,
          document,
          file.mediaType,
          file.bytes,
          file.sha256,
          file.objectName,
          this.sealer.seal(file.key.toString('base64'), placeOfKey(id)),
          file.scan,
          command.actor.id,
          command.actor.name,
        ],
      );
      const facts = { number, document, sha256: file.sha256, bytes: file.bytes, scan: file.scan };
      return effectOf(tx, dossier, number, before, facts);
    });
  }

  /** Also what was taken off. @throws ProblemError DOSSIER_NOT_FOUND */
  async list(dossierId: string, actor: Actor): Promise<AttachmentView[]> {
    return inTransaction(this.dataSource, scopeOf(actor), async (tx) => {
      const dossier = await findDossier(tx, dossierId);
      const rows = await readAttachments(tx, dossierId);
      return rows.map((row) => viewOf(dossier, row));
    });
  }

  /**
   * The row of the access log is committed before the first byte leaves.
   * @throws ProblemError DOSSIER_NOT_FOUND, ATTACHMENT_NOT_FOUND, UNMASKING_REFUSED, ACCESS_PURPOSE_MISSING,
   *   OBJECT_STORE_UNAVAILABLE
   */
  async open(
    dossierId: string,
    number: number,
    reader: Reader,
  ): Promise<{ type: MediaType; fileName: string; bytes: number; content: AsyncGenerator<Uint8Array> }> {
    const found = await inTransaction(this.dataSource, scopeOf(reader.actor), async (tx) => {
      const dossier = await findDossier(tx, dossierId);
      const row = await findAttachment(tx, dossierId, number);
      const isWork = workOnDossiers.some((permission) => reader.actor.permissions.has(permission));
      const purpose = requirePurpose(reader, isWork && row.removed_at === null);
      await recordAccess(tx, reader, purpose, {
        office: dossier.office_code,
        subject: `dossier/${dossier.code}/attachments/${number}`,
        rows: { first: number, last: number },
        // How many a paper shows nobody has counted.
        numbers: 1,
      });
      return { dossier, row };
    });
    const { code } = found.dossier;
    const { id, media_type: type, bytes, object_name: objectName, sealed_key: sealed } = found.row;
    const key = Buffer.from(this.sealer.open(sealed, placeOfKey(id)), 'base64');
    const content = await this.files.open(objectName, key);
    return { type, fileName: `${code}-${number}.${extensionOf(type)}`, bytes, content };
  }

  /** @throws ProblemError DOSSIER_STATE, ATTACHMENT_NOT_FOUND, ATTACHMENT_REMOVED, PRECONDITION_FAILED */
  async remove(
    dossierId: string,
    number: number,
    { reason }: RemoveAttachment,
    version: number,
    command: Command,
  ): Promise<AttachmentView> {
    return this.commands.run(command, 'dossier.detach', async (tx) => {
      const dossier = await lockOpenDossier(tx, dossierId);
      const row = await findAttachment(tx, dossierId, number);
      if (row.removed_at !== null) throw new ProblemError(attachmentProblems.removed);
      if (version !== viewOf(dossier, row).version) throw new ProblemError(problems.preconditionFailed);
      const before = await digestOf(tx, 'attachments', dossierId);
      await tx.query(
        `INSERT INTO dossier_attachment_removal (dossier_id, number, reason, removed_by, removed_by_name)
         VALUES ($1, $2, $3, $4, $5)`,
        [dossierId, number, reason, command.actor.id, command.actor.name],
      );
      return effectOf(tx, dossier, number, before, { number, sha256: row.sha256 });
    });
  }
}

/** Commands on the papers of one dossier, and its moves, go one after another. */
async function lockOpenDossier(tx: Transaction, id: string): Promise<DossierRow> {
  const dossier = await findDossier(tx, id, 'FOR UPDATE');
  if (!papersOpenStates.includes(dossier.state))
    throw new ProblemError(dossierProblems.state, { extensions: { state: dossier.state } });
  return dossier;
}

async function nextNumber(tx: Transaction, dossierId: string): Promise<number> {
  const [{ last }] = (await tx.query(
    'SELECT coalesce(max(number), 0)::int AS last FROM dossier_attachment WHERE dossier_id = $1',
    [dossierId],
  )) as [{ last: number }];
  if (last >= attachmentsMax) throw new ProblemError(attachmentProblems.tooMany);
  return last + 1;
}

async function readAttachments(
  tx: Transaction,
  dossierId: string,
  number: number | null = null,
): Promise<AttachmentRow[]> {
  return (await tx.query(
    `SELECT id, number, document, media_type, bytes, sha256, object_name, sealed_key, scan, added_at, added_by_name,
            reason, removed_at, removed_by_name
     FROM dossier_attachment LEFT JOIN dossier_attachment_removal USING (dossier_id, number)
     WHERE dossier_id = $1 AND ($2::int IS NULL OR number = $2) ORDER BY number`,
    [dossierId, number],
  )) as AttachmentRow[];
}

/** @throws ProblemError ATTACHMENT_NOT_FOUND */
async function findAttachment(tx: Transaction, dossierId: string, number: number): Promise<AttachmentRow> {
  const isNumber = number > 0 && number <= attachmentsMax;
  const [row] = isNumber ? await readAttachments(tx, dossierId, number) : [];
  if (!row) throw new ProblemError(attachmentProblems.notFound);
  return row;
}

async function effectOf(
  tx: Transaction,
  dossier: DossierRow,
  number: number,
  before: string | null,
  facts: Record<string, unknown>,
) {
  const result = viewOf(dossier, await findAttachment(tx, dossier.id, number));
  const after = await digestOf(tx, 'attachments', dossier.id);
  return { result, subject: `dossier/${dossier.code}`, before, after, facts };
}

function viewOf(dossier: DossierRow, row: AttachmentRow): AttachmentView {
  const paper = procedureOf(dossier).documents.find(({ code }) => code === row.document);
  return {
    id: row.id,
    number: row.number,
    document: paper ? { code: paper.code, name: paper.name } : null,
    mediaType: row.media_type,
    bytes: row.bytes,
    sha256: row.sha256,
    scan: row.scan,
    addedAt: row.added_at.toISOString(),
    addedByName: row.added_by_name,
    removal:
      row.removed_at === null
        ? null
        : { reason: row.reason!, at: row.removed_at.toISOString(), actorName: row.removed_by_name! },
    version: row.removed_at === null ? 1 : 2,
  };
}
