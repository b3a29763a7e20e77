export {
  AwaitingRowList,
  ConfirmLaw,
  LawConfirmationList,
  LawConfirmationView,
  LawPlace,
  LawText,
} from './law-confirmation.dto.js';
export { lawConfirmations, LawConfirmationService } from './law-confirmation.service.js';
export { confirmationsOf, knownAt } from './recorded.js';
