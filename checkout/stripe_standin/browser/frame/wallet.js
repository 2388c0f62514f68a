/** The button of the pretend wallet. Its card is the one that always pays. */

import {verbs} from './api.js';
import {applyAppearance} from './appearance.js';
import {make, standinMark} from './dom.js';
import {emit, serve} from './line.js';

const root = document.getElementById('root');

const data = () => ({
  type: 'card',
  card: {number: '4242424242424242', exp_month: '12', exp_year: String(new Date().getFullYear() + 3), cvc: '123'},
});

const handlers = {
  init({appearance, key, manner, options}) {
    applyAppearance(appearance);
    Object.assign(handlers, verbs({key, manner}, data));
    const off = options.paymentMethods?.link === 'never';
    const button = make('button', {type: 'button', class: 'Wallet', onclick: () => emit('click')}, 'Pay with the stand-in wallet');
    if (options.buttonHeight) button.style.minHeight = `${Number(options.buttonHeight)}px`;
    root.replaceChildren(...(off ? [] : [button, standinMark()]));
    root.removeAttribute('data-loading');
    const none = {applePay: false, googlePay: false, paypal: false, amazonPay: false, klarna: false};
    return {availablePaymentMethods: off ? undefined : {...none, link: true}};
  },
  fail() {
    root.replaceChildren();
    root.removeAttribute('data-loading');
  },
  validate: () => ({}),
  update: ({appearance}) => { if (appearance) applyAppearance(appearance); },
  focus: () => root.querySelector('button')?.focus(),
  blur: () => document.activeElement?.blur(),
};

serve(handlers);
