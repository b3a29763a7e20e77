import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor, Requires } from '@ansinh/auth';
import { ProblemApi } from '@ansinh/service';
import { EmployedPeople, LookUpEmployment } from './employment-lookup.dto.js';
import { EmployerService } from './employer.service.js';

@ApiTags('employers')
@ApiBearerAuth('bearer')
@Controller('v1/employments')
export class EmploymentLookupController {
  constructor(private readonly employers: EmployerService) {}

  /** Who of many people works where on a day: for services that count jobs. */
  @Post('lookups')
  @HttpCode(200)
  @Requires('registry:lookup')
  @ProblemApi()
  @ApiOkResponse({ type: EmployedPeople })
  async lookUpEmployment(
    @Body() { on, people }: LookUpEmployment,
    @CurrentActor() actor: Actor,
  ): Promise<EmployedPeople> {
    return { items: await this.employers.employedOn(on, people, actor) };
  }
}
