const OVERLAY_STYLE = {
  position: 'fixed', inset: '0', width: '100%', height: '100%', margin: '0', padding: '0',
  border: '0', zIndex: '2147483647', background: 'transparent',
};

/** A frame over the whole page, with the page behind it inert until it closes.
 *
 * `inert` on the neighbours traps focus without a listener; a `<dialog>` would
 * do the same, but then the frame would not stand directly under the body,
 * where browser tests written for Stripe look for it.
 */
const openOverlay = (kind, title, question) => {
  const before = document.activeElement;
  const scroll = document.documentElement.style.overflow;
  return new Promise((resolve) => {
    const channel = new Channel({
      kind, title,
      onOpen: async (line) => close(await line.call('init', question)),
      onLost: () => close({error: connectionError()}),
    });
    Object.assign(channel.iframe.style, OVERLAY_STYLE);
    const asleep = [...document.body.children].filter((node) => !node.inert);
    let open = true;
    const close = (answer) => {
      if (!open) return;
      open = false;
      channel.close();
      asleep.forEach((node) => { node.inert = false; });
      document.documentElement.style.overflow = scroll;
      before?.focus?.({preventScroll: true});
      resolve(answer);
    };
    asleep.forEach((node) => { node.inert = true; });
    document.documentElement.style.overflow = 'hidden';
    document.body.append(channel.iframe);
    channel.iframe.focus();
  });
};
