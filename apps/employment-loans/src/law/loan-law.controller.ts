import { Controller, Get, Param } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor, Requires } from '@ansinh/auth';
import { IdPipe } from '@ansinh/problem';
import { ProblemApi } from '@ansinh/service';
import { LoanLaw } from './loan-law.dto.js';
import { LoanLawService } from './loan-law.service.js';

@ApiTags('law')
@ApiBearerAuth('bearer')
@Controller('v1/loans')
export class LoanLawController {
  constructor(private readonly law: LoanLawService) {}

  /** By the law of the day on which it was decided; a loan that is signed goes on under that of its contract. */
  @Get(':id/law')
  @Requires('loan:read')
  @ProblemApi()
  @ApiOkResponse({ type: LoanLaw })
  explainLoan(@Param('id', IdPipe) id: string, @CurrentActor() actor: Actor): Promise<LoanLaw> {
    return this.law.explain(id, actor);
  }
}
