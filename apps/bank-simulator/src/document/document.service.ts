import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { Injectable } from '@nestjs/common';
import { ProblemError } from '@ansinh/problem';
import { DataSource } from 'typeorm';
import { AccountService } from '../account/account.service.js';
import type { DocumentQuery, DocumentView } from './document.dto.js';
import { documentProblems } from './document.problems.js';

const decompress = promisify(gunzip);

/** What the customer may read. */
@Injectable()
export class DocumentService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly accounts: AccountService,
  ) {}

  async list({ account, after, limit }: DocumentQuery): Promise<DocumentView[]> {
    const rows = await this.dataSource.query<(Omit<DocumentView, 'bytes'> & { bytes: string })[]>(
      `SELECT cursor, id, type, bytes FROM document
       WHERE account_id = $1 AND cursor > $2 ORDER BY cursor LIMIT $3`,
      [await this.accounts.idOf(account), after, limit],
    );
    return rows.map((row) => ({ ...row, bytes: Number(row.bytes) }));
  }

  /**
   * The bytes of a published document, part by part.
   * @throws ProblemError DOCUMENT_NOT_FOUND, also for one that is not published yet
   */
  async open(id: string): Promise<{ bytes: number; content: AsyncGenerator<Buffer> }> {
    const [document] = await this.dataSource.query<{ number: string; bytes: string; parts: number }[]>(
      `SELECT document.number, bytes, count(*)::int AS parts
       FROM (SELECT coalesce(copy_of, number) AS number, bytes FROM document WHERE id = $1 AND cursor IS NOT NULL)
         AS document
       JOIN document_part ON document_number = document.number
       GROUP BY document.number, bytes`,
      [id],
    );
    if (!document) throw new ProblemError(documentProblems.notFound);
    return { bytes: Number(document.bytes), content: this.partsOf(document.number, document.parts) };
  }

  private async *partsOf(number: string, parts: number): AsyncGenerator<Buffer> {
    for (let part = 1; part <= parts; part += 1) {
      const [{ content }] = await this.dataSource.query<[{ content: Buffer }]>(
        'SELECT content FROM document_part WHERE document_number = $1 AND part = $2',
        [number, part],
      );
      yield await decompress(content);
    }
  }
}
