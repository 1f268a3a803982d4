import { describe, expect, it } from 'vitest';
import { beginning, stepped } from './span.ts';

describe('the days of a view', () => {
  it('begin where the day, the week or the month does', () => {
    expect(beginning('2026-11-25', 'day')).toBe('2026-11-25');
    expect(beginning('2026-11-25', 'week')).toBe('2026-11-23');
    expect(beginning('2026-11-25', 'list')).toBe('2026-11-23');
    expect(beginning('2026-11-25', 'month')).toBe('2026-11-01');
  });

  it('go on by as much as is shown', () => {
    expect(stepped('2026-12-31', 'day', 1)).toBe('2027-01-01');
    expect(stepped('2026-11-23', 'week', -1)).toBe('2026-11-16');
    expect(stepped('2026-12-01', 'month', 1)).toBe('2027-01-01');
  });
});
