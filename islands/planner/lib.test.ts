import { describe, expect, it } from 'vitest';
import { HOUR, MINUTE, Zone } from '../shared/time.ts';
import { Axis } from './axis.ts';
import {
  bands,
  blockLines,
  byUrgency,
  firstFree,
  fit,
  groupCards,
  hoursAndMinutes,
  hoursNeeded,
  layout,
  load,
  mergeSpans,
  openSpans,
  placed,
  replaceCard,
  snap,
  stack,
  STEP,
  stretched,
  type Span,
} from './lib.ts';
import { aCalendar, aCard, anItem } from './samples.ts';

const rome = new Zone('Europe/Rome');

function at(clock: string, date = '2026-11-23'): number {
  return Date.parse(`${date}T${clock}:00+01:00`);
}

function span(from: string, to: string): Span {
  return { from: at(from), to: at(to) };
}

describe('what stands on a block', () => {
  it('is whose visit and what it is for, the name once', () => {
    expect(blockLines({ title: 'Hotel Belvedere: Boiler blocked', customer: 'Hotel Belvedere', site: 'Milano' })).toEqual([
      'Hotel Belvedere',
      'Boiler blocked',
    ]);
    expect(blockLines({ title: 'Yearly visit', customer: 'Hotel Belvedere', site: '' })).toEqual([
      'Hotel Belvedere',
      'Yearly visit',
    ]);
  });

  it('is the title and the place where there is no customer', () => {
    expect(blockLines({ title: 'Meeting', customer: '', site: 'Office' })).toEqual(['Meeting', 'Office']);
  });
});

describe('snapping', () => {
  it('goes to the nearest quarter of the wall clock', () => {
    expect(snap(at('09:07'))).toBe(at('09:00'));
    expect(snap(at('09:08'))).toBe(at('09:15'));
  });

  it('keeps to quarters of the clock in zones that are 45 minutes off', () => {
    const kathmandu = new Zone('Asia/Kathmandu');
    expect(kathmandu.wall(snap(at('09:08'))).minutes % 15).toBe(0);
  });

  it('moves a block with its real length, over the repeated hour too', () => {
    const from = Date.parse('2026-10-25T01:34:00+02:00');
    const { from: start, to } = placed(from, 2 * HOUR);
    expect(rome.iso(start)).toBe('2026-10-25T01:30:00+02:00');
    expect(rome.iso(to)).toBe('2026-10-25T02:30:00+01:00');
  });

  it('stretches either end, never below one step', () => {
    const block = span('09:05', '10:05');
    expect(stretched(block, 'end', at('11:01'))).toEqual(span('09:05', '11:00'));
    expect(stretched(block, 'start', at('08:20'))).toEqual(span('08:15', '10:05'));
    expect(stretched(block, 'end', at('07:00'))).toEqual({ from: block.from, to: block.from + STEP });
    expect(stretched(block, 'start', at('12:00'))).toEqual({ from: block.to - STEP, to: block.to });
  });
});

describe('stacking', () => {
  it('puts what does not overlap into one lane, touching ends included', () => {
    expect(stack([span('08:00', '09:00'), span('09:00', '10:00')])).toEqual({ lanes: [0, 0], count: 1 });
    expect(stack([])).toEqual({ lanes: [], count: 1 });
  });

  it('opens a lane for an overlap and uses it again later', () => {
    const spans = [span('08:00', '10:00'), span('09:00', '11:00'), span('10:00', '12:00'), span('11:00', '12:00')];
    expect(stack(spans)).toEqual({ lanes: [0, 1, 0, 1], count: 2 });
  });

  it('never puts two that overlap into one lane, and uses no more lanes than overlap at once', () => {
    let seed = 11;
    const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
    const spans = Array.from({ length: 400 }, () => {
      const from = Math.floor(random() * 600);
      return { from, to: from + 1 + Math.floor(random() * 40) };
    }).sort((a, b) => a.from - b.from);
    const { lanes, count } = stack(spans);
    const ends = new Map<number, number>();
    spans.forEach((one, index) => {
      expect(ends.get(lanes[index]!) ?? 0).toBeLessThanOrEqual(one.from);
      ends.set(lanes[index]!, one.to);
    });
    const deepest = Math.max(...spans.map((one) => spans.filter((o) => o.from <= one.from && one.from < o.to).length));
    expect(count).toBe(deepest);
  });

  it('takes no quadratic time when all overlap', () => {
    const spans = Array.from({ length: 200_000 }, (_, index) => ({ from: index, to: 1e9 + index }));
    expect(stack(spans).count).toBe(200_000);
  });
});

describe('the layout of a row', () => {
  const axis = new Axis(rome, ['2026-11-23'], [6, 22], 60);

  it('places blocks in whole pixels and leaves out other days', () => {
    const cards = [
      aCard({ id: 1 }),
      aCard({ id: 2, starts: '2026-11-24T09:00:00+01:00', ends: '2026-11-24T10:00:00+01:00' }),
    ];
    expect(layout(cards, [0, 0], axis)).toEqual([{ card: cards[0], x: 180, width: 59, lane: 0 }]);
  });

  it('cuts presence to what is shown', () => {
    const [band, ...others] = bands([span('05:00', '07:00')], axis);
    expect(band).toMatchObject({ x: 0, width: 60 });
    expect(others).toEqual([]);
    expect(bands([span('04:00', '05:00')], axis)).toEqual([]);
  });
});

describe('spans', () => {
  it('are merged where they touch', () => {
    const merged = mergeSpans([span('10:00', '12:00'), span('08:00', '10:00'), span('14:00', '15:00')]);
    expect(merged).toEqual([span('08:00', '12:00'), span('14:00', '15:00')]);
  });

  it('are opened by what is taken away', () => {
    const left = openSpans(
      [span('08:00', '12:00'), span('13:00', '17:00')],
      [span('07:00', '08:30'), span('10:00', '11:00'), span('11:30', '14:00'), span('17:00', '18:00')],
    );
    expect(left).toEqual([span('08:30', '10:00'), span('11:00', '11:30'), span('14:00', '17:00')]);
  });
});

describe('the shown hours', () => {
  it('grow to what is planned or present, and show all when it goes past midnight', () => {
    expect(hoursNeeded(rome, [6, 22], [span('08:00', '18:00')])).toEqual([6, 22]);
    expect(hoursNeeded(rome, [6, 22], [span('05:30', '22:15')])).toEqual([5, 23]);
    expect(hoursNeeded(rome, [6, 22], [{ from: at('20:00'), to: at('00:00', '2026-11-24') }])).toEqual([6, 24]);
    expect(hoursNeeded(rome, [6, 22], [{ from: at('22:00'), to: at('06:00', '2026-11-24') }])).toEqual([0, 24]);
  });
});

describe('a slot', () => {
  const calendar = aCalendar();
  const nine = aCard({ id: 1 });
  const missed = aCard({
    id: 2,
    starts: '2026-11-23T11:00:00+01:00',
    ends: '2026-11-23T12:00:00+01:00',
    state: { name: 'Missed', colour: '#f00', category: 'missed' },
  });
  const cards = [nine, missed];

  it('is free, taken, outside presence or closed', () => {
    expect(fit(calendar, cards, span('10:00', '11:00'), new Set())).toBe('free');
    expect(fit(calendar, cards, span('09:30', '10:30'), new Set())).toBe('taken');
    expect(fit(calendar, cards, span('11:30', '13:30'), new Set())).toBe('outside');
    expect(fit(calendar, cards, span('14:30', '15:15'), new Set())).toBe('closed');
  });

  it('is not taken by the block itself, nor by one that was missed', () => {
    expect(fit(calendar, cards, span('09:15', '10:15'), new Set([nine.id]))).toBe('free');
    expect(fit(calendar, cards, span('11:00', '12:00'), new Set())).toBe('free');
  });

  it('is found as the first that is long enough', () => {
    const range = span('00:00', '23:00');
    expect(firstFree(calendar, cards, HOUR, range)).toEqual(span('08:00', '09:00'));
    expect(firstFree(calendar, cards, 90 * MINUTE, range)).toEqual(span('10:00', '11:30'));
    expect(firstFree(calendar, cards, HOUR, { from: at('08:05'), to: range.to })).toEqual(span('10:00', '11:00'));
    expect(firstFree(calendar, cards, 3 * HOUR, range)).toBeNull();
  });

  it('counts in the load unless it takes no time', () => {
    expect(load(calendar, cards, span('00:00', '23:00'))).toEqual({ planned: HOUR, bookable: 7 * HOUR });
    expect(load(calendar, cards, span('09:30', '10:00'))).toEqual({ planned: HOUR / 2, bookable: HOUR / 2 });
  });
});

describe('cards', () => {
  it('keep their array when nothing in their row changed', () => {
    const before = groupCards([aCard({ id: 1 }), aCard({ id: 2, resource_id: 2 })], new Map());
    const after = groupCards([aCard({ id: 2, resource_id: 2, version: 2 }), aCard({ id: 1 })], before);
    expect(after.get(1)).toBe(before.get(1));
    expect(after.get(2)).not.toBe(before.get(2));
  });

  it('move between rows, in order, and back', () => {
    const early = aCard({ id: 1 });
    const late = aCard({ id: 2, starts: '2026-11-23T12:00:00+01:00', ends: '2026-11-23T13:00:00+01:00' });
    const before = groupCards([late, early], new Map());
    const moved = { ...early, resource_id: 2 };
    const after = replaceCard(before, early, moved);
    expect(after.get(1)).toEqual([late]);
    expect(after.get(2)).toEqual([moved]);
    expect(replaceCard(after, moved, early).get(1)).toEqual([early, late]);
    expect(before.get(1)).toEqual([early, late]);
  });
});

describe('what waits', () => {
  it('is ordered by priority, then by age', () => {
    const items = [
      anItem({ work_order_id: 1, priority: 'low', received_at: '2026-01-01T00:00:00Z' }),
      anItem({ work_order_id: 2, priority: 'high', received_at: '2026-11-22T09:00:00+01:00' }),
      anItem({ work_order_id: 3, priority: 'high', received_at: '2026-11-22T07:30:00Z' }),
    ];
    expect(items.sort(byUrgency).map((item) => item.work_order_id)).toEqual([3, 2, 1]);
  });

  it('has a length in hours and minutes', () => {
    expect(hoursAndMinutes(95 * MINUTE)).toEqual({ hours: 1, minutes: 35 });
  });
});
