import {make} from './dom.js';
import {problem} from './words.js';

/** How many characters that count stand before the caret, so that it can be put back after formatting. */
const counted = (text) => text.replace(/[^0-9A-Za-z]/g, '').length;

const placeAfter = (text, count) => {
  let seen = 0;
  for (let place = 0; place < text.length; place += 1) {
    if (seen === count) return place;
    if (/[0-9A-Za-z]/.test(text[place])) seen += 1;
  }
  return text.length;
};

const taken = {};

/** Several methods ask for a name; only the first may have Stripe's id, or its label would name another field. */
const idOf = (name) => {
  taken[name] = (taken[name] || 0) + 1;
  return `Field-${name}Input${taken[name] > 1 ? taken[name] : ''}`;
};

/** A labelled input with its own message: formats while typing, judges when left or asked. */
export class Field {
  #shown = null;

  /** `check(text)` gives the code of a problem or null; `format(text)` gives the text as it should stand. */
  constructor({name, label, check = () => null, format, attributes = {}, control, beside, onChange}) {
    Object.assign(this, {name, check, format, onChange});
    const id = idOf(name);
    this.control = control || make('input', {type: 'text', ...attributes});
    for (const [key, value] of Object.entries({id, name, class: `${control ? 'Select' : 'Input'} p-Input`, 'aria-invalid': 'false', 'aria-describedby': `${id}Error`})) {
      this.control.setAttribute(key, value);
    }
    this.message = make('p', {class: 'Error', id: `${id}Error`, role: 'alert', hidden: true});
    this.label = make('label', {class: 'Label', for: id}, label);
    const box = make('div', {class: 'Field__box'}, this.control, beside);
    this.node = make('div', {class: 'Field', 'data-field': name}, this.label, box, this.message);
    this.#listen();
  }

  #listen() {
    this.control.addEventListener('input', (event) => this.#typed(event));
    this.control.addEventListener('change', () => this.onChange?.(this));
    this.control.addEventListener('blur', () => this.value && this.judge());
  }

  #typed(event) {
    this.clearProblem();
    if (this.format) this.#reformat(event.inputType || '');
    this.onChange?.(this);
  }

  #reformat(inputType) {
    const {value, selectionStart} = this.control;
    const deleting = inputType.startsWith('delete');
    const before = counted(value.slice(0, selectionStart));
    const text = deleting ? this.format(value).replace(/[^0-9A-Za-z]+$/, '') : this.format(value);
    if (text === value) return;
    this.control.value = text;
    // At the end the caret follows what the format added; in the middle it stays by its digit.
    const place = selectionStart === value.length ? text.length : placeAfter(text, before);
    if (document.activeElement === this.control) this.control.setSelectionRange(place, place);
  }

  get value() { return this.control.value.trim(); }

  set value(text) {
    this.control.value = this.format ? this.format(text || '') : text || '';
    this.clearProblem();
  }

  get code() { return this.hidden ? null : this.check(this.value); }
  get hidden() { return this.node.hidden; }
  set hidden(hidden) { this.node.hidden = hidden; }

  /** Show what is wrong, if anything. Gives the error for the page, or null. */
  judge() {
    const {code} = this;
    if (!code) {
      this.clearProblem();
      return null;
    }
    return this.say(problem(code));
  }

  say(error) {
    this.#shown = error;
    this.message.textContent = error.message;
    this.message.hidden = false;
    this.control.setAttribute('aria-invalid', 'true');
    this.control.classList.add('Input--invalid');
    this.label.classList.add('Label--invalid');
    return error;
  }

  get error() { return this.#shown; }

  clearProblem() {
    this.#shown = null;
    this.message.hidden = true;
    this.message.textContent = '';
    this.control.setAttribute('aria-invalid', 'false');
    this.control.classList.remove('Input--invalid');
    this.label.classList.remove('Label--invalid');
  }

  setReadOnly(on) {
    if (this.control.tagName === 'SELECT') this.control.disabled = on;
    else this.control.readOnly = on;
  }
}
