import { Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiAcceptedResponse, ApiBearerAuth, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Requires } from '@ansinh/auth';
import { type Command, CurrentCommand } from '@ansinh/idempotency';
import { IdPipe } from '@ansinh/problem';
import { CommandApi, ProblemApi } from '@ansinh/service';
import { KeyRotationView, SealingKeysView } from './key-rotation.dto.js';
import { KeyRotationService } from './key-rotation.service.js';

/** Keys belong to the service as a whole, not to an office; no key is ever told. */
@ApiTags('privacy')
@ApiBearerAuth('bearer')
@Controller('v1')
export class KeyRotationController {
  constructor(private readonly rotations: KeyRotationService) {}

  @Get('sealing-keys')
  @Requires('key:rotate')
  @ProblemApi()
  @ApiOkResponse({ type: SealingKeysView })
  listSealingKeys(): Promise<SealingKeysView> {
    return this.rotations.keys();
  }

  /** Starts the rotation to the newest key; while one runs, that one is answered. The worker carries it out. */
  @Post('key-rotations')
  @HttpCode(202)
  @Requires('key:rotate')
  @CommandApi()
  @ApiAcceptedResponse({ type: KeyRotationView })
  rotateKey(@CurrentCommand() command: Command): Promise<KeyRotationView> {
    return this.rotations.start(command);
  }

  @Get('key-rotations/:id')
  @Requires('key:rotate')
  @ProblemApi()
  @ApiOkResponse({ type: KeyRotationView })
  getKeyRotation(@Param('id', IdPipe) id: string): Promise<KeyRotationView> {
    return this.rotations.get(id);
  }
}
