/** What the frames say when something typed cannot be right. Codes are those that Stripe.js hands to the page. */
const PROBLEMS = {
  incomplete_number: 'Your card number is incomplete.',
  invalid_number: 'Your card number is invalid.',
  incomplete_expiry: "Your card's expiration date is incomplete.",
  invalid_expiry_month: "Your card's expiration date is invalid.",
  invalid_expiry_month_past: "Your card's expiration date is in the past.",
  invalid_expiry_year_past: "Your card's expiration year is in the past.",
  incomplete_cvc: "Your card's security code is incomplete.",
  incomplete_zip: 'Your postal code is incomplete.',
  incomplete_iban: 'The IBAN you entered is incomplete.',
  invalid_iban: 'The IBAN you entered is invalid.',
  incomplete_name: 'Please provide your full name.',
  incomplete_email: 'Your email is incomplete.',
  email_invalid: 'Your email is invalid.',
  incomplete_phone_number: 'Your phone number is incomplete.',
  incomplete_account: 'Your account details are incomplete.',
  incomplete_address: 'This field is incomplete.',
  incomplete_payment_method: 'Please choose how to pay.',
};

/** The error that the page gets for a field: shown inside the frame already. */
export const problem = (code) => ({type: 'validation_error', code, message: PROBLEMS[code]});

export const METHOD_NAMES = {
  card: 'Card', sepa_debit: 'SEPA Debit', ideal: 'iDEAL', bancontact: 'Bancontact', eps: 'EPS', p24: 'Przelewy24',
  giropay: 'giropay', sofort: 'Sofort', klarna: 'Klarna', alipay: 'Alipay', paypal: 'PayPal', twint: 'TWINT',
  revolut_pay: 'Revolut Pay', bacs_debit: 'Bacs Direct Debit', us_bank_account: 'US bank account',
};
