import { Injectable, type OnModuleInit } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { inTransaction } from '@ansinh/database';
import { Sealer } from '@ansinh/sealing';
import { resealBlock } from '../list-import/sealed-lines.js';

/** A key that is missing, or another one under its number, stops the start: found later, it would stop a payment. */
@Injectable()
export class SealingKeyCheck implements OnModuleInit {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly sealer: Sealer,
  ) {}

  /** Opens one block of each version that the database holds. @throws Error that says which key is missing */
  async onModuleInit(): Promise<void> {
    const given = new Set(this.sealer.versions);
    for (let block = await this.firstAbove(0); block; block = await this.firstAbove(block.version)) {
      if (!given.has(block.version)) {
        throw new Error(
          `SEALING_KEYS: lists are still sealed under version ${block.version}, which is not given. ` +
            'Give it again, and take it out only when `ansinh keys status` says so.',
        );
      }
      this.tryToOpen(block);
    }
  }

  private tryToOpen({ version, batch_number, block_no, sealed }: OldestBlock): void {
    try {
      resealBlock(this.sealer, batch_number, block_no, sealed);
    } catch (error) {
      const said = `SEALING_KEYS: version ${version} is not the key that lists were sealed with under that number.`;
      throw new Error(said, { cause: error });
    }
  }

  private async firstAbove(version: number): Promise<OldestBlock | undefined> {
    const [block] = (await inTransaction(this.dataSource, 'system', (tx) =>
      tx.query(
        `SELECT key_version(sealed) AS version, batch_number, block_no, sealed FROM sealed_block
         WHERE key_version(sealed) > $1 ORDER BY key_version(sealed), batch_number, block_no LIMIT 1`,
        [version],
      ),
    )) as OldestBlock[];
    return block;
  }
}

interface OldestBlock {
  version: number;
  batch_number: string;
  block_no: number;
  sealed: Buffer;
}
