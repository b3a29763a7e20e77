import { Controller, Get } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Requires } from '@ansinh/auth';
import { ProblemApi } from '@ansinh/service';
import { ProgrammeList } from './programme.dto.js';
import { supportProgrammes } from './programmes.js';

@ApiTags('programmes')
@ApiBearerAuth('bearer')
@Controller('v1/support-programmes')
export class ProgrammeController {
  @Get()
  @Requires('support:read')
  @ProblemApi()
  @ApiOkResponse({ type: ProgrammeList })
  listProgrammes(): ProgrammeList {
    return {
      items: supportProgrammes.map(({ code, name, period, choices, paymentCode }) => ({
        code,
        name,
        period,
        choices,
        paymentCode,
      })),
    };
  }
}
