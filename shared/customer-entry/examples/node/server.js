// An application that receives customers from Portico at `POST /signup` and signs them in.
//
//   HAND_OFF_ISSUER=https://www.googleapis.com/service_accounts/v1/metadata/x509/SIGNER_EMAIL \
//   APPLICATION_ORIGIN=https://app.example.com PORT=8080 node server.js
//
// It stands behind whatever terminates TLS, and shows what it learned.

import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { consume, Keys, KeysUnavailable, Refused, remember, userKey, verifyHandOff } from './hand-off.js';

// Your session store: session id -> claims, and pending id -> { since, claims }.
const sessions = new Map();
const pending = new Map();
const PENDING_LIFETIME = 300; // Seconds.

const ISSUER = required('HAND_OFF_ISSUER');
const ORIGIN = required('APPLICATION_ORIGIN');
const KEYS = new Keys(process.env.HAND_OFF_KEYS_URL ?? ISSUER); // Another address only in tests.

/**
 * The cross-site post. The customer's SameSite=Lax session cookie is NOT in this request, so nobody
 * is signed in here: the hand-off waits under a cookie of its own, and the redirect below, a GET,
 * brings the session cookie.
 */
async function receive(request, response) {
  const tokens = (await form(request))?.getAll('portico-token') ?? [];
  if (tokens.length !== 1) return page(response, 400, 'Please start again from the Marketplace');
  let claims;
  try {
    claims = await verifyHandOff(tokens[0], ISSUER, ORIGIN, KEYS);
  } catch (error) {
    if (error instanceof KeysUnavailable) {
      response.setHeader('Retry-After', '10');
      return page(response, 503, 'Please try again in a moment');
    }
    if (!(error instanceof Refused)) throw error;
    console.error(`hand-off refused: ${error.message}`);
    return page(response, 403, 'Please start again from the Marketplace');
  }
  // Back button, double click, or theft: whoever is signed in goes on by this link.
  if (!consume(claims)) return page(response, 409, 'This was used already', '<a href="/">Continue</a>');
  const now = performance.now();
  for (const [id, { since }] of pending) if (now - since > PENDING_LIFETIME * 1000) pending.delete(id);
  const pendingId = randomBytes(32).toString('base64url');
  pending.set(pendingId, { since: now, claims });
  return redirect(response, '/welcome', [cookie('pending', pendingId, PENDING_LIFETIME)]);
}

/** Signs the customer in, unless somebody else is signed in at this browser. */
function welcome(request, response) {
  const claims = pendingClaims(request);
  if (!claims) return redirect(response, '/');
  const present = sessions.get(cookieOf(request, 'session'));
  if (!present || userKey(present) === userKey(claims)) return signIn(request, response, claims);
  return page(
    response,
    200,
    'You are signed in as somebody else',
    '<form method="post"><button name="answer" value="switch">Sign out and switch to account ' +
      `${escape(claims.sub)}</button><button name="answer" value="stay">Stay</button></form>`,
  );
}

async function decide(request, response) {
  // The usual CSRF check; only /signup goes without.
  if (request.headers.origin !== ORIGIN) return page(response, 403, 'Please start again from the Marketplace');
  const answer = (await form(request))?.get('answer');
  const claims = pendingClaims(request);
  if (claims && answer === 'switch') return signIn(request, response, claims);
  pending.delete(cookieOf(request, 'pending'));
  return redirect(response, '/', [cookie('pending', '', 0)]);
}

/** Always a new session id, so that one planted before cannot become the customer's. */
function signIn(request, response, claims) {
  pending.delete(cookieOf(request, 'pending'));
  sessions.delete(cookieOf(request, 'session'));
  remember(claims);
  const sessionId = randomBytes(32).toString('base64url');
  sessions.set(sessionId, claims);
  return redirect(response, '/', [cookie('session', sessionId), cookie('pending', '', 0)]);
}

function home(request, response) {
  const claims = sessions.get(cookieOf(request, 'session'));
  if (!claims) return page(response, 200, 'You are not signed in');
  const { iss, aud, jti, iat, exp, google, ...learned } = { ...claims, ...claims.google };
  const rows = Object.entries(learned).map(
    ([name, value]) => `<dt>${escape(name)}<dd>${escape(JSON.stringify(value))}`,
  );
  return page(response, 200, 'Welcome', `<dl>${rows.join('')}</dl>`);
}

/** The form's fields, or undefined if the body is not a small form. */
async function form(request) {
  const mediaType = (request.headers['content-type'] ?? '').split(';')[0].trim().toLowerCase();
  if (mediaType !== 'application/x-www-form-urlencoded') return undefined;
  // A browser's form always says its length, and Node reads no more than that. A hand-off with 256 orders has about
  // 20 KiB.
  if (!(Number(request.headers['content-length']) <= 32 * 1024)) return undefined;
  let body = '';
  for await (const chunk of request) body += chunk.toString('latin1');
  return new URLSearchParams(body);
}

function pendingClaims(request) {
  const found = pending.get(cookieOf(request, 'pending'));
  return found && performance.now() - found.since < PENDING_LIFETIME * 1000 ? found.claims : undefined;
}

/** `__Host-` needs Secure, Path=/ and no Domain; browsers accept it on http://localhost, too. */
function cookie(name, value, maxAge) {
  const age = maxAge === undefined ? '' : `; Max-Age=${maxAge}`;
  return `__Host-${name}=${value}; Path=/; HttpOnly; Secure; SameSite=Lax${age}`;
}

function cookieOf(request, name) {
  const pairs = (request.headers.cookie ?? '').split(';').map((pair) => pair.trim());
  return pairs.find((pair) => pair.startsWith(`__Host-${name}=`))?.slice(`__Host-${name}=`.length);
}

function redirect(response, path, cookies = []) {
  response.setHeader('Location', path);
  response.setHeader('Set-Cookie', cookies);
  answer(response, 303, '');
}

function page(response, status, title, body = '') {
  answer(response, status, `<!doctype html><html lang="en"><title>${title}</title><h1>${title}</h1>${body}`);
}

function answer(response, status, text) {
  response.writeHead(status, {
    'Content-Type': 'text/html; charset=utf-8',
    'Cache-Control': 'no-store',
    'Content-Security-Policy': "default-src 'none'; form-action 'self'; frame-ancestors 'none'",
    'Referrer-Policy': 'strict-origin',
  });
  response.end(text);
}

function escape(text) {
  const entities = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
  return text.replace(/[&<>"']/g, (character) => entities[character]);
}

function required(name) {
  if (process.env[name]) return process.env[name];
  console.error(`${name} is not set`);
  process.exit(64);
}

const ROUTES = {
  'POST /signup': receive,
  'GET /welcome': welcome,
  'POST /welcome': decide,
  'GET /': home,
};

const server = createServer(async (request, response) => {
  try {
    const route = ROUTES[`${request.method} ${request.url}`];
    await (route ? route(request, response) : page(response, 404, 'There is nothing here'));
  } catch (error) {
    console.error(error);
    if (!response.headersSent) page(response, 500, 'Something went wrong');
  }
});
server.requestTimeout = 10_000;
server.listen(Number(process.env.PORT ?? 8080), '127.0.0.1', () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}`);
});
