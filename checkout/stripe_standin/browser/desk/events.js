import {make} from '../frame/dom.js';
import {Rows, badge, button, inside, time} from './rows.js';

const TONES = {delivered: 'good', failed: 'bad', dropped: 'bad', waiting: 'wait', held: 'wait', sending: 'wait'};

const answers = ({answers: given}) => given.map((status) => status ?? 'no answer').join(', ');

const deliveryRow = (delivery) => {
  const {id, status, url} = delivery;
  const on = ['waiting', 'held'].includes(status);
  return make('li', {class: 'row__sub'},
    badge(status, TONES[status]), make('span', {class: 'code'}, url), make('span', {class: 'row__soft'}, answers(delivery)),
    button('Send again', 'replay', {id}, id), ...(on ? [button('Drop', 'drop', {id}, id)] : []));
};

const draw = ({event, deliveries}) => {
  const about = event.data.object;
  return [
    make('div', {class: 'row__head'}, make('strong', {class: 'code'}, event.type), time(event.created)),
    make('p', {class: 'code row__soft'}, `${event.id}, about ${about.id || about.object}`),
    make('ul', {}, ...deliveries.map(deliveryRow)),
    ...(deliveries.length ? [] : [make('div', {class: 'row__acts'}, make('span', {class: 'row__soft'}, 'No endpoint was listening.'), button('Send to all now', 'replay', {id: event.id}, event.id))]),
    inside('JSON', event),
  ];
};

export const events = () => {
  const rows = new Rows('events', {key: ({event}) => event.id, draw});
  return ({objects, deliveries}) => {
    const list = objects.event || [];
    const shown = list.slice(0, 100).map((event) => ({event, deliveries: deliveries.filter((delivery) => delivery.event === event.id)}));
    rows.show(shown, list.length);
  };
};
