/** The payer's e-mail, for the Link Authentication Element. */

import {applyAppearance} from './appearance.js';
import {make, standinMark} from './dom.js';
import {emit, serve} from './line.js';
import {payerFields} from './payer_fields.js';

const root = document.getElementById('root');
const state = {};

const changed = () => {
  const {value} = state.field;
  emit('change', {empty: !value, complete: !state.field.code, value: {email: value}});
};

serve({
  init({appearance, options}) {
    applyAppearance(appearance);
    const {fields: [field]} = payerFields({wanted: ['email'], rules: {}, given: options.defaultValues, onChange: changed});
    state.field = field;
    root.replaceChildren(make('div', {class: 'Form'}, field.node), standinMark());
    root.removeAttribute('data-loading');
    changed();
    return {};
  },
  validate() {
    const error = state.field.judge();
    return error ? {error} : {};
  },
  update: ({appearance}) => { if (appearance) applyAppearance(appearance); },
  focus: () => state.field.control.focus(),
  blur: () => document.activeElement?.blur(),
  clear() {
    state.field.value = '';
    changed();
  },
});

addEventListener('focus', () => emit('focus'));
addEventListener('blur', () => emit('blur'));
