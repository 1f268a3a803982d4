import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { Api, Refusal, uuid } from './client.ts';
import type { Body, Gaps, PathOf, Query } from './operation.ts';

const texts = {
  unreachable: { message: 'unreachable', remedy: 'check' },
  failed: { message: 'failed', remedy: 'again' },
  signedOut: { message: 'signed out', remedy: 'sign in' },
};

let server: Server | undefined;

async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<Api> {
  server = createServer(answer);
  await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve));
  return new Api(`http://127.0.0.1:${(server.address() as AddressInfo).port}/api`, 'token', texts);
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
}

async function refusalOf(call: Promise<unknown>): Promise<Refusal> {
  const error = await call.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(Refusal);
  return error as Refusal;
}

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

describe('the API client', () => {
  it('asks for the board with what is given only', async () => {
    const asked: string[] = [];
    const api = await serve((request, response) => {
      asked.push(request.url ?? '');
      json(response, 200, { resources: [] });
    });
    await api.board('2026-11-23', 7, null);
    await api.board('2026-11-23', 1, 4);
    await api.unplanned({ search: 'Via Roma & C.', by: 'age', sector: null, team: 3, cursor: null });
    await api.board('2026-11-23', 7, null, [5, 7]);
    expect(asked).toEqual([
      '/api/board?start=2026-11-23&days=7',
      '/api/board?start=2026-11-23&days=1&team=4',
      '/api/board/unplanned?search=Via+Roma+%26+C.&by=age&team=3',
      '/api/board?start=2026-11-23&days=7&resource=5&resource=7',
    ]);
  });

  it('sends a write that got lost once more, with the same key', async () => {
    const keys: (string | string[] | undefined)[] = [];
    const api = await serve((request, response) => {
      keys.push(request.headers['idempotency-key']);
      if (keys.length === 1) request.socket.destroy();
      else json(response, 200, { work_order: { id: 1, version: 2, status: 'foreseen', code: 'A' } });
    });
    const answer = await api.unplan(1, 1);
    expect(answer.work_order.version).toBe(2);
    expect(keys).toHaveLength(2);
    expect(keys[0]).toBe(keys[1]);
    expect(keys[0]).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('carries the token and the version', async () => {
    let token: string | string[] | undefined;
    let body = '';
    const api = await serve((request, response) => {
      token = request.headers['x-csrftoken'];
      request.on('data', (part: Buffer) => (body += part.toString()));
      request.on('end', () => json(response, 200, { appointment: {} }));
    });
    await api.move(5, { resource_id: 2, starts: 'a', ends: 'b' }, 9);
    expect(token).toBe('token');
    expect(JSON.parse(body)).toEqual({ resource_id: 2, starts: 'a', ends: 'b', version: 9, tell: true });
  });

  it('raises what the server said', async () => {
    const api = await serve((_request, response) =>
      json(response, 409, { code: 'stale_version', message: 'Old', remedy: 'Reload', fields: { starts: ['x'] } }),
    );
    const refusal = await refusalOf(api.cancel(1, 1));
    expect(refusal).toMatchObject({ status: 409, code: 'stale_version', message: 'Old', remedy: 'Reload', facts: {} });
    expect(refusal.fields).toEqual({ starts: ['x'] });
  });

  it('has words of its own for answers without any', async () => {
    const api = await serve((request, response) => {
      if (request.url?.startsWith('/api/board?')) response.writeHead(302, { Location: '/login' }).end();
      else if (request.url === '/login') response.writeHead(200, { 'Content-Type': 'text/html' }).end('<form>');
      else response.writeHead(502).end('<html>');
    });
    expect((await refusalOf(api.board('2026-11-23', 1, null))).code).toBe('signed_out');
    expect(await refusalOf(api.cancel(1, 1))).toMatchObject({ code: 'failed', message: 'failed', status: 502 });
  });

  it('says so when there is no server', async () => {
    const api = await serve((request) => request.socket.destroy());
    expect(await refusalOf(api.cancel(1, 1))).toMatchObject({ code: 'unreachable', remedy: 'check' });
  });

  it('is held to the description of the API by the compiler', () => {
    const path: PathOf<'get'> = '/board';
    // @ts-expect-error no such path
    const misspelt: PathOf<'get'> = '/boards';
    // @ts-expect-error the board cannot be posted
    const method: PathOf<'post'> = '/board';
    const asked: Query<'/board'> = { query: { start: '2026-11-23', days: 7 } };
    // @ts-expect-error no such parameter
    const parameter: Query<'/board'> = { query: { start: '2026-11-23', length: 7 } };
    // @ts-expect-error the version is missing
    const body: Body<'/work-orders/{work_order_id}/unplan'> = { body: {} };
    // @ts-expect-error the gap has another name
    const gap: Gaps<'/work-orders/{work_order_id}/unplan', 'post'> = { path: { id: 1 } };
    expect([path, misspelt, method, asked, parameter, body, gap]).toHaveLength(7);
  });

  it('makes keys that differ', () => {
    expect(new Set(Array.from({ length: 100 }, uuid)).size).toBe(100);
  });
});
