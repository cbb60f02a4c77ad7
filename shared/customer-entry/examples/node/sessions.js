// Who is signed in at which browser, and who has just arrived.
//
// Your session store: a browser has a random id in a cookie, and everything else is here.

import { randomBytes } from 'node:crypto';
import { remember, userKey } from './hand-off.js';

export const PENDING_LIFETIME = 300; // Seconds.

// Session id -> claims, and pending id -> { since, claims }.
const sessions = new Map();
const pending = new Map();

/** Keeps a hand-off that was consumed until the browser comes with its own cookies. */
export function wait(claims) {
  const now = performance.now();
  for (const [id, { since }] of pending) if (now - since > PENDING_LIFETIME * 1000) pending.delete(id);
  const pendingId = randomId();
  pending.set(pendingId, { since: now, claims });
  return pendingId;
}

export function waiting(pendingId) {
  const found = pending.get(pendingId);
  return found && performance.now() - found.since < PENDING_LIFETIME * 1000 ? found.claims : undefined;
}

export const stopWaiting = (pendingId) => pending.delete(pendingId);
export const signedIn = (sessionId) => sessions.get(sessionId);

export function isSomebodyElse(sessionId, claims) {
  const present = sessions.get(sessionId);
  return present !== undefined && userKey(present) !== userKey(claims);
}

/** Always a new session id, so that one planted before cannot become the customer's. */
export function begin(claims, sessionId, pendingId) {
  pending.delete(pendingId);
  sessions.delete(sessionId);
  remember(claims);
  const newId = randomId();
  sessions.set(newId, claims);
  return newId;
}

/** All sessions of a customer that is no more. */
export function end(account) {
  for (const [id, claims] of sessions) if (claims.sub === account) sessions.delete(id);
  for (const [id, { claims }] of pending) if (claims.sub === account) pending.delete(id);
}

const randomId = () => randomBytes(32).toString('base64url');
