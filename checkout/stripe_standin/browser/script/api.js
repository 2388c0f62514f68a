/** The API with a publishable key, as seen from the embedding page.
 *
 * Every call asks for an envelope (`_standin_envelope`): the real status comes
 * back inside a 200, because Chromium writes each failed fetch into the
 * console, and a declined card is not a fault of the embedding page.
 */
class Api {
  constructor(key, {stripeAccount, apiVersion} = {}) {
    this.key = key;
    this.manner = {_standin_envelope: 1, _standin_account: stripeAccount, _standin_version: apiVersion};
  }

  /** Resolves to `{body}` or `{error}`; never rejects. */
  async call(method, path, params = {}) {
    const reading = method === 'GET';
    const url = new URL(path, BASE);
    const inUrl = reading ? {...params, key: this.key, ...this.manner} : this.manner;
    url.search = new URLSearchParams(formPairs(inUrl));
    const body = reading ? undefined : new URLSearchParams(formPairs({...params, key: this.key}));
    try {
      const answer = await fetch(url, {method, body, credentials: 'omit', cache: 'no-store'});
      return unwrap(opened(answer.status, await answer.json()));
    } catch {
      return {error: connectionError()};
    }
  }
}

/** What is in the envelope; a test that answers in the stand-in's place may do without one. */
const opened = (status, json) => ('body' in json ? json : {status, body: json});

const unwrap = ({status, body}) =>
  body.error ? {error: browserError(status, body.error)} : {body};
