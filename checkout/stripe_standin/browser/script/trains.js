/** What each release train of the script still has. `TRAIN` is set by the address it was loaded from. */
const TRAINS = ['v3', 'acacia', 'basil', 'clover', 'dahlia', 'endive'];

const trainOf = (name) => {
  const age = TRAINS.indexOf(name);
  return {
    name,
    version: name === 'v3' ? 3 : name,
    takesMethodTypes: age < TRAINS.indexOf('endive'),
    hasRetiredCalls: age < TRAINS.indexOf('dahlia'),
  };
};

/** The names that `dahlia` removed: calling one is a programming mistake, and says so. */
const REMOVED_CALLS = {
  handleCardPayment: 'confirmCardPayment', handleCardSetup: 'confirmCardSetup', handleFpxPayment: 'confirmFpxPayment',
  confirmPaymentIntent: 'confirmCardPayment', confirmSetupIntent: 'confirmCardSetup', createSource: 'createPaymentMethod',
  retrieveSource: 'retrievePaymentIntent', redirectToCheckout: 'the `url` of the Checkout Session',
  initCheckout: 'initCheckoutElementsSdk', initEmbeddedCheckout: 'createEmbeddedCheckoutPage',
};

const removedCalls = (train) => Object.fromEntries(
  Object.entries(REMOVED_CALLS).map(([name, instead]) => [name, () => {
    throw new IntegrationError(`stripe.${name}() is not part of the ${train.name} release of Stripe.js. Use ${instead}.`);
  }]),
);

/** Calls that exist at Stripe and are not imitated here. */
const absentCalls = (names) => Object.fromEntries(
  names.map((name) => [name, () => {
    throw new IntegrationError(`stripe.${name}() is not in the stand-in.`);
  }]),
);

const ABSENT_CALLS = [
  'initCheckoutElementsSdk', 'initCheckoutFormSdk', 'createEmbeddedCheckoutPage', 'initCheckout', 'initEmbeddedCheckout',
  'createSource', 'retrieveSource', 'collectBankAccountForPayment', 'collectBankAccountForSetup',
  'verifyMicrodepositsForPayment', 'verifyMicrodepositsForSetup', 'verifyIdentity', 'createRadarSession',
  'collectBankAccountToken', 'collectFinancialConnectionsAccounts', 'createEphemeralKeyNonce', 'initializePricing', 'processOrder',
  'retrieveOrder', 'confirmUsBankAccountPayment', 'confirmUsBankAccountSetup',
];
