import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Passing, readNews, touches, type Change } from './live.ts';
import { Live, type Stream } from './live.svelte.ts';
import type { Planner } from './state.svelte.ts';

const change: Change = {
  what: 'moved',
  resources: [1],
  starts: '2026-11-23T09:00:00+00:00',
  ends: '2026-11-23T10:00:00+00:00',
  appointment: 5,
  waiting: false,
  by: 'Clara',
  own: false,
  via: '',
};

describe('news', () => {
  it('of a kind or a form that nobody knows is none', () => {
    expect(readNews('change', JSON.stringify(change))).toEqual({ kind: 'change', change });
    expect(readNews('beat', '{}')).toEqual({ kind: 'alive' });
    expect(readNews('weather', '{}')).toBeNull();
    expect(readNews('change', '{"resources":7}')).toBeNull();
    expect(readNews('change', 'no')).toBeNull();
  });

  it('counts when it touches the time that is shown, or names none', () => {
    const range = { from: Date.parse('2026-11-23T00:00:00Z'), to: Date.parse('2026-11-24T00:00:00Z') };
    expect(touches(change, range)).toBe(true);
    expect(touches({ ...change, starts: '', ends: '' }, range)).toBe(true);
    expect(touches(change, { from: range.to, to: range.to + 1 })).toBe(false);
  });
});

describe('listening', () => {
  class Given implements Stream {
    readyState = 1;
    closed = false;
    readonly #heard = new Map<string, (event: { data: string; lastEventId: string }) => void>();
    constructor(readonly url: string) {}
    addEventListener(kind: string, hear: (event: { data: string; lastEventId: string }) => void): void {
      this.#heard.set(kind, hear);
    }
    say(kind: string, data: unknown = {}, lastEventId = '2000'): void {
      this.#heard.get(kind)!({ data: JSON.stringify(data), lastEventId });
    }
    close(): void {
      this.closed = true;
    }
  }

  let streams: Given[];
  let live: Live;
  const source = { heard: vi.fn(), refresh: vi.fn() };

  beforeEach(() => {
    vi.useFakeTimers();
    vi.clearAllMocks();
    streams = [];
    const planner = { config: { events: '/events' }, readAt: 1000, source, api: { sent: (id: string) => id === 'mine' } };
    live = new Live(planner as unknown as Planner, (url) => {
      const stream = new Given(url);
      streams.push(stream);
      return stream;
    });
    live.start();
  });

  afterEach(() => {
    live.stop();
    vi.useRealTimers();
  });

  it('begins where the board was read and goes on where it ended', () => {
    expect(streams[0]!.url).toBe('/events?since=1000');
    streams[0]!.say('hello');
    live.stop();
    live.start();
    expect(streams[1]!.url).toBe('/events?since=2000');
  });

  it('passes on what others did, and nothing of what was done here', () => {
    streams[0]!.say('change', change);
    streams[0]!.say('change', { ...change, via: 'mine' });
    expect(source.heard.mock.calls).toEqual([[change]]);
  });

  it('reads everything again after a gap', () => {
    streams[0]!.say('gap');
    expect(source.refresh).toHaveBeenCalledExactlyOnceWith(true);
  });

  it('says that it is interrupted when that lasts, and no longer when it is over', () => {
    streams[0]!.say('hello');
    streams[0]!.say('error');
    expect(live.hears).toBe(false);
    expect(live.interrupted).toBe(false);
    vi.advanceTimersByTime(5_000);
    expect(live.interrupted).toBe(true);
    streams[0]!.say('hello');
    expect([live.interrupted, live.hears]).toEqual([false, true]);
  });

  it('opens a stream again that was refused, and one that says nothing', () => {
    streams[0]!.readyState = 2;
    streams[0]!.say('error');
    vi.advanceTimersByTime(23_000);
    expect(streams).toHaveLength(2);
    streams[1]!.say('beat');
    vi.advanceTimersByTime(41_000);
    expect(streams).toHaveLength(3);
    expect(streams[1]!.closed).toBe(true);
  });

  it('ends for good when the person may not listen any more', () => {
    streams[0]!.say('over', { reason: 'signed_out' });
    live.start();
    vi.advanceTimersByTime(120_000);
    expect(streams).toHaveLength(1);
    expect(live.interrupted).toBe(true);
  });
});

describe('a name that is shown for some seconds', () => {
  it('stays as long as the last one that was shown there', () => {
    vi.useFakeTimers();
    let shown: ReadonlyMap<number, string> = new Map();
    const passing = new Passing<number>(8_000, (now) => (shown = now));
    passing.show(1, 'Clara');
    vi.advanceTimersByTime(5_000);
    passing.show(1, 'Marta');
    vi.advanceTimersByTime(5_000);
    expect(shown.get(1)).toBe('Marta');
    vi.advanceTimersByTime(5_000);
    expect(shown.size).toBe(0);
    vi.useRealTimers();
  });
});
