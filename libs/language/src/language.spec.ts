import { expect, test } from '@jest/globals';
import { languageOf } from './language.js';

test.each([
  [undefined, 'vi'],
  ['', 'vi'],
  ['fr', 'vi'],
  ['en', 'en'],
  ['EN-gb,vi;q=0.8', 'en'],
  ['vi-VN,en;q=0.9', 'vi'],
  ['fr, en;q=0.5', 'en'],
  ['deven', 'vi'],
])('%s is read as %s', (header, language) => {
  expect(languageOf(header)).toBe(language);
});
