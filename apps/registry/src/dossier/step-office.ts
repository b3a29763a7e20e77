import { ancestors, findPlace } from '@ansinh/places';
import { agencyOf, type ProcedureStep } from '@ansinh/procedures';

/**
 * The office that does a step for a commune on a day. Since districts ended in July 2025 their steps are the commune's
 * (Decree 131/2025/NĐ-CP). Null for an agency outside: then the desk keeps the dossier and awaits its answer.
 */
export function officeOfStep(step: ProcedureStep, placeCode: string, on: string): string | null {
  const { level } = agencyOf(step);
  const commune = findPlace(placeCode, on);
  if (level === 'outside' || !commune) return null;
  const above = [commune, ...ancestors(placeCode, on)];
  return (above.find((place) => place.level === level) ?? commune).code;
}
