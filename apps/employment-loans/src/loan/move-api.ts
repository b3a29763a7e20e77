import { applyDecorators, HttpCode } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import { CommandApi, IfMatchApi, Tagged } from '@ansinh/service';
import { LoanView } from './loan.dto.js';

/** Answers with the loan as the move has left it. */
export const MoveApi = () =>
  applyDecorators(HttpCode(200), CommandApi(), IfMatchApi(), Tagged(), ApiOkResponse({ type: LoanView }));
