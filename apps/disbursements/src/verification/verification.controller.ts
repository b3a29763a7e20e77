import { Controller, Get } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Requires } from '@ansinh/auth';
import { ProblemApi } from '@ansinh/service';
import { VerificationView } from './verification.dto.js';
import { VerificationService } from './verification.service.js';

@ApiTags('verification')
@ApiBearerAuth('bearer')
@Controller('v1/verification')
export class VerificationController {
  constructor(private readonly verification: VerificationService) {}

  @Get()
  @Requires('verify:read')
  @ProblemApi()
  @ApiOkResponse({ type: VerificationView })
  verify(): Promise<VerificationView> {
    return this.verification.verify();
  }
}
