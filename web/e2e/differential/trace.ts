// What a client has seen of a server, in lines that two servers can be compared by.

export class Trace {
  readonly #lines = new Map<string, string[]>();

  /** Adds a line. Lines of one label stay in order; between labels there is none. */
  note(label: string, line: string): void {
    const lines = this.#lines.get(label) ?? [];
    this.#lines.set(label, lines);
    lines.push(anonymous(line));
  }

  /** A label that nobody has, so that what is opened in the same order has the same name. */
  label(kind: string): string {
    let number = 1;
    while (this.#lines.has(`${kind}${number}`)) number += 1;
    const label = `${kind}${number}`;
    this.#lines.set(label, []);
    return label;
  }

  lines(): string[] {
    return [...this.#lines].flatMap(([label, lines]) => lines.map(line => `${label} ${line}`));
  }
}

/** Without what a server is free to choose, which is ids, and with JSON as a client reads it: whatever the order of its keys. */
function anonymous(line: string): string {
  return canonical(line)
    .replaceAll(/"(sid|pid)":"[\w-]{20}"/g, '"$1":"…"')
    .replace(/(?<=← 4\d(?:\d-)?(?:\/custom,)?)\d+(?=\["question")/, '…');
}

function canonical(line: string): string {
  const json = /(?<=← \d[^[{]*)[[{].*$/s.exec(line);
  if (json === null) return line;
  try {
    return line.slice(0, json.index) + JSON.stringify(sorted(JSON.parse(json[0])));
  } catch {
    return line;
  }
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(fields.map(([name, each]) => [name, sorted(each)]));
}

/** Lines that only one of two traces has at a place where they part. */
export interface Hunk {
  readonly reference: readonly string[];
  readonly ours: readonly string[];
}

/** Where two traces part, by their longest common subsequence. */
export function hunks(reference: readonly string[], ours: readonly string[]): Hunk[] {
  const common: number[][] = Array.from({ length: reference.length + 1 }, () =>
    Array.from({ length: ours.length + 1 }, () => 0),
  );
  const at = (i: number, k: number): number => common[i]?.[k] ?? 0;
  for (let i = reference.length - 1; i >= 0; i -= 1) {
    for (let k = ours.length - 1; k >= 0; k -= 1) {
      const row = common[i] ?? [];
      row[k] = reference[i] === ours[k] ? at(i + 1, k + 1) + 1 : Math.max(at(i + 1, k), at(i, k + 1));
    }
  }
  const found: Hunk[] = [];
  let [i, k] = [0, 0];
  while (i < reference.length || k < ours.length) {
    const from = [i, k];
    while ((i < reference.length || k < ours.length) && !(i < reference.length && reference[i] === ours[k])) {
      if (k >= ours.length || (i < reference.length && at(i + 1, k) >= at(i, k + 1))) i += 1;
      else k += 1;
    }
    const hunk = { reference: reference.slice(from[0], i), ours: ours.slice(from[1], k) };
    if (hunk.reference.length > 0 || hunk.ours.length > 0) found.push(hunk);
    i += 1;
    k += 1;
  }
  return found;
}

/** A hunk for people. */
export function shown({ reference, ours }: Hunk): string {
  return [...reference.map(line => `reference: ${line}`), ...ours.map(line => `ours: ${line}`)].join('\n');
}
