export { deskRulesOn } from './desk-rules.js';
export type { DeskRules } from './desk-rules.js';
export { agencyCode, dossierCodeFormOn, readDossierCode, writeDossierCode } from './dossier-code.js';
export type { DossierCode, DossierCodeForm } from './dossier-code.js';
export {
  agencyOf,
  findProcedure,
  nextSteps,
  procedures,
  proceduresOn,
  promisedSteps,
  promisedTerm,
  stepOf,
} from './procedure.js';
export type { Agency, OfficeLevel, Procedure, ProcedureStep, RequiredDocument } from './procedure.js';
export { timetableOf, whereabouts } from './timetable.js';
export type { DossierMove, Stay, Timetable, Whereabouts } from './timetable.js';
