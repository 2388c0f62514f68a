import {make} from '../frame/dom.js';
import {Rows, badge, inside, time} from './rows.js';

const tone = (status) => {
  if (!status) return 'wait';
  if (status < 300) return 'good';
  return status < 500 ? 'wait' : 'bad';
};

const draw = (call) => [
  make('div', {class: 'row__head'}, make('strong', {class: 'code'}, `${call.method} ${call.path}`), badge(String(call.status || 'open'), tone(call.status)), time(call.at)),
  make('p', {class: 'row__soft'}, [
    `${call.key || 'no'} key`, call.error_code, call.idempotency_key && `idempotency key ${call.idempotency_key}`,
    call.replayed && 'answered from memory', call.fault && `trouble: ${call.fault.replaceAll('_', ' ')}`,
  ].filter(Boolean).join(', ')),
  inside('Parameters', call.params),
];

export const calls = () => {
  const rows = new Rows('calls', {key: (call) => call.request_id, draw});
  return ({calls: list}) => rows.show(list.slice(-100).reverse(), list.length);
};
