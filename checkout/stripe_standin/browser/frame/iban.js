const LENGTHS = {
  AD: 24, AT: 20, BE: 16, BG: 22, CH: 21, CY: 28, CZ: 24, DE: 22, DK: 18, EE: 20, ES: 24, FI: 18, FR: 27, GB: 22, GI: 23,
  GR: 27, HR: 21, HU: 28, IE: 22, IS: 26, IT: 27, LI: 21, LT: 20, LU: 20, LV: 21, MC: 27, MT: 31, NL: 18, NO: 15, PL: 28,
  PT: 25, RO: 24, SE: 24, SI: 19, SK: 24, SM: 27, VA: 22,
};

export const plainIban = (text) => text.replace(/[^0-9A-Za-z]/g, '').toUpperCase();

export const formatIban = (text) => plainIban(text).slice(0, 34).replace(/(.{4})(?=.)/g, '$1 ');

/** The check digits of ISO 13616: the remainder by 97, a few digits at a time. */
const remainder = (iban) => {
  const digits = [...iban.slice(4), ...iban.slice(0, 4)].map((sign) => parseInt(sign, 36)).join('');
  return digits.match(/.{1,7}/g).reduce((rest, part) => Number(rest + part) % 97, '');
};

export const checkIban = (text) => {
  const iban = plainIban(text);
  const length = LENGTHS[iban.slice(0, 2)];
  if (iban.length >= 2 && !length) return 'invalid_iban';
  if (iban.length < (length || 15)) return 'incomplete_iban';
  return iban.length === length && remainder(iban) === 1 ? null : 'invalid_iban';
};
