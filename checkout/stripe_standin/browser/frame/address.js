/** Name and postal address, for the Address Element: these the page may read. */

import {applyAppearance} from './appearance.js';
import {countrySelect, likelyCountry} from './countries.js';
import {make, standinMark} from './dom.js';
import {Field} from './field.js';
import {emit, serve} from './line.js';

const root = document.getElementById('root');
const state = {fields: {}, options: {}};

const needed = (text) => (text ? null : 'incomplete_address');
const line = (name, label, autocomplete, check = needed) => ({name, label, check, attributes: {autocomplete}});

/** Countries that write a state or a province in an address. */
const WITH_STATE = ['US', 'CA', 'AU', 'BR', 'IN', 'JP', 'MX', 'CN', 'IT', 'ES', 'IE'];

const PARTS = {
  full: [line('name', 'Full name', 'name')],
  organization: [line('name', 'Organization', 'organization')],
  split: [line('firstName', 'First name', 'given-name'), line('lastName', 'Last name', 'family-name')],
};

const LINES = [
  line('line1', 'Address line 1', 'address-line1'),
  line('line2', 'Address line 2 (optional)', 'address-line2', () => null),
  line('city', 'City', 'address-level2'),
  line('state', 'State or region', 'address-level1'),
  line('postal_code', 'Postal code', 'postal-code'),
];

const phoneRule = ({fields, validation}) => {
  const shown = fields?.phone === 'always';
  return {shown, required: validation?.phone?.required === 'always' || (shown && validation?.phone?.required !== 'never')};
};

const build = ({options, locale}) => {
  const defaults = options.defaultValues || {};
  const onChange = () => changed();
  const names = options.fields?.name === 'never' ? [] : PARTS[options.display?.name || 'full'];
  const country = new Field({name: 'country', label: 'Country', control: countrySelect(locale, options.allowedCountries), onChange: () => { follow(); changed(); }});
  const phone = phoneRule(options);
  const phones = phone.shown ? [{...line('phone', 'Phone number', 'tel', phone.required ? needed : () => null)}] : [];
  const made = (parts) => parts.map((part) => new Field({...part, onChange}));
  const all = [...made(names), country, ...made(LINES), ...made(phones)];
  state.fields = Object.fromEntries(all.map((field) => [field.name, field]));
  country.value = options.allowedCountries?.length ? likelyCountry(defaults.address?.country, options.allowedCountries[0]) : likelyCountry(defaults.address?.country, 'GB');
  if (!country.value) country.control.selectedIndex = 0;
  for (const [name, value] of Object.entries({...defaults, ...defaults.address})) {
    if (name !== 'country' && typeof value === 'string' && state.fields[name]) state.fields[name].value = value;
  }
  follow();
  return all;
};

const follow = () => {
  const {state: region, country} = state.fields;
  region.hidden = !WITH_STATE.includes(country.value);
};

const value = () => {
  const text = (name) => state.fields[name]?.value || undefined;
  const {firstName, lastName} = {firstName: text('firstName'), lastName: text('lastName')};
  const name = text('name') || [firstName, lastName].filter(Boolean).join(' ') || undefined;
  const address = {line1: text('line1') || '', line2: text('line2') || null, city: text('city') || '', state: text('state') || '', postal_code: text('postal_code') || '', country: text('country') || ''};
  return JSON.parse(JSON.stringify({name, firstName, lastName, phone: text('phone'), address}));
};

const all = () => Object.values(state.fields);

const summary = () => ({
  elementMode: state.options.mode, isNewAddress: true, value: value(),
  empty: all().every((field) => field.name === 'country' || !field.value), complete: all().every((field) => !field.code),
});

const changed = () => emit('change', summary());

serve({
  init(setting) {
    applyAppearance(setting.appearance);
    state.options = setting.options;
    root.replaceChildren(make('div', {class: 'Form'}, ...build(setting).map((field) => field.node)), standinMark());
    root.removeAttribute('data-loading');
    changed();
    return {};
  },
  validate() {
    const wrong = all().filter((field) => field.judge());
    return wrong.length ? {error: wrong[0].error} : {};
  },
  value() {
    all().forEach((field) => field.judge());
    const {complete, isNewAddress, value: given} = summary();
    return {complete, isNewAddress, value: given};
  },
  update: ({appearance}) => { if (appearance) applyAppearance(appearance); },
  focus: () => all()[0].control.focus(),
  blur: () => document.activeElement?.blur(),
  clear() {
    all().forEach((field) => { if (field.name !== 'country') field.value = ''; });
    changed();
  },
});

addEventListener('focus', () => emit('focus'));
addEventListener('blur', () => emit('blur'));
