import {cardFields, placeFields} from './card_fields.js';
import {make} from './dom.js';
import {Field} from './field.js';
import {checkIban, formatIban, plainIban} from './iban.js';
import {payerFields} from './payer_fields.js';
import {Saved, keepBox} from './saved.js';
import {METHOD_NAMES, problem} from './words.js';

/** `fields.billingDetails`, general and of one method, as `{name, email, phone, country, postalCode}`. */
const rulesFor = (fields = {}, type) => {
  const spread = (given) => {
    if (given === undefined || given === 'auto') return {};
    if (typeof given === 'string') return {name: given, email: given, phone: given, address: given};
    return given;
  };
  const rules = {...spread(fields.billingDetails), ...spread(fields[type]?.billingDetails)};
  const {address} = rules;
  const hidden = (part) => address === 'never' || address?.[part] === 'never';
  return {...rules, shown: {country: !hidden('country'), postalCode: !hidden('postalCode') && !hidden('country')}};
};

const pair = (...nodes) => make('div', {class: 'Pair'}, ...nodes);

/** One way to pay: its fields in order, its node, and what it sends. */
class Form {
  constructor(type, fields, node, data) {
    Object.assign(this, {type, fields, node, data});
  }

  get empty() { return this.fields.every((field) => field.control.tagName === 'SELECT' || !field.value); }
  get complete() { return this.fields.every((field) => !field.code); }

  /** Show every problem, and go to the first. Gives the first error or null. */
  judge() {
    const wrong = this.fields.filter((field) => field.judge());
    wrong[0]?.control.focus();
    return wrong[0]?.error || null;
  }
}

/** A refusal of the bank is shown at the field that it is about. */
const REFUSED = {
  incorrect_number: 'number', invalid_number: 'number', card_declined: 'number', processing_error: 'number',
  expired_card: 'expiry', invalid_expiry_month: 'expiry', invalid_expiry_year: 'expiry',
  incorrect_cvc: 'code', invalid_cvc: 'code', incorrect_zip: 'postal', postal_code_invalid: 'postal',
};

/** With a kept card there is nothing to type, and nothing to check. */
class CardForm extends Form {
  get fields() { return this.saved.method ? [] : this.typed; }
  set fields(typed) { this.typed = typed; }
  get empty() { return !this.saved.method && super.empty; }

  value() {
    const {method} = this.saved;
    const [country, postal] = this.typed.slice(-2);
    const save = this.keep ? {savePaymentMethod: Boolean(!method && this.keep.usage())} : {};
    if (method) return {...save, payment_method: {id: method.id, type: method.type, billing_details: method.billing_details}};
    return {...save, billingDetails: {address: {country: country.value, postalCode: postal.value}}};
  }
}

/** What the card pays with: a kept one by its id, or what was typed, perhaps to be kept. */
const cardData = (form, typed) => {
  const {saved: {method: kept}, keep} = form;
  if (kept) return {kept};
  const usage = keep?.usage();
  return usage ? {...typed(), allow_redisplay: 'always', keep: {setup_future_usage: usage}} : typed();
};

const cardForm = (setting) => {
  const {options, given, onChange, onBrand} = setting;
  const rules = rulesFor(options.fields, 'card');
  const {fields: payers, payer} = payerFields({wanted: [], rules, given, onChange});
  const card = cardFields({onChange: () => { onBrand(card.brand().name); onChange(); }});
  const place = placeFields({...setting, given: given.address, shown: rules.shown});
  const {number, expiry, code} = card;
  const {country, postal} = place;
  const where = country.hidden ? [] : [country.node, postal.node];
  const typing = make('div', {class: 'Form'}, ...payers.map((field) => field.node), number.node, pair(expiry.node, code.node), pair(...where));
  const show = () => { typing.hidden = Boolean(saved.method); onChange(); };
  const saved = new Saved(setting.saved || [], show);
  const keep = keepBox(setting.features, onChange);
  typing.hidden = Boolean(saved.method);
  if (keep) typing.append(keep.node);
  const typed = () => ({card: card.card(), billing_details: {...payer(), address: place.address()}});
  const node = make('div', {class: 'Form'}, saved.node, typing);
  const form = new CardForm('card', [], node, () => cardData(form, typed));
  Object.assign(form, {saved, keep, fields: [...payers, number, expiry, code, country, postal]});
  form.refuse = (error) => ({number, expiry, code, postal})[REFUSED[error.code]]?.say(error);
  return form;
};

const sepaForm = ({options, given, onChange}) => {
  const {fields: payers, payer} = payerFields({wanted: ['name', 'email'], rules: rulesFor(options.fields, 'sepa_debit'), given, onChange});
  const iban = new Field({
    name: 'iban', label: 'IBAN', format: formatIban, check: checkIban, onChange,
    attributes: {autocomplete: 'off', spellcheck: 'false', autocapitalize: 'characters', placeholder: 'AT61 1904 3002 3457 3201'},
  });
  const terms = make('p', {class: 'TermsText'}, `By giving your IBAN you let ${options.business?.name || 'the seller'} debit your account. In the stand-in no account is debited; the bank answers later, from the desk or by itself.`);
  const node = make('div', {class: 'Form'}, ...payers.map((field) => field.node), iban.node, terms);
  return new Form('sepa_debit', [...payers, iban], node, () => ({sepa_debit: {iban: plainIban(iban.value)}, billing_details: payer()}));
};

const digits = (name, label, length, sample, onChange) => new Field({
  name, label, onChange, check: (text) => (text.length === length || (!length && text) ? null : 'incomplete_account'),
  format: (text) => text.replace(/\D/g, '').slice(0, length || 17), attributes: {inputmode: 'numeric', autocomplete: 'off', placeholder: sample},
});

/** Accounts with two numbers: `names` are the API's, the second one is the account itself. */
const accountForm = (type, [bank, account], extra) => ({options, given, onChange}) => {
  const {fields: payers, payer} = payerFields({wanted: ['name', 'email'], rules: rulesFor(options.fields, type), given, onChange});
  const one = digits(bank.name, bank.label, bank.length, bank.sample, onChange);
  const two = digits(account.name, account.label, account.length, account.sample, onChange);
  const node = make('div', {class: 'Form'}, ...payers.map((field) => field.node), pair(one.node, two.node));
  const data = () => ({[type]: {...extra, [bank.name]: one.value, [account.name]: two.value}, billing_details: payer()});
  return new Form(type, [...payers, one, two], node, data);
};

const bacsForm = accountForm('bacs_debit', [
  {name: 'sort_code', label: 'Sort code', length: 6, sample: '108800'},
  {name: 'account_number', label: 'Account number', length: 8, sample: '00012345'},
]);

const achForm = accountForm('us_bank_account', [
  {name: 'routing_number', label: 'Routing number', length: 9, sample: '110000000'},
  {name: 'account_number', label: 'Account number', length: 0, sample: '000123456789'},
], {account_holder_type: 'individual'});

const WANTED = {bancontact: ['name'], eps: ['name'], p24: ['name', 'email'], giropay: ['name']};

const redirectForm = (type, {options, given, onChange}) => {
  const {fields, payer} = payerFields({wanted: WANTED[type] || [], rules: rulesFor(options.fields, type), given, onChange});
  const way = make('p', {class: 'RedirectText'}, `After you press the button, you go to a page that plays your bank for ${METHOD_NAMES[type]}, and come back here.`);
  const node = make('div', {class: 'Form'}, ...fields.map((field) => field.node), way);
  return new Form(type, fields, node, () => ({billing_details: payer()}));
};

const FORMS = {card: cardForm, sepa_debit: sepaForm, bacs_debit: bacsForm, us_bank_account: achForm};

export const knows = (type) => type in METHOD_NAMES;

export const makeForm = (type, setting) => (FORMS[type] ? FORMS[type](setting) : redirectForm(type, setting));

export const nothingChosen = () => problem('incomplete_payment_method');
