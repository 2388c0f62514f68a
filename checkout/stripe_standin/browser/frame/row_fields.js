import {applyOlderStyle} from './appearance.js';
import {make} from './dom.js';
import {emit} from './line.js';

const root = document.getElementById('root');

/** The first problem worth saying: what is merely unfinished is not a mistake while the payer types. */
const shownError = (fields) => {
  const bad = fields.find((field) => field.error);
  return bad ? bad.error : undefined;
};

/** Change as the older elements report it: with the error inside, and only when something differs. */
export const reporter = (fields, extra) => {
  let last = '';
  return () => {
    const payload = {
      empty: fields.every((field) => !field.value), complete: fields.every((field) => field.hidden || !field.code),
      error: shownError(fields), ...extra(),
    };
    const text = JSON.stringify(payload);
    if (text === last) return;
    last = text;
    root.querySelector('.Row')?.classList.toggle('Row--complete', payload.complete);
    emit('change', payload);
  };
};

/** What every frame of the older elements answers in the same way. */
export const rowHandlers = (state) => ({
  validate() {
    const wrong = state.fields.filter((field) => !field.hidden && field.judge());
    state.report();
    return wrong.length ? {error: wrong[0].error} : {};
  },
  update({options}) {
    Object.assign(state.options, options);
    if (options.style) applyOlderStyle(options.style);
    if ('disabled' in options) state.fields.forEach((field) => { field.control.disabled = options.disabled; });
    if (options.hidePostalCode !== undefined && state.postal) state.postal.hidden = options.hidePostalCode;
    if (options.placeholder) state.fields[0].control.placeholder = options.placeholder;
    if (options.value?.postalCode && state.postal) state.postal.value = options.value.postalCode;
  },
  focus: () => state.fields[0].control.focus(),
  blur: () => document.activeElement?.blur(),
  clear() {
    state.fields.forEach((field) => { field.value = ''; });
    state.report();
  },
});

/** Put the fields on their line, above the stand-in's mark. */
export const layRow = (state, {part, mark}) => {
  const row = make('div', {class: part ? 'Row Row--part' : 'Row'}, ...state.fields.map((field) => field.node));
  root.replaceChildren(row, mark);
  root.removeAttribute('data-loading');
  state.fields.forEach((field) => field.control.addEventListener('blur', () => state.report()));
};

/** One field is full, so the next takes over: in a single line nobody presses Tab. */
export const advance = (from, to, isFull) => {
  from.control.addEventListener('input', (event) => {
    const typed = !event.inputType?.startsWith('delete');
    const free = to && !to.hidden && document.activeElement === from.control;
    if (typed && free && isFull() && !from.code) to.control.focus();
  });
};

export const wireFocus = () => {
  addEventListener('focus', () => emit('focus'));
  addEventListener('blur', () => emit('blur'));
};
