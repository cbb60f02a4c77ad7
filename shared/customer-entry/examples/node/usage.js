// Meters what customers use: each use is stored first, and then recorded with Portico as often as it takes.
//
// usage-report's README says what Portico answers.

import { randomBytes } from 'node:crypto';
import * as news from './news.js';
import * as portico from './portico.js';
import { USAGE_URL } from './settings.js';

// What is metered of each plan, as declared in Producer Portal.
const METRICS = { 'usage-plan': ['usage_queries', 'usage_gib_scanned'] };
const MOST = 500; // Records of one request; Portico takes 10,000.

// Your database: a row for each use, its key the primary key, so that a use that is pressed twice is one. A real
// application deletes a record when it is settled, and keeps its own figures elsewhere.
const uses = new Map();

/** Order and metric of all that the customer may use now and that is billed by usage. */
export async function metered(account) {
  const orders = await news.servedOrders(account);
  return orders.flatMap(({ entitlement, plan }) => (METRICS[plan] ?? []).map((metric) => ({ entitlement, metric })));
}

/** For one press of a button. It is the same however often that is sent, here and to Portico. */
export const newKey = () => randomBytes(16).toString('base64url');

/** Does for the customer what the form asks for; whether it may. */
export async function use(account, form) {
  const [entitlement, metric, quantity, key] = ['order', 'metric', 'quantity', 'key'].map((name) => form[name] ?? '');
  const mayUse = (await metered(account)).some((it) => it.entitlement === entitlement && it.metric === metric);
  if (!mayUse || !/^[0-9]{1,9}$/.test(quantity) || !/^[\w-]{22}$/.test(key)) return false;
  if (!uses.has(key)) {
    const occurredAt = new Date().toISOString();
    uses.set(key, { account, entitlement, metric, quantity: Number(quantity), occurredAt, sent: 0 });
    console.error(`The work is done here: ${quantity} of ${metric}.`);
  }
  await send(account, ({ answer }) => answer === undefined);
  return true;
}

/** Sends everything once more, as after a crash that left nobody knowing. Nothing counts twice. */
export const sendAgain = (account) => send(account, () => true);

/** A real application also does this by itself, until all is answered: each minute, and when it starts. */
async function send(account, isMeant) {
  const meant = [...uses].filter(([, it]) => it.account === account && isMeant(it)).slice(0, MOST);
  if (meant.length === 0) return;
  const records = meant.map(([key, { entitlement, metric, quantity, occurredAt }]) => ({
    idempotency_key: key,
    entitlement,
    metric,
    quantity,
    occurred_at: occurredAt,
  }));
  const { answer } = await portico.post(USAGE_URL, '/usage', { records });
  for (const [, it] of meant) it.sent += 1;
  for (const { idempotency_key: key, status, code, message } of answer.records ?? []) {
    if (status === 'retry') continue; // What has no answer is sent again, unchanged.
    const sent = meant.find(([known]) => known === key)?.[1];
    if (sent) sent.answer = [status, code, message].filter(Boolean).join(' ');
  }
}

/** The last use first. */
export function used(account) {
  const all = [...uses.values()].filter((it) => it.account === account);
  return all.reverse().slice(0, 20);
}

/** Of a customer that is no more. */
export function forget(account) {
  for (const [key, it] of uses) if (it.account === account) uses.delete(key);
}
