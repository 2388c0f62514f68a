/** The Express Checkout Element: a pretend wallet that walks through click, sheet and confirm. */

const WALLET = 'link';

const withDeadline = (milliseconds, start) =>
  new Promise((resolve) => {
    setTimeout(() => resolve({late: true}), milliseconds);
    start(resolve);
  });

/** The host answers a click with `resolve(details)`; silence for a second means yes. */
const askHost = (element, event, payload) =>
  withDeadline(1000, (done) => {
    if (!element._listenersOf(event).length) return done({});
    element._emit(event, {
      ...payload, elementType: 'expressCheckout', expressPaymentType: WALLET,
      resolve: (details = {}) => done({details}), reject: () => done({rejected: true}),
    });
  });

StripeElement.prototype._wallet = async function walk() {
  const answer = await askHost(this, 'click', {});
  if (answer.rejected) return;
  const wishes = {...this._options, ...answer.details};
  const {amount, currency} = this._group._options;
  const sheet = await openOverlay('sheet', 'Express checkout', {...pick(wishes, ['emailRequired', 'phoneNumberRequired', 'shippingAddressRequired', 'shippingRates', 'lineItems', 'business']), amount, currency});
  if (sheet?.outcome !== 'paid') {
    this._emit('cancel', {elementType: 'expressCheckout'});
    return;
  }
  this._paying = true;
  this._group._submitted ||= !this._group._deferred;
  const paymentFailed = () => { this._paying = false; };
  this._emit('confirm', {elementType: 'expressCheckout', expressPaymentType: WALLET, ...sheet.payer, paymentFailed});
};
