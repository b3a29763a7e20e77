import { todayInVietnam } from '@ansinh/calendar';
import { findPlace } from '@ansinh/places';
import { type Stay, stepOf } from '@ansinh/procedures';
import type { ControlSlip, SlipStay } from './dossier-control-slip-pdf.js';
import { type MoveRow, timetableOfMoves } from './dossier-history.js';
import { type DossierRow, procedureOf } from './dossier-view.js';

/** What form 05 says of a dossier; null before it was received. */
export function slipOf(dossier: DossierRow, moves: readonly MoveRow[]): ControlSlip | null {
  const procedure = procedureOf(dossier);
  const timetable = timetableOfMoves(procedure, moves);
  if (!timetable) return null;
  // Each stay begins with one of these: the reception at the desk, then a forwarding.
  const handovers = moves.filter(({ kind }) => kind === 'received' || kind === 'forwarded');
  return {
    office: placeNameOf(dossier.office_code),
    code: dossier.code,
    procedure: procedure.name.vi,
    applicant: dossier.applicant_name,
    papers: dossier.documents.length,
    receivedAt: timetable.stays[0]!.from,
    dueOn: timetable.due.on,
    promisedOn: dossier.promised_on,
    stays: timetable.stays.map((stay, index) => {
      const { actor_name, holder_code, note } = handovers[index]!;
      const place = placeNameOf(holder_code);
      const step = stay.step === null ? 'Tiếp nhận' : stepOf(procedure, stay.step).name.vi;
      return {
        step: `${step}, ${place}`,
        from: stay.step === null ? dossier.applicant_name : actor_name,
        to: stay.step === null ? actor_name : place,
        cameAt: stay.from,
        wentAt: stay.until,
        dueOn: stay.due.on,
        standing: standingOf(stay, new Date()),
        note: [note ?? '', ...stay.stops.map(stopText)].filter((text) => text !== '').join('; '),
      };
    }),
  };
}

const placeNameOf = (code: string) => findPlace(code)?.name ?? code;

/** Against the day of the step. What is still there is late or nothing yet. */
function standingOf({ until, due }: Stay, now: Date): SlipStay['standing'] {
  if ((until ?? now) >= due.at) return 'late';
  if (until === null) return null;
  return todayInVietnam(until) < due.on ? 'early' : 'onTime';
}

const stopText = ({ awaits, from, until }: Stay['stops'][number]) => {
  const [since, to] = [from, until].map((at) => at && todayInVietnam(at).split('-').reverse().join('/'));
  const what = awaits === 'supplement' ? 'chờ bổ sung' : 'tạm dừng';
  return to === null ? `${what} từ ${since}` : `${what} ${since} - ${to}`;
};
