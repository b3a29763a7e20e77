import { applyDecorators, Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Requires } from '@ansinh/auth';
import { type Command, CurrentCommand } from '@ansinh/idempotency';
import { IdPipe } from '@ansinh/problem';
import { BehalfApi, CommandApi, IfMatch, IfMatchApi, Tagged } from '@ansinh/service';
import {
  AssignDossier,
  DecideDossier,
  DossierView,
  ForwardDossier,
  Reason,
  Supplement,
  SupplementRequest,
} from './dossier.dto.js';
import { ApologiseDossier } from './dossier-form.dto.js';
import { DossierMovesService } from './dossier-moves.service.js';

/** Answers with the dossier as the move has left it. */
const MoveApi = () =>
  applyDecorators(HttpCode(200), CommandApi(), IfMatchApi(), Tagged(), ApiOkResponse({ type: DossierView }));

@ApiTags('dossiers')
@ApiBearerAuth('bearer')
@BehalfApi()
@Controller('v1/dossiers/:id')
export class DossierMovesController {
  constructor(private readonly moves: DossierMovesService) {}

  @Post('supplement')
  @Requires('dossier:receive')
  @MoveApi()
  supplementDossier(
    @Param('id', IdPipe) id: string,
    @Body() input: Supplement,
    @IfMatch() version: number,
    @CurrentCommand() command: Command,
  ): Promise<DossierView> {
    return this.moves.supplement(id, input, version, command);
  }

  @Post('refusal')
  @Requires('dossier:receive')
  @MoveApi()
  refuseDossier(
    @Param('id', IdPipe) id: string,
    @Body() input: Reason,
    @IfMatch() version: number,
    @CurrentCommand() command: Command,
  ): Promise<DossierView> {
    return this.moves.refuse(id, input, version, command);
  }

  @Post('assignment')
  @Requires('dossier:process')
  @MoveApi()
  assignDossier(
    @Param('id', IdPipe) id: string,
    @Body() input: AssignDossier,
    @IfMatch() version: number,
    @CurrentCommand() command: Command,
  ): Promise<DossierView> {
    return this.moves.assign(id, input, version, command);
  }

  @Post('forwarding')
  @Requires('dossier:process')
  @MoveApi()
  forwardDossier(
    @Param('id', IdPipe) id: string,
    @Body() input: ForwardDossier,
    @IfMatch() version: number,
    @CurrentCommand() command: Command,
  ): Promise<DossierView> {
    return this.moves.forward(id, input, version, command);
  }

  /** The clock stops until the supplement is there. */
  @Post('supplement-request')
  @Requires('dossier:process')
  @MoveApi()
  requestSupplement(
    @Param('id', IdPipe) id: string,
    @Body() input: SupplementRequest,
    @IfMatch() version: number,
    @CurrentCommand() command: Command,
  ): Promise<DossierView> {
    return this.moves.askSupplement(id, input, version, command);
  }

  @Post('hold')
  @Requires('dossier:process')
  @MoveApi()
  holdDossier(
    @Param('id', IdPipe) id: string,
    @Body() input: Reason,
    @IfMatch() version: number,
    @CurrentCommand() command: Command,
  ): Promise<DossierView> {
    return this.moves.hold(id, input, version, command);
  }

  @Post('resumption')
  @Requires('dossier:process')
  @MoveApi()
  resumeDossier(
    @Param('id', IdPipe) id: string,
    @IfMatch() version: number,
    @CurrentCommand() command: Command,
  ): Promise<DossierView> {
    return this.moves.resume(id, version, command);
  }

  @Post('apology')
  @Requires('dossier:process')
  @MoveApi()
  apologiseDossier(
    @Param('id', IdPipe) id: string,
    @Body() input: ApologiseDossier,
    @IfMatch() version: number,
    @CurrentCommand() command: Command,
  ): Promise<DossierView> {
    return this.moves.apologise(id, input, version, command);
  }

  @Post('decision')
  @Requires('dossier:decide')
  @MoveApi()
  decideDossier(
    @Param('id', IdPipe) id: string,
    @Body() input: DecideDossier,
    @IfMatch() version: number,
    @CurrentCommand() command: Command,
  ): Promise<DossierView> {
    return this.moves.decide(id, input, version, command);
  }

  /** The applicant has the result. */
  @Post('return')
  @Requires('dossier:receive')
  @MoveApi()
  returnDossier(
    @Param('id', IdPipe) id: string,
    @IfMatch() version: number,
    @CurrentCommand() command: Command,
  ): Promise<DossierView> {
    return this.moves.return(id, version, command);
  }

  @Post('withdrawal')
  @Requires('dossier:receive')
  @MoveApi()
  withdrawDossier(
    @Param('id', IdPipe) id: string,
    @Body() input: Reason,
    @IfMatch() version: number,
    @CurrentCommand() command: Command,
  ): Promise<DossierView> {
    return this.moves.withdraw(id, input, version, command);
  }
}
