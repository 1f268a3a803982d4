import { describe, expect, it } from 'vitest';
import { framed, panned, project, scaleBar, zoomed } from './map.ts';
import type { Position } from './travel.ts';

const milan: Position = [45.4642, 9.19];
const cluj: Position = [46.7712, 23.6236];

describe('the map', () => {
  it('shows every point inside the window, north on top and east to the right', () => {
    const frame = framed([milan, cluj], 600, 300)!;
    const [west, east] = [project(frame, milan, 600, 300), project(frame, cluj, 600, 300)];
    for (const { x, y } of [west, east]) {
      expect(x).toBeGreaterThan(0);
      expect(x).toBeLessThan(600);
      expect(y).toBeGreaterThan(0);
      expect(y).toBeLessThan(300);
    }
    expect(west.x).toBeLessThan(east.x);
    expect(west.y).toBeGreaterThan(east.y);
  });

  it('has no frame without points or room, and some room around a single point', () => {
    expect(framed([], 600, 300)).toBeNull();
    expect(framed([milan], 0, 300)).toBeNull();
    const frame = framed([milan, milan], 600, 300)!;
    expect(project(frame, milan, 600, 300)).toEqual({ x: 300, y: 150 });
  });

  it('follows the pointer when it is pulled, and keeps the point under it when it comes nearer', () => {
    const frame = framed([milan, cluj], 600, 300)!;
    const before = project(frame, milan, 600, 300);
    const pulled = project(panned(frame, 40, -25), milan, 600, 300);
    expect(pulled.x).toBeCloseTo(before.x + 40, 6);
    expect(pulled.y).toBeCloseTo(before.y - 25, 6);
    const near = project(zoomed(frame, 2, before, 600, 300), milan, 600, 300);
    expect(near.x).toBeCloseTo(before.x, 6);
    expect(near.y).toBeCloseTo(before.y, 6);
  });

  it('measures with a round length that fits', () => {
    const bar = scaleBar(framed([milan, cluj], 600, 300)!, 110);
    expect(bar.width).toBeLessThanOrEqual(110);
    expect(bar.km).toBe(200);
  });
});
