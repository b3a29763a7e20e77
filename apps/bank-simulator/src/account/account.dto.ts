import { Matches, MaxLength } from 'class-validator';
import { IsNotBlank } from '@ansinh/problem';

const accountForm = /^[0-9A-Z]{6,19}$/;

export class OpenAccount {
  @Matches(accountForm)
  number: string;

  @IsNotBlank()
  @MaxLength(140)
  name: string;

  /** Whole đồng. */
  @Matches(/^(0|[1-9]\d{0,15})$/)
  openingBalance: string;
}

export class AccountQuery {
  @Matches(accountForm)
  account: string;
}

export interface AccountView {
  number: string;
  name: string;
  openingBalance: string;
}
