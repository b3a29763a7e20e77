export {
  ancestors,
  communeToday,
  findPlace,
  isKnownPlace,
  listPlaces,
  officeCovers,
  placeCodesUnder,
  placesBelow,
  placeToday,
  placeVersions,
} from './place.js';
export type { Place, PlaceLevel } from './place-data.js';
