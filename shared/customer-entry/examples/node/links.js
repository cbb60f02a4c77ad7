// Gets a link to the page of Google's on which the customer grants this application access to their projects.
//
// service-account-link's README says what Portico answers.

import * as portico from './portico.js';
import { LINKS_URL, ORIGIN } from './settings.js';

/**
 * Status and answer: `url` and `service_account`, or a problem document with `code` and `detail`.
 *
 * `claims` are those of the session on this server, and nothing that the browser sends: otherwise a customer could name
 * another one.
 */
export function grantAccessLink(claims) {
  const body = { account: claims.sub, user: claims.google.user_identity, redirect: `${ORIGIN}/granted` };
  return portico.post(LINKS_URL, '/service-account-links', body);
}
