import type { Language } from '@ansinh/client';
import { audit } from './audit.js';
import { batch } from './batch.js';
import { cash } from './cash.js';
import { channels } from './channels.js';
import { dossier } from './dossier.js';
import { duplicates } from './duplicates.js';
import { followUp } from './follow-up.js';
import { fund } from './fund.js';
import { general } from './general.js';
import { list } from './list.js';
import { loans } from './loans.js';
import { money } from './money.js';
import { privacy } from './privacy.js';
import { programme } from './programme.js';
import { recovery } from './recovery.js';
import { registry } from './registry.js';
import { sample } from './sample.js';
import { schedule } from './schedule.js';
import { session } from './session.js';
import { support } from './support.js';

/** Everything the program says, in one language. */
export function messagesIn(language: Language) {
  return {
    general: general[language],
    audit: audit[language],
    session: session[language],
    fund: fund[language],
    programme: programme[language],
    batch: batch[language],
    dossier: dossier[language],
    duplicates: duplicates[language],
    followUp: followUp[language],
    sample: sample[language],
    schedule: schedule[language],
    cash: cash[language],
    channels: channels[language],
    money: money[language],
    list: list[language],
    loans: loans[language],
    privacy: privacy[language],
    recovery: recovery[language],
    registry: registry[language],
    support: support[language],
  };
}

export type Messages = ReturnType<typeof messagesIn>;
