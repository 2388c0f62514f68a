/** `make('label', {for: id, class: 'Label'}, 'Card number')`: a node without any HTML in a string. */
export const make = (tag, attributes = {}, ...children) => {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? '' : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
};

const SVG = 'http://www.w3.org/2000/svg';

export const makeSvg = (tag, attributes = {}, ...children) => {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
};

/** The line under each form that says what this is. */
export const standinMark = (text = 'Stand-in for Stripe: no money moves') =>
  make('p', {class: 'mark'}, make('span', {class: 'mark__stripes', 'aria-hidden': 'true'}), text);
