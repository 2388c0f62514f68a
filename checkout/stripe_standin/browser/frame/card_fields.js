import {brandOf, checkCode, checkExpiry, checkNumber, digitsOf, formatExpiry, formatNumber, passesLuhn, readExpiry} from './brands.js';
import {countrySelect, likelyCountry, postalOf} from './countries.js';
import {make} from './dom.js';
import {Field} from './field.js';

const DIGITS = {inputmode: 'numeric', spellcheck: 'false', autocorrect: 'off', autocapitalize: 'none'};

/** The three fields on a card. `names` differ between the Payment Element and the older ones. */
export const cardFields = ({names = {}, onChange}) => {
  const mark = make('span', {class: 'Brand', 'aria-hidden': 'true'});
  const number = new Field({
    name: names.number || 'number', label: 'Card number', format: formatNumber, check: checkNumber, beside: mark,
    attributes: {...DIGITS, autocomplete: 'cc-number', placeholder: '1234 1234 1234 1234', maxlength: '40'},
    onChange: () => {
      showBrand();
      onChange();
    },
  });
  const brand = () => brandOf(digitsOf(number.value));
  const expiry = new Field({
    name: names.expiry || 'expiry', label: 'Expiration date', format: formatExpiry, check: (text) => checkExpiry(text), onChange,
    attributes: {...DIGITS, autocomplete: 'cc-exp', placeholder: 'MM / YY', maxlength: '12'},
  });
  const code = new Field({
    name: names.code || 'cvc', label: 'Security code', onChange,
    format: (text) => digitsOf(text).slice(0, brand().code), check: (text) => checkCode(text, brand()),
    attributes: {...DIGITS, autocomplete: 'cc-csc', placeholder: 'CVC'},
  });
  const showBrand = () => {
    const {label, code: length, lengths} = brand();
    mark.textContent = digitsOf(number.value) ? label : '';
    code.control.placeholder = length === 4 ? '4 digits' : 'CVC';
    const digits = digitsOf(number.value);
    if (digits.length === lengths.at(-1) && !passesLuhn(digits)) number.judge();
  };
  const card = () => {
    const [month, year] = readExpiry(expiry.value);
    return {number: digitsOf(number.value), exp_month: month, exp_year: year && `20${year}`, cvc: code.value || undefined};
  };
  return {number, expiry, code, brand, card, showBrand};
};

/** Country and postal code. An empty postal code is let through, a broken one is not. */
export const placeFields = ({locale, given = {}, merchant, shown = {}, onChange}) => {
  const country = new Field({
    name: 'country', label: 'Country', control: countrySelect(locale),
    onChange: () => { follow(); onChange(); },
  });
  const postal = new Field({
    name: 'postalCode', label: 'Postal code', onChange,
    check: (text) => (text && text.replace(/\s/g, '').length < postalOf(country.value)?.least ? 'incomplete_zip' : null),
    attributes: {autocomplete: 'postal-code', spellcheck: 'false', maxlength: '12'},
  });
  const follow = () => {
    const rule = postalOf(country.value);
    postal.hidden = !rule || shown.postalCode === false;
    postal.clearProblem();
    if (!rule) return;
    postal.label.textContent = rule.label;
    postal.control.placeholder = rule.sample;
    postal.control.inputMode = country.value === 'US' ? 'numeric' : 'text';
  };
  country.value = likelyCountry(given.country, merchant);
  postal.value = given.postal_code;
  country.hidden = shown.country === false;
  follow();
  const address = () => ({
    country: country.hidden ? undefined : country.value,
    postal_code: postal.hidden ? undefined : postal.value || undefined,
  });
  return {country, postal, address};
};
