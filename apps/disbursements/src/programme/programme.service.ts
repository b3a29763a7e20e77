import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, MoreThan } from 'typeorm';
import { inTransaction, type Page, pageOf, readCursor } from '@ansinh/database';
import { type Command, Commands } from '@ansinh/idempotency';
import { type FieldError, problems, ProblemError } from '@ansinh/problem';
import { findingCatalogue, type FindingCode } from '@ansinh/payment-list';
import type { PageQuery } from '@ansinh/service';
import { digestOf } from '../audit/record-digest.js';
import { programmeCodePattern } from '../rest.js';
import type { ProgrammeView, SetProgramme } from './programme.dto.js';
import { type ApprovalBand, Programme } from './programme.entity.js';

/** Four eyes always; two checkers for what would be a scandal. A province sets its own. */
const defaultBands: ApprovalBand[] = [
  { upTo: '1000000000', checkers: 1 },
  { upTo: null, checkers: 2 },
];

@Injectable()
export class ProgrammeService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly commands: Commands,
  ) {}

  /** Creates or replaces the configuration. It holds for checks from now on; what was checked stays as it was. */
  async set(code: string, input: SetProgramme, command: Command): Promise<ProgrammeView> {
    const errors = [...codeErrors(code), ...severityErrors(input), ...bandErrors(input)];
    if (errors.length > 0) throw new ProblemError(problems.invalidRequest, { errors });
    return this.commands.run(command, 'programme.set', async (tx) => {
      // One that is not there yet has no row to lock.
      await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`programme/${code}`]);
      const before = await digestOf(tx, 'programme', code);
      const programme = tx.create(Programme, {
        code,
        name: input.name,
        minAmount: BigInt(input.minAmount),
        maxAmount: BigInt(input.maxAmount),
        severities: input.severities,
        approvalBands: input.approvalBands ?? defaultBands,
      });
      await tx.upsert(Programme, programme, ['code']);
      const after = await digestOf(tx, 'programme', code);
      return { result: toView(programme), subject: `programme/${code}`, before, after, facts: { ...input } };
    });
  }

  async list(query: PageQuery): Promise<Page<ProgrammeView>> {
    const after = String(readCursor(query.after, 'text')?.[0] ?? '');
    const programmes = await inTransaction(this.dataSource, 'system', (tx) =>
      tx.find(Programme, {
        where: { code: MoreThan(after) },
        order: { code: 'ASC' },
        take: query.limit + 1,
      }),
    );
    return pageOf(programmes.map(toView), query.limit, (programme) => [programme.code]);
  }
}

function codeErrors(code: string): FieldError[] {
  if (programmeCodePattern.test(code)) return [];
  const detail = { vi: 'Mã gồm chữ, số, dấu . _ / -', en: 'A code has letters, digits and . _ / -' };
  return [{ pointer: '#code', code: 'matches', detail }];
}

function severityErrors(input: SetProgramme): FieldError[] {
  return Object.entries(input.severities).flatMap(([code, severity]) => {
    const pointer = `/severities/${code}`;
    if (!Object.hasOwn(findingCatalogue, code)) {
      return [
        {
          pointer,
          code: 'unknown',
          detail: { vi: 'không có mã phát hiện này', en: 'there is no such finding' },
        },
      ];
    }
    if (severity !== 'block' && severity !== 'warn') {
      return [
        { pointer, code: 'isIn', detail: { vi: 'phải là block hoặc warn', en: 'must be block or warn' } },
      ];
    }
    // What nobody may waive no configuration turns into a warning either: such a line cannot be paid, or would be paid twice.
    if (severity === 'warn' && !findingCatalogue[code as FindingCode].waivable) {
      const detail = { vi: 'phát hiện này luôn chặn chi', en: 'this finding always blocks a payment' };
      return [{ pointer, code: 'alwaysBlocking', detail }];
    }
    return [];
  });
}

/** Bands grow, and the last one has no bound: every sum falls into exactly one. */
function bandErrors(input: SetProgramme): FieldError[] {
  const errors: FieldError[] = [];
  if (BigInt(input.minAmount) > BigInt(input.maxAmount)) {
    const detail = { vi: 'phải không nhỏ hơn minAmount', en: 'must not be below minAmount' };
    errors.push({ pointer: '/maxAmount', code: 'min', detail });
  }
  const bounds = (input.approvalBands ?? defaultBands).map(({ upTo }) => upTo);
  const grows = bounds.slice(0, -1).every((bound, index) => {
    const next = bounds[index + 1];
    return bound !== null && (next === null || next === undefined || BigInt(bound) < BigInt(next));
  });
  if (bounds.at(-1) !== null || !grows) {
    const detail = {
      vi: 'các mức phải tăng dần và mức cuối không giới hạn (upTo: null)',
      en: 'bands must grow and the last must be without bound (upTo: null)',
    };
    errors.push({ pointer: '/approvalBands', code: 'bands', detail });
  }
  return errors;
}

function toView(programme: Programme): ProgrammeView {
  return {
    code: programme.code,
    name: programme.name,
    minAmount: programme.minAmount.toString(),
    maxAmount: programme.maxAmount.toString(),
    severities: programme.severities as Record<string, string>,
    approvalBands: programme.approvalBands,
  };
}
