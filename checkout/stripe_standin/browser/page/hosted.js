/** The hosted page pays with the same Element as everybody else. */

const form = document.getElementById('hosted-form');
const message = document.getElementById('message');
const button = form.querySelector('button');
const {id, amount, currency, types, done} = form.dataset;
const key = 'pk_test_standin';
const stripe = window.Stripe(key);
const free = Number(amount) === 0;

const dark = matchMedia('(prefers-color-scheme: dark)');
const appearance = () => (dark.matches
  ? {theme: 'night', variables: {colorBackground: '#14161a', colorText: '#eceef0', colorPrimary: '#8fc1f0', borderRadius: '8px'}}
  : {theme: 'stripe', variables: {borderRadius: '8px'}});

const elements = free ? null : stripe.elements({
  mode: 'payment', amount: Number(amount), currency, allowedPaymentMethodTypes: types.split(' '),
  paymentMethodCreation: 'manual', appearance: appearance(),
});
if (elements) {
  elements.create('payment').mount('#payment-element');
  dark.addEventListener('change', () => elements.update({appearance: appearance()}));
}

const say = (text) => {
  message.textContent = text;
  message.hidden = !text;
};

const busy = (on) => {
  button.disabled = on;
  button.setAttribute('aria-busy', String(on));
};

/** Confirm the session in an envelope, so that a decline is no console error. */
const confirm = async (paymentMethod) => {
  const body = new URLSearchParams({key, email: form.email.value, expected_amount: amount});
  if (form.phone) body.set('phone', form.phone.value);
  if (paymentMethod) body.set('payment_method', paymentMethod);
  const answer = await fetch(`/v1/payment_pages/${id}/confirm?_standin_envelope=1`, {method: 'POST', body});
  return (await answer.json()).body;
};

const payer = () => ({email: form.email.value, name: form.cardholder.value, ...(form.phone ? {phone: form.phone.value} : {})});

const pay = async () => {
  if (free) return confirm();
  const checked = await elements.submit();
  if (checked.error) return checked;
  const made = await stripe.createPaymentMethod({elements, params: {billing_details: payer()}});
  if (made.error) return made;
  const page = await confirm(made.paymentMethod.id);
  if (page.error || page.payment_intent?.status !== 'requires_action') return page;
  return stripe.handleNextAction({clientSecret: page.payment_intent.client_secret});
};

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  say('');
  busy(true);
  const {error} = await pay().catch(() => ({error: {message: 'The stand-in did not answer. Look at its desk before trying again.'}}));
  if (!error) return location.assign(done || location.href);
  busy(false);
  // What is wrong in a field is said beside it already.
  if (error.type !== 'validation_error') say(error.message);
});
