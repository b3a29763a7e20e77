import { Readable } from 'node:stream';
import { Controller, Get, Param, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { IdPipe } from '@ansinh/problem';
import { ForCustomer } from '../customer.guard.js';
import { DocumentQuery, type DocumentView } from './document.dto.js';
import { DocumentService } from './document.service.js';

@ForCustomer()
@Controller('documents')
export class DocumentController {
  constructor(private readonly documents: DocumentService) {}

  @Get()
  async listDocuments(@Query() query: DocumentQuery): Promise<{ documents: DocumentView[] }> {
    return { documents: await this.documents.list(query) };
  }

  @Get(':id')
  async getDocument(@Param('id', IdPipe) id: string, @Res() reply: FastifyReply): Promise<void> {
    const { bytes, content } = await this.documents.open(id);
    void reply.type('application/xml').header('content-length', bytes).send(Readable.from(content));
  }
}
