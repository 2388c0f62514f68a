import {make} from '../frame/dom.js';
import {Rows, badge, button, inside, money, time} from './rows.js';

const TONES = {succeeded: 'good', processing: 'wait', requires_action: 'wait', requires_capture: 'wait', canceled: 'quiet', complete: 'good', expired: 'quiet', won: 'good', lost: 'bad', failed: 'bad', pending: 'wait'};

const methodText = (method) => {
  if (!method) return '';
  if (method.card) return `${method.card.brand} ${method.card.last4}`;
  return method.type.replaceAll('_', ' ');
};

/** What the bank, the shopper or the seller may do to an intent as it stands. */
const intentActs = ({intent, charge}) => {
  const {id, status, next_action: next} = intent;
  if (status === 'processing') return [button('Complete', 'complete', {id}, id), button('Fail', 'fail', {id}, id)];
  if (status === 'requires_capture') return [button('Let the hold lapse', 'expire_hold', {id}, id)];
  if (status === 'requires_action' && next?.redirect_to_url?.url.includes('/bank/')) {
    return [button('Authorize', 'bank', {id, outcome: 'authorize'}, id), button('Fail', 'bank', {id, outcome: 'fail'}, id)];
  }
  if (status === 'requires_action') {
    return [button('Pass the challenge', 'authenticate', {id, outcome: 'complete'}, id), button('Fail it', 'authenticate', {id, outcome: 'fail'}, id)];
  }
  if (status !== 'succeeded' || !charge) return [];
  const left = charge.amount_captured - charge.amount_refunded;
  const refund = left > 0 && !charge.disputed ? [button(`Refund ${money(left, intent.currency)}`, 'refund', {id}, id)] : [];
  const part = left > 1 && !charge.disputed ? [button('Refund half', 'refund', {id, amount: Math.floor(left / 2)}, id)] : [];
  return [...refund, ...part, ...(charge.disputed ? [] : [button('Dispute', 'dispute', {id}, id)])];
};

const refundRow = (refund) => make('li', {class: 'row__sub'},
  make('span', {}, `Refund ${money(refund.amount, refund.currency)} `), badge(refund.status, TONES[refund.status]),
  ...(refund.status === 'pending' ? [button('Arrive', 'settle_refund', {id: refund.id}, refund.id)] : []),
  ...(['pending', 'succeeded'].includes(refund.status) ? [button('Come back', 'fail_refund', {id: refund.id}, refund.id)] : []));

const DECIDED = ['won', 'lost', 'warning_closed'];

const disputeRow = (dispute) => make('li', {class: 'row__sub'},
  make('span', {}, `Dispute ${money(dispute.amount, dispute.currency)}, ${dispute.reason.replaceAll('_', ' ')} `), badge(dispute.status, TONES[dispute.status]),
  ...(DECIDED.includes(dispute.status) ? [] : [
    button('Seller wins', 'decide_dispute', {id: dispute.id, status: 'won'}, dispute.id),
    button('Seller loses', 'decide_dispute', {id: dispute.id, status: 'lost'}, dispute.id),
  ]));

const draw = (row) => {
  const {intent, method, refunds, disputes} = row;
  const {last_payment_error: error} = intent;
  const acts = intentActs(row);
  return [
    make('div', {class: 'row__head'}, make('strong', {class: 'money'}, money(intent.amount, intent.currency)), badge(intent.status, TONES[intent.status]), make('span', {class: 'row__soft'}, methodText(method)), time(intent.created)),
    make('p', {class: 'code row__soft'}, intent.id),
    ...(error ? [make('p', {class: 'row__bad'}, error.message || error.code)] : []),
    ...(acts.length ? [make('div', {class: 'row__acts'}, ...acts)] : []),
    make('ul', {}, ...refunds.map(refundRow), ...disputes.map(disputeRow)),
    inside('JSON', intent),
  ];
};

export const payments = () => {
  const rows = new Rows('payments', {key: ({intent}) => intent.id, draw});
  return ({objects}) => {
    const of = (kind) => objects[kind] || [];
    const byId = new Map(Object.values(objects).flat().map((item) => [item.id, item]));
    const list = of('payment_intent').map((intent) => ({
      intent, charge: byId.get(intent.latest_charge) || null,
      method: byId.get(intent.payment_method) || intent.last_payment_error?.payment_method || null,
      refunds: of('refund').filter((refund) => refund.payment_intent === intent.id),
      disputes: of('dispute').filter((dispute) => dispute.payment_intent === intent.id),
    }));
    rows.show(list.slice(0, 100), list.length);
  };
};
