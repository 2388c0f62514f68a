const SECRET = /^(pi|seti)_.+_secret_.+$/;

/** The intent that a client secret belongs to: `pi_1_secret_2` is of `pi_1`. */
const idOfSecret = (secret) => secret.slice(0, secret.indexOf('_secret_'));

const checkSecret = (secret, call, prefixes = 'pi|seti') => insist(
  typeof secret === 'string' && SECRET.test(secret) && new RegExp(`^(${prefixes})_`).test(secret),
  `Invalid value for ${call}: a client secret of the form \${id}_secret_\${secret} is expected. You specified: ${typeof secret === 'string' ? 'another string' : String(secret)}.`,
);

const DEFERRED = ['mode', 'amount', 'currency', 'setupFutureUsage', 'captureMethod', 'onBehalfOf'];

/** A group of elements that pay one intent: known by its secret, or made later (deferred). */
class Elements extends Emitter {
  #members = new Set();
  #asked = null;
  #room = randomToken();

  constructor(stripe, options = {}) {
    super('Elements', ['update-end', 'change', 'ready']);
    this._stripe = stripe;
    this._options = {...options};
    this.#check(options);
    this._clientSecret = options.clientSecret;
    this._submitted = false;
  }

  get _deferred() {
    return Boolean(this._options.mode);
  }

  #check({clientSecret, mode, amount, currency, paymentMethodTypes, ...rest}) {
    insist(!(clientSecret && mode), 'Pass either `clientSecret` or `mode` to elements(), not both.');
    if (!mode && 'clientSecret' in this._options) checkSecret(clientSecret, 'elements()');
    if (paymentMethodTypes && !this._stripe._train.takesMethodTypes) {
      throw new IntegrationError('`paymentMethodTypes` has been removed from elements(). Use `allowedPaymentMethodTypes`.');
    }
    if (!mode) return;
    insist(['payment', 'setup', 'subscription'].includes(mode), `Invalid mode for elements(): ${mode}.`);
    if (mode === 'setup') return;
    insist(Number.isInteger(amount) && amount >= 0, 'elements() in this mode needs `amount`, a whole number of minor units.');
    insist(typeof currency === 'string' && /^[a-z]{3}$/.test(currency), 'elements() in this mode needs `currency`, three lower-case letters.');
    insist(rest.loader === undefined || ['auto', 'always', 'never'].includes(rest.loader), 'Invalid `loader`.');
  }

  create(kind, options = {}) {
    insist(KINDS[kind], `A valid Element type must be provided; "${kind}" is not one of ${Object.keys(KINDS).join(', ')}.`);
    const intent = this._clientSecret || this._deferred;
    insist(!KINDS[kind].needs || intent, `In order to create a ${kind} Element, pass a client secret or a mode when creating the Elements group.`);
    if (kind === 'address') {
      insist(['shipping', 'billing'].includes(options.mode), 'The address Element needs `mode`: "shipping" or "billing".');
    }
    insist(!this.getElement(kind, options), `Can only create one Element of type ${kind} through one Elements group.`);
    const element = new StripeElement(this, kind, options);
    this.#members.add(element);
    return element;
  }

  getElement(kind, options) {
    const name = typeof kind === 'function' ? kind.__elementType : kind;
    const alike = [...this.#members].filter((member) => member._kind === name);
    const wanted = options?.mode ? alike.filter((member) => member._options.mode === options.mode) : alike;
    return wanted[0] || null;
  }

  _forget(element) {
    this.#members.delete(element);
  }

  get _mountedMembers() {
    return [...this.#members].filter((member) => member._mounted);
  }

  /** What every frame of the group is told about the group. */
  _setting() {
    const {appearance, locale, loader} = this._options;
    return {
      appearance: appearance || {}, locale: locale || this._stripe._options.locale || 'auto', loader: loader || 'auto',
      room: this.#room, key: this._stripe._api.key, manner: this._stripe._api.manner,
      methods: this.#methods(),
    };
  }

  #methods() {
    const {allowedPaymentMethodTypes, excludedPaymentMethodTypes, paymentMethodTypes} = this._options;
    return {allowed: allowedPaymentMethodTypes || paymentMethodTypes || null, excluded: excludedPaymentMethodTypes || []};
  }

  /** What may be paid with, asked once per group: `{body}` or `{error}`. */
  _session() {
    this.#asked ??= this._stripe._api.call('GET', '/v1/elements/sessions', this.#question());
    return this.#asked;
  }

  #question() {
    const {mode, amount, currency, customerSessionClientSecret: customer_session_client_secret} = this._options;
    if (this._clientSecret) return {client_secret: this._clientSecret, customer_session_client_secret};
    return {type: 'deferred_intent', deferred_intent: {mode, amount, currency}, customer_session_client_secret};
  }

  async #refresh() {
    this.#asked = null;
    const session = await this._session();
    if (session.error) return {error: {message: session.error.message, status: session.error.code}};
    for (const member of this._mountedMembers) member._tell('session', {session: session.body, methods: this.#methods()});
    return {};
  }

  /** Read the intent again after the server changed it. Resolves to `{}` or `{error}`. */
  async fetchUpdates() {
    insist(this._clientSecret, 'elements.fetchUpdates() needs a group made with a client secret.');
    return this.#refresh();
  }

  async update(options = {}) {
    insist(isObject(options), 'elements.update() takes an object of options.');
    insist(!('clientSecret' in options), 'The client secret of a group cannot be changed. Make a new group.');
    this.#check({...this._options, ...options});
    const changed = DEFERRED.some((name) => name in options && options[name] !== this._options[name]);
    this._options = {...this._options, ...options};
    const {appearance, locale} = this._setting();
    for (const member of this._mountedMembers) member._tell('update', {options: {}, appearance, locale});
    const many = ['allowedPaymentMethodTypes', 'excludedPaymentMethodTypes', 'paymentMethodTypes'].some((name) => name in options);
    if (this._deferred && (changed || many)) {
      this._submitted = false;
      await this.#refresh();
    }
    this._emit('update-end', {});
  }

  /** Check every mounted element and show what is missing in it. */
  async submit() {
    // Whoever pays by a wallet has left the card's fields alone.
    const wallet = this.getElement('expressCheckout')?._paying;
    const members = this._mountedMembers.filter(({_kind: kind}) => KINDS[kind].frame && !(wallet && kind === 'payment'));
    insist(members.length, 'elements.submit() needs at least one mounted Element.');
    const answers = await Promise.all(members.map((member) => member._ask('validate', {})));
    const bad = answers.find((answer) => answer?.error);
    if (bad) return {error: bad.error};
    this._submitted = true;
    const chosen = answers.find((answer) => answer?.selectedPaymentMethod);
    return chosen ? {selectedPaymentMethod: chosen.selectedPaymentMethod} : {};
  }

  /** What the other elements know about the payer, in the API's words. */
  _known() {
    const email = this.getElement('linkAuthentication')?._last?.value?.email;
    const part = (mode) => {
      const value = this.getElement('address', {mode})?._last;
      return value?.complete ? {name: value.value.name, phone: value.value.phone, address: value.value.address} : undefined;
    };
    return {billing_details: merge(part('billing') || {}, {email}), shipping: part('shipping')};
  }
}
