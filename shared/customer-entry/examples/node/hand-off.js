// Verifies the hand-off by which Portico brings a customer, and consumes it.
//
// server.js shows where it goes in an application; HAND-OFF.md explains each step.

import { errors, jwtVerify } from 'jose';
import { Refused } from './google-keys.js';

const CLOCK_SKEW = 30; // Seconds; two clocks may differ, a hand-off does not live longer for it.
const LIFETIME = 60; // Seconds between `iat` and `exp` of a hand-off.

/** The claims of a good hand-off; throws `Refused` or `KeysUnavailable`. Does not consume it. */
export async function verifyHandOff(token, issuer, audience, keys) {
  let claims;
  try {
    const verified = await jwtVerify(token, keys.keyOf, {
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

/** Of a customer that is no more. */
export function forget(account) {
  for (const [key, user] of users) if (user.account === account) users.delete(key);
}
