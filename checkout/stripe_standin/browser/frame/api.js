/** The API as the frames call it: the only way that card data ever takes. */

const pairs = (value, name = '') => {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((item) => pairs(item, `${name}[]`));
  if (typeof value === 'object') {
    return Object.entries(value).flatMap(([key, item]) => pairs(item, name ? `${name}[${key}]` : key));
  }
  return [[name, String(value)]];
};

const lost = {
  type: 'api_connection_error',
  message: 'The connection broke before an answer arrived. Check the state of the payment before trying again.',
};

/** What is in the envelope; a test that answers in the stand-in's place may do without one. */
const opened = (status, json) => ('body' in json ? json : {status, body: json});

/** POST in an envelope (see `script/api.js`). Resolves to `{body}` or `{error}`; never rejects. */
export const post = async ({key, manner}, path, params) => {
  const url = new URL(path, location.origin);
  url.search = new URLSearchParams(pairs(manner));
  try {
    const answer = await fetch(url, {
      method: 'POST', body: new URLSearchParams(pairs({...params, key})), credentials: 'omit',
    });
    const {status, body} = opened(answer.status, await answer.json());
    if (!body.error) return {body};
    return {error: {...body.error, type: status === 429 ? 'rate_limit_error' : body.error.type}};
  } catch {
    return {error: lost};
  }
};

const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

/** A deep copy of `under` in which `over` wins wherever it says something. */
export const merge = (under, over) => {
  const merged = {...under};
  for (const [key, value] of Object.entries(over || {})) {
    if (value === undefined || value === null || value === '') continue;
    merged[key] = isObject(value) && isObject(merged[key]) ? merge(merged[key], value) : value;
  }
  return merged;
};

const INTENTS = ['/v1/payment_intents', '/v1/setup_intents'];
const MANDATE = {customer_acceptance: {type: 'online', online: {infer_from_client: true}}};
const NEEDS_MANDATE = ['sepa_debit', 'bacs_debit', 'us_bank_account'];

/** A request with what is paid with in it: a kept method by its id, or what was typed. */
const withMethod = ({payment_method_data: given, ...rest}, {kept, keep, ...typed}) => {
  if (kept) return {...rest, payment_method: kept.id};
  const details = merge(given || {}, typed);
  const mandate = NEEDS_MANDATE.includes(details.type) ? {mandate_data: MANDATE} : {};
  return {mandate, ...keep, ...rest, payment_method_data: details};
};

/** The four things a frame does with what was typed into it.
 *
 * The page names one of these verbs and never a path of its own choice, so it
 * cannot have the digits posted into a field that it may read back.
 * `data()` gives `{type, [type]: {...}, billing_details}`.
 */
export const verbs = (line, data) => ({
  async confirm({path, id, request}) {
    if (!INTENTS.includes(path)) throw new Error('Not an intent.');
    const url = `${path}/${encodeURIComponent(id)}/confirm`;
    const {mandate, ...params} = withMethod(request, data());
    return post(line, url, {...mandate, ...params});
  },
  payment_method(given) {
    const {kept, keep, ...typed} = data();
    return kept ? {body: kept} : post(line, '/v1/payment_methods', merge(given, typed));
  },
  confirmation_token(given) {
    const {mandate, ...params} = withMethod(given, data());
    return post(line, '/v1/confirmation_tokens', params);
  },
  token: (given) => post(line, '/v1/tokens', {card: tokenCard(given, data())}),
});

/** Tokens are older than billing details: the payer's address lies flat beside the digits. */
const tokenCard = (given, {card, billing_details: payer}) => {
  const {line1, line2, city, state, postal_code: zip, country} = payer?.address || {};
  const own = {name: payer?.name, address_line1: line1, address_line2: line2, address_city: city, address_state: state, address_zip: zip, address_country: country};
  return {...given, ...JSON.parse(JSON.stringify(own)), ...card};
};
