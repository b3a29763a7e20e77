import { Controller, Get, Header, Param, ParseIntPipe, StreamableFile } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiProduces, ApiTags } from '@nestjs/swagger';
import { CurrentReader, PurposeApi, type Reader } from '@ansinh/access-log';
import { type Actor, CurrentActor, Requires } from '@ansinh/auth';
import { IdPipe } from '@ansinh/problem';
import { ProblemApi, streamed } from '@ansinh/service';
import { streamedTypes } from '../rest.js';
import { BatchProgress } from './batch-progress.js';
import { MessageList } from './transmission.dto.js';
import { TransmissionService } from './transmission.service.js';

@ApiTags('transmission')
@ApiBearerAuth('bearer')
@Controller('v1/batches')
export class TransmissionController {
  constructor(
    private readonly transmissions: TransmissionService,
    private readonly progress: BatchProgress,
  ) {}

  @Get(':id/messages')
  @Requires('batch:read')
  @ProblemApi()
  @ApiOkResponse({ type: MessageList })
  async listMessages(@Param('id', IdPipe) id: string, @CurrentActor() actor: Actor): Promise<MessageList> {
    return { items: await this.transmissions.messages(id, actor) };
  }

  /** The bank file (pain.001) of one message, with whole account numbers: it is made for the bank. Each reading is logged. */
  @Get(':id/messages/:number')
  @Requires('batch:transmit')
  @PurposeApi(true)
  @ProblemApi()
  @Header('content-type', streamedTypes.xml)
  @ApiProduces(streamedTypes.xml)
  @ApiOkResponse({ schema: { type: 'string', format: 'binary' } })
  async getMessage(
    @Param('id', IdPipe) id: string,
    @Param('number', ParseIntPipe) number: number,
    @CurrentReader() reader: Reader,
  ): Promise<StreamableFile> {
    const message = await this.transmissions.message(id, number, reader);
    return new StreamableFile(message, { type: streamedTypes.xml });
  }

  /** Server-sent events: `progress` with the batch each time it changes, until it rests. */
  @Get(':id/events')
  @Requires('batch:read')
  @ProblemApi()
  @Header('cache-control', 'no-cache')
  @ApiProduces('text/event-stream')
  @ApiOkResponse({ schema: { type: 'string' } })
  async watchBatch(@Param('id', IdPipe) id: string, @CurrentActor() actor: Actor): Promise<StreamableFile> {
    return streamed('text/event-stream', this.progress.watch(id, actor));
  }
}
