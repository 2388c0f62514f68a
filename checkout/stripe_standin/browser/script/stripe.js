/** `Stripe(publishableKey, options)`: one instance of the script's front door. */
const KEY = /^pk_(test|live)_/;

const checkKey = (key) => {
  insist(typeof key === 'string' && key.trim(), 'Missing value for Stripe(): apiKey should be a string.');
  insist(!/^(sk|rk)_/.test(key), 'You should not use your secret key with Stripe.js. Please pass a publishable key instead.');
  insist(KEY.test(key), 'Stripe() takes a publishable key that starts with pk_test_.');
  insist(!key.startsWith('pk_live_'), 'This is a stand-in for Stripe in which no money moves: it refuses live keys.');
};

const makeStripe = (key, options = {}) => {
  checkKey(key);
  const stripe = {_api: new Api(key, options), _train: trainOf(TRAIN), _options: options};
  return Object.assign(
    stripe,
    absentCalls(ABSENT_CALLS),
    olderCalls(stripe),
    stripe._train.hasRetiredCalls ? retiredCalls(stripe) : removedCalls(stripe._train),
    currentCalls(stripe),
  );
};

const retrieve = (stripe, noun, call) => async (secret) => {
  checkSecret(secret, call, noun.prefix);
  return named(noun.result)(await readIntent(stripe._api, secret));
};

const currentCalls = (stripe) => ({
  elements: (options) => new Elements(stripe, options),
  confirmPayment: async (given) => new Confirmation(stripe, PAYMENT, 'stripe.confirmPayment()', given).run(),
  confirmSetup: async (given) => new Confirmation(stripe, SETUP, 'stripe.confirmSetup()', given).run(),
  retrievePaymentIntent: retrieve(stripe, PAYMENT, 'stripe.retrievePaymentIntent()'),
  retrieveSetupIntent: retrieve(stripe, SETUP, 'stripe.retrieveSetupIntent()'),
  handleNextAction: async (given) => handleNextAction(stripe, 'stripe.handleNextAction()', given?.clientSecret),
  handleCardAction: async (secret) => handleNextAction(stripe, 'stripe.handleCardAction()', secret),
  createPaymentMethod: async (...given) => createPaymentMethod(stripe, ...given),
  createConfirmationToken: async (given) => fromGroup(stripe, 'stripe.createConfirmationToken()', 'confirmation_token', given),
  createToken: async (...given) => createToken(stripe, ...given),
  paymentRequest: (given) => new PaymentRequest_(given),
  registerAppInfo: () => {},
  _registerWrapper: () => {},
});

/** The old wallet sheet. No wallet lives here, so it can never make a payment. */
class PaymentRequest_ extends Emitter {
  constructor(options) {
    super('the payment request', ['token', 'paymentmethod', 'source', 'cancel', 'shippingaddresschange', 'shippingoptionchange']);
    insist(isObject(options), 'stripe.paymentRequest() takes an object of options.');
  }

  async canMakePayment() { return null; }
  isShowing() { return false; }
  update() {}
  abort() {}
  show() { throw new IntegrationError('paymentRequest.show() needs a browser for which canMakePayment() is not null.'); }
}

function Stripe(key, options) {
  return makeStripe(key, options);
}

Stripe.version = trainOf(TRAIN).version;
// A page that loads the script twice keeps its first instance's class, as with the real one.
if (!window.Stripe) window.Stripe = Stripe;
