// What a device keeps, and all that it keeps: who it is, numbers that it may give, what it has
// taken and not sent yet (sealed: it cannot read it again), and how often what happened on a day.
// Nothing of a person is ever written here in the clear.
const NAME = "hub-kiosk";
const EDITION = 1;
let opening = null;

function made(db) {
  db.createObjectStore("device"); // one row, under "me"
  db.createObjectStore("numbers", { keyPath: "reference" });
  db.createObjectStore("kept", { keyPath: "seq", autoIncrement: true });
  db.createObjectStore("counts"); // by "day name"
}

export function opened() {
  opening ??= new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, EDITION);
    asked.onupgradeneeded = () => made(asked.result);
    asked.onerror = () => reject(asked.error);
    asked.onsuccess = () => {
      // What the browser closes is opened again.
      asked.result.onclose = () => {
        opening = null;
      };
      // Another tab with a newer edition must not wait for us.
      asked.result.onversionchange = () => {
        asked.result.close();
        opening = null;
      };
      resolve(asked.result);
    };
  });
  opening.catch(() => {
    opening = null;
  });
  return opening;
}

// Does something with stores in one transaction and answers when it is on the disk, not sooner:
// a power cut after that loses nothing. `work` gets the stores in the order of their names.
export async function within(names, mode, work) {
  const db = await opened();
  return new Promise((resolve, reject) => {
    const act = db.transaction(names, mode, { durability: "strict" });
    let answer;
    act.oncomplete = () => resolve(answer);
    act.onabort = () => reject(act.error ?? new Error("not kept"));
    answer = work(...names.map((name) => act.objectStore(name)), (value) => {
      answer = value;
    });
  });
}

export const read = (name, key) =>
  within([name], "readonly", (store, say) => {
    store.get(key).onsuccess = (event) => say(event.target.result);
  });

export const write = (name, value, key) =>
  within([name], "readwrite", (store) => {
    store.put(value, key);
  });

// Reads a row, and writes what `turn` makes of it, in one transaction; nothing where it makes nothing.
export const change = (name, key, turn) =>
  within([name], "readwrite", (store, say) => {
    store.get(key).onsuccess = ({ target }) => {
      const next = turn(target.result);
      if (next !== undefined) store.put(next, key);
      say(next ?? target.result);
    };
  });

// Everything of a store, with its keys.
export const rows = (name) =>
  within([name], "readonly", (store, say) => {
    const keys = store.getAllKeys();
    store.getAll().onsuccess = ({ target }) => {
      say(target.result.map((value, at) => [keys.result[at], value]));
    };
  });

export const size = (name) =>
  within([name], "readonly", (store, say) => {
    store.count().onsuccess = ({ target }) => say(target.result);
  });
