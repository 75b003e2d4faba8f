/** Keeps refresh tokens over reloads, one per person, and which person this tab is. */
export interface RefreshTokens {
  /** Whom this tab is for: whoever signed in here last, else whoever did so last in any tab. */
  person(): number | null;
  /** Makes this tab somebody's, or with `null` nobody's; other tabs keep theirs. */
  setPerson(person: number | null): void;
  read(person: number): string | null;
  write(person: number, token: string): void;
  remove(person: number): void;
  /** Calls back when another tab removed this person's token. */
  watchRemoval(person: number, removed: () => void): () => void;
}

const KEY = 'shopbell.refresh.';
const PERSON = 'shopbell.person';
const NOBODY = 'nobody';

/**
 * Refresh tokens in `localStorage`, access tokens nowhere but in memory. `localStorage` can be read by any script of
 * this origin; the page's policy allows none but our own (`default-src 'self'`), and a cookie would tie the API to one
 * origin, which shops that embed the kit in their own application do not have. A refresh token is good once and a
 * second use ends the whole family, so a stolen copy shows itself.
 *
 * A token is kept per person, and the tab's own person in `sessionStorage`: two people can be signed in side by side in
 * one browser, as at a counter, without either tab turning into the other.
 */
export function browserRefreshTokens(): RefreshTokens {
  const lasting = storage(() => window.localStorage);
  const ofTab = storage(() => window.sessionStorage);
  return {
    person() {
      const kept = ofTab.getItem(PERSON) ?? lasting.getItem(PERSON);
      return kept === null || kept === NOBODY ? null : Number(kept);
    },
    setPerson(person) {
      ofTab.setItem(PERSON, person === null ? NOBODY : String(person));
      if (person !== null) lasting.setItem(PERSON, String(person));
    },
    read: person => lasting.getItem(KEY + person),
    write: (person, token) => lasting.setItem(KEY + person, token),
    remove: person => lasting.removeItem(KEY + person),
    watchRemoval(person, removed) {
      const heard = (event: StorageEvent) => {
        // `key` is null when everything was cleared.
        if ((event.key === KEY + person || event.key === null) && lasting.getItem(KEY + person) === null)
          removed();
      };
      window.addEventListener('storage', heard);
      return () => window.removeEventListener('storage', heard);
    },
  };
}

type Kept = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

/** The browser's storage, or the page's memory where the browser forbids it (private windows, blocked site data). */
function storage(open: () => Storage): Kept {
  try {
    const opened = open();
    opened.setItem('shopbell.probe', '1');
    opened.removeItem('shopbell.probe');
    return opened;
  } catch {
    const memory = new Map<string, string>();
    return {
      getItem: key => memory.get(key) ?? null,
      setItem: (key, value) => void memory.set(key, value),
      removeItem: key => void memory.delete(key),
    };
  }
}
