import type { UnplannedItem } from '../shared/types.ts';
import { MINUTE } from '../shared/time.ts';
import type { Commands, Place, Shift } from './commands.svelte.ts';
import { fit, placed, stretched, type Calendar, type Card, type Edge, type Fit } from './lib.ts';
import type { Planner } from './state.svelte.ts';

export type Subject =
  | { kind: 'plan'; item: UnplannedItem }
  | { kind: 'move'; card: Card; grab: number; others: readonly Card[] }
  | { kind: 'band'; add: boolean }
  | { kind: 'stretch'; card: Card; edge: Edge };

type Single = Exclude<Subject, { kind: 'band' }>;

/** The drawn board, as far as dragging needs to know it. */
export interface Surface {
  /** The row and the instant under a point of the window; null outside the rows. */
  locate(x: number, y: number): { resourceId: number; at: number } | null;
  /** The instant under a point, whatever row it is in. */
  instant(x: number): number;
  /** The blocks that a rectangle of the window touches. */
  within(box: Box): number[];
  /** Scrolls when the point is near an edge; tells whether it did. */
  nudge(x: number, y: number): boolean;
}

export interface Target extends Place {
  eligible: boolean;
  fit: Fit;
}

/** A rectangle in the window, drawn over the blocks to select them. */
export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

const FAR_ENOUGH = 4;
const LONG_PRESS = 280;

/** Dragging with a mouse, pen or finger. A finger has to rest for a moment first, so that it can still scroll. */
export class Drag {
  subject = $state.raw<Subject | null>(null);
  target = $state.raw<Target | null>(null);
  /** Where the other selected blocks would go; null for one that has no row there. */
  readonly more = $derived.by(() => this.#followers());
  readonly band = $derived.by(() => this.#band());
  pointer = $state.raw({ x: 0, y: 0 });
  overPane = $state(false);
  /** Letting go now would unplan. */
  unplans = $state(false);
  readonly typeId = $derived(this.subject && activityType(this.subject));
  readonly card = $derived(
    this.subject?.kind === 'move' || this.subject?.kind === 'stretch' ? this.subject.card : null,
  );
  readonly homeId = $derived(this.card?.resource_id ?? null);
  /** The blocks that are being moved. */
  readonly lifted = $derived.by(() => this.#lifted());

  surface: Surface | null = null;
  pane: HTMLElement | null = null;

  #pressed: Subject | null = null;
  #origin = { x: 0, y: 0 };
  #before: ReadonlySet<number> = new Set();
  #pointerId = -1;
  #touch = false;
  #modifier = false;
  #ended = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #frame = 0;

  constructor(
    private readonly planner: Planner,
    private readonly commands: Commands,
  ) {}

  /** A click that the browser sends after a drag is none. */
  get justEnded(): boolean {
    return performance.now() - this.#ended < 250;
  }

  #lifted(): ReadonlySet<number> {
    if (!this.card) return new Set();
    const others = this.subject?.kind === 'move' ? this.subject.others : [];
    return new Set([this.card.id, ...others.map((card) => card.id)]);
  }

  #followers(): readonly { card: Card; target: Target | null }[] {
    const { subject, target } = this;
    if (subject?.kind !== 'move' || !target || subject.others.length === 0) return [];
    const by = target.from - subject.card.from;
    const rows = this.#rowsBetween(subject.card.resource_id, target.resourceId);
    return subject.others.map((card) => ({ card, target: this.#shifted(card, by, rows) }));
  }

  #rowsBetween(from: number, to: number): number {
    const ids = this.planner.rows.map((row) => row.id);
    return ids.indexOf(to) - ids.indexOf(from);
  }

  /** The same way for a block as for the one under the pointer: so much later, so many rows down. */
  #shifted(card: Card, by: number, rows: number): Target | null {
    const ids = this.planner.rows.map((row) => row.id);
    const resourceId = ids[ids.indexOf(card.resource_id) + rows];
    if (resourceId === undefined) return null;
    return this.#judged({ from: card.from + by, to: card.to + by, resourceId }, this.lifted);
  }

  #band(): Box | null {
    if (this.subject?.kind !== 'band') return null;
    const { x, y } = this.pointer;
    const from = this.#origin;
    return {
      left: Math.min(x, from.x),
      right: Math.max(x, from.x),
      top: Math.min(y, from.y),
      bottom: Math.max(y, from.y),
    };
  }

  /** May this row take what is dragged? A block may always stay in its own row. */
  accepts(calendar: Calendar): boolean {
    if (this.typeId === null || calendar.id === this.homeId) return true;
    return calendar.performs.has(this.typeId);
  }

  press(event: PointerEvent, subject: Subject): void {
    if (event.button !== 0 || this.#pressed) return;
    this.#pressed = subject;
    this.#origin = { x: event.clientX, y: event.clientY };
    this.#pointerId = event.pointerId;
    this.#touch = event.pointerType === 'touch';
    window.addEventListener('pointermove', this.#moved);
    window.addEventListener('pointerup', this.#released);
    window.addEventListener('pointercancel', this.#cancelled);
    window.addEventListener('keydown', this.#key, true);
    window.addEventListener('keyup', this.#key, true);
    if (this.#touch) {
      window.addEventListener('touchmove', this.#holdStill, { passive: false });
      this.#timer = setTimeout(() => this.#begin(), LONG_PRESS);
    }
  }

  #begin(): void {
    if (!this.#pressed) return;
    this.planner.source.hold(true);
    this.planner.menu = null;
    this.subject = this.#pressed;
    this.pointer = this.#origin;
    this.#before = this.subject.kind === 'band' && this.subject.add ? this.planner.selected : new Set();
    this.#follow();
  }

  #moved = (event: PointerEvent): void => {
    if (event.pointerId !== this.#pointerId) return;
    this.#modifier = event.ctrlKey || event.metaKey;
    const far = Math.hypot(event.clientX - this.#origin.x, event.clientY - this.#origin.y) >= FAR_ENOUGH;
    if (!this.subject) {
      if (!far) return;
      if (this.#touch) {
        this.#stop();
        return;
      }
      this.#begin();
    }
    this.pointer = { x: event.clientX, y: event.clientY };
  };

  /** Once per frame: the board may scroll under a pointer that rests. */
  #follow = (): void => {
    if (!this.subject) return;
    this.surface?.nudge(this.pointer.x, this.pointer.y);
    this.#aim(this.subject);
    this.#frame = requestAnimationFrame(this.#follow);
  };

  #aim(subject: Subject): void {
    const { x, y } = this.pointer;
    if (subject.kind === 'band') {
      if (this.band) this.planner.select([...this.#before, ...(this.surface?.within(this.band) ?? [])]);
      return;
    }
    this.overPane = subject.kind === 'move' && this.#inPane(x, y);
    this.unplans = this.overPane && subject.kind === 'move' && this.#mayUnplan(subject.card);
    const target = this.overPane ? null : this.#targetOf(subject, x, y);
    if (!sameTarget(target, this.target)) this.target = target;
  }

  #mayUnplan(card: Card): boolean {
    return card.work_order_id !== null && (this.#modifier || this.#touch);
  }

  #inPane(x: number, y: number): boolean {
    const box = this.pane?.getBoundingClientRect();
    return box !== undefined && x >= box.left && x <= box.right && y >= box.top && y <= box.bottom;
  }

  #targetOf(subject: Single, x: number, y: number): Target | null {
    const { surface } = this;
    if (!surface) return null;
    if (subject.kind === 'stretch') {
      const span = stretched(subject.card, subject.edge, surface.instant(x));
      return this.#judged({ ...span, resourceId: subject.card.resource_id }, new Set([subject.card.id]));
    }
    const found = surface.locate(x, y);
    if (!found) return null;
    const { resourceId, at } = found;
    if (subject.kind === 'plan') {
      return this.#judged({ ...placed(at, subject.item.minutes * MINUTE), resourceId }, new Set());
    }
    const { card, grab } = subject;
    return this.#judged({ ...placed(at - grab, card.to - card.from), resourceId }, this.lifted);
  }

  #judged(place: Place, except: ReadonlySet<number>): Target | null {
    const calendar = this.planner.calendar(place.resourceId);
    if (!calendar) return null;
    const cards = this.planner.cardsOf(place.resourceId);
    return { ...place, eligible: this.accepts(calendar), fit: fit(calendar, cards, place, except) };
  }

  #released = (event: PointerEvent): void => {
    if (event.pointerId !== this.#pointerId) return;
    const { subject } = this;
    if (subject) {
      this.pointer = { x: event.clientX, y: event.clientY };
      this.#modifier = event.ctrlKey || event.metaKey;
      this.#aim(subject);
    }
    const { target, unplans, more } = this;
    this.#stop();
    if (!subject || subject.kind === 'band') return;
    const shifts = more.flatMap(({ card, target: to }) => (to?.eligible ? [{ card, place: placeOf(to) }] : []));
    if (subject.kind === 'move' && !unplans && target?.eligible && subject.others.length > 0) {
      void this.#dropAll([{ card: subject.card, place: placeOf(target) }, ...shifts], more.length - shifts.length);
    } else {
      void this.#drop(subject, target, unplans);
    }
  };

  /** `without`: how many of the selected have no row there, or one whose technician does not do this work. */
  async #dropAll(shifts: readonly Shift[], without: number): Promise<void> {
    const same = shifts[0]!.card.from === shifts[0]!.place.from;
    if (same && shifts[0]!.card.resource_id === shifts[0]!.place.resourceId) return;
    const outcome = await this.commands.moveAll(shifts);
    this.commands.told({ ...outcome, refused: [...outcome.refused, ...this.commands.noRow(without)] });
  }

  async #drop(subject: Single, target: Target | null, unplans: boolean): Promise<void> {
    const refusal = await this.#carryOut(subject, target, unplans);
    if (refusal) this.planner.refuse(refusal);
  }

  async #carryOut(subject: Single, target: Target | null, unplans: boolean) {
    if (subject.kind === 'move' && unplans) return this.commands.unplan(subject.card);
    if (!target?.eligible) return null;
    const place = placeOf(target);
    if (subject.kind === 'plan') return this.commands.plan(subject.item, place, false);
    const { card } = subject;
    if (card.resource_id === place.resourceId && card.from === place.from && card.to === place.to) return null;
    return this.commands.move(card, place);
  }

  #cancelled = (event: PointerEvent): void => {
    if (event.pointerId === this.#pointerId) this.#stop();
  };

  #key = (event: KeyboardEvent): void => {
    this.#modifier = event.ctrlKey || event.metaKey;
    if (event.key !== 'Escape' || !this.subject) return;
    event.preventDefault();
    event.stopPropagation();
    this.#stop();
  };

  #holdStill = (event: TouchEvent): void => {
    if (this.subject && event.cancelable) event.preventDefault();
  };

  #stop(): void {
    clearTimeout(this.#timer);
    cancelAnimationFrame(this.#frame);
    if (this.subject) this.#ended = performance.now();
    this.#pressed = null;
    this.#pointerId = -1;
    this.subject = null;
    this.target = null;
    this.overPane = false;
    this.unplans = false;
    window.removeEventListener('pointermove', this.#moved);
    window.removeEventListener('pointerup', this.#released);
    window.removeEventListener('pointercancel', this.#cancelled);
    window.removeEventListener('keydown', this.#key, true);
    window.removeEventListener('keyup', this.#key, true);
    window.removeEventListener('touchmove', this.#holdStill);
    this.planner.source.hold(false);
  }
}

function placeOf({ resourceId, from, to }: Target): Place {
  return { resourceId, from, to };
}

function activityType(subject: Subject): number | null {
  if (subject.kind === 'band') return null;
  return subject.kind === 'plan' ? subject.item.activity_type_id : subject.card.activity_type_id;
}

function sameTarget(a: Target | null, b: Target | null): boolean {
  if (a === null || b === null) return a === b;
  return (
    a.resourceId === b.resourceId &&
    a.from === b.from &&
    a.to === b.to &&
    a.fit === b.fit &&
    a.eligible === b.eligible
  );
}
