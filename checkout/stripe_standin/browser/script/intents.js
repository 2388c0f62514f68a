/** The two kinds of intent, and the names that the browser uses for each. */
const PAYMENT = {prefix: 'pi', path: '/v1/payment_intents', result: 'paymentIntent', field: 'payment_intent', failure: 'last_payment_error', code: 'payment_intent_authentication_failure'};
const SETUP = {prefix: 'seti', path: '/v1/setup_intents', result: 'setupIntent', field: 'setup_intent', failure: 'last_setup_error', code: 'setup_intent_authentication_failure'};

const nounOf = (secret) => (secret.startsWith('seti_') ? SETUP : PAYMENT);

const SETTLED = ['succeeded', 'processing', 'requires_capture', 'requires_confirmation', 'canceled'];

const readIntent = (api, secret) =>
  api.call('GET', `${nounOf(secret).path}/${idOfSecret(secret)}`, {client_secret: secret});

/** Where Stripe sends the shopper: the host's own address plus what happened. */
const returnAddress = (url, intent) => {
  const noun = nounOf(intent.client_secret);
  const status = {succeeded: 'succeeded', requires_capture: 'succeeded', processing: 'succeeded'};
  const target = new URL(url);
  target.searchParams.set(noun.field, intent.id);
  target.searchParams.set(`${noun.field}_client_secret`, intent.client_secret);
  target.searchParams.set('redirect_status', status[intent.status] || 'failed');
  return target.href;
};

/** Leave the page. The promise stays open, as the page that waits for it is gone. */
const leaveFor = (url) => {
  window.location.assign(url);
  return new Promise(() => {});
};

/** The intent says why it was not paid; the browser gets that as its error. */
const failureOf = (intent) => {
  const noun = nounOf(intent.client_secret);
  const error = intent[noun.failure] || {
    type: 'invalid_request_error',
    code: noun.code,
    message: 'We are unable to authenticate your payment method. Please choose a different payment method and try again.',
  };
  return {error: {...error, [noun.field]: intent}};
};

const challenge = async (api, intent) => {
  const {stripe_js: url} = intent.next_action.use_stripe_sdk;
  insist(url && new URL(url).origin === BASE, 'The next action of this intent belongs to another Stripe.');
  const answer = await openOverlay('challenge', 'Authentication', {url});
  if (answer?.error) return {error: answer.error};
  const {body, error} = await readIntent(api, intent.client_secret);
  if (error) return {error};
  return SETTLED.includes(body.status) ? {body} : failureOf(body);
};

/** Do what the intent asks for next: a challenge here, a redirect, or nothing. */
const followIntent = async (api, intent) => {
  const next = intent.status === 'requires_action' ? intent.next_action : null;
  if (next?.type === 'use_stripe_sdk') return challenge(api, intent);
  if (next?.type === 'redirect_to_url') return leaveFor(next.redirect_to_url.url);
  return {body: intent};
};
