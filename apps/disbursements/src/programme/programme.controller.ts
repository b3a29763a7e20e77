import { Body, Controller, Get, Param, Put, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Requires } from '@ansinh/auth';
import { type Command, CurrentCommand } from '@ansinh/idempotency';
import { PageQuery, ProblemApi } from '@ansinh/service';
import { ProgrammePage, ProgrammeView, SetProgramme } from './programme.dto.js';
import { ProgrammeService } from './programme.service.js';

@ApiTags('programmes')
@ApiBearerAuth('bearer')
@Controller('v1/programmes')
export class ProgrammeController {
  constructor(private readonly programmes: ProgrammeService) {}

  @Put(':code')
  @Requires('programme:write')
  @ProblemApi()
  @ApiOkResponse({ type: ProgrammeView })
  setProgramme(
    @Param('code') code: string,
    @Body() input: SetProgramme,
    @CurrentCommand() command: Command,
  ): Promise<ProgrammeView> {
    return this.programmes.set(code, input, command);
  }

  @Get()
  @Requires('fund:read')
  @ProblemApi()
  @ApiOkResponse({ type: ProgrammePage })
  listProgrammes(@Query() query: PageQuery): Promise<ProgrammePage> {
    return this.programmes.list(query);
  }
}
