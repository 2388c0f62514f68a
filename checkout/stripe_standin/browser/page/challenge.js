/** Inside the box the answer goes to the frame around it, which closes the box. */

const framed = window.parent !== window;

const tell = (letter) => window.parent.postMessage(letter, location.origin);

const answer = async (form, button) => {
  for (const other of document.querySelectorAll('button')) other.disabled = true;
  const reply = await fetch(form.action, {method: 'POST', headers: {Accept: 'application/json'}});
  const {outcome} = await reply.json();
  tell({standin: 'outcome', outcome, by: button?.id});
};

if (framed) {
  document.body.classList.add('framed');
  // Not by `autofocus`: browsers refuse it in a frame of another origin.
  document.querySelector('h1').focus();
  addEventListener('submit', (event) => {
    event.preventDefault();
    answer(event.target, event.submitter);
  });
  addEventListener('keydown', (event) => event.key === 'Escape' && tell({standin: 'escape'}));
}
