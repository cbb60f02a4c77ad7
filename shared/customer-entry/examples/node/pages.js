// What the customer sees. Everything that comes from elsewhere is escaped.

import * as news from './news.js';
import { mayUse } from './portico-news.js';
import * as usage from './usage.js';

/** What the application knows of who is signed in, and what they can do. */
export async function home(claims) {
  const state = await news.known(claims.sub);
  const { iss, aud, jti, iat, exp, google, ...known } = { ...claims, ...claims.google };
  const grant = '<p><a href="/grant">Grant access to your projects</a></p>';
  return [
    learned(known),
    state ? `<h2>Access: ${escape(state.access)}</h2>${orders(state)}` : '',
    (state ?? claims).access === 'live' ? grant : '',
    await uses(claims.sub),
  ].join('');
}

function learned(known) {
  const rows = Object.entries(known).map(
    ([name, value]) => `<dt>${escape(name)}<dd>${escape(JSON.stringify(value))}`,
  );
  return `<dl>${rows.join('')}</dl>`;
}

function orders(state) {
  const rows = Object.entries(state.orders).map(([number, order]) => {
    const stopped = state.serving[number]?.stopped;
    const served = mayUse(state, number) ? 'yes' : stopped ? `no, ${stopped}` : 'no';
    const cells = [number, order.plan ?? '', order.state ?? '', served];
    return `<tr>${cells.map((cell) => `<td>${escape(cell)}</td>`).join('')}`;
  });
  const heads = ['Order', 'Plan', 'State', 'Served'].map((head) => `<th>${head}</th>`);
  return `<table><tr>${heads.join('')}${rows.join('')}</table>`;
}

/** A form for each metric, and what was used so far. */
async function uses(account) {
  const forms = (await usage.metered(account)).map(
    ({ entitlement, metric }) =>
      `<form method="post" action="/use"><input type="hidden" name="order" value="${escape(entitlement)}">` +
      `<input type="hidden" name="metric" value="${metric}">` +
      `<input type="hidden" name="key" value="${usage.newKey()}">` +
      `<label>${metric} <input name="quantity" value="1" inputmode="numeric"></label> <button>Use</button></form>`,
  );
  const rows = usage
    .used(account)
    .map(
      ({ metric, quantity, answer, sent }) =>
        `<li>${escape(metric)} ${quantity}: ${escape(answer ?? 'kept, not answered yet')}, sent ${sent} times`,
    );
  const again = '<form method="post" action="/use-again"><button>Send all again</button></form>';
  return `${forms.join('')}<ul>${rows.join('')}</ul>${rows.length > 0 ? again : ''}`;
}

export function switchTo(claims) {
  return (
    '<form method="post"><button name="answer" value="switch">Sign out and switch to account ' +
    `${escape(claims.sub)}</button><button name="answer" value="stay">Stay</button></form>`
  );
}

/** What Portico says instead of a link. */
export function problem({ code = '', detail = '' }) {
  return `<p>${escape(String(code))}: ${escape(String(detail))}</p>`;
}

function escape(text) {
  const entities = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
  return text.replace(/[&<>"']/g, (character) => entities[character]);
}
