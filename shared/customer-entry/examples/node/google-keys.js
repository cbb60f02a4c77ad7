// Public keys that Google publishes: those of one service account, or those of its identity tokens.

import { createPublicKey, X509Certificate } from 'node:crypto';

const COOL_DOWN = 10_000; // Otherwise whoever posts invented key ids makes us hammer Google.
const STALE = 24 * 3600_000; // How long known keys are used while the key address is down.

/** The token is bad. The reason is for the log, not for whoever sent it. */
export class Refused extends Error {}

/** The token could not be checked. Nothing is wrong with it. */
export class KeysUnavailable extends Error {}

/** Public keys, only ever from the one address given here. */
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

  /** The key for a token's header, as jose asks for it. Nothing of the token is verified yet. */
  keyOf = ({ kid }) => {
    if (!kid) throw new Refused('no key id');
    return this.key(kid);
  };

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
      const keys = publicKeys(await answer.json()).filter(
        ([, key]) => key.asymmetricKeyType === 'rsa' && key.asymmetricKeyDetails.modulusLength >= 2048,
      );
      const maxAge = /max-age=(\d+)/.exec(answer.headers.get('cache-control') ?? '');
      const lifetime = maxAge ? Number(maxAge[1]) - Number(answer.headers.get('age') ?? 0) : 0;
      this.#keys = new Map(keys);
      this.#freshUntil = now + Math.min(Math.max(lifetime, 60), 6 * 3600) * 1000;
      this.#reachable = true;
    } catch (error) {
      // An address that answers nonsense is as good as one that is down.
      console.error(`keys of ${this.#url}: ${error}`);
      this.#nextFetch = now + COOL_DOWN;
      this.#reachable = false;
    }
  }
}

/** Google publishes the same keys in two forms: a JWK set, and a certificate for each key id. */
function publicKeys(published) {
  if (published.keys) return published.keys.map((jwk) => [jwk.kid, createPublicKey({ key: jwk, format: 'jwk' })]);
  // The certificates are self-signed: they only carry the key, trust comes from TLS to Google.
  return Object.entries(published).map(([kid, pem]) => [kid, new X509Certificate(pem).publicKey]);
}
