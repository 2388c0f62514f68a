/** The pretend wallet's sheet: who pays, where it goes, and one button. */

import {make} from './dom.js';
import {serve} from './line.js';

const root = document.getElementById('root');

const ADDRESS = {line1: '1 Test Street', line2: null, city: 'London', state: '', postal_code: 'WS11 1DB', country: 'GB'};

const payerFor = ({emailRequired, phoneNumberRequired, shippingAddressRequired, shippingRates}) => ({
  billingDetails: {
    name: 'Ada Lovelace', email: emailRequired ? 'ada@example.com' : undefined,
    phone: phoneNumberRequired ? '+441632960961' : undefined, address: ADDRESS,
  },
  shippingAddress: shippingAddressRequired ? {name: 'Ada Lovelace', address: ADDRESS} : undefined,
  shippingRate: shippingRates?.[0],
});

const money = (amount, currency) => {
  if (!Number.isInteger(amount) || !currency) return '';
  const format = new Intl.NumberFormat(undefined, {style: 'currency', currency});
  return ` ${format.format(amount / 10 ** format.resolvedOptions().maximumFractionDigits)}`;
};

const show = (wishes) =>
  new Promise((resolve) => {
    const cancel = () => resolve({outcome: 'canceled'});
    const pay = make('button', {type: 'button', class: 'sheet__pay', id: 'wallet-pay', onclick: () => resolve({outcome: 'paid', payer: payerFor(wishes)})}, `Pay${money(wishes.amount, wishes.currency)}`);
    const close = make('button', {type: 'button', class: 'box__close', 'aria-label': 'Close: do not pay', onclick: cancel}, '×');
    const head = make('div', {class: 'box__head'}, make('p', {}, 'Stand-in for Stripe: no money moves'), close);
    const body = make('div', {class: 'sheet'}, make('h1', {}, 'Stand-in wallet'), make('p', {}, 'Ada Lovelace, card ending in 4242'), pay);
    root.replaceChildren(make('div', {class: 'box', role: 'dialog', 'aria-modal': 'true', 'aria-label': 'Stand-in wallet'}, head, body));
    addEventListener('keydown', (event) => event.key === 'Escape' && cancel());
    pay.focus();
  });

serve({
  init(wishes) {
    root.removeAttribute('data-loading');
    return show(wishes);
  },
});
