import { Controller, Get } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { type Actor, CurrentActor, Requires, scopeOf } from '@ansinh/auth';
import { RegistryReading, registryReading } from '@ansinh/events';
import { ProblemApi } from '@ansinh/service';

@ApiTags('registry')
@ApiBearerAuth('bearer')
@Controller('v1/registry-reading')
export class RegistryReadingController {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  @Get()
  @Requires('support:read')
  @ProblemApi()
  @ApiOkResponse({ type: RegistryReading })
  getRegistryReading(@CurrentActor() actor: Actor): Promise<RegistryReading> {
    return registryReading(this.dataSource, scopeOf(actor));
  }
}
