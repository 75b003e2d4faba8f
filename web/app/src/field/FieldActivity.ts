import { createContext } from 'react';

/** Hears that a person is at a field, for a page that shows it to the others. */
export interface FieldActivity {
  /** A field is being changed, until the result is called. */
  begin: () => () => void;
  /** The person writes in it. */
  type: (field: string) => void;
}

const nobodyAsks: FieldActivity = { begin: () => () => {}, type: () => {} };

export const FieldActivity = createContext(nobodyAsks);
