/** The frame's end of the private line to the page that embeds it. */

const {nonce, origin} = Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
// A page without an origin of its own (a file, a sandbox) is called "null", which is no address.
const target = !origin || origin === 'null' ? '*' : origin;

let port = null;

/** Tell the page. Nothing is said before the line stands. */
export const emit = (event, payload = {}) => port?.postMessage({event, payload});

/** Answer the page's calls with the functions of `handlers`, and keep it told of the height. */
export const serve = (handlers) => {
  addEventListener('message', (message) => {
    const page = message.source === parent && (target === '*' || message.origin === target);
    if (port || !page || message.data?.standin !== 'welcome' || message.data.nonce !== nonce) return;
    [port] = message.ports;
    port.onmessage = ({data}) => answer(handlers, data);
    watchHeight();
  });
  parent.postMessage({standin: 'hello', nonce}, target);
};

const broken = {type: 'api_error', message: "The stand-in's frame is broken; its console says how."};

const answer = async (handlers, {id, call, payload}) => {
  let result;
  try {
    result = await handlers[call]?.(payload || {});
  } catch (mistake) {
    // The page must not wait for ever; the mistake itself still reaches the console.
    result = {error: broken};
    reportError(mistake);
  }
  port.postMessage({id, result});
  // Out of sight a frame is not laid out, and its observer sleeps; asking wakes it.
  tellHeight();
};

let scheme = 'light';

/** The canvas of a frame is only see-through while both sides use one colour scheme. */
export const setScheme = (name) => {
  scheme = name;
  document.documentElement.style.colorScheme = name;
  tellHeight();
};

const tellHeight = () => {
  const root = document.getElementById('root');
  if (root?.dataset.fill === undefined) emit('size', {height: `${Math.ceil(root.getBoundingClientRect().height)}px`, scheme});
};

const watchHeight = () => {
  const root = document.getElementById('root');
  new ResizeObserver(tellHeight).observe(root);
};

addEventListener('keydown', (event) => event.key === 'Escape' && emit('escape'));
