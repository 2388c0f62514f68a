/** The desk's JSON API. Both throw an Error whose message is a sentence for people. */

const answer = async (response) => {
  const body = await response.json();
  if (!response.ok) throw new Error(body.error.message);
  return body;
};

export const readState = async () => answer(await fetch('/desk/api/state', {cache: 'no-store'}));

export const act = async (name, given = {}) =>
  answer(await fetch(`/desk/api/${name}`, {method: 'POST', body: JSON.stringify(given)}));
