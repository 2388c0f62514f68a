/** The calls of the years before `confirmPayment`: an element for each method, a promise that resolves. */

/** `confirmCardPayment(secret, data, options)` and its kin, for one payment method type. */
const confirmOlder = async (stripe, noun, type, call, secret, data = {}, options = {}) => {
  checkSecret(secret, call, noun.prefix);
  insist(isObject(data), `${call}: the second argument is an object.`);
  const {payment_method: given, ...rest} = data;
  const request = {...pick(rest, [...PASSED_ON, 'return_url', 'shipping']), client_secret: secret, use_stripe_sdk: true};
  const path = `${noun.path}/${idOfSecret(secret)}/confirm`;
  const {body, error} = await postOlder(stripe, {noun, type, call, secret, given, request, path});
  if (error) return {error};
  const end = options.handleActions === false ? {body} : await followIntent(stripe._api, body);
  return named(noun.result)(end);
};

const postOlder = (stripe, {noun, type, call, secret, given, request, path}) => {
  if (typeof given === 'string' || given === undefined) {
    const bare = given === undefined && REDIRECT_METHODS.includes(type);
    const extra = bare ? {payment_method_data: {type}} : {payment_method: given};
    return stripe._api.call('POST', path, {...request, ...extra});
  }
  const {[type]: details, ...payer} = given;
  if (isElement(details)) {
    checkOwner(stripe, details, call);
    return details._ask('confirm', {path: noun.path, id: idOfSecret(secret), request: {...request, payment_method_data: payer}});
  }
  insist(!details?.number, `${call}: card numbers are not accepted from the page. Pass an Element.`);
  return stripe._api.call('POST', path, {...request, payment_method_data: {type, [type]: details || {}, ...payer}});
};

const OLDER_METHODS = {
  Card: 'card', SepaDebit: 'sepa_debit', Ideal: 'ideal', Bancontact: 'bancontact', Eps: 'eps', P24: 'p24',
  Giropay: 'giropay', Sofort: 'sofort', Klarna: 'klarna', Alipay: 'alipay', WechatPay: 'wechat_pay', Fpx: 'fpx',
  AfterpayClearpay: 'afterpay_clearpay', Affirm: 'affirm', PayPal: 'paypal', Blik: 'blik', Multibanco: 'multibanco',
  GrabPay: 'grabpay', Twint: 'twint', Cashapp: 'cashapp', RevolutPay: 'revolut_pay', Mobilepay: 'mobilepay',
  AcssDebit: 'acss_debit', AmazonPay: 'amazon_pay', AuBecsDebit: 'au_becs_debit', BacsDebit: 'bacs_debit', Billie: 'billie',
  Boleto: 'boleto', CustomerBalance: 'customer_balance', Konbini: 'konbini', Oxxo: 'oxxo', PayByBank: 'pay_by_bank',
  PayNow: 'paynow', Pix: 'pix', PromptPay: 'promptpay',
};

/** `confirmCardPayment`, `confirmIdealSetup`, … as functions of the instance. */
const olderCalls = (stripe) => Object.fromEntries(
  Object.entries(OLDER_METHODS).flatMap(([name, type]) => [
    [`confirm${name}Payment`, (...given) => confirmOlder(stripe, PAYMENT, type, `stripe.confirm${name}Payment()`, ...given)],
    [`confirm${name}Setup`, (...given) => confirmOlder(stripe, SETUP, type, `stripe.confirm${name}Setup()`, ...given)],
  ]),
);

/** `handleNextAction({clientSecret})` and the older `handleCardAction(secret)`. */
const handleNextAction = async (stripe, call, secret) => {
  checkSecret(secret, call);
  const noun = nounOf(secret);
  const {body, error} = await readIntent(stripe._api, secret);
  if (error) return {error};
  return named(noun.result)(await followIntent(stripe._api, body));
};

/** Calls that `dahlia` took away. They still answer on `/v3/` and the trains before it. */
const retiredCalls = (stripe) => {
  const cardCall = (noun, call) => (secret, second, third) =>
    isElement(second)
      ? confirmOlder(stripe, noun, 'card', call, secret, {payment_method: {card: second, ...third?.payment_method_data}, ...pick(third || {}, ['shipping', 'receipt_email'])})
      : confirmOlder(stripe, noun, 'card', call, secret, retiredData(second));
  return {
    handleCardPayment: cardCall(PAYMENT, 'stripe.handleCardPayment()'),
    handleCardSetup: cardCall(SETUP, 'stripe.handleCardSetup()'),
    confirmPaymentIntent: cardCall(PAYMENT, 'stripe.confirmPaymentIntent()'),
    confirmSetupIntent: cardCall(SETUP, 'stripe.confirmSetupIntent()'),
    redirectToCheckout: (options) => redirectToCheckout(stripe, options),
  };
};

const retiredData = ({payment_method_data: data, ...rest} = {}) =>
  data ? {payment_method: {...data, card: data.card}, ...rest} : rest;

const redirectToCheckout = async (stripe, options) => {
  insist(isObject(options) && typeof options.sessionId === 'string', 'stripe.redirectToCheckout() takes `{sessionId}`.');
  const page = `/c/pay/${encodeURIComponent(options.sessionId)}`;
  const {error} = await stripe._api.call('GET', `/v1/payment_pages/${encodeURIComponent(options.sessionId)}`);
  return error ? {error} : leaveFor(`${BASE}${page}`);
};
