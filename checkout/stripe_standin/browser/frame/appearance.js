import {setScheme} from './line.js';

/** The host's `appearance`, carried into the frame by CSSOM: no style attribute, no style tag. */

const ALLOWED = new Set(`-moz-osx-font-smoothing -webkit-font-smoothing -webkit-text-fill-color backgroundColor border borderBottom
  borderBottomColor borderBottomLeftRadius borderBottomRightRadius borderBottomStyle borderBottomWidth borderColor borderLeft
  borderLeftColor borderLeftStyle borderLeftWidth borderRadius borderRight borderRightColor borderRightStyle borderRightWidth
  borderStyle borderTop borderTopColor borderTopLeftRadius borderTopRightRadius borderTopStyle borderTopWidth borderWidth
  boxShadow color fill fillOpacity fontFamily fontSize fontVariant fontWeight letterSpacing lineHeight margin marginBottom
  marginLeft marginRight marginTop opacity outline outlineOffset padding paddingBottom paddingLeft paddingRight paddingTop
  stroke strokeWidth textDecoration textShadow textTransform transition MozOsxFontSmoothing WebkitFontSmoothing
  WebkitTextFillColor`.split(/\s+/));

const kebab = (name) => name.replace(/^(Moz|Webkit)/, '-$1').replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`).replace('--', '-');

/** `.Input`, `.Tab--selected:hover`, `.Input::placeholder`, `.Block .Label`: names that the frame's nodes carry. */
const SELECTOR = /^(\.[A-Z][A-Za-z]*(--[a-z]+)?(:{1,2}[a-z-]+)?\s*)+$/;

const declare = (rule, properties) => {
  for (const [name, value] of Object.entries(properties)) {
    if (ALLOWED.has(name)) rule.style.setProperty(kebab(name), String(value));
  }
};

const sheet = new CSSStyleSheet();
document.adoptedStyleSheets = [sheet];

const addRule = (selector, properties) => {
  const place = sheet.insertRule(`${selector} {}`, sheet.cssRules.length);
  declare(sheet.cssRules[place], properties);
};

let applied = [];

export const applyAppearance = ({theme = 'stripe', variables = {}, rules = {}, labels, disableAnimations} = {}) => {
  const root = document.documentElement;
  root.dataset.theme = theme;
  root.dataset.labels = labels || 'above';
  root.toggleAttribute('data-still', Boolean(disableAnimations));
  applied.forEach((name) => root.style.removeProperty(name));
  applied = Object.keys(variables).map((name) => `--${name}`);
  for (const [name, value] of Object.entries(variables)) root.style.setProperty(`--${name}`, String(value));
  sheet.replaceSync('');
  for (const [selector, properties] of Object.entries(rules)) {
    if (SELECTOR.test(selector)) addRule(selector, properties);
  }
  setScheme(isDark() ? 'dark' : 'light');
};

/** Native parts (lists, scroll bars) follow the ground that the fields stand on. */
const isDark = () => {
  const probe = document.getElementById('root');
  const ground = canvasColour(getComputedStyle(probe).getPropertyValue('--colorBackground'));
  const [red, green, blue] = ground;
  return red * 0.299 + green * 0.587 + blue * 0.114 < 128;
};

/** Any CSS colour as red, green and blue: the canvas knows `oklch()` and names alike. */
const canvasColour = (colour) => {
  const pen = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
  pen.fillStyle = '#fff';
  pen.fillStyle = colour.trim();
  pen.fillRect(0, 0, 1, 1);
  return pen.getImageData(0, 0, 1, 1).data;
};

/** The older elements' `style: {base, complete, empty, invalid}` becomes rules for their inputs. */
export const applyOlderStyle = (style = {}) => {
  sheet.replaceSync('');
  const states = {base: '.Row .Input', empty: '.Row .Input:placeholder-shown', invalid: '.Row .Input[aria-invalid="true"]', complete: '.Row--complete .Input'};
  for (const [state, selector] of Object.entries(states)) {
    for (const [name, value] of Object.entries(style[state] || {})) {
      if (name === 'iconColor') continue;
      if (name.startsWith(':')) addRule(`${selector}${name}`, value);
      else addRule(selector, {[name]: value});
    }
  }
};
