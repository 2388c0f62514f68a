import {make} from '../frame/dom.js';

/** So many rows are enough at a glance. */
const FEW = 6;

/** A list that changes only where something changed: open rows stay open, focus stays where it is. */
export class Rows {
  #seen = new Map();

  /** `draw(item)` gives the inside of a row; `key(item)` tells rows apart. */
  constructor(name, {key, draw}) {
    Object.assign(this, {key, draw});
    this.list = document.getElementById(name);
    this.count = document.getElementById(`${name}-count`);
    this.empty = document.getElementById(`${name}-empty`);
    this.few = true;
    this.more = make('button', {type: 'button', class: 'small', hidden: true, onclick: () => this.#turn()});
    this.list.after(this.more);
  }

  #turn() {
    this.few = !this.few;
    this.show(...this.last);
  }

  /** `items` are the newest of `total`. */
  show(items, total = items.length) {
    this.last = [items, total];
    this.more.hidden = items.length <= FEW;
    this.more.textContent = this.few ? `Show ${items.length} of ${total}` : `Show ${FEW} only`;
    this.#lay(this.few ? items.slice(0, FEW) : items, total);
  }

  #lay(items, total) {
    if (this.count) this.count.textContent = total ? String(total) : '';
    if (this.empty) this.empty.hidden = total > 0;
    const keys = new Set(items.map(this.key));
    for (const [key, row] of this.#seen) {
      if (keys.has(key)) continue;
      row.node.remove();
      this.#seen.delete(key);
    }
    items.forEach((item, place) => this.#place(item, place));
  }

  #place(item, place) {
    const key = this.key(item);
    const text = JSON.stringify(item);
    const row = this.#seen.get(key) || {node: make('li', {class: 'row'}), text: ''};
    if (row.text !== text) this.#redraw(row, item, text);
    this.#seen.set(key, row);
    const there = this.list.children[place];
    if (there !== row.node) this.list.insertBefore(row.node, there || null);
  }

  #redraw(row, item, text) {
    const open = [...row.node.querySelectorAll('details')].map((node) => node.open);
    const focused = [...row.node.querySelectorAll('button, summary')].indexOf(document.activeElement);
    row.node.replaceChildren(...this.draw(item));
    row.node.querySelectorAll('details').forEach((node, place) => { node.open = open[place] || false; });
    row.node.querySelectorAll('button, summary')[focused]?.focus();
    row.text = text;
  }
}

export const time = (seconds) => {
  const when = new Date(seconds * 1000);
  const pad = (number) => String(number).padStart(2, '0');
  return make('time', {datetime: when.toISOString(), title: when.toString()}, `${pad(when.getHours())}:${pad(when.getMinutes())}:${pad(when.getSeconds())}`);
};

/** A status as a word in a wash; the word is the sign, the colour helps. */
export const badge = (text, tone = '') => make('span', {class: `badge ${tone && `badge--${tone}`}`}, text.replaceAll('_', ' '));

export const inside = (title, value) =>
  make('details', {class: 'inside'}, make('summary', {}, title), make('pre', {class: 'code', tabindex: '0', role: 'region', 'aria-label': title}, JSON.stringify(value, null, 2)));

// Two currencies in which the API counts more finely than the money itself.
const PLACES = {isk: 2, ugx: 2};

/** Minor units as `GBP 42.00`. */
export const money = (amount, currency) => {
  if (!Number.isInteger(amount) || !currency) return '';
  const {maximumFractionDigits} = new Intl.NumberFormat('en', {style: 'currency', currency}).resolvedOptions();
  const places = PLACES[currency] ?? maximumFractionDigits;
  const number = new Intl.NumberFormat('en', {minimumFractionDigits: places, maximumFractionDigits: places});
  return `${currency.toUpperCase()} ${number.format(amount / 10 ** places)}`;
};

/** A button that does one thing at the desk. `label` says it fully for who cannot see the row. */
export const button = (text, name, given, label) =>
  make('button', {type: 'button', class: 'small', 'data-act': name, 'data-given': JSON.stringify(given), 'aria-label': label && `${text}: ${label}`}, text);
