import { Controller, Get, Headers, Query, type StreamableFile } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor, Requires } from '@ansinh/auth';
import { ProblemApi } from '@ansinh/service';
import { ListApi, type ListHeaders, pageOrWorkbook } from '@ansinh/uploads';
import { ReminderFilter, ReminderPage } from './reminder.dto.js';
import { ReminderService } from './reminder.service.js';
import { reminderSheet } from './reminder-sheet.js';

@ApiTags('servicing')
@ApiBearerAuth('bearer')
@Controller('v1/loan-reminders')
export class ReminderController {
  constructor(private readonly reminders: ReminderService) {}

  /** Instalments that fall due within the next days. */
  @Get()
  @Requires('loan:read')
  @ProblemApi()
  @ListApi(ReminderPage)
  listLoanReminders(
    @Query() filter: ReminderFilter,
    @Headers() headers: ListHeaders,
    @CurrentActor() actor: Actor,
  ): Promise<ReminderPage | StreamableFile> {
    return pageOrWorkbook(headers, reminderSheet, (pages) =>
      this.reminders.list({ ...filter, ...pages }, actor),
    );
  }
}
