import {make} from '../frame/dom.js';
import {Rows} from './rows.js';

const draw = ({kind, calls, path}) => [
  make('span', {}, `${kind.replaceAll('_', ' ')} for ${calls} more ${calls === 1 ? 'call' : 'calls'}${path ? ` to ${path}` : ''}`),
];

const sayMischief = ({drop_next: drop, drop_all: all, duplicate_next: twice, duplicate_all: twins, delay_seconds: delay, hold}) => [
  hold && 'Everything is held back.', all && 'All are dropped.', drop && `The next ${drop} are dropped.`,
  twins && 'All are doubled.', twice && `The next ${twice} are doubled.`, delay && `All are ${delay} s late.`,
].filter(Boolean).join(' ') || 'Deliveries go out as they should.';

export const trouble = () => {
  const rows = new Rows('faults', {key: (fault) => fault.place, draw});
  const mischief = document.getElementById('mischief');
  const now = document.getElementById('now');
  return (state) => {
    const {waiting, latency_seconds: latency} = state.faults;
    const late = latency ? [{place: 'latency', kind: `${latency} s latency`, calls: 'all', path: ''}] : [];
    rows.show([...waiting.map((fault, place) => ({...fault, place})), ...late]);
    mischief.textContent = sayMischief(state.mischief);
    now.textContent = new Date(state.now * 1000).toLocaleString();
  };
};
