// Keeps each customer's access right, whether Portico's news arrive twice, in another order, or not at all.
//
// CLOUDEVENTS.md explains each step. Verify first that Pub/Sub pushes the message, or pull it.

export const STOP = 'portico.usage.stop-serving';
export const RESUME = 'portico.usage.resume-serving';
export const DELETED = 'portico.account.deleted';
// States of orders in force. Google may add states: one that is not listed is not in force.
const IN_FORCE = new Set([
  'ENTITLEMENT_ACTIVE',
  'ENTITLEMENT_PENDING_CANCELLATION',
  'ENTITLEMENT_PENDING_PLAN_CHANGE',
  'ENTITLEMENT_PENDING_PLAN_CHANGE_APPROVAL',
]);
const UNKNOWN = { position: '', access: 'pending', orders: {}, serving: {} };

/** This is no news of Portico's. Answer 400, so that the operators of the subscription see it. */
export class Unreadable extends Error {}

const isText = (value) => typeof value === 'string';
const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
const isListOfOrders = (orders) =>
  Array.isArray(orders) && orders.every((order) => isObject(order) && isText(order.entitlement));

/** Reads a CloudEvent in structured mode: the data of the Pub/Sub message, decoded from base64. */
export function parse(body) {
  let event;
  try {
    event = JSON.parse(body);
  } catch {
    throw new Unreadable('it is no JSON');
  }
  if (!isObject(event) || event.specversion !== '1.0') throw new Unreadable('it is no CloudEvent 1.0');
  const { id, type, subject, time, sequence, data } = event;
  if (![id, type, subject, time].every(isText)) throw new Unreadable('it is no CloudEvent 1.0');
  if (!isObject(data) || subject !== `accounts/${data.account}`) throw new Unreadable('it is about no account');
  if ([STOP, RESUME].includes(type) && !isText(data.entitlement)) throw new Unreadable('it is about no order');
  if (sequence === undefined || sequence === null) {
    // From before news had a sequence: "-" sorts before each digit, so it is older than all that have one.
    return { id, type, subject, sequence: null, position: `-${time.replace(/Z$/, '')}`, data };
  }
  if (!isText(sequence) || !/^[0-9]{20}$/.test(sequence)) throw new Unreadable('its sequence is malformed');
  if (!isText(data.access) || !isListOfOrders(data.orders)) {
    throw new Unreadable('it does not say where the customer stands');
  }
  return { id, type, subject, sequence, position: sequence, data };
}

/**
 * Stores what the news changes. Whether it is the newest about its account: only then act on its type.
 *
 * The newest may come again: what you do about a type must do no harm when it is done twice.
 */
export async function apply(store, news) {
  for (;;) {
    const { state: known, version } = await store.get(news.subject);
    const state = after(known ?? UNKNOWN, news);
    if (await store.put(news.subject, state, version)) return news.position === state.position;
  }
}

/** What is known of an account once this news has been applied. Changes nothing itself. */
export function after(known, news) {
  const state = { ...known, orders: { ...known.orders }, serving: { ...known.serving } };
  const { data, position } = news;
  if ([STOP, RESUME].includes(news.type) && position > positionOf(known.serving, data.entitlement)) {
    // Has a position of its own: a later news about something else takes nothing back.
    const stopped = news.type === STOP ? (data.reason ?? 'unknown') : null;
    state.serving[data.entitlement] = { position, stopped };
  }
  if (news.sequence === null) applyOldOrder(state, known, news);
  if (position > known.position) {
    state.position = position;
    state.access = data.access ?? (news.type === DELETED ? 'ended' : known.access);
    if (news.sequence !== null) {
      state.orders = Object.fromEntries(data.orders.map((order) => [order.entitlement, order]));
    }
  }
  return state;
}

/** News without a sequence describes one order at most, and only until there is news with one. */
function applyOldOrder(state, known, { data, position }) {
  const { account, access, reason, ...named } = data;
  const isFromBefore = known.position === '' || known.position.startsWith('-');
  if (named.entitlement && isFromBefore && position > positionOf(known.orders, named.entitlement)) {
    state.orders[named.entitlement] = { ...known.orders[named.entitlement], ...named, position };
  }
}

// Positions are compared as text, and only within one subject.
const positionOf = (kept, order) => kept[order]?.position ?? '';

/** Whether the customer may use this order now. */
export function mayUse(state, order) {
  const isStopped = (state.serving[order]?.stopped ?? null) !== null;
  return state.access === 'live' && IN_FORCE.has(state.orders[order]?.state) && !isStopped;
}

/**
 * What is known of each account. An application keeps it in its database, one row for each subject.
 *
 * `put` must compare and write in one step: UPDATE … SET …, version = version + 1 WHERE subject = ? AND version = ?
 */
export class MemoryStore {
  #rows = new Map();

  /** The state and its version; no state and 0 before the first. */
  async get(subject) {
    return this.#rows.get(subject) ?? { state: undefined, version: 0 };
  }

  /** Writes, unless somebody else has written since this version. Whether it did. */
  async put(subject, state, version) {
    if ((this.#rows.get(subject)?.version ?? 0) !== version) return false;
    this.#rows.set(subject, { state, version: version + 1 });
    return true;
  }
}
