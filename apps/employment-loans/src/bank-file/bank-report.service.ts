import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { type Actor, scopeOf } from '@ansinh/auth';
import { dayInMonth, monthEndOf, todayInVietnam } from '@ansinh/calendar';
import { inTransaction } from '@ansinh/database';
import { policyBankServicing } from '@ansinh/loans';
import type { BankReports } from './bank-report.dto.js';
import { type BankFileRow, fileColumns, viewOf } from './bank-file-view.js';

const quarters = [1, 2, 3, 4] as const;
const { district, department } = policyBankServicing.reportDueDays.value;

/** What the bank owes us by which day: its balances at the end of each quarter. */
@Injectable()
export class BankReportService {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  async ofYear(asked: number | undefined, actor: Actor): Promise<BankReports> {
    const today = todayInVietnam();
    const year = asked ?? Number(today.slice(0, 4));
    const ends = quarters.map((quarter) => monthEndOf(`${year}-${String(quarter * 3).padStart(2, '0')}-01`));
    const rows = (await inTransaction(this.dataSource, scopeOf(actor), (tx) =>
      tx.query(
        `SELECT DISTINCT ON (as_of) ${fileColumns} FROM bank_file
         WHERE kind = 'balances' AND as_of = ANY($1::date[]) ORDER BY as_of, id DESC`,
        [ends],
      ),
    )) as BankFileRow[];
    const files = new Map(rows.map((row) => [row.asOf, viewOf(row)]));
    const items = ends.map((asOf, index) => {
      const file = files.get(asOf);
      const departmentDueOn = dayInMonth(asOf, 1, department);
      return {
        quarter: `${year}-Q${index + 1}`,
        asOf,
        districtDueOn: dayInMonth(asOf, 1, district),
        departmentDueOn,
        file: file ? { id: file.id, agrees: file.agrees } : null,
        isLate: !file && today > departmentDueOn,
      };
    });
    return { items };
  }
}
