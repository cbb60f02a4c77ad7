// Receives Portico's news: a push of Pub/Sub's, with a CloudEvent in it.
//
// portico-news.js puts news in order; CLOUDEVENTS.md explains each step.

import { errors, jwtVerify } from 'jose';
import { Refused } from './google-keys.js';
// It lies beside this file in an application of your own, and keeps its rows in your database.
import * as porticoNews from './portico-news.js';

const CLOCK_SKEW = 30;
const GOOGLE = ['https://accounts.google.com', 'accounts.google.com'];

const customers = new porticoNews.MemoryStore();

/** Returns if the subscription pushes; throws `Refused` or `KeysUnavailable` if not. Anybody can post here. */
export async function verifyPush(authorization, identity, audience, keys) {
  const [, token] = /^bearer (\S+)$/i.exec(authorization ?? '') ?? [];
  if (!token) throw new Refused('no identity token');
  let caller;
  try {
    const verified = await jwtVerify(token, keys.keyOf, {
      algorithms: ['RS256'],
      issuer: GOOGLE,
      audience,
      requiredClaims: ['iss', 'aud', 'exp'],
      clockTolerance: CLOCK_SKEW,
    });
    caller = verified.payload;
  } catch (error) {
    if (error instanceof errors.JOSEError) throw new Refused(error.code);
    throw error;
  }
  // Google signs identity tokens for everybody: the address says whose it is.
  if (caller.aud !== audience || caller.email !== identity || caller.email_verified !== true) {
    throw new Refused('another identity');
  }
}

/** The news in the wrapper of a push; throws `Unreadable`. */
export function parsePush(body) {
  let data;
  try {
    data = JSON.parse(body).message.data;
  } catch {
    // Said below.
  }
  if (typeof data !== 'string') throw new porticoNews.Unreadable("it is no push of Pub/Sub's");
  return porticoNews.parse(Buffer.from(data, 'base64').toString());
}

/** Stores the news, and erases the customer that it says is gone. */
export async function apply(news, erase) {
  const isNewest = await porticoNews.apply(customers, news);
  // The row stays: without it, older news would bring the customer back.
  if (isNewest && news.type === porticoNews.DELETED) erase(news.data.account);
}

/** What the news say of this customer, or undefined if there was none yet. */
export async function known(account) {
  return (await customers.get(`accounts/${account}`)).state;
}

/** The orders that the customer may use now. */
export async function servedOrders(account) {
  const state = await known(account);
  return Object.values(state?.orders ?? {}).filter(({ entitlement }) => porticoNews.mayUse(state, entitlement));
}
