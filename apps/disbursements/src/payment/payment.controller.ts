import { Controller, Get, Headers, Param, ParseUUIDPipe, Query, StreamableFile } from '@nestjs/common';
import { ApiBearerAuth, ApiExtraModels, ApiOkResponse, ApiTags, getSchemaPath } from '@nestjs/swagger';
import { type Actor, CurrentActor, Requires } from '@ansinh/auth';
import { jsonLines, ProblemApi, streamed, streamedTypes } from '../rest.js';
import { BatchPaymentsQuery, PayeePaymentPage, PayeePaymentsQuery, PaymentPage } from './payment.dto.js';
import { PaymentService } from './payment.service.js';

@ApiTags('payments')
@ApiBearerAuth('bearer')
@ApiExtraModels(PaymentPage)
@Controller('v1')
export class PaymentController {
  constructor(private readonly payments: PaymentService) {}

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
    @Param('id', ParseUUIDPipe) id: string,
    @Query() query: BatchPaymentsQuery,
    @Headers('accept') accept: string | undefined,
    @CurrentActor() actor: Actor,
  ): Promise<PaymentPage | StreamableFile> {
    if (!accept?.includes(streamedTypes.ndjson)) return this.payments.ofBatch(id, query, actor);
    return streamed(streamedTypes.ndjson, jsonLines(this.payments.streamOfBatch(id, actor)));
  }
}
