const REDIRECTS = ['always', 'if_required'];

/** Parameters of `confirmParams` that the API knows by the same name. */
const PASSED_ON = ['payment_method', 'confirmation_token', 'receipt_email', 'mandate_data', 'setup_future_usage', 'payment_method_options', 'expand'];

const pick = (object, names) =>
  Object.fromEntries(names.filter((name) => name in object).map((name) => [name, object[name]]));

/** `confirmPayment` and `confirmSetup`: one road for both nouns. */
class Confirmation {
  constructor(stripe, noun, call, given) {
    insist(isObject(given), `${call} takes an object of options.`);
    Object.assign(this, {stripe, noun, call, group: given.elements, redirect: given.redirect ?? 'always', params: given.confirmParams || {}});
    this.secret = given.elements?._clientSecret || given.clientSecret;
    this.#checkGroup(given);
    this.#checkReturn();
  }

  #checkGroup({elements, clientSecret}) {
    if (elements !== undefined) {
      insist(elements instanceof Elements, `${this.call}: \`elements\` is not an Elements group.`);
      insist(elements._stripe === this.stripe, `Please use the same instance of Stripe that made this Elements group when calling ${this.call}.`);
      const foreign = elements._clientSecret && clientSecret && clientSecret !== elements._clientSecret;
      insist(!foreign, `${this.call}: this \`clientSecret\` is not the one the Elements group was made with.`);
    }
    insist(this.secret, `${this.call}: a \`clientSecret\` is needed, on the Elements group or beside it.`);
    checkSecret(this.secret, this.call, this.noun.prefix);
  }

  #checkReturn() {
    const {return_url: url} = this.params;
    insist(REDIRECTS.includes(this.redirect), `${this.call}: \`redirect\` is "always" or "if_required".`);
    insist(url || this.redirect === 'if_required', `${this.call}: the \`confirmParams.return_url\` argument is required unless passing \`redirect: 'if_required'\`.`);
    insist(!url || /^[a-z][a-z0-9+.-]*:/i.test(url), `${this.call}: \`confirmParams.return_url\` must be an absolute address.`);
  }

  /** The element that holds what is paid with; null where the call itself names it. */
  #source() {
    if (!this.group) return null;
    const payment = this.group.getElement('payment');
    const wallet = this.group.getElement('expressCheckout');
    if (wallet?._paying) return wallet;
    insist(payment || !wallet, `${this.call}: call it for the Express Checkout Element inside its "confirm" event.`);
    insist(payment, `${this.call}: the Elements group has no Payment Element.`);
    insist(payment._mounted, `Invalid value for ${this.call}: elements should have a mounted Payment Element.`);
    insist(!this.group._deferred || this.group._submitted, `${this.call}: in this mode \`elements.submit()\` must be called and awaited first.`);
    const type = payment._last?.value?.type;
    insist(this.params.return_url || !REDIRECT_METHODS.includes(type), `${this.call}: \`confirmParams.return_url\` is required for ${type}.`);
    this.#checkHidden(payment);
    return payment;
  }

  /** What the host hid with "never", the host has to supply. */
  #checkHidden(payment) {
    const hidden = payment._options.fields?.billingDetails;
    const given = this.params.payment_method_data?.billing_details || {};
    for (const name of ['name', 'email', 'phone']) {
      const never = hidden === 'never' || hidden?.[name] === 'never';
      insist(!never || given[name] !== undefined, `You specified "never" for fields.billingDetails.${name} but did not pass confirmParams.payment_method_data.billing_details.${name} to ${this.call}.`);
    }
    const address = hidden === 'never' ? 'never' : hidden?.address;
    for (const [name, field] of [['country', 'country'], ['postalCode', 'postal_code']]) {
      const never = address === 'never' || address?.[name] === 'never';
      insist(!never || given.address?.[field] !== undefined, `You specified "never" for fields.billingDetails.address.${name} but did not pass confirmParams.payment_method_data.billing_details.address.${field} to ${this.call}.`);
    }
  }

  #request() {
    const known = this.group?._known() || {};
    const {payment_method_data: data, shipping, return_url, save_payment_method: save} = this.params;
    const passed = pick(this.params, PASSED_ON);
    if (save && !passed.setup_future_usage && this.noun === PAYMENT) passed.setup_future_usage = 'off_session';
    return {
      ...passed, return_url, client_secret: this.secret, use_stripe_sdk: true,
      shipping: this.noun === PAYMENT ? known.shipping || shipping : undefined,
      payment_method_data: merge(data || {}, known.billing_details ? {billing_details: known.billing_details} : {}),
    };
  }

  async #send(source) {
    const request = this.#request();
    const id = idOfSecret(this.secret);
    if (source) return source._ask('confirm', {path: this.noun.path, id, request});
    if (!Object.keys(request.payment_method_data).length) delete request.payment_method_data;
    return this.stripe._api.call('POST', `${this.noun.path}/${id}/confirm`, request);
  }

  /** In deferred mode the intent was made apart from the form: both must say the same. */
  async #mismatch() {
    if (!this.group?._deferred || this.noun !== PAYMENT) return null;
    const {body, error} = await readIntent(this.stripe._api, this.secret);
    if (error) return error;
    const {amount, currency} = this.group._options;
    if (body.amount === amount && body.currency === currency) return null;
    return {
      type: 'invalid_request_error', code: 'payment_intent_invalid_parameter', payment_intent: body,
      message: `The Elements group was set up for ${amount} ${currency}, but the PaymentIntent is for ${body.amount} ${body.currency}.`,
    };
  }

  async run() {
    const source = this.#source();
    const holder = this.group || this;
    if (holder._confirming) {
      return {error: {type: 'invalid_request_error', message: `${this.call} was called while an earlier call is still running.`}};
    }
    holder._confirming = true;
    try {
      return await this.#attempt(source);
    } finally {
      holder._confirming = false;
    }
  }

  async #attempt(source) {
    const checked = source ? await source._ask('validate', {}) : {};
    const wrong = checked?.error || (await this.#mismatch());
    if (wrong) return {error: wrong};
    const {body, error} = await this.#send(source);
    if (error) return {error};
    const end = await followIntent(this.stripe._api, body);
    if (end.error) return {error: end.error};
    const must = this.redirect === 'always' && end.body.status !== 'requires_action';
    return must ? leaveFor(returnAddress(this.params.return_url, end.body)) : {[this.noun.result]: end.body};
  }
}
