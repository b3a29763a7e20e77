import { Body, Controller, Post } from '@nestjs/common';
import { ForCustomer } from '../customer.guard.js';
import { DrawStatement } from './statement.dto.js';
import { StatementService } from './statement.service.js';

@ForCustomer()
@Controller('statements')
export class StatementController {
  constructor(private readonly statements: StatementService) {}

  @Post()
  async drawStatement(@Body() input: DrawStatement): Promise<{ id: string }> {
    return { id: await this.statements.draw(input) };
  }
}
