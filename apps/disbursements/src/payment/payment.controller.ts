import { Controller, Get, Headers, Param, ParseIntPipe, Query, StreamableFile } from '@nestjs/common';
import { ApiBearerAuth, ApiExtraModels, ApiOkResponse, ApiTags, getSchemaPath } from '@nestjs/swagger';
import { CurrentReader, PurposeApi, type Reader } from '@ansinh/access-log';
import { type Actor, CurrentActor, Requires } from '@ansinh/auth';
import { IdPipe } from '@ansinh/problem';
import { FollowQuery, jsonLines, ProblemApi, streamed } from '@ansinh/service';
import { streamedTypes } from '../rest.js';
import { OutcomePage } from './outcome.dto.js';
import { OutcomeService } from './outcome.service.js';
import { PayeeService } from './payee.service.js';
import {
  BatchPaymentsQuery,
  PayeePaymentPage,
  PayeePaymentsQuery,
  PayeeView,
  PaymentPage,
} from './payment.dto.js';
import { PaymentService } from './payment.service.js';

@ApiTags('payments')
@ApiBearerAuth('bearer')
@ApiExtraModels(PaymentPage)
@Controller('v1')
export class PaymentController {
  constructor(
    private readonly payments: PaymentService,
    private readonly payees: PayeeService,
    private readonly outcomes: OutcomeService,
  ) {}

  @Get('payments')
  @Requires('payment:read')
  @ProblemApi()
  @ApiOkResponse({ type: PayeePaymentPage })
  listPayeePayments(
    @Query() query: PayeePaymentsQuery,
    @CurrentActor() actor: Actor,
  ): Promise<PayeePaymentPage> {
    return this.payments.ofPayee(query, actor);
  }

  /** A page as JSON, or with `Accept: application/x-ndjson` every payment of the batch, one a line. */
  @Get('batches/:id/payments')
  @Requires('payment:read')
  @ProblemApi()
  @ApiOkResponse({
    content: {
      'application/json': { schema: { $ref: getSchemaPath(PaymentPage) } },
      [streamedTypes.ndjson]: { schema: { type: 'string' } },
    },
  })
  async listBatchPayments(
    @Param('id', IdPipe) id: string,
    @Query() query: BatchPaymentsQuery,
    @Headers('accept') accept: string | undefined,
    @CurrentActor() actor: Actor,
  ): Promise<PaymentPage | StreamableFile> {
    if (!accept?.includes(streamedTypes.ndjson)) return this.payments.ofBatch(id, query, actor);
    return streamed(streamedTypes.ndjson, jsonLines(this.payments.streamOfBatch(id, actor)));
  }

  /** What became of the lines since the cursor, set aside ones included: for the programme that sent the list. */
  @Get('batches/:id/outcomes')
  @Requires('payment:read')
  @ProblemApi()
  @ApiOkResponse({ type: OutcomePage })
  listOutcomes(
    @Param('id', IdPipe) id: string,
    @Query() query: FollowQuery,
    @CurrentActor() actor: Actor,
  ): Promise<OutcomePage> {
    return this.outcomes.list(id, query, actor);
  }

  /** Who is behind one row of the list. Masked; whole for a stated purpose with the permission `payee:unmask`. */
  @Get('batches/:id/payments/:row/payee')
  @Requires('payment:read')
  @PurposeApi()
  @ProblemApi()
  @ApiOkResponse({ type: PayeeView })
  getPayee(
    @Param('id', IdPipe) id: string,
    @Param('row', ParseIntPipe) row: number,
    @CurrentReader() reader: Reader,
  ): Promise<PayeeView> {
    return this.payees.ofRow(id, row, reader);
  }
}
