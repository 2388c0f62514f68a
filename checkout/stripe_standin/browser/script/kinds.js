const BASE_EVENTS = ['loaderstart', 'ready', 'loaderror', 'change', 'focus', 'blur', 'escape'];

/** What can be created, in which frame it lives, and what it has to say.
 *
 * `needs` is 'intent' where a group without a client secret or a mode cannot
 * carry the element; `holds` names what the element knows about the payer.
 */
const KINDS = {
  payment: {
    frame: 'payment', needs: 'intent', height: 280, title: 'Secure payment input frame',
    events: [
      'carddetailschange', 'savedpaymentmethodupdate', 'savedpaymentmethodremove',
      'availablepaymentmethodschange',
    ],
  },
  linkAuthentication: {frame: 'email', height: 80, title: 'Secure email input frame', events: []},
  address: {frame: 'address', height: 330, title: 'Secure address input frame', events: []},
  expressCheckout: {
    frame: 'wallet', needs: 'intent', height: 56, title: 'Secure express checkout frame',
    events: [
      'click', 'confirm', 'cancel', 'shippingaddresschange', 'shippingratechange',
      'availablepaymentmethodschange',
    ],
  },
  card: {frame: 'row', height: 28, title: 'Secure card payment input frame', events: ['networkschange']},
  cardNumber: {frame: 'part', height: 28, title: 'Secure card number input frame', events: ['networkschange']},
  cardExpiry: {frame: 'part', height: 28, title: 'Secure expiration date input frame', events: []},
  cardCvc: {frame: 'part', height: 28, title: 'Secure CVC input frame', events: []},
  iban: {frame: 'part', height: 28, title: 'Secure IBAN input frame', events: []},
  paymentRequestButton: {frame: null, title: '', events: ['click']},
};

/** The elements of the years before the Payment Element; `style` and `classes` belong to them. */
const OLD_KINDS = ['card', 'cardNumber', 'cardExpiry', 'cardCvc', 'iban'];

const STATE_CLASSES = {
  base: 'StripeElement', complete: 'StripeElement--complete', empty: 'StripeElement--empty',
  focus: 'StripeElement--focus', invalid: 'StripeElement--invalid', webkitAutofill: 'StripeElement--webkit-autofill',
};
