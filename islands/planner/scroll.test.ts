import { describe, expect, it } from 'vitest';
import { edgeForce, evenWindow, revealing, rowAt, rowTops, rowWindow } from './scroll.ts';

describe('rows', () => {
  const tops = rowTops([40, 80, 40, 40]);

  it('are found by their height', () => {
    expect(tops).toEqual([0, 40, 120, 160, 200]);
    expect([0, 39, 40, 119, 120, 199].map((y) => rowAt(tops, y))).toEqual([0, 0, 1, 1, 2, 3]);
    expect(rowAt(tops, -1)).toBe(-1);
    expect(rowAt(tops, 200)).toBe(-1);
    expect(rowAt(rowTops([]), 0)).toBe(-1);
  });

  it('are drawn when they are in the window, and some around it', () => {
    const many = rowTops(Array.from({ length: 100 }, () => 30));
    expect(rowWindow(many, 0, 300, 3)).toEqual([0, 14]);
    expect(rowWindow(many, 1500, 300, 3)).toEqual([47, 64]);
    expect(rowWindow(many, 99_999, 300, 3)).toEqual([96, 100]);
    expect(rowWindow(rowTops([]), 0, 300, 3)).toEqual([0, 0]);
  });
});

describe('rows of one height', () => {
  it('are drawn like others', () => {
    expect(evenWindow(100, 27, 0, 270, 6)).toEqual([0, 16]);
    expect(evenWindow(100, 27, 1350, 270, 6)).toEqual([44, 66]);
    expect(evenWindow(100, 27, 99_999, 270, 6)).toEqual([94, 100]);
    expect(evenWindow(0, 27, 0, 270, 6)).toEqual([0, 0]);
  });
});

describe('scrolling', () => {
  it('goes just as far as a row needs to be seen', () => {
    expect(revealing(100, 200, 150, 30)).toBe(100);
    expect(revealing(100, 200, 40, 30)).toBe(40);
    expect(revealing(100, 200, 290, 30)).toBe(120);
  });

  it('is nudged the harder the nearer the pointer is to an edge', () => {
    expect(edgeForce(200, 0, 400)).toBe(0);
    expect(edgeForce(29, 0, 400)).toBe(-1);
    expect(edgeForce(-50, 0, 400)).toBe(-12);
    expect(edgeForce(400, 0, 400)).toBe(12);
  });
});
