import { rowAt, edgeForce } from './scroll.ts';
import type { Box, Surface } from './drag.svelte.ts';
import type { Edge } from './lib.ts';
import type { Planner } from './state.svelte.ts';

const EDGE = 8;

/** The board as it is drawn: what scrolls, the width of the names and the height of the head, in pixels. */
export interface Drawn {
  scroller: HTMLElement;
  names: number;
  head: number;
}

/** What dragging asks of the drawn board. */
export class BoardSurface implements Surface {
  constructor(
    private readonly planner: Planner,
    private readonly drawn: () => Drawn,
  ) {}

  locate(x: number, y: number): { resourceId: number; at: number } | null {
    const { planner } = this;
    const { scroller, names, head } = this.drawn();
    const box = scroller.getBoundingClientRect();
    const inX = x - box.left - names;
    const inY = y - box.top - head;
    if (inX < 0 || inY < 0 || inX > scroller.clientWidth - names || inY > scroller.clientHeight - head) return null;
    const line = planner.lines[rowAt(planner.tops, inY + scroller.scrollTop)];
    if (line?.kind !== 'row') return null;
    return { resourceId: line.calendar.id, at: planner.axis.at(inX + scroller.scrollLeft) };
  }

  within({ left, top, right, bottom }: Box): number[] {
    return [...this.drawn().scroller.querySelectorAll<HTMLElement>('[data-block]')].flatMap((element) => {
      const box = element.getBoundingClientRect();
      const touched = box.left < right && left < box.right && box.top < bottom && top < box.bottom;
      return touched ? [Number(element.dataset['block'])] : [];
    });
  }

  instant(x: number): number {
    const { scroller, names } = this.drawn();
    return this.planner.axis.at(x - scroller.getBoundingClientRect().left - names + scroller.scrollLeft);
  }

  nudge(x: number, y: number): boolean {
    const { scroller, names, head } = this.drawn();
    const box = scroller.getBoundingClientRect();
    if (x < box.left || x > box.right || y < box.top || y > box.bottom) return false;
    const across = edgeForce(x, box.left + names, box.left + scroller.clientWidth);
    const down = edgeForce(y, box.top + head, box.top + scroller.clientHeight);
    if (across !== 0 || down !== 0) scroller.scrollBy(across, down);
    return across !== 0 || down !== 0;
  }
}

/** The end of a block that a pointer would stretch; null in its middle. A finger needs more room. */
export function edgeUnder(event: PointerEvent, element: HTMLElement): Edge | null {
  const box = element.getBoundingClientRect();
  const reach = Math.min(EDGE * (event.pointerType === 'touch' ? 2 : 1), box.width / 4);
  if (event.clientX - box.left < reach) return 'start';
  return box.right - event.clientX < reach ? 'end' : null;
}
