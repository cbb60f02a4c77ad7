// Verifies the hand-off by which Portico brings a customer, and consumes it.
//
// server.js shows where it goes in an application; HAND-OFF.md explains each step.

import { X509Certificate } from 'node:crypto';
import { errors, jwtVerify } from 'jose';

const CLOCK_SKEW = 30; // Seconds; two clocks may differ, a hand-off does not live longer for it.
const LIFETIME = 60; // Seconds between `iat` and `exp` of a hand-off.
const COOL_DOWN = 10_000; // Otherwise whoever posts invented key ids makes us hammer Google.
const STALE = 24 * 3600_000; // How long known keys are used while the key address is down.

/** The hand-off is bad. The reason is for the log, not for the browser. */
export class Refused extends Error {}

/** The hand-off could not be checked. Nothing is wrong with it. */
export class KeysUnavailable extends Error {}

/** The signer's public keys, only ever from the one address given here. */
export class Keys {
  #url;
  #keys = new Map();
  #reachable = false;
  #freshUntil = -Infinity;
  #nextFetch = -Infinity;
  #fetching;

  constructor(url) {
    this.#url = url;
  }

  async key(kid) {
    // One fetch at a time, whoever waits for it.
    await this.#fetching;
    const now = performance.now();
    const expired = now >= this.#freshUntil;
    if ((expired || !this.#keys.has(kid)) && now >= this.#nextFetch) {
      if (!expired) this.#nextFetch = now + COOL_DOWN;
      this.#fetching ??= this.#fetch().finally(() => (this.#fetching = undefined));
    }
    await this.#fetching;
    if (this.#keys.has(kid) && performance.now() < this.#freshUntil + STALE) return this.#keys.get(kid);
    if (!this.#reachable) throw new KeysUnavailable();
    throw new Refused('unknown key id');
  }

  async #fetch() {
    const now = performance.now();
    try {
      const answer = await fetch(this.#url, { redirect: 'error', signal: AbortSignal.timeout(5000) });
      if (!answer.ok) throw new Error(`status ${answer.status}`);
      // The certificates are self-signed: they only carry the key, trust comes from TLS to Google.
      const keys = Object.entries(await answer.json())
        .map(([kid, pem]) => [kid, new X509Certificate(pem).publicKey])
        .filter(([, key]) => key.asymmetricKeyType === 'rsa' && key.asymmetricKeyDetails.modulusLength >= 2048);
      const maxAge = /max-age=(\d+)/.exec(answer.headers.get('cache-control') ?? '');
      const lifetime = maxAge ? Number(maxAge[1]) - Number(answer.headers.get('age') ?? 0) : 0;
      this.#keys = new Map(keys);
      this.#freshUntil = now + Math.min(Math.max(lifetime, 60), 6 * 3600) * 1000;
      this.#reachable = true;
    } catch (error) {
      // An address that answers nonsense is as good as one that is down.
      console.error(`hand-off keys: ${error}`);
      this.#nextFetch = now + COOL_DOWN;
      this.#reachable = false;
    }
  }
}

/** The claims of a good hand-off; throws `Refused` or `KeysUnavailable`. Does not consume it. */
export async function verifyHandOff(token, issuer, audience, keys) {
  const keyOf = ({ kid }) => {
    if (!kid) throw new Refused('no key id');
    return keys.key(kid);
  };
  let claims;
  try {
    const verified = await jwtVerify(token, keyOf, {
      algorithms: ['RS256'], // Never what the token's header asks for.
      issuer,
      audience,
      requiredClaims: ['iss', 'aud', 'sub', 'jti', 'iat', 'exp'],
      maxTokenAge: LIFETIME, // Also refuses an `iat` in the future.
      clockTolerance: CLOCK_SKEW,
    });
    claims = verified.payload;
  } catch (error) {
    if (error instanceof errors.JOSEError) throw new Refused(error.code);
    throw error;
  }
  const user = claims.google?.user_identity;
  const ids = [claims.sub, claims.jti, user];
  if (!ids.every((id) => typeof id === 'string' && id !== '')) throw new Refused('empty sub, jti or user_identity');
  if (claims.aud !== audience) throw new Refused('several audiences');
  if (claims.exp - claims.iat > LIFETIME) throw new Refused('lives too long');
  return claims;
}

// A stand-in for your database, good for one process only. On more than one instance, insert into
//   CREATE TABLE used_hand_offs (jti TEXT PRIMARY KEY, expires TIMESTAMP NOT NULL)
// with INSERT … ON CONFLICT DO NOTHING and count the rows: of two requests with one `jti`, one
// inserts it. "Select, then insert" would let both through.
const usedHandOffs = new Map();
const users = new Map();

/** True for the first request that brings this hand-off, false for every other. */
export function consume(claims) {
  const now = Date.now() / 1000;
  for (const [jti, expires] of usedHandOffs) if (expires < now) usedHandOffs.delete(jti);
  if (usedHandOffs.has(claims.jti)) return false;
  usedHandOffs.set(claims.jti, claims.exp + CLOCK_SKEW);
  return true;
}

/** Account and user together; an e-mail address would be somebody's word. */
export function userKey(claims) {
  return JSON.stringify([claims.sub, claims.google.user_identity]);
}

/** Makes the user, or finds the one that is there. */
export function remember(claims) {
  const key = userKey(claims);
  if (!users.has(key)) users.set(key, { account: claims.sub, userIdentity: claims.google.user_identity });
  return users.get(key);
}
