// An application that customers of the Marketplace use, as Portico brings and describes them.
//
//   POST /signup, /login   receives a customer; GET /welcome signs them in
//   POST /events           receives Portico's news
//   POST /use              meters what the customer uses
//   GET /grant, /granted   leads to Google's page and back
//
// It stands behind whatever terminates TLS, and shows what it learned. settings.js names what it reads.

import { Keys, KeysUnavailable, Refused } from './google-keys.js';
import { consume, forget, verifyHandOff } from './hand-off.js';
import { grantAccessLink } from './links.js';
import * as news from './news.js';
import * as pages from './pages.js';
import { Unreadable } from './portico-news.js';
import * as sessions from './sessions.js';
import { ISSUER, KEYS_URL, ORIGIN, PORT, PUSH_AUDIENCE, PUSH_IDENTITY, PUSH_KEYS_URL } from './settings.js';
import * as usage from './usage.js';
import { answer, body, cookie, cookieOf, form, page, PUSH_LIMIT, redirect, serve } from './web.js';

const KEYS = new Keys(KEYS_URL);
const PUSH_KEYS = new Keys(PUSH_KEYS_URL);
const START_AGAIN = 'Please start again from the Marketplace';

/**
 * The cross-site post. The customer's SameSite=Lax session cookie is NOT in this request, so nobody
 * is signed in here: the hand-off waits under a cookie of its own, and the redirect below, a GET,
 * brings the session cookie.
 */
async function receive(request, response) {
  const token = (await form(request))['portico-token'];
  if (!token) return page(response, 400, START_AGAIN);
  let claims;
  try {
    claims = await verifyHandOff(token, ISSUER, ORIGIN, KEYS);
  } catch (error) {
    if (error instanceof KeysUnavailable) return tryAgain(response);
    if (!(error instanceof Refused)) throw error;
    console.error(`hand-off refused: ${error.message}`);
    return page(response, 403, START_AGAIN);
  }
  // Back button, double click, or theft: whoever is signed in goes on by this link.
  if (!consume(claims)) return page(response, 409, 'This was used already', '<a href="/">Continue</a>');
  return redirect(response, '/welcome', [cookie('pending', sessions.wait(claims), sessions.PENDING_LIFETIME)]);
}

/** Signs the customer in, unless somebody else is signed in at this browser. */
function welcome(request, response) {
  const claims = sessions.waiting(cookieOf(request, 'pending'));
  if (!claims) return redirect(response, '/');
  if (!sessions.isSomebodyElse(cookieOf(request, 'session'), claims)) return signIn(request, response, claims);
  return page(response, 200, 'You are signed in as somebody else', pages.switchTo(claims));
}

async function decide(request, response) {
  if (!isFromHere(request)) return page(response, 403, START_AGAIN);
  const claims = sessions.waiting(cookieOf(request, 'pending'));
  if (claims && (await form(request)).answer === 'switch') return signIn(request, response, claims);
  sessions.stopWaiting(cookieOf(request, 'pending'));
  return redirect(response, '/', [cookie('pending', '', 0)]);
}

function signIn(request, response, claims) {
  const sessionId = sessions.begin(claims, cookieOf(request, 'session'), cookieOf(request, 'pending'));
  return redirect(response, '/', [cookie('session', sessionId), cookie('pending', '', 0)]);
}

/** The usual CSRF check; only /signup and /login go without, and /events, where no browser comes. */
const isFromHere = (request) => request.headers.origin === ORIGIN;

async function home(request, response) {
  const claims = sessions.signedIn(cookieOf(request, 'session'));
  if (!claims) return page(response, 200, 'You are not signed in');
  return page(response, 200, 'Welcome', await pages.home(claims));
}

/** Answers 200 when the news is stored: anything else brings it again. */
async function events(request, response) {
  try {
    await news.verifyPush(request.headers.authorization, PUSH_IDENTITY, PUSH_AUDIENCE, PUSH_KEYS);
    await news.apply(news.parsePush((await body(request, PUSH_LIMIT)) ?? ''), erase);
  } catch (error) {
    if (error instanceof KeysUnavailable) return tryAgain(response);
    if (!(error instanceof Refused || error instanceof Unreadable)) throw error;
    console.error(`push refused: ${error.message}`);
    return answer(response, error instanceof Refused ? 401 : 400, '');
  }
  return answer(response, 200, '');
}

/** Portico has erased what it knows of this customer's people. It may say so twice. */
function erase(account) {
  sessions.end(account);
  forget(account);
  usage.forget(account);
}

async function meter(request, response) {
  const claims = sessions.signedIn(cookieOf(request, 'session'));
  if (!claims || !isFromHere(request)) return page(response, 403, START_AGAIN);
  if (request.url === '/use-again') await usage.sendAgain(claims.sub);
  else if (!(await usage.use(claims.sub, await form(request)))) return page(response, 409, 'This cannot be used now');
  return redirect(response, '/');
}

/** Better asked when the page with the button is shown: Google may not know a new account for a minute. */
async function grant(request, response) {
  const claims = sessions.signedIn(cookieOf(request, 'session'));
  if (!claims) return page(response, 403, START_AGAIN);
  const { status, answer: said } = await grantAccessLink(claims);
  if (status === 200) return redirect(response, said.url);
  if (status === 0 || status === 503) return tryAgain(response, pages.problem(said));
  return page(response, 409, 'There is no link now', pages.problem(said));
}

const granted = (request, response) => page(response, 200, 'You are back from Google', '<a href="/">Continue</a>');

function tryAgain(response, content) {
  response.setHeader('Retry-After', '10');
  return page(response, 503, 'Please try again in a moment', content);
}

serve(PORT, {
  'POST /signup': receive,
  'POST /login': receive,
  'GET /signup': home,
  'GET /login': home,
  'GET /welcome': welcome,
  'POST /welcome': decide,
  'GET /': home,
  'POST /events': events,
  'POST /use': meter,
  'POST /use-again': meter,
  'GET /grant': grant,
  'GET /granted': granted,
});
