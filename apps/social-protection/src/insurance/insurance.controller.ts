import { Controller, Post, Req } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Requires } from '@ansinh/auth';
import { type Command, CurrentCommand } from '@ansinh/idempotency';
import { CommandApi } from '@ansinh/service';
import { ListUploadApi } from '@ansinh/uploads';
import { InsuranceListView } from './insurance.dto.js';
import { InsuranceService } from './insurance.service.js';

@ApiTags('insurance')
@ApiBearerAuth('bearer')
@Controller('v1/insurance-lists')
export class InsuranceController {
  constructor(private readonly insurance: InsuranceService) {}

  /** What the insurance office confirms: who was insured by which employer in which month, and who was not. */
  @Post()
  @Requires('support:insurance')
  @CommandApi()
  @ListUploadApi()
  @ApiCreatedResponse({ type: InsuranceListView })
  confirmInsurance(
    @Req() request: FastifyRequest,
    @CurrentCommand() command: Command,
  ): Promise<InsuranceListView> {
    return this.insurance.confirm(request, command);
  }
}
