/** The desk: look every two seconds, draw what changed, do what is pressed. */

import {act, readState} from './api.js';
import {calls} from './calls.js';
import {events} from './events.js';
import {payments} from './payments.js';
import {trouble} from './trouble.js';

const said = document.getElementById('said');
const parts = [payments(), events(), calls(), trouble()];

const say = (text, bad = false) => {
  said.textContent = text;
  said.classList.toggle('said--bad', bad);
};

const look = async () => {
  const state = await readState();
  for (const show of parts) show(state);
};

const PAUSE = 2000;

/** A full memory takes longer to read: the pause grows with it, so that the desk never hogs the stand-in. */
const watch = async () => {
  const start = performance.now();
  if (!document.hidden) await look().catch(() => say('The stand-in does not answer. Is it still running?', true));
  setTimeout(watch, Math.max(PAUSE, 10 * (performance.now() - start)));
};

const NUMBERS = ['calls', 'seconds', 'next', 'amount'];

const read = (form) => Object.fromEntries([...new FormData(form)]
  .filter(([, value]) => value !== '')
  .map(([name, value]) => [name, NUMBERS.includes(name) ? Number(value) : value]));

const doIt = async (name, given, what) => {
  try {
    await act(name, given);
    say(`Done: ${what}.`);
    await look();
  } catch (error) {
    say(error.message, true);
  }
};

document.addEventListener('submit', (event) => {
  event.preventDefault();
  const {act: name} = event.target.dataset;
  doIt(name, read(event.target), event.submitter.textContent.toLowerCase());
});

document.addEventListener('click', (event) => {
  const pressed = event.target.closest('button[type=button][data-act]');
  if (!pressed) return;
  const {act: name, given = '{}', ask} = pressed.dataset;
  if (ask && !window.confirm(ask)) return;
  doIt(name, JSON.parse(given), pressed.getAttribute('aria-label') || pressed.textContent.toLowerCase());
});

watch();
