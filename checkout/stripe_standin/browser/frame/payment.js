import {verbs} from './api.js';
import {applyAppearance} from './appearance.js';
import {Chooser} from './chooser.js';
import {make, standinMark} from './dom.js';
import {knows, makeForm, nothingChosen} from './forms.js';
import {emit, serve} from './line.js';

const root = document.getElementById('root');
const state = {setting: null, chooser: null};

const layoutOf = ({layout} = {}) => (typeof layout === 'string' ? {type: layout} : layout || {});

const typesOf = ({session, methods, options}) => {
  const offered = session.payment_method_types.filter(knows);
  const {allowed, excluded} = methods;
  const kept = offered.filter((type) => (!allowed || allowed.includes(type)) && !excluded.includes(type));
  const order = (options.paymentMethodOrder || []).filter((type) => kept.includes(type));
  return [...new Set([...order, ...kept])];
};

const summary = ({form, forms}) =>
  (form
    ? {empty: form.empty, complete: form.complete, collapsed: false, value: {type: form.type, ...form.value?.()}}
    : {empty: true, complete: false, collapsed: true, value: {type: forms[0]?.type || ''}});

/** Said only when something differs: most keys change nothing that the page may know. */
const changed = () => {
  const payload = summary(state.chooser);
  const text = JSON.stringify(payload);
  if (text === state.said) return;
  state.said = text;
  emit('change', payload);
};

const brandSeen = () => {
  let last = null;
  return (name) => {
    if (name === last) return;
    last = name;
    emit('carddetailschange', {loading: false, details: {brands: name === 'unknown' ? null : [name], funding: null}});
  };
};

const build = () => {
  const {setting} = state;
  const {options, session, locale} = setting;
  const given = options.defaultValues?.billingDetails || {};
  const parts = {options, locale, given, saved: session.customer_payment_methods, features: session.mode === 'setup' ? null : session.customer_session, merchant: session.merchant_country, onChange: changed, onBrand: brandSeen()};
  const forms = typesOf(setting).map((type) => makeForm(type, parts));
  const {type, defaultCollapsed} = layoutOf(options);
  state.types = forms.map((form) => form.type).join();
  state.chooser = new Chooser({forms, layout: type, onChoose: changed});
  const list = forms.length > 1 ? state.chooser.node : single(state.chooser);
  root.replaceChildren(...(forms.length ? [list] : [make('p', {class: 'RedirectText'}, 'No way to pay fits this payment.')]), standinMark());
  const folded = type === 'accordion' && defaultCollapsed && forms.length > 1;
  state.chooser.choose(folded || !forms.length ? null : forms[0].type);
  setReadOnly(options.readOnly);
};

/** One way to pay needs no choice: only its panel is shown, as a group that says its name. */
const single = ({forms: [form], node}) => {
  if (!form) return node;
  form.panel.setAttribute('role', 'group');
  form.panel.removeAttribute('aria-labelledby');
  form.panel.setAttribute('aria-label', 'Card');
  return make('div', {class: 'Chooser'}, form.panel);
};

const setReadOnly = (on) => {
  root.toggleAttribute('data-busy', Boolean(on));
  for (const form of state.chooser.forms) for (const field of form.fields) field.setReadOnly(Boolean(on));
};

const data = () => ({type: state.chooser.chosen, ...state.chooser.form.data()});

/** The fields are still while the answer is on its way, and say what the bank said. */
const held = (verb) => async (payload) => {
  setReadOnly(true);
  const answer = await verb(payload);
  setReadOnly(state.setting.options.readOnly);
  if (answer.error?.type === 'card_error') state.chooser.form.refuse?.(answer.error);
  return answer;
};

const heldVerbs = (setting) =>
  Object.fromEntries(Object.entries(verbs(setting, data)).map(([name, verb]) => [name, held(verb)]));

const focusFirst = () => (state.chooser.form?.fields.find((field) => !field.hidden)?.control || state.chooser.forms[0]?.button)?.focus();

const handlers = {
  init(setting) {
    state.setting = setting;
    Object.assign(handlers, heldVerbs(setting));
    applyAppearance(setting.appearance);
    build();
    root.removeAttribute('data-loading');
    changed();
    const available = Object.fromEntries(state.chooser.forms.map(({type}) => [type, {available: true}]));
    emit('availablepaymentmethodschange', {paymentMethods: available});
    return {};
  },
  fail() {
    root.replaceChildren();
    root.removeAttribute('data-loading');
  },
  update({options, appearance, locale}) {
    const rebuild = ['layout', 'fields', 'paymentMethodOrder', 'business', 'defaultValues'].some((name) => name in options);
    Object.assign(state.setting.options, options);
    if (locale) state.setting.locale = locale;
    if (appearance) applyAppearance(appearance);
    if (rebuild) build();
    if ('readOnly' in options) setReadOnly(options.readOnly);
  },
  /** What is typed stays, unless other ways to pay are offered now. */
  session({session, methods}) {
    Object.assign(state.setting, {session, methods});
    if (typesOf(state.setting).join() !== state.types) build();
    changed();
  },
  validate() {
    const {form} = state.chooser;
    if (!form) return {error: nothingChosen()};
    const error = form.judge();
    return error ? {error} : {selectedPaymentMethod: form.type};
  },
  focus: focusFirst,
  blur: () => document.activeElement?.blur(),
  clear() {
    for (const form of state.chooser.forms) for (const field of form.fields) if (field.control.tagName !== 'SELECT') field.value = '';
    changed();
  },
  collapse() {
    if (state.chooser.accordion && state.chooser.forms.length > 1) state.chooser.choose(null);
    changed();
  },
};

addEventListener('focus', () => emit('focus'));
addEventListener('blur', () => emit('blur'));
serve(handlers);
