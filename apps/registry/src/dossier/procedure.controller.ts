import { Controller, Get, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Requires } from '@ansinh/auth';
import { todayInVietnam } from '@ansinh/calendar';
import { agencyOf, type Procedure, proceduresOn } from '@ansinh/procedures';
import { ProblemApi } from '@ansinh/service';
import { ProcedureList, ProcedureQuery, type ProcedureView } from './procedure.dto.js';

@ApiTags('dossiers')
@ApiBearerAuth('bearer')
@Controller('v1/procedures')
export class ProcedureController {
  /** Law, and the same for everybody: it comes with the product, and is asked without the database. */
  @Get()
  @Requires('dossier:read')
  @ProblemApi()
  @ApiOkResponse({ type: ProcedureList })
  listProcedures(@Query() { on }: ProcedureQuery): ProcedureList {
    return { items: proceduresOn(on ?? todayInVietnam()).map(viewOf) };
  }
}

function viewOf({ steps, ...procedure }: Procedure): ProcedureView {
  return {
    ...procedure,
    steps: steps.map((step) => {
      const { code, name, kind, term, unit, legalBasis, confidence } = step;
      return { code, name, agency: agencyOf(step).name, kind, term, unit, legalBasis, confidence };
    }),
  };
}
