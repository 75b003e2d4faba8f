// What every route keeps to: forms of answers, lists, methods, and the web app's files (contract section 3).
import { afterAll, describe, expect, test } from 'vitest';
import { request } from '../rest.ts';
import { startServer } from '../server.ts';
import { failure, workOrder } from '../shapes.ts';
import type { WorkOrder } from '../wire.ts';

const server = await startServer();
afterAll(() => server.discard());
const manager = await server.as('manager');
const get = (path: string, headers: Record<string, string> = {}) =>
  request<unknown>('GET', server.url + path, { headers });

interface List {
  data: WorkOrder[];
  pagination: { limit: number; next_cursor: string | null };
}

describe('a list', () => {
  test('is {status, data, pagination:{limit, next_cursor}}, 20 rows unless asked otherwise', async () => {
    const { status, body } = await manager.get<List>('/api/work-orders');
    expect(status).toBe(200);
    expect(body).toStrictEqual({
      status: 'success',
      data: Array.from({ length: 20 }, () => ({ ...workOrder, device_passcode: null })),
      pagination: { limit: 20, next_cursor: expect.any(String) },
    });
  });

  test('of work orders is sorted by updated_at, the latest first, without a repetition over its pages', async () => {
    const rows: WorkOrder[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const path: string = `/api/work-orders?limit=7${cursor && `&cursor=${encodeURIComponent(cursor)}`}`;
      // A page says where the next one starts.
      const { body } = await manager.get<List>(path);
      expect(body.data.length).toBeLessThanOrEqual(7);
      rows.push(...body.data);
      cursor = body.pagination.next_cursor;
    }
    expect(rows).toHaveLength(40);
    expect(new Set(rows.map(row => row.id)).size).toBe(40);
    const times = rows.map(row => row.updated_at);
    expect(times).toEqual(times.toSorted().toReversed());
  });

  test.each([
    ['status=intake', (row: WorkOrder) => row.status === 'intake'],
    ['priority=high', (row: WorkOrder) => row.priority === 'high'],
  ])('is filtered by %s', async (filter, holds) => {
    const [all, some] = [await manager.orders(), await manager.orders(`&${filter}`)];
    expect(some.length).toBeGreaterThan(0);
    expect(some.map(row => row.id)).toEqual(all.filter(holds).map(row => row.id));
  });

  test('is filtered by technician_id and customer_id, and searched by number, customer and device', async () => {
    const all = await manager.orders();
    const row = all.find(each => each.technician_id !== null)!;
    const ids = async (filter: string): Promise<number[]> =>
      (await manager.orders(filter)).map(each => each.id);
    expect(await ids(`&technician_id=${row.technician_id}`)).toEqual(
      all.filter(each => each.technician_id === row.technician_id).map(each => each.id),
    );
    expect(await ids(`&customer_id=${row.customer_id}`)).toEqual(
      all.filter(each => each.customer_id === row.customer_id).map(each => each.id),
    );
    for (const term of [row.number, row.customer_name, row.device]) {
      expect(await ids(`&search=${encodeURIComponent(term)}`)).toContain(row.id);
    }
    // Nothing in it is a pattern.
    expect(await ids('&search=%25_%25')).toEqual([]);
  });

  test.each([
    'limit=0',
    'limit=101',
    'limit=-1',
    'limit=ten',
    'cursor=nonsense',
    'status=on_the_moon',
    'technician_id=Tarik',
  ])('with ?%s is 400', async query => {
    const answer = await manager.get(`/api/work-orders?${query}`);
    expect(answer.status).toBe(400);
    expect(answer.body['code']).toBeOneOf(['malformed', 'validation_failed']);
  });

  test('the demo has 40 work orders over every status, some unassigned', async () => {
    const all = await manager.orders();
    expect(new Set(all.map(row => row.status)).size).toBe(13);
    expect(all.some(row => row.technician_id === null)).toBe(true);
  });
});

test('every answer that reads or writes shop data carries Shop-Seq and Shop-Epoch', async () => {
  for (const path of [
    '/api/work-orders',
    '/api/work-orders/1',
    '/api/users',
    '/api/notifications',
    '/api/notifications/count',
  ]) {
    const { headers } = await manager.get(path);
    expect(headers.get('shop-seq')).toMatch(/^\d+$/);
    expect(headers.get('shop-epoch')).toMatch(/^\S+$/);
  }
});

describe('unknown routes and methods', () => {
  test.each([
    '/api',
    '/api/',
    '/api/nothing',
    '/api/work-orders/1/nothing',
    '/api/work-orders/abc',
    '/api/work-orders/1e3',
  ])('GET %s is 404 JSON', async path => {
    const answer = await manager.get(path);
    expect(answer.status).toBeOneOf(path.endsWith('abc') || path.endsWith('1e3') ? [404, 400] : [404]);
    expect(answer.body).toMatchObject({
      status: 'fail',
      code: expect.stringMatching(/^(not_found|malformed)$/),
    });
  });

  test.each([
    ['DELETE', '/api/work-orders/1'],
    ['PUT', '/api/work-orders/1'],
    ['POST', '/api/users/1'],
    ['GET', '/api/auth/login'],
    ['PATCH', '/api/notifications'],
  ])('%s %s is 405 method_not_allowed or 404', async (method, path) => {
    const answer = await manager.call(method, path);
    expect(answer.status).toBeOneOf([405, 404]);
    expect(answer.body['code']).toBeOneOf(['method_not_allowed', 'not_found']);
  });

  test.each([['text/plain'], ['application/x-www-form-urlencoded']])(
    'a body of type %s is 415',
    async type => {
      const answer = await manager.call('PATCH', '/api/work-orders/1', {
        raw: '{"description":"x"}',
        headers: { 'content-type': type },
      });
      expect(answer.status).toBe(415);
      expect(answer.body).toStrictEqual(failure('unsupported_media_type'));
    },
  );
});

describe('the web app', () => {
  test('/ is HTML with an ETag, and 304 when the client has it', async () => {
    const page = await get('/');
    expect(page.status).toBe(200);
    expect(page.headers.get('content-type')).toMatch(/^text\/html/);
    const etag = page.headers.get('etag');
    expect(etag).toMatch(/^(W\/)?".+"$/);
    const again = await get('/', { 'if-none-match': etag! });
    expect(again.status).toBe(304);
    expect(again.body).toBe('');
    expect((await get('/', { 'if-none-match': '"other"' })).status).toBe(200);
    // The page names the hashed files, so it must be asked for anew.
    expect(page.headers.get('cache-control') ?? '').not.toContain('immutable');
  });

  test('hashed files are Cache-Control: public, max-age=31536000, immutable', async () => {
    const page = String((await get('/')).body);
    const files = [...page.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(match => match[1]!);
    expect(files.some(file => file.endsWith('.js'))).toBe(true);
    for (const file of files) {
      const answer = await get(file);
      expect(answer.status).toBe(200);
      expect(answer.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
      if (file.endsWith('.js')) expect(answer.headers.get('content-type')).toMatch(/javascript/);
      const again = await get(file, { 'if-none-match': answer.headers.get('etag')! });
      expect(again.status).toBe(304);
    }
  });

  test.each(['/work-orders', '/work-orders/17', '/notifications', '/sign-in'])(
    'the app route %s is the same page',
    async path => {
      const [page, root] = [await get(path), await get('/')];
      expect(page.status).toBe(200);
      expect(page.body).toBe(root.body);
    },
  );

  test.each(['/assets/gone-12345678.js', '/../Cargo.toml', '/%2e%2e/%2e%2e/etc/passwd'])(
    '%s is no file of it',
    async path => {
      const answer = await get(path);
      expect(String(answer.body)).not.toMatch(/root:|\[workspace\]/);
      if (path.startsWith('/assets')) expect(answer.status).toBe(404);
    },
  );
});
