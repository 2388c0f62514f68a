import {make} from './dom.js';

const CODES = 'AC AD AE AF AG AI AL AM AO AQ AR AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CD CF CG CH CI CK CL CM CN CO CR CV CW CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HN HR HT HU ID IE IL IM IN IO IQ IS IT JE JM JO JP KE KG KH KI KM KN KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MK ML MM MN MO MQ MR MS MT MU MV MW MX MY MZ NA NC NE NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PY QA RE RO RS RU RW SA SB SC SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SZ TA TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG US UY UZ VA VC VE VG VN VU WF WS XK YE YT ZA ZM ZW'.split(' ');

/** A language that Intl knows: hosts write `auto`, `en_GB` and other things. */
const languageOf = (locale) => {
  try {
    return Intl.getCanonicalLocales(locale === 'auto' ? navigator.language : locale.replace('_', '-'))[0];
  } catch {
    return 'en';
  }
};

/** A list of countries in the reader's language and order. */
export const countrySelect = (locale, allowed) => {
  const language = languageOf(locale);
  const names = new Intl.DisplayNames([language, 'en'], {type: 'region'});
  const known = CODES.filter((code) => !allowed || allowed.includes(code)).map((code) => [names.of(code), code]);
  known.sort(([one], [other]) => one.localeCompare(other, language));
  return make('select', {autocomplete: 'country'}, ...known.map(([name, code]) => make('option', {value: code}, name)));
};

/** Where the payer probably is: what the host says, else the browser's region, else the seller's country. */
export const likelyCountry = (given, merchant) => {
  const region = new Intl.Locale(navigator.language || 'en').region;
  return [given, region, merchant].find((code) => CODES.includes(code)) || 'GB';
};

/** The countries in which a card's postal code is asked for, and how long it is at least. */
const POSTAL = {
  US: {label: 'ZIP code', sample: '12345', least: 5},
  CA: {label: 'Postal code', sample: 'M5T 1T4', least: 6},
  GB: {label: 'Postcode', sample: 'WS11 1DB', least: 5},
};

export const postalOf = (country) => POSTAL[country] || null;
