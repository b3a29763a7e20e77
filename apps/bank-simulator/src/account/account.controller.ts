import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ForCustomer } from '../customer.guard.js';
import { type AccountView, OpenAccount } from './account.dto.js';
import { AccountService } from './account.service.js';

@ForCustomer()
@Controller('accounts')
export class AccountController {
  constructor(private readonly accounts: AccountService) {}

  @Post()
  @HttpCode(200)
  openAccount(@Body() input: OpenAccount): Promise<AccountView> {
    return this.accounts.open(input);
  }
}
