/** Methods whose payer leaves for another page and comes back by `return_url`. */
const REDIRECT_METHODS = ['ideal', 'bancontact', 'eps', 'p24', 'giropay', 'sofort', 'klarna', 'alipay', 'wechat_pay', 'afterpay_clearpay', 'affirm', 'paypal', 'revolut_pay', 'twint', 'amazon_pay', 'cashapp', 'mobilepay', 'blik', 'multibanco', 'fpx', 'grabpay'];

/** The older elements that can stand for a payment method's data. */
const isElement = (value) => value instanceof StripeElement;

/** Make something out of an element's fields: the frame posts it, so that the page never holds the digits.
 *  `call` is one of the frame's own verbs. */
const makeFrom = async (element, call, params) => {
  const {body, error} = await element._ask(call, params);
  return error ? {error} : {body};
};

/** `createPaymentMethod` in its three spellings. */
const createPaymentMethod = async (stripe, first, second, third) => {
  if (typeof first === 'string') return fromFields(stripe, first, isElement(second) ? {[first]: second, ...third} : second || {});
  insist(isObject(first), 'createPaymentMethod takes a type, or an object of options.');
  if (first.elements) return fromGroup(stripe, 'createPaymentMethod', 'payment_method', first);
  insist(typeof first.type === 'string', 'createPaymentMethod needs `type`, or `elements`.');
  const {type, ...data} = first;
  return fromFields(stripe, type, data);
};

const named = (name) => ({body, error}) => (error ? {error} : {[name]: body});

const fromFields = async (stripe, type, {[type]: details, ...rest}) => {
  const answer = isElement(details)
    ? await makeFrom(checkOwner(stripe, details, 'createPaymentMethod'), 'payment_method', {type, ...rest})
    : await createFromDetails(stripe, type, details, rest);
  return named('paymentMethod')(answer);
};

const createFromDetails = (stripe, type, details, rest) => {
  insist(!details?.number, 'Card numbers are not accepted from the page. Pass an Element.');
  return stripe._api.call('POST', '/v1/payment_methods', {type, [type]: details, ...rest});
};

const checkOwner = (stripe, element, call) => {
  insist(element._group._stripe === stripe, `Please use the same instance of Stripe that made this Element when calling ${call}.`);
  return element;
};

/** `createPaymentMethod({elements})` and `createConfirmationToken({elements})`. */
const fromGroup = async (stripe, call, verb, {elements, params = {}}) => {
  insist(elements instanceof Elements && elements._stripe === stripe, `${call}: \`elements\` must come from this instance of Stripe.`);
  const manual = elements._options.paymentMethodCreation === 'manual';
  insist(verb !== 'payment_method' || manual, `${call}: make the group with \`paymentMethodCreation: 'manual'\`.`);
  const wallet = elements.getElement('expressCheckout');
  const source = wallet?._paying ? wallet : elements.getElement('payment');
  insist(source?._mounted, `${call}: the group has no mounted Payment Element.`);
  insist(!elements._deferred || elements._submitted || source === wallet, `${call}: call and await \`elements.submit()\` first.`);
  const checked = await source._ask('validate', {});
  if (checked?.error) return {error: checked.error};
  const known = elements._known();
  const answer = await makeFrom(source, verb, mergeKnown(verb, params, known));
  return named(verb === 'payment_method' ? 'paymentMethod' : 'confirmationToken')(answer);
};

const mergeKnown = (verb, params, {billing_details: details, shipping}) => {
  const bill = {billing_details: details};
  if (verb === 'payment_method') return merge(params, bill);
  return merge(params, {payment_method_data: bill, shipping});
};

/** `createToken(element, data)` for the card element, and `createToken(type, data)` for plain data. */
const createToken = async (stripe, source, data = {}) => {
  if (!isElement(source)) {
    insist(typeof source === 'string', 'createToken takes an Element, or a type and its data.');
    return named('token')(await stripe._api.call('POST', '/v1/tokens', {[source]: data}));
  }
  checkOwner(stripe, source, 'createToken');
  return named('token')(await makeFrom(source, 'token', data));
};
