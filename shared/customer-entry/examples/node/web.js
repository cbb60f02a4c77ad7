// Forms, cookies and pages over HTTP: what a framework of yours does for you.

import { createServer } from 'node:http';

const FORM_LIMIT = 32 * 1024; // A hand-off with 256 orders has about 20 KiB.
export const PUSH_LIMIT = 1024 * 1024;

/** The fields that the form has exactly once; none if the body is not a small form. */
export async function form(request) {
  const mediaType = (request.headers['content-type'] ?? '').split(';')[0].trim().toLowerCase();
  if (mediaType !== 'application/x-www-form-urlencoded') return {};
  const fields = new URLSearchParams((await body(request, FORM_LIMIT)) ?? '');
  return Object.fromEntries([...fields].filter(([name]) => fields.getAll(name).length === 1));
}

/** The body, or undefined if it is larger or does not say its length. Node reads no more than that. */
export async function body(request, limit) {
  if (!(Number(request.headers['content-length']) <= limit)) return undefined;
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

/** `__Host-` needs Secure, Path=/ and no Domain; browsers accept it on http://localhost, too. */
export function cookie(name, value, maxAge) {
  const age = maxAge === undefined ? '' : `; Max-Age=${maxAge}`;
  return `__Host-${name}=${value}; Path=/; HttpOnly; Secure; SameSite=Lax${age}`;
}

export function cookieOf(request, name) {
  const pairs = (request.headers.cookie ?? '').split(';').map((pair) => pair.trim());
  return pairs.find((pair) => pair.startsWith(`__Host-${name}=`))?.slice(`__Host-${name}=`.length);
}

export function redirect(response, address, cookies = []) {
  response.setHeader('Location', address);
  response.setHeader('Set-Cookie', cookies);
  answer(response, 303, '');
}

export function page(response, status, title, content = '') {
  answer(response, status, `<!doctype html><html lang="en"><title>${title}</title><h1>${title}</h1>${content}`);
}

export function answer(response, status, text) {
  response.writeHead(status, {
    'Content-Type': 'text/html; charset=utf-8',
    'Cache-Control': 'no-store',
    'Content-Security-Policy': "default-src 'none'; form-action 'self'; frame-ancestors 'none'",
    'Referrer-Policy': 'strict-origin',
  });
  response.end(text);
}

/** Listens; `routes` has a function of a request and its response for each method and path. */
export function serve(port, routes) {
  const server = createServer(async (request, response) => {
    try {
      const route = routes[`${request.method} ${request.url.split('?')[0]}`];
      await (route ? route(request, response) : page(response, 404, 'There is nothing here'));
    } catch (error) {
      console.error(error);
      if (!response.headersSent) page(response, 500, 'Something went wrong');
    }
  });
  server.requestTimeout = 10_000;
  server.listen(port, '127.0.0.1', () => {
    console.log(`listening on http://127.0.0.1:${server.address().port}`);
  });
}
