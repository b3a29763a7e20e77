import { Controller, Get } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Requires } from '@ansinh/auth';
import { ProblemApi } from '@ansinh/service';
import { BankProfileList } from './bank-profile.dto.js';
import { BankProfiles } from './bank-profiles.js';

@ApiTags('funds')
@ApiBearerAuth('bearer')
@Controller('v1/bank-profiles')
export class BankProfileController {
  constructor(private readonly profiles: BankProfiles) {}

  @Get()
  @Requires('fund:read')
  @ProblemApi()
  @ApiOkResponse({ type: BankProfileList })
  listBankProfiles(): BankProfileList {
    return { items: this.profiles.list() };
  }
}
