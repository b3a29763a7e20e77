export { ancestors, findPlace, isKnownPlace, listPlaces, officeCovers, placeCodesUnder } from './place.js';
export type { Place, PlaceLevel } from './place-data.js';
