import { Injectable } from '@nestjs/common';
import { todayInVietnam } from '@ansinh/calendar';
import { ancestors, findPlace, type Place, placesBelow, placeToday, placeVersions } from '@ansinh/places';
import { ProblemError } from '@ansinh/problem';
import type { PlaceList, PlaceView } from './place.dto.js';
import { placeProblems } from './place.problems.js';

/** Places are dated data that comes with the product: the same for every office, and asked without the database. */
@Injectable()
export class PlaceService {
  /**
   * The place with this code on a day; without one, today's, or what the code was last.
   * @throws ProblemError PLACE_NOT_FOUND
   */
  get(code: string, on?: string): PlaceView {
    const place = on === undefined ? this.latest(code) : findPlace(code, on);
    if (!place) throw new ProblemError(placeProblems.notFound);
    return viewOf(place);
  }

  /** Null where the code never was one. */
  find(code: string): PlaceView | null {
    const place = this.latest(code);
    return place ? viewOf(place) : null;
  }

  /** @throws ProblemError PLACE_NOT_FOUND where the place above was none on that day */
  below(parent: string, on = todayInVietnam()): PlaceList {
    if (!findPlace(parent, on)) throw new ProblemError(placeProblems.notFound);
    return { items: placesBelow(parent, on).map(viewOf) };
  }

  /** Every unit that had the code, oldest first. */
  versions(code: string): PlaceView[] {
    return placeVersions(code).map(viewOf);
  }

  private latest(code: string): Place | undefined {
    return findPlace(code, todayInVietnam()) ?? findPlace(code);
  }
}

function viewOf(place: Place): PlaceView {
  const { code, parentCode, validFrom, validUntil } = place;
  const today = placeToday(place);
  return {
    ...nameOf(place),
    parentCode,
    validFrom,
    validUntil,
    above: ancestors(code, validFrom).map(nameOf),
    today: today && nameOf(today),
  };
}

const nameOf = ({ code, name, level }: Place) => ({ code, name, level });
