/** What the first digits tell: the brand, how long its numbers are, and where the gaps stand. */

const FOURS = [4, 8, 12, 16];

const BRANDS = [
  {name: 'amex', label: 'Amex', starts: /^3[47]/, lengths: [15], gaps: [4, 10], code: 4},
  {name: 'diners', label: 'Diners', starts: /^3(0[0-5]|[689])/, lengths: [14, 16], gaps: FOURS, code: 3},
  {name: 'jcb', label: 'JCB', starts: /^35(2[89]|[3-8])/, lengths: [16], gaps: FOURS, code: 3},
  {name: 'visa', label: 'Visa', starts: /^4/, lengths: [16], gaps: FOURS, code: 3},
  {name: 'mastercard', label: 'Mastercard', starts: /^(5[1-5]|2(22[1-9]|2[3-9]|[3-6]|7[01]|720))/, lengths: [16], gaps: FOURS, code: 3},
  {name: 'discover', label: 'Discover', starts: /^6(011|4[4-9]|5)/, lengths: [16], gaps: FOURS, code: 3},
  {name: 'unionpay', label: 'UnionPay', starts: /^62/, lengths: [16, 17, 18, 19], gaps: FOURS, code: 3},
];

const UNKNOWN = {name: 'unknown', label: '', starts: /^/, lengths: [16, 17, 18, 19], gaps: FOURS, code: 3};

export const brandOf = (digits) => BRANDS.find(({starts}) => starts.test(digits)) || UNKNOWN;

export const digitsOf = (text) => text.replace(/\D/g, '');

/** The check digit of ISO/IEC 7812-1, annex B. */
export const passesLuhn = (digits) => {
  const sum = [...digits].reverse().reduce((total, digit, place) => {
    const twice = place % 2 ? digit * 2 : Number(digit);
    return total + (twice > 9 ? twice - 9 : twice);
  }, 0);
  return sum % 10 === 0;
};

const spaced = (digits, gaps) =>
  [...digits].map((digit, place) => (gaps.includes(place) ? ` ${digit}` : digit)).join('');

export const formatNumber = (text) => {
  const digits = digitsOf(text);
  const {lengths, gaps} = brandOf(digits);
  return spaced(digits.slice(0, lengths.at(-1)), gaps);
};

export const checkNumber = (text) => {
  const digits = digitsOf(text);
  const brand = brandOf(digits);
  if (digits.length < brand.lengths[0]) return 'incomplete_number';
  const whole = brand.lengths.includes(digits.length) && passesLuhn(digits);
  return whole && brand !== UNKNOWN ? null : 'invalid_number';
};

/** `MM / YY` out of whatever was typed, pasted or filled in: `1/30`, `2030-01`, `0130`. */
export const formatExpiry = (text) => {
  const [month, year] = monthAndYear(text);
  if (!month) return '';
  if (month.length < 2) return month;
  return `${month} / ${year}`;
};

const monthAndYear = (text) => {
  const iso = /^\s*(\d{4})\s*-\s*(\d{1,2})\s*$/.exec(text);
  if (iso) return [iso[2].padStart(2, '0'), iso[1].slice(2)];
  const [, first, second] = /^\D*(\d*)\D*(\d*)/.exec(text);
  const lone = first.length === 1 && (first > '1' || /\d\s*[/.-]/.test(text));
  const digits = `${lone || (first.length === 3 && first[0] > '1') ? '0' : ''}${first}${second}`;
  const year = digits.slice(2);
  return [digits.slice(0, 2), year.length >= 4 ? year.slice(2, 4) : year.slice(0, year.length > 2 && year.startsWith('20') ? 3 : 2)];
};

/** `[month, year]` in digits; the year has two until the API adds the century. */
export const readExpiry = (text) => {
  const digits = digitsOf(text);
  return [digits.slice(0, 2), digits.slice(2, 4)];
};

export const checkExpiry = (text, now = new Date()) => {
  const digits = digitsOf(text);
  if (digits.length < 4) return 'incomplete_expiry';
  const [month, year] = readExpiry(text).map(Number);
  if (month < 1 || month > 12) return 'invalid_expiry_month';
  const age = now.getFullYear() % 100;
  if (year < age || year > age + 50) return 'invalid_expiry_year_past';
  return year === age && month < now.getMonth() + 1 ? 'invalid_expiry_month_past' : null;
};

export const checkCode = (text, brand) => {
  const {length} = digitsOf(text);
  return length === brand.code ? null : 'incomplete_cvc';
};
