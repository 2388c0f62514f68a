/** The card element of the years before the Payment Element: number, date and code on one line. */

import {verbs} from './api.js';
import {applyAppearance, applyOlderStyle} from './appearance.js';
import {cardFields} from './card_fields.js';
import {standinMark} from './dom.js';
import {Field} from './field.js';
import {serve} from './line.js';
import {advance, layRow, reporter, rowHandlers, wireFocus} from './row_fields.js';

const state = {fields: [], report: () => {}};

const build = (options) => {
  const card = cardFields({names: {number: 'cardnumber', expiry: 'exp-date', code: 'cvc'}, onChange: () => state.report()});
  const {number, expiry, code} = card;
  const postal = new Field({
    name: 'postal', label: 'Postal code', onChange: () => state.report(),
    attributes: {autocomplete: 'postal-code', placeholder: 'ZIP', spellcheck: 'false', maxlength: '12'},
  });
  postal.hidden = Boolean(options.hidePostalCode);
  postal.value = options.value?.postalCode;
  number.control.placeholder = 'Card number';
  if (options.hideIcon) number.node.querySelector('.Brand').remove();
  Object.assign(state, {card, postal, options, fields: [number, expiry, code, postal]});
  state.report = reporter(state.fields, () => ({brand: card.brand().name, value: {postalCode: postal.value}}));
  advance(number, expiry, () => number.value.length >= number.control.value.length);
  advance(expiry, code, () => true);
  advance(code, postal, () => true);
};

const data = () => ({
  type: 'card', card: state.card.card(),
  billing_details: state.postal.hidden || !state.postal.value ? {} : {address: {postal_code: state.postal.value}},
});

/** Nothing is posted while a field is wrong; the page gets the problem instead. */
const judged = (verb) => async (payload) => {
  const {error} = handlers.validate();
  return error ? {error} : verb(payload);
};

const handlers = {
  ...rowHandlers(state),
  init({key, manner, options, appearance}) {
    applyAppearance(appearance);
    build(options);
    layRow(state, {mark: standinMark('Stand-in: no money moves')});
    applyOlderStyle(options.style);
    handlers.update({options});
    for (const [name, verb] of Object.entries(verbs({key, manner}, data))) handlers[name] = judged(verb);
    return {};
  },
};

wireFocus();
serve(handlers);
