import {Field} from './field.js';

const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

export const checkEmail = (text) => {
  if (!text) return 'incomplete_email';
  return EMAIL.test(text) ? null : 'email_invalid';
};

const FIELDS = {
  name: {label: 'Full name', check: (text) => (text ? null : 'incomplete_name'), attributes: {autocomplete: 'name'}},
  email: {label: 'Email', check: checkEmail, attributes: {type: 'email', autocomplete: 'email', inputmode: 'email', spellcheck: 'false', placeholder: 'you@example.com'}},
  phone: {label: 'Phone number', check: (text) => (text.replace(/\D/g, '').length < 6 ? 'incomplete_phone_number' : null), attributes: {type: 'tel', autocomplete: 'tel', inputmode: 'tel'}},
};

/** The payer's name, e-mail and phone, as far as the method wants them and the host does not hide them. */
export const payerFields = ({wanted, rules, given = {}, onChange}) => {
  const asked = ['name', 'email', 'phone'].filter((name) => rules[name] === 'always' || (wanted.includes(name) && rules[name] !== 'never'));
  const fields = asked.map((name) => {
    const field = new Field({name, onChange, ...FIELDS[name]});
    field.value = given[name];
    return field;
  });
  return {fields, payer: () => Object.fromEntries(fields.map((field) => [field.name, field.value || undefined]))};
};
