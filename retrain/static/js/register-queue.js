// What is marked in registers and not sent yet: kept in this browser under its owner's name, sent once there is a
// network and its owner is signed in. Read in by the pages and by the service worker alike, so it exports nothing.
(() => {
  const STORE = "operations";
  const META = "meta";
  const AT_ONCE = 300;
  const PATIENCE = 30000; // milliseconds for one answer: a network that says nothing is none

  const asked = (request) =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });

  let opened;
  function database() {
    opened ??= new Promise((resolve, reject) => {
      const request = indexedDB.open("retrain-registers", 1);
      request.onupgradeneeded = () => {
        request.result.createObjectStore(STORE, { keyPath: "id" }).createIndex("owner", "owner");
        request.result.createObjectStore(META);
      };
      request.onsuccess = () => {
        request.result.onversionchange = () => request.result.close();
        resolve(request.result);
      };
      request.onerror = () => reject(request.error);
    });
    return opened;
  }

  // Resolves when what *work* wrote is on the disk: a page may be killed the moment after.
  async function within(mode, work) {
    const transaction = (await database()).transaction([STORE, META], mode, { durability: "strict" });
    const ended = new Promise((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
    });
    const found = await work(transaction.objectStore(STORE), transaction.objectStore(META));
    await ended;
    return found;
  }

  const recall = (key) => within("readonly", (_store, meta) => asked(meta.get(key)));
  const remember = (key, value) => within("readwrite", (_store, meta) => asked(meta.put(value, key)));

  // Several operations are kept in one transaction; each gets the next number of this device.
  function keep(operations) {
    return within("readwrite", async (store, meta) => {
      let device = await asked(meta.get("device"));
      if (!device) await asked(meta.put((device = crypto.randomUUID()), "device"));
      let number = (await asked(meta.get("number"))) ?? 0;
      for (const operation of operations) {
        number += 1;
        store.put({ ...operation, id: crypto.randomUUID(), number, made_at: new Date().toISOString(), why: [] });
      }
      await asked(meta.put(number, "number"));
      return number;
    });
  }

  async function of(owner, session = null) {
    const all = await within("readonly", (store) => asked(store.index("owner").getAll(owner)));
    return all.filter((one) => session === null || one.session === session).sort((one, two) => one.number - two.number);
  }

  const drop = (ids) => within("readwrite", (store) => ids.forEach((id) => store.delete(id)));

  const note = (operations, change) =>
    within("readwrite", async (store) => {
      for (const one of operations) {
        // It may have been sent and dropped meanwhile by another window.
        const now = await asked(store.get(one.id));
        if (now) store.put({ ...now, ...change });
      }
    });

  function batches(operations) {
    const found = new Map();
    for (const one of operations) {
      const key = `${one.session} ${one.starts}`;
      if (!found.has(key)) found.set(key, []);
      found.get(key).push(one);
    }
    return [...found.values()].map((each) => each.slice(0, AT_ONCE));
  }

  const said = ({ id, number, what, enrolment, kind, missed, said: words, workplace, base, made_at }) =>
    ({ id, number, what, enrolment, kind, missed, said: words, workplace, base, made_at });

  async function post(batch, owner, token, device) {
    const response = await fetch(batch[0].send, {
      method: "POST",
      credentials: "same-origin",
      headers: { "content-type": "application/json", accept: "application/json", "X-CSRFToken": token },
      signal: AbortSignal.timeout(PATIENCE),
      body: JSON.stringify({ owner, device, starts: batch[0].starts, operations: batch.map(said) }),
    });
    if (response.ok && !response.redirected) return taken(batch, await response.json());
    if (response.status >= 500 || response.status === 429) throw new Error(response.status);
    const told = await response.json().catch(() => ({}));
    await note(batch, { why: [told.detail ?? String(response.status)], codes: told.codes ?? [String(response.status)] });
    return { session: batch[0].session, sent: 0, refused: true };
  }

  async function taken(batch, { answers, register }) {
    const done = [];
    let disputed = 0;
    let refused = false;
    for (const one of batch) {
      const answer = answers[one.id];
      if (!answer) continue;
      if (answer.outcome === "disputed") disputed += 1;
      if (answer.outcome === "refused") {
        refused = true;
        if (one.what === "sign") {
          // The signature is asked for again once its reasons are gone; nothing else is lost by dropping it.
          await remember(`refused ${one.owner} ${one.session}`, answer.why);
        }
      }
      done.push(one.id);
    }
    await remember(`state ${batch[0].owner} ${batch[0].session}`, register);
    await drop(done);
    return { session: batch[0].session, sent: done.length, disputed, refused, register, more: done.length === AT_ONCE };
  }

  // Sends everything of *owner*; two windows and the worker take turns. What came of it, by register.
  async function send(owner) {
    const turn = (work) => (navigator.locks ? navigator.locks.request("retrain-registers-send", work) : work());
    return turn(async () => {
      const waiting = await of(owner);
      if (!waiting.length) return { results: [] };
      const asked_for = await fetch(waiting[0].token, { credentials: "same-origin", cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
      if (!asked_for.ok) throw new Error(asked_for.status);
      const { token, owner: present } = await asked_for.json();
      if (present !== owner) return { results: [], blocked: present ? "other" : "sign-in" };
      const device = await recall("device");
      const results = [];
      for (const batch of batches(waiting)) results.push(await post(batch, owner, token, device));
      return { results };
    });
  }

  globalThis.RegisterQueue = { keep, of, drop, note, send, recall, remember };
})();
