import {make, makeSvg} from './dom.js';
import {METHOD_NAMES} from './words.js';

const glyph = (...shapes) =>
  makeSvg('svg', {viewBox: '0 0 16 16', width: '16', height: '16', 'aria-hidden': 'true', class: 'TabIcon'}, ...shapes);

const icon = (type) => {
  const line = {fill: 'none', stroke: 'currentColor', 'stroke-width': '1.5'};
  if (type === 'card') return glyph(makeSvg('rect', {x: '1', y: '3', width: '14', height: '10', rx: '1.5', ...line}), makeSvg('path', {d: 'M1 6.5h14', ...line}));
  return glyph(makeSvg('path', {d: 'M2 6.5 8 2.5l6 4v.5H2zM3.5 7v5M8 7v5M12.5 7v5M2 13h12', ...line, 'stroke-linejoin': 'round'}));
};

/** The choice among several ways to pay: a row of tabs, or a list that unfolds. */
export class Chooser {
  constructor({forms, layout, onChoose}) {
    Object.assign(this, {forms, onChoose, chosen: null});
    this.accordion = layout === 'accordion';
    this.node = this.accordion ? this.#list() : this.#tabs();
  }

  #option(form, parts, text) {
    const button = make('button', {type: 'button', id: `${form.type}-tab`, class: `${parts}`, 'data-testid': form.type, onclick: () => this.#choose(form.type)}, icon(form.type), make('span', {class: text}, METHOD_NAMES[form.type]));
    return button;
  }

  #panel(form) {
    form.panel = make('div', {class: 'Panel', id: `${form.type}-panel`, role: this.accordion ? 'region' : 'tabpanel', 'aria-labelledby': `${form.type}-tab`, hidden: true}, form.node);
    return form.panel;
  }

  #tabs() {
    const list = make('div', {class: 'TabList', role: 'tablist', 'aria-label': 'Ways to pay', onkeydown: (event) => this.#arrows(event)});
    for (const form of this.forms) {
      form.button = this.#option(form, 'Tab', 'TabLabel');
      form.button.setAttribute('role', 'tab');
      form.button.setAttribute('aria-controls', `${form.type}-panel`);
      list.append(form.button);
    }
    return make('div', {class: 'Chooser'}, list, ...this.forms.map((form) => this.#panel(form)));
  }

  #list() {
    return make('div', {class: 'Chooser Chooser--accordion'}, ...this.forms.map((form) => {
      form.button = this.#option(form, 'AccordionTrigger', 'AccordionLabel');
      form.button.setAttribute('aria-controls', `${form.type}-panel`);
      form.item = make('div', {class: 'AccordionItem'}, form.button, this.#panel(form));
      return form.item;
    }));
  }

  #arrows(event) {
    const step = {ArrowRight: 1, ArrowLeft: -1}[event.key];
    if (!step) return;
    event.preventDefault();
    const place = this.forms.indexOf(this.form);
    const next = this.forms.at((place + step) % this.forms.length);
    this.#choose(next.type);
    next.button.focus();
  }

  get form() {
    return this.forms.find((form) => form.type === this.chosen) || null;
  }

  #choose(type) {
    this.choose(type);
    this.onChoose();
  }

  /** `null` folds the list. */
  choose(type) {
    this.chosen = type;
    for (const form of this.forms) {
      const on = form.type === type;
      form.panel.hidden = !on;
      form.button.classList.toggle(`${this.accordion ? 'AccordionTrigger' : 'Tab'}--selected`, on);
      form.item?.classList.toggle('AccordionItem--selected', on);
      if (this.accordion) {
        form.button.setAttribute('aria-expanded', String(on));
      } else {
        form.button.setAttribute('aria-selected', String(on));
        form.button.tabIndex = on ? 0 : -1;
      }
    }
  }
}
