/** A programming mistake: thrown, or the reason a promise is rejected.
 *
 * What a shopper types and what the API answers never becomes one of these;
 * those resolve as `{error}`.
 */
class IntegrationError extends Error {
  constructor(message) {
    super(message);
    this.name = 'IntegrationError';
  }
}

const insist = (condition, message) => {
  if (!condition) throw new IntegrationError(message);
};

/** The request left and no answer came back: the outcome is unknown. */
const connectionError = () => ({
  type: 'api_connection_error',
  message:
    'The connection broke before an answer arrived. Check the state of the payment before trying again.',
});

/** The browser's error object from the API's envelope. */
const browserError = (status, error) => ({
  ...error,
  type: status === 429 ? 'rate_limit_error' : error.type,
});
