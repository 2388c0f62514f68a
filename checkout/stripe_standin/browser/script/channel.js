const FRAME_STYLE = {
  border: '0', display: 'block', margin: '-4px', padding: '0', width: 'calc(100% + 8px)',
  userSelect: 'none', overflow: 'hidden', background: 'transparent', colorScheme: 'light',
};

/** An iframe on the stand-in's origin, and a private line to it.
 *
 * The frame says hello with the secret that only its own address holds; the
 * answer carries a MessagePort, and everything after travels over that port.
 * Neither side listens to `window` messages for anything else, so a third page
 * that holds a reference to either window has nothing to talk to.
 */
class Channel {
  #nonce = randomToken();
  #calls = new Map();
  #port = null;
  #next = 1;
  #watch = null;

  /** `onOpen(channel)` runs for each document that the iframe loads: moving an iframe reloads it. */
  constructor({kind, title, onOpen, onEvent, onLost}) {
    Object.assign(this, {onOpen, onEvent, onLost});
    this.iframe = document.createElement('iframe');
    Object.assign(this.iframe, {
      name: `__privateStripeFrame${crypto.getRandomValues(new Uint32Array(1))[0] % 100000}`,
      title,
      allow: 'payment *; publickey-credentials-get *',
      src: `${BASE}/frames/${kind}#${new URLSearchParams({nonce: this.#nonce, origin: location.origin})}`,
    });
    Object.assign(this.iframe.style, FRAME_STYLE);
    this.iframe.addEventListener('load', () => setTimeout(() => this.#port || this.onLost?.(), 1500));
    window.addEventListener('message', this.#hear);
  }

  #hear = ({source, origin, data}) => {
    const ours = source && source === this.iframe.contentWindow && origin === BASE;
    if (!ours || data?.standin !== 'hello' || data.nonce !== this.#nonce) return;
    this.#drop();
    const {port1, port2} = new MessageChannel();
    port1.onmessage = (message) => this.#receive(message.data);
    this.#port = port1;
    source.postMessage({standin: 'welcome', nonce: this.#nonce}, BASE, [port2]);
    this.onOpen(this);
  };

  #receive({id, result, event, payload}) {
    if (event === 'size') {
      Object.assign(this.iframe.style, {height: payload.height, colorScheme: payload.scheme});
    } else if (event) {
      this.onEvent?.(event, payload);
    } else {
      this.#calls.get(id)?.(result);
      this.#forget(id);
    }
  }

  /** Resolves to the frame's answer, or to `{error}` when the frame is torn out meanwhile. */
  call(name, payload) {
    const id = this.#next++;
    return new Promise((resolve) => {
      if (!this.#port) return resolve({error: connectionError()});
      this.#calls.set(id, resolve);
      this.#watch ??= setInterval(() => this.iframe.isConnected || this.#drop(), 250);
      this.#port.postMessage({id, call: name, payload});
    });
  }

  #forget(id) {
    this.#calls.delete(id);
    if (this.#calls.size) return;
    clearInterval(this.#watch);
    this.#watch = null;
  }

  /** A host that swaps the container away takes the frame with it: no call may hang. */
  #drop() {
    this.#port?.close();
    this.#port = null;
    for (const [id, resolve] of [...this.#calls]) {
      resolve({error: connectionError()});
      this.#forget(id);
    }
  }

  close() {
    window.removeEventListener('message', this.#hear);
    this.iframe.remove();
    this.#drop();
  }
}
