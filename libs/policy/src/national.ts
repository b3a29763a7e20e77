import covidSupport from './data/covid-support.json' with { type: 'json' };
import employmentLoans from './data/employment-loans.json' with { type: 'json' };
import peopleOfMerit from './data/people-of-merit.json' with { type: 'json' };
import poverty from './data/poverty.json' with { type: 'json' };
import rentSupport from './data/rent-support.json' with { type: 'json' };
import socialProtection from './data/social-protection.json' with { type: 'json' };
import { type Catalogue, openCatalogue } from './catalogue.js';

let opened: Catalogue | undefined;

/** The law as the files of this lib have it; read and checked when it is first asked for. */
export function nationalCatalogue(): Catalogue {
  return (opened ??= openCatalogue([
    covidSupport,
    rentSupport,
    socialProtection,
    peopleOfMerit,
    poverty,
    employmentLoans,
  ]));
}
