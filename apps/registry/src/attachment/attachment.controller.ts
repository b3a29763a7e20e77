import {
  Body,
  Controller,
  Get,
  HttpCode,
  Param,
  ParseIntPipe,
  Post,
  Query,
  Req,
  type StreamableFile,
} from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiBody,
  ApiConsumes,
  ApiCreatedResponse,
  ApiOkResponse,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { CurrentReader, PurposeApi, type Reader } from '@ansinh/access-log';
import { type Actor, CurrentActor, Requires } from '@ansinh/auth';
import { type Command, CurrentCommand } from '@ansinh/idempotency';
import { IdPipe } from '@ansinh/problem';
import {
  CommandApi,
  download,
  IfMatch,
  IfMatchApi,
  ProblemApi,
  streamed,
  streamOf,
  Tagged,
} from '@ansinh/service';
import { AttachmentList, AttachmentQuery, AttachmentView, RemoveAttachment } from './attachment.dto.js';
import { AttachmentService } from './attachment.service.js';
import { type MediaType, mediaTypes } from './media-type.js';

const binary = { type: 'string', format: 'binary' } as const;
const types = Object.values(mediaTypes);

@ApiTags('dossiers')
@ApiBearerAuth('bearer')
@Controller('v1/dossiers/:id/attachments')
export class AttachmentController {
  constructor(private readonly attachments: AttachmentService) {}

  /** One file as the body. What it is, is told by its content; malware is looked for before it is kept. */
  @Post()
  @Requires('dossier:receive')
  @CommandApi()
  @Tagged()
  @ApiConsumes(...types)
  @ApiBody({ schema: binary })
  @ApiCreatedResponse({ type: AttachmentView })
  addAttachment(
    @Param('id', IdPipe) id: string,
    @Query() query: AttachmentQuery,
    @Req() request: FastifyRequest,
    @CurrentCommand() command: Command,
  ): Promise<AttachmentView> {
    const content = streamOf(request, mediaTypes);
    const mediaType = request.headers['content-type']!.split(';', 1)[0]!.trim().toLowerCase() as MediaType;
    return this.attachments.add(id, query, { content, mediaType }, command);
  }

  @Get()
  @Requires('dossier:read')
  @ProblemApi()
  @ApiOkResponse({ type: AttachmentList })
  async listAttachments(
    @Param('id', IdPipe) id: string,
    @CurrentActor() actor: Actor,
  ): Promise<AttachmentList> {
    return { items: await this.attachments.list(id, actor) };
  }

  /** For a stated purpose, which is kept in the access log: papers show whole numbers. */
  @Get(':number')
  @Requires('dossier:read')
  @ProblemApi()
  @PurposeApi(true)
  @ApiOkResponse({ content: Object.fromEntries(types.map((type) => [type, { schema: binary }])) })
  async getAttachment(
    @Param('id', IdPipe) id: string,
    @Param('number', ParseIntPipe) number: number,
    @CurrentReader() reader: Reader,
  ): Promise<StreamableFile> {
    const { content, ...file } = await this.attachments.open(id, number, reader);
    return download(file, (await streamed(file.type, content)).getStream());
  }

  /** Before the dossier is decided. It stays in the list, with the reason. */
  @Post(':number/removal')
  @HttpCode(200)
  @Requires('dossier:receive')
  @CommandApi()
  @IfMatchApi()
  @Tagged()
  @ApiOkResponse({ type: AttachmentView })
  removeAttachment(
    @Param('id', IdPipe) id: string,
    @Param('number', ParseIntPipe) number: number,
    @Body() input: RemoveAttachment,
    @IfMatch() version: number,
    @CurrentCommand() command: Command,
  ): Promise<AttachmentView> {
    return this.attachments.remove(id, number, input, version, command);
  }
}
