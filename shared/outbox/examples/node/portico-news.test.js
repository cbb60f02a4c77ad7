// node --test: needs nothing but Node.js. `../news.json` is what Portico writes; a test of Portico's compares.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { DELETED, MemoryStore, RESUME, STOP, Unreadable, apply, mayUse, parse } from './portico-news.js';

const EVENTS = JSON.parse(readFileSync(new URL('../news.json', import.meta.url), 'utf8'));
const SUBJECT = 'accounts/A-1';
const SEEDS = Array.from({ length: 150 }, (_, seed) => seed);

const copy = (value) => structuredClone(value);
const example = (type) => copy(EVENTS.find((event) => event.type === type));
const read = (event) => parse(JSON.stringify(event));
const known = async (store, subject = SUBJECT) => (await store.get(subject)).state;

async function applied(events, store = new MemoryStore()) {
  for (const event of events) await apply(store, read(event));
  return store;
}

/** The same numbers for the same seed (mulberry32). */
function generator(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Customers to whom everything happens that Portico publishes, in its format; what it publishes, and the truth. */
class World {
  events = [];
  truth = {};
  sequences = {};

  constructor(seed) {
    this.random = generator(seed);
    for (const number of [0, 1, 2]) {
      const account = `A-${number}`;
      // The accounts' numbers are far apart: who compares them across subjects is found out.
      this.sequences[account] = 1_795_000_000_000_000 + number * 10 ** 12;
      this.truth[account] = { access: 'pending', orders: {}, serving: {}, closed: false };
      this.publish(account, 'portico.account.signed-up');
    }
    for (let step = 0; step < 40; step += 1) this.step(this.choice(Object.keys(this.truth)));
  }

  below = (limit) => Math.floor(this.random() * limit);
  choice = (list) => list[this.below(list.length)];

  publish(account, type, order) {
    const [truth, event] = [this.truth[account], example(type)];
    const orders = Object.values(truth.orders);
    const isLive = orders.some(({ state }) => state === 'ENTITLEMENT_ACTIVE');
    truth.access = isLive ? 'live' : orders.length > 0 ? 'ended' : 'pending';
    if (truth.closed) truth.access = 'ended';
    this.sequences[account] += this.choice([1, 2, 10 ** 6]);
    event.id = `${account} ${this.sequences[account]}`;
    event.subject = `accounts/${account}`;
    event.sequence = String(this.sequences[account]).padStart(20, '0');
    event.time = `2026-11-${10 + this.below(19)}T11:06:40Z`;
    Object.assign(event.data, { account, access: truth.access, orders: copy(orders) });
    for (const [name, value] of Object.entries(order ?? {})) if (name in event.data) event.data[name] = value;
    if ([STOP, RESUME].includes(type)) {
      truth.serving[order.entitlement] = { position: event.sequence, stopped: event.data.reason ?? null };
    }
    this.events.push(event);
  }

  step(account) {
    const truth = this.truth[account];
    const live = Object.values(truth.orders).filter(({ state }) => state === 'ENTITLEMENT_ACTIVE');
    if (truth.closed) {
      const type = this.choice([DELETED, 'portico.account.reopened']);
      truth.closed = type === DELETED;
      return this.publish(account, type);
    }
    const what = this.below(7);
    if (what === 0) {
      truth.closed = true;
      this.publish(account, 'portico.account.closed');
      for (const order of live) this.publish(account, 'portico.access.ended', order);
    } else if (what === 1 || live.length === 0) {
      // The same ids at each account: they must not mix.
      const order = { ...EVENTS[1].data.orders[0], entitlement: `E-${Object.keys(truth.orders).length}` };
      truth.orders[order.entitlement] = order;
      this.publish(account, 'portico.access.granted', order);
    } else {
      this.change(account, this.choice(live), what);
    }
  }

  change(account, order, what) {
    if (what === 2) {
      order.state = 'ENTITLEMENT_CANCELLED';
      this.publish(account, 'portico.order.ended', order);
    } else if (what === 3) {
      order.plan = `plan-${this.below(99)}`;
      this.publish(account, 'portico.plan.changed', order);
    } else if (what === 4) {
      order.subscription_end = `2027-01-${10 + this.below(19)}T00:00:00Z`;
      this.publish(account, 'portico.order.changed', order);
    } else {
      this.publish(account, what === 5 ? STOP : RESUME, order);
    }
  }

  /** As `operator announce`: the state, and of each order in force whether it is stopped. */
  announce() {
    for (const [account, truth] of Object.entries(this.truth)) {
      this.publish(account, 'portico.account.state');
      for (const [id, order] of Object.entries(truth.orders)) {
        if (order.state !== 'ENTITLEMENT_ACTIVE' || truth.closed) continue;
        this.publish(account, truth.serving[id]?.stopped ? STOP : RESUME, order);
      }
    }
  }

  shuffledAndDoubled(events) {
    const all = [...events, ...events.filter(() => this.random() < 0.3)];
    const order = all.map((event) => [this.random(), event]).sort(([one], [other]) => one - other);
    return order.map(([, event]) => event);
  }
}

async function assertKnown(store, world, names, seed) {
  const pick = (from) => Object.fromEntries(names.map((name) => [name, from[name]]));
  for (const [account, truth] of Object.entries(world.truth)) {
    const state = await known(store, `accounts/${account}`);
    assert.deepEqual(pick(state), pick(truth), `seed ${seed}`);
    assert.equal(state.position, String(world.sequences[account]).padStart(20, '0'));
  }
}

test('the examples end in what the last one says', async () => {
  const state = await known(await applied(EVENTS));
  assert.equal(state.access, 'live');
  assert.deepEqual(Object.values(state.orders), EVENTS.at(-1).data.orders);
  assert.deepEqual(['E-1', 'E-2', 'E-3'].map((order) => mayUse(state, order)), [false, true, false]);
});

test('shuffled and doubled news ends in the truth', async () => {
  for (const seed of SEEDS) {
    const world = new World(seed);
    const store = await applied(world.shuffledAndDoubled(world.events));
    await assertKnown(store, world, ['access', 'orders', 'serving'], seed);
  }
});

test('lost news is made up for by an announcement', async () => {
  let lost = 0;
  for (const seed of SEEDS) {
    const world = new World(seed);
    const kept = world.events.filter(() => world.random() >= 0.1);
    lost += world.events.length - kept.length;
    const happened = world.events.length;
    world.announce();
    kept.push(...world.events.slice(happened));
    const store = await applied(world.shuffledAndDoubled(kept));
    await assertKnown(store, world, ['access', 'orders'], seed);
    for (const [account, truth] of Object.entries(world.truth)) {
      const state = await known(store, `accounts/${account}`);
      for (const id of Object.keys(truth.orders)) assert.equal(mayUse(state, id), mayUse(truth, id), `seed ${seed}`);
    }
  }
  assert.ok(lost > 500);
});

test('two accounts do not mix', async () => {
  const other = { ...example(DELETED), subject: 'accounts/A-2', sequence: '9'.repeat(20) };
  other.data.account = 'A-2';
  const store = await applied([...EVENTS.slice(0, 2), other, EVENTS[2]]);
  assert.equal((await known(store)).position, EVENTS[2].sequence);
  assert.equal((await known(store)).access, 'live');
  assert.equal((await known(store, 'accounts/A-2')).access, 'ended');
});

test('nothing that comes late resurrects a deleted account, and a reopening does', async () => {
  const deleted = EVENTS.findIndex(({ type }) => type === DELETED);
  const store = await applied([EVENTS[deleted]]);
  for (const late of EVENTS.slice(0, deleted)) {
    assert.equal(await apply(store, read(late)), false);
    assert.equal((await known(store)).access, 'ended');
  }
  assert.ok(await apply(store, read(EVENTS[deleted])), 'again: an erasure that was interrupted is finished');
  assert.ok(await apply(store, read(example('portico.account.reopened'))));
  assert.equal((await known(store)).access, 'live');
  assert.equal(await apply(store, read(EVENTS[deleted])), false, 'whoever has come back is not erased');
});

test('a stop counts although newer news overtook it, until it is resumed', async () => {
  const [stop, resume] = [example(STOP), example(RESUME)];
  const changed = { ...example('portico.order.changed'), sequence: `${resume.sequence.slice(0, -1)}9` };
  for (const [events, may] of [
    [[stop, changed], false],
    [[changed, stop], false],
    [[stop, changed, resume], true],
    [[resume, changed, stop], true],
    [[resume, stop, changed], true],
  ]) {
    assert.equal(mayUse(await known(await applied(events)), 'E-1'), may);
  }
});

test('a type and members that are not known are no trouble', async () => {
  const event = { ...example('portico.account.state'), type: 'portico.account.new-type', new: 1 };
  event.data.new = [1];
  assert.equal((await known(await applied([event]))).access, 'live');
});

/** As Portico wrote it before: one order, no sequence, and access only with news about an order. */
function withoutSequence(event, time, changes = {}) {
  const { sequence, ...old } = copy(event);
  const { orders, offer, ...data } = old.data;
  if (!data.entitlement) delete data.access;
  return { ...old, time, data: { ...data, ...changes } };
}

const OLD = {
  granted: withoutSequence(example('portico.access.granted'), '2030-01-01T00:00:00Z'),
  ended: withoutSequence(example('portico.access.ended'), '2030-01-01T00:00:00.5Z', {
    entitlement: 'E-1',
    state: 'ENTITLEMENT_CANCELLED',
  }),
  other: withoutSequence(EVENTS[8], '2029-01-01T00:00:00Z'),
  stop: withoutSequence(example(STOP), '2030-01-02T00:00:00Z'),
  deleted: withoutSequence(example(DELETED), '2031-01-01T00:00:00Z'),
};

test('without a sequence it is older than all with one', async () => {
  const [first] = EVENTS;
  for (const events of [[first, OLD.granted], [OLD.granted, first], [first, OLD.ended]]) {
    const { position, access, orders } = await known(await applied(events));
    assert.deepEqual({ position, access, orders }, { position: first.sequence, access: 'pending', orders: {} });
  }
});

test('without a sequence the later time counts for each order', async () => {
  const { granted, ended, other } = OLD;
  for (const events of [[ended, granted, other], [other, granted, ended]]) {
    const state = await known(await applied(events));
    assert.equal(state.access, 'ended');
    assert.equal(state.orders['E-1'].state, 'ENTITLEMENT_CANCELLED');
    assert.equal(state.orders['E-2'].state, 'ENTITLEMENT_ACTIVE');
  }
});

test('a stop without a sequence keeps what is known of the order', async () => {
  const state = await known(await applied([OLD.granted, OLD.stop]));
  assert.equal(state.serving['E-1'].stopped, 'BILLING_DISABLED');
  assert.equal(state.orders['E-1'].subscription_end, null);
});

test('a deletion without a sequence ends the access', async () => {
  assert.equal((await known(await applied([OLD.deleted, OLD.granted]))).access, 'ended');
});

test('two at once are both applied', async () => {
  const store = new MemoryStore();
  const [first, second] = [read(example(STOP)), read(EVENTS.at(-1))];
  const [, isNewest] = await Promise.all([apply(store, first), apply(store, second)]);
  assert.ok(isNewest);
  const state = await known(store);
  assert.equal(state.position, second.sequence);
  assert.equal(state.serving['E-1'].stopped, 'BILLING_DISABLED');
});

test('many at once end in the truth', async () => {
  const [world, store] = [new World(1), new MemoryStore()];
  const all = [1, 2, 3, 4].flatMap(() => world.shuffledAndDoubled(world.events));
  await Promise.all(all.map((event) => apply(store, read(event))));
  await assertKnown(store, world, ['access', 'orders', 'serving'], 1);
});

test('what is no news is refused', () => {
  const event = example('portico.account.state');
  const { data } = event;
  const broken = [
    { specversion: '0.3' },
    { type: 1 },
    { subject: 'accounts/A-2' },
    { subject: 'A-1' },
    { data: null },
    { sequence: 7 },
    { sequence: '7' },
    { sequence: 'x'.repeat(20) },
    { sequence: `${event.sequence}\n` },
    { sequence: '٧'.repeat(20) },
    { data: { ...data, access: null } },
    { data: { ...data, orders: null } },
    { data: { ...data, orders: [{}] } },
    { type: STOP },
  ];
  for (const body of ['', '{}', '[]', '1', ...broken.map((part) => JSON.stringify({ ...event, ...part }))]) {
    assert.throws(() => parse(body), Unreadable, body);
  }
  assert.equal(parse(Buffer.from(JSON.stringify(event))).sequence, event.sequence);
});
