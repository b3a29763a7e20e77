import { Controller, Get } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiProperty, ApiTags } from '@nestjs/swagger';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { type Actor, CurrentActor, Requires, scopeOf } from '@ansinh/auth';
import { inTransaction } from '@ansinh/database';
import { ProblemApi } from '@ansinh/service';

export class RegistryReading {
  @ApiProperty({
    type: String,
    nullable: true,
    description: 'When the registry was last read to its end; null: never',
  })
  readAt: string | null;
}

@ApiTags('registry')
@ApiBearerAuth('bearer')
@Controller('v1/registry-reading')
export class RegistryReadingController {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  @Get()
  @Requires('batch:read')
  @ProblemApi()
  @ApiOkResponse({ type: RegistryReading })
  async getRegistryReading(@CurrentActor() actor: Actor): Promise<RegistryReading> {
    const [row] = (await inTransaction(this.dataSource, scopeOf(actor), (tx) =>
      tx.query('SELECT read_at FROM registry_cursor'),
    )) as { read_at: Date | null }[];
    return { readAt: row!.read_at?.toISOString() ?? null };
  }
}
