/** Cards that the customer kept before, and the box that keeps this one for the next time. */

import {make} from './dom.js';

const BRANDS = {visa: 'Visa', mastercard: 'Mastercard', amex: 'American Express', unionpay: 'UnionPay', jcb: 'JCB'};

const titleOf = ({brand, last4, exp_month: month, exp_year: year}) =>
  `${BRANDS[brand] || brand[0].toUpperCase() + brand.slice(1)} ending in ${last4}, expires ${String(month).padStart(2, '0')}/${String(year).slice(-2)}`;

/** A choice among kept cards and a new one; the first kept card is chosen. */
export class Saved {
  constructor(methods, onChange) {
    this.methods = methods.filter(({type}) => type === 'card');
    this.method = this.methods[0] || null;
    this.rows = [...this.methods, null].map((method) => this.#row(method, onChange));
    this.node = this.methods.length ? make('fieldset', {class: 'Saved'}, make('legend', {class: 'Label'}, 'Saved cards'), ...this.rows) : null;
  }

  #row(method, onChange) {
    const choose = () => { this.method = method; onChange(); };
    const radio = make('input', {type: 'radio', name: 'saved', class: 'RadioInput', value: method?.id || 'new', checked: method === this.method, onchange: choose});
    return make('label', {class: 'Saved__row'}, radio, method ? titleOf(method.card) : 'Another card');
  }
}

/** Ticked, the card is kept for `usage` once it has paid. `null` where the shop does not offer it. */
export const keepBox = (features, onChange) => {
  if (features?.payment_method_save !== 'enabled') return null;
  const box = make('input', {type: 'checkbox', name: 'savePaymentMethod', class: 'CheckboxInput', onchange: onChange});
  return {
    node: make('label', {class: 'Saved__row'}, box, 'Save this card for the next time'),
    usage: () => (box.checked ? features.payment_method_save_usage || 'off_session' : null),
  };
};
