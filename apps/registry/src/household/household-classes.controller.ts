import { Body, Controller, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiTags } from '@nestjs/swagger';
import { Requires } from '@ansinh/auth';
import { type Command, CurrentCommand } from '@ansinh/idempotency';
import { BehalfApi, CommandApi } from '@ansinh/service';
import { ClassifiedHouseholds, ClassifyHouseholds } from './household.dto.js';
import { HouseholdService } from './household.service.js';

@ApiTags('households')
@ApiBearerAuth('bearer')
@BehalfApi()
@Controller('v1/household-classes')
export class HouseholdClassesController {
  constructor(private readonly households: HouseholdService) {}

  /** What a poverty review found, once it was recognised: for the service that carries reviews out. */
  @Post()
  @Requires('household:classify')
  @CommandApi()
  @ApiCreatedResponse({ type: ClassifiedHouseholds })
  classifyHouseholds(
    @Body() input: ClassifyHouseholds,
    @CurrentCommand() command: Command,
  ): Promise<ClassifiedHouseholds> {
    return this.households.classifyMany(input, command);
  }
}
