/** The box over the shop's page in which the bank asks who is paying. */

import {make} from './dom.js';
import {serve} from './line.js';

const root = document.getElementById('root');

/** As tall as the bank's page, which is of our own origin; the box keeps it inside the window. */
const fit = (inner) => {
  const page = inner.contentDocument?.querySelector('main');
  if (page) inner.style.height = `${page.getBoundingClientRect().height}px`;
};

/** Resolves to `{outcome}` once the bank's page, or the close button, has had its say. */
const ask = (url) =>
  new Promise((resolve) => {
    const inner = make('iframe', {name: 'stripe-challenge-frame', id: 'challengeFrame', class: 'box__bank', title: "Your bank's page", src: url});
    const giveUp = async () => {
      // Without this header the answer leads to the return URL, as for a whole page.
      const asked = {method: 'POST', headers: {Accept: 'application/json'}};
      await fetch(`${new URL(url).pathname}/cancel`, asked).catch(() => null);
      resolve({outcome: 'canceled'});
    };
    const close = make('button', {type: 'button', class: 'box__close', id: 'challenge-close', 'aria-label': 'Close: do not authenticate', onclick: giveUp}, '×');
    const head = make('div', {class: 'box__head'}, make('p', {}, 'Stand-in for Stripe: no money moves'), close);
    inner.addEventListener('load', () => fit(inner));
    root.replaceChildren(make('div', {class: 'box', role: 'dialog', 'aria-modal': 'true', 'aria-label': 'Authentication'}, head, inner));
    addEventListener('keydown', (event) => event.key === 'Escape' && giveUp());
    addEventListener('message', ({source, origin, data}) => {
      if (source !== inner.contentWindow || origin !== location.origin) return;
      if (data.standin === 'escape') giveUp();
      if (data.standin === 'outcome') resolve({outcome: data.outcome});
    });
  });

serve({
  init({url}) {
    root.removeAttribute('data-loading');
    const {origin, pathname} = new URL(url);
    return origin === location.origin && pathname.startsWith('/challenge/') ? ask(url) : {outcome: 'canceled'};
  },
});
