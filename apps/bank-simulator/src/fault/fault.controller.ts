import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ForCustomer } from '../customer.guard.js';
import { type FaultRates } from './fault-plan.js';
import { PlanFaults } from './fault.dto.js';
import { FaultService } from './fault.service.js';

@ForCustomer()
@Controller('control/faults')
export class FaultController {
  constructor(private readonly faults: FaultService) {}

  /** From now on: orders that were accepted before keep the fate that was decided then. */
  @Post()
  @HttpCode(200)
  planFaults(@Body() input: PlanFaults): Promise<{ seed: string; rates: FaultRates }> {
    return this.faults.plan(input);
  }
}
