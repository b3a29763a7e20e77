import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { inTransaction } from '@ansinh/database';
import { Sealer } from '@ansinh/sealing';
import { countVersions, rowAt, type SealedTable, sealedTables } from './sealed-table.js';

/** A key that is missing, or another one under its number, stops the start: found later, it would stop a payment. */
@Injectable()
export class SealingKeyCheck implements OnModuleInit {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly sealer: Sealer,
    @Inject(sealedTables) private readonly tables: readonly SealedTable[],
  ) {}

  /** Opens one row of each version that a table holds. @throws Error that says which key is missing */
  async onModuleInit(): Promise<void> {
    for (const table of this.tables) await this.check(table);
  }

  private async check(table: SealedTable): Promise<void> {
    const given = new Set(this.sealer.versions);
    const found = await inTransaction(this.dataSource, 'system', async (tx) => {
      const counted = await countVersions(tx, table);
      const rows = [];
      for (const { version, at } of counted) rows.push({ version, row: await rowAt(tx, table, at) });
      return rows;
    });
    for (const { version, row } of found) {
      if (!given.has(version))
        throw new Error(
          `SEALING_KEYS: rows of ${table.name} are still sealed under version ${version}, which is not given. ` +
            'Give it again, and take it out only when `ansinh keys status` says so.',
        );
      if (!row) continue;
      try {
        this.sealer.open(row.sealed, table.place(row.columns));
      } catch (error) {
        const said = `SEALING_KEYS: version ${version} is not the key that ${table.name} was sealed with under that number.`;
        throw new Error(said, { cause: error });
      }
    }
  }
}
