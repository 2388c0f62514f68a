/** One field of a card (number, expiry, code) or an IBAN, each in a frame of its own. */

import {verbs} from './api.js';
import {applyAppearance, applyOlderStyle} from './appearance.js';
import {cardFields} from './card_fields.js';
import {make} from './dom.js';
import {Field} from './field.js';
import {checkIban, formatIban, plainIban} from './iban.js';
import {serve} from './line.js';
import {layRow, reporter, rowHandlers, wireFocus} from './row_fields.js';

const state = {fields: [], report: () => {}};

const PARTS = {cardNumber: 'number', cardExpiry: 'expiry', cardCvc: 'code'};

const build = (kind, options) => {
  const onChange = () => state.report();
  const card = cardFields({names: {number: 'cardnumber', expiry: 'exp-date', code: 'cvc'}, onChange});
  const iban = new Field({name: 'iban', label: 'IBAN', format: formatIban, check: checkIban, onChange, attributes: {spellcheck: 'false', autocapitalize: 'characters', placeholder: 'IBAN'}});
  const field = kind === 'iban' ? iban : card[PARTS[kind]];
  if (options.showIcon === false) field.node.querySelector('.Brand')?.remove();
  if (options.placeholder !== undefined) field.control.placeholder = options.placeholder;
  Object.assign(state, {kind, card, options, fields: [field]});
  state.report = reporter(state.fields, () => (kind === 'cardNumber' ? {brand: card.brand().name} : {}));
};

/** Frames of one group find each other on a channel of their own origin; no page can listen there. */
const join = (room) => {
  const group = new BroadcastChannel(`card-${room}`);
  group.onmessage = ({data}) => {
    if (data.ask) group.postMessage({answer: data.ask, kind: state.kind, value: state.fields[0].value, error: handlers.validate().error});
    else state.collect?.(data);
  };
  return group;
};

/** The other two fields, as far as they are mounted. Resolves to `{kind: {value, error}}`. */
const neighbours = (group) =>
  new Promise((resolve) => {
    const found = {};
    const ask = crypto.randomUUID();
    const done = () => { state.collect = null; resolve(found); };
    state.collect = ({answer, kind, value, error}) => {
      if (answer !== ask) return;
      found[kind] = {value, error};
      if (found.cardExpiry && found.cardCvc) done();
    };
    group.postMessage({ask});
    setTimeout(done, 600);
  });

const gather = async (group) => {
  const {error} = handlers.validate();
  if (state.kind === 'iban') return {error};
  const found = await neighbours(group);
  const {card} = state;
  card.expiry.value = found.cardExpiry?.value || '';
  card.code.value = found.cardCvc?.value || '';
  return {error: error || found.cardExpiry?.error || found.cardCvc?.error};
};

const data = () => (state.kind === 'iban'
  ? {type: 'sepa_debit', sepa_debit: {iban: plainIban(state.fields[0].value)}}
  : {type: 'card', card: state.card.card()});

const handlers = {
  ...rowHandlers(state),
  init({kind, key, manner, room, options, appearance}) {
    applyAppearance(appearance);
    build(kind, options);
    const stripes = make('div', {class: 'mark--thin', role: 'img', 'aria-label': 'Stand-in: no money moves', title: 'Stand-in: no money moves'});
    layRow(state, {part: true, mark: stripes});
    applyOlderStyle(options.style);
    handlers.update({options});
    const group = join(room);
    for (const [name, verb] of Object.entries(verbs({key, manner}, data))) {
      handlers[name] = async (payload) => {
        const {error} = await gather(group);
        return error ? {error} : verb(payload);
      };
    }
    return {};
  },
};

wireFocus();
serve(handlers);
