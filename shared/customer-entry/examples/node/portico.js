// Calls Portico as this application, with an identity token of its own.
//
// In Google Cloud the library gets it from the metadata server, and no key is stored; GCE_METADATA_HOST names another
// one. (`new GoogleAuth().getIdTokenClient(url)` would take a key file, or one of gcloud's in the home folder, first.)

import { Compute, IdTokenClient } from 'google-auth-library';

const TIMEOUT = 10_000; // Longer than Portico takes at most.

const idTokenProvider = new Compute();
const clients = new Map();

/** Status and JSON of the answer, or status 0 and {} if there was none. */
export async function post(url, path, body) {
  try {
    // The client asks for the next token when this one is about to expire.
    if (!clients.has(url)) clients.set(url, new IdTokenClient({ targetAudience: url, idTokenProvider }));
    const { status, data } = await clients.get(url).request({
      url: `${url}${path}`,
      method: 'POST',
      data: body,
      timeout: TIMEOUT,
      responseType: 'json', // Also of an answer that calls itself application/problem+json.
      retry: false,
      validateStatus: () => true,
    });
    return { status, answer: typeof data === 'object' && data !== null ? data : {} };
  } catch (error) {
    console.error(`Portico: ${error.message}`);
    return { status: 0, answer: {} };
  }
}
