/** One element: a box in the embedding page whose inside lives on the stand-in's origin. */
class StripeElement extends Emitter {
  #channel = null;
  #container = null;
  #destroyed = false;
  #settled = null;

  constructor(group, kind, options) {
    super(`the ${kind} Element`, [...BASE_EVENTS, ...KINDS[kind].events]);
    Object.assign(this, {_group: group, _kind: kind, _elementType: kind, _options: {...options}, _last: null});
  }

  get _mounted() {
    return Boolean(this.#channel?.iframe.isConnected);
  }

  mount(target) {
    insist(!this.#destroyed, 'This Element has already been destroyed. Please create a new one.');
    const container = this.#find(target);
    if (this._mounted) {
      insist(container === this.#container, 'This Element is already mounted. Call `unmount()` before mounting it elsewhere.');
      return;
    }
    this.#leave();
    this.#container = container;
    container.replaceChildren();
    if (!KINDS[this._kind].frame) return;
    this.#enter(container);
  }

  #find(target) {
    insist(target, 'Missing argument. `mount()` takes a CSS selector or a DOM element.');
    const named = typeof target === 'string';
    const container = named ? document.querySelector(target) : target;
    insist(
      !named || container,
      `The selector you specified (${target}) applies to no DOM elements that are currently on the page. Make sure the element exists on the page before calling mount().`,
    );
    insist(
      container instanceof HTMLElement && container.isConnected,
      'Invalid DOM element specified. It must be a valid DOM element that is currently on the page.',
    );
    return container;
  }

  #enter(container) {
    const {frame, title, height} = KINDS[this._kind];
    let answer;
    this.#settled = new Promise((resolve) => { answer = resolve; });
    this.#channel = new Channel({
      kind: frame,
      title,
      onOpen: (channel) => this.#init(channel).then(answer),
      onEvent: (event, payload) => this.#hear(event, payload),
      onLost: () => { answer({error: connectionError()}); this.#fail(connectionError()); },
    });
    this.#channel.iframe.style.height = `${height}px`;
    const box = document.createElement('div');
    box.className = '__PrivateStripeElement';
    Object.assign(box.style, {margin: '0', padding: '0', border: '0', display: 'block', position: 'relative'});
    box.append(this.#channel.iframe);
    container.append(box);
    this.#mark({empty: true});
    setTimeout(() => this._emit('loaderstart', {elementType: this._kind}));
  }

  async #init(channel) {
    const session = KINDS[this._kind].needs ? await this._group._session() : {body: null};
    if (session.error) {
      this.#fail(session.error);
      await channel.call('fail', {});
      return session;
    }
    const answer = await channel.call('init', {...this._group._setting(), kind: this._kind, options: this._options, session: session.body});
    if (answer?.error || channel !== this.#channel) return answer;
    this._emit('ready', {elementType: this._kind, ...answer});
    return answer;
  }

  #fail(error) {
    if (!this._listenersOf('loaderror').length) console.warn(`The ${this._kind} Element could not load: ${error.message}`);
    this._emit('loaderror', {elementType: this._kind, error});
  }

  #hear(event, payload) {
    if (event === 'change') this._last = payload;
    this.#mark({...this._last, [event]: true});
    const elementType = this._kind;
    if (event === 'click' || event === 'confirm') this._wallet(event, payload);
    else this._emit(event, {elementType, ...payload});
  }

  /** The state classes of the older elements, on the host's own container. */
  #mark({empty, complete, error, focus, blur}) {
    if (!OLD_KINDS.includes(this._kind) || !this.#container) return;
    const names = {...STATE_CLASSES, ...this._options.classes};
    const set = (state, on) => names[state].split(/\s+/).filter(Boolean)
      .forEach((name) => this.#container.classList.toggle(name, Boolean(on)));
    set('base', true);
    set('empty', empty);
    set('complete', complete);
    set('invalid', error);
    if (focus || blur) set('focus', focus);
  }

  /** Ask the frame, once it is there. Resolves to its answer or `{error}`. */
  async _ask(call, payload) {
    insist(!this.#destroyed, 'This Element has been destroyed.');
    insist(this._mounted, `The ${this._kind} Element is not mounted. Mount it and keep it on the page before using it.`);
    const channel = this.#channel;
    const start = await this.#settled;
    return start?.error ? {error: start.error} : channel.call(call, payload);
  }

  _tell(call, payload) {
    if (this._mounted) this.#settled.then((start) => start?.error || this.#channel?.call(call, payload));
  }

  update(options = {}) {
    insist(isObject(options), '`update()` takes an object of options.');
    this._options = {...this._options, ...options};
    this._tell('update', {options});
    return this;
  }

  focus() { this.#channel?.iframe.focus(); this._tell('focus'); }
  blur() { this._tell('blur'); this.#channel?.iframe.blur(); }
  clear() { this._tell('clear'); }
  collapse() { this._tell('collapse'); }

  /** Only the address element has a value to read; the others keep what is typed. */
  async getValue() {
    insist(this._kind === 'address', `The ${this._kind} Element has no getValue().`);
    return this._ask('value');
  }

  unmount() {
    insist(!this.#destroyed, 'This Element has already been destroyed.');
    this.#leave();
  }

  destroy() {
    insist(!this.#destroyed, 'This Element has already been destroyed.');
    this.#leave();
    this.#destroyed = true;
    this._group._forget(this);
    this.removeAllListeners();
  }

  #leave() {
    if (!this.#channel) return;
    const {iframe} = this.#channel;
    const box = iframe.parentElement;
    this.#channel.close();
    box?.remove();
    this.#channel = null;
    this.#container?.classList.remove(...Object.values({...STATE_CLASSES, ...this._options.classes}).join(' ').split(/\s+/).filter(Boolean));
    this.#container = null;
    this._last = null;
  }
}
