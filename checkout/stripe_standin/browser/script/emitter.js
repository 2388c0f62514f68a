/** `on`, `once` and `off` for a closed list of events. */
class Emitter {
  #listeners = new Map();

  constructor(noun, events) {
    this._noun = noun;
    this._events = events;
  }

  on(event, listener) {
    this.#expect(event, listener);
    this.#listeners.set(event, [...this._listenersOf(event), {listener, run: listener}]);
    return this;
  }

  once(event, listener) {
    this.#expect(event, listener);
    const run = (payload) => {
      this.off(event, listener);
      listener(payload);
    };
    this.#listeners.set(event, [...this._listenersOf(event), {listener, run}]);
    return this;
  }

  off(event, listener) {
    const kept = listener
      ? this._listenersOf(event).filter((entry) => entry.listener !== listener)
      : [];
    this.#listeners.set(event, kept);
    return this;
  }

  addListener(event, listener) { return this.on(event, listener); }
  addEventListener(event, listener) { return this.on(event, listener); }
  removeListener(event, listener) { return this.off(event, listener); }
  removeEventListener(event, listener) { return this.off(event, listener); }
  removeAllListeners() { this.#listeners.clear(); return this; }
  hasRegisteredListener(event) { return this._listenersOf(event).length > 0; }

  _listenersOf(event) {
    return this.#listeners.get(event) || [];
  }

  /** One listener that throws does not silence the next; its error reaches the console. */
  _emit(event, payload) {
    for (const {run} of this._listenersOf(event)) {
      try {
        run(payload);
      } catch (error) {
        setTimeout(() => { throw error; });
      }
    }
  }

  #expect(event, listener) {
    insist(
      this._events.includes(event),
      `Invalid event for ${this._noun}: "${event}". It has ${this._events.join(', ')}.`,
    );
    insist(typeof listener === 'function', `The listener for "${event}" is not a function.`);
  }
}
