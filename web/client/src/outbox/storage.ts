import type { Kept } from './item.ts';

/** Keeps a person's unsent changes over reloads. The number that `add` gives is their order, over all tabs. */
export interface OutboxStorage {
  load(person: number): Promise<Kept[]>;
  add(person: number, kept: Kept): Promise<number>;
  put(person: number, kept: Kept): Promise<void>;
  remove(person: number, place: number): Promise<void>;
}

const STORE = 'outbox';
const KEY = 'shopbell.outbox.';

/** IndexedDB; `localStorage` where a browser keeps it shut, and the page's memory where that is shut too. */
export function browserOutbox(): OutboxStorage {
  let opened: Promise<OutboxStorage> | null = null;
  const open = () => (opened ??= openDatabase().then(inDatabase, () => inLocalStorage()));
  return {
    load: async person => (await open()).load(person),
    add: async (person, kept) => (await open()).add(person, kept),
    put: async (person, kept) => (await open()).put(person, kept),
    remove: async (person, place) => (await open()).remove(person, place),
  };
}

function openDatabase(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    if (typeof indexedDB === 'undefined') throw new Error('no IndexedDB here');
    const request = indexedDB.open('shopbell', 1);
    request.addEventListener('upgradeneeded', () => {
      const store = request.result.createObjectStore(STORE, { keyPath: 'place', autoIncrement: true });
      store.createIndex('person', 'person');
    });
    request.addEventListener('success', () => resolve(request.result));
    request.addEventListener('error', () => reject(request.error));
    request.addEventListener('blocked', () => reject(new Error('another tab has an older page')));
  });
}

function inDatabase(database: IDBDatabase): OutboxStorage {
  /** One request in a transaction of its own; done when it is kept. */
  const run = <T>(mode: IDBTransactionMode, ask: (store: IDBObjectStore) => IDBRequest<T>) =>
    new Promise<T>((resolve, reject) => {
      const transaction = database.transaction(STORE, mode, { durability: 'strict' });
      const request = ask(transaction.objectStore(STORE));
      transaction.addEventListener('complete', () => resolve(request.result));
      transaction.addEventListener('abort', () => reject(transaction.error));
      transaction.addEventListener('error', () => reject(transaction.error));
    });
  return {
    load: person => run<Kept[]>('readonly', store => store.index('person').getAll(person)),
    add: async (person, { key, at, command, refusal }) =>
      (await run('readwrite', store => store.add({ person, key, at, command, refusal }))) as number,
    put: async (person, kept) => void (await run('readwrite', store => store.put({ ...kept, person }))),
    remove: (_, place) => run('readwrite', store => store.delete(place)),
  };
}

function inLocalStorage(): OutboxStorage {
  try {
    return inText(window.localStorage);
  } catch {
    return memoryOutbox();
  }
}

/** All of a person's changes as one text under one name. */
export function inText(texts: Pick<Storage, 'getItem' | 'setItem'>): OutboxStorage {
  const read = (person: number) => JSON.parse(texts.getItem(KEY + person) ?? '[]') as Kept[];
  const write = (person: number, all: Kept[]) => texts.setItem(KEY + person, JSON.stringify(all));
  return {
    load: async person => read(person),
    add: async (person, kept) => {
      const all = read(person);
      // Later than any that were there, also than those that have gone since.
      const place = Math.max(Date.now(), (all.at(-1)?.place ?? 0) + 1);
      write(person, [...all, { ...kept, place }]);
      return place;
    },
    put: async (person, kept) =>
      write(
        person,
        read(person).map(one => (one.place === kept.place ? kept : one)),
      ),
    remove: async (person, place) =>
      write(
        person,
        read(person).filter(one => one.place !== place),
      ),
  };
}

/** For as long as the page lives. */
export function memoryOutbox(): OutboxStorage {
  const texts = new Map<string, string>();
  return inText({
    getItem: name => texts.get(name) ?? null,
    setItem: (name, text) => void texts.set(name, text),
  });
}
