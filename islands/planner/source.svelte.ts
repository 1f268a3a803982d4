import { tick } from 'svelte';
import { Refusal, type Api } from '../shared/api/client.ts';
import type { View } from '../shared/types.ts';
import { Passing, touches, type Change } from './live.ts';
import { daysOf } from './span.ts';
import type { Planner } from './state.svelte.ts';

const NEWS_STAYS = 8_000;
const LIVE_AFTER = 40;
const LIST_AFTER = 800;
/** The API takes no more calendars at once. */
const MOST_ROWS = 100;

/** Where the board's data comes from: asks when something should be shown, and never lets an answer undo a write. */
export class Source {
  loading = $state(false);
  /** Why the newest data could not be had; empty while all is well. */
  trouble = $state('');
  /** Who has just changed a calendar, by resource; each stays for some seconds. */
  others = $state.raw<ReadonlyMap<number, string>>(new Map());
  /** The same by block. */
  movers = $state.raw<ReadonlyMap<number, string>>(new Map());

  #run = 0;
  #writing = 0;
  #writes = 0;
  #held = false;
  #missed = false;
  #live: ReturnType<typeof setTimeout> | undefined;
  #waiting: ReturnType<typeof setTimeout> | undefined;
  #reading = false;
  readonly #touched = new Set<number>();
  /** Changes of others that are not on the board yet. */
  readonly #untold: { by: string; appointment: number | null; resources: readonly number[] }[] = [];
  readonly #names = new Passing<number>(NEWS_STAYS, (shown) => (this.others = shown));
  readonly #movers = new Passing<number>(NEWS_STAYS, (shown) => (this.movers = shown));

  constructor(private readonly planner: Planner) {}

  /**
   * Asks for what should be on screen. An answer that a write has overtaken is thrown away and asked for again. `alone`
   * when nobody asked for it.
   */
  async load(alone = false): Promise<void> {
    const run = ++this.#run;
    const writes = this.#writes;
    const { start, view, team } = this.planner;
    this.loading = true;
    try {
      const take = await this.#asked(alone ? this.planner.alone : this.planner.api, start, view, team);
      if (run !== this.#run) return;
      this.trouble = '';
      if (this.#busy || writes !== this.#writes) this.#missed = true;
      else await this.#draw(take);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (run === this.#run) this.unheard(error);
    } finally {
      if (run === this.#run) this.loading = false;
      this.#catchUp();
    }
  }

  /** Everything once more, unless something is being dragged or written: then the board as soon as that is over. */
  async refresh(alone = false): Promise<void> {
    if (this.#busy) {
      this.#missed = true;
      return;
    }
    await Promise.all([this.load(alone), this.planner.unplanned.refresh(alone)]);
  }

  async #asked(api: Api, start: string, view: View, team: number | null): Promise<() => void> {
    const { planner } = this;
    if (view === 'month') {
      const month = await api.month(start, team);
      return () => planner.takeMonth(month, start);
    }
    const board = await api.board(start, daysOf(view), team);
    return () => planner.take(board, start, view);
  }

  /** Shows what has arrived, and leaves on the browser's timeline how long that took. */
  async #draw(take: () => void): Promise<void> {
    const from = performance.now();
    take();
    await tick();
    performance.measure('planner:draw', { start: from, end: performance.now() });
  }

  /** Somebody has changed something, or this person on another screen: what it touches here is read again. */
  heard(change: Change): void {
    const { planner } = this;
    if (change.waiting) this.#waitingChanged();
    if (change.resources === null || change.what === 'resource') void this.refresh(true);
    const here = (change.resources ?? []).filter((id) => planner.calendar(id));
    const month = planner.shown.view === 'month';
    if (here.length === 0 || !(month || touches(change, planner.range))) return;
    const by = change.own ? '' : change.by;
    if (by) this.#untold.push({ by, appointment: change.appointment, resources: here });
    for (const id of here) this.calendarChanged(id);
  }

  /** Says who did it, at the block, at the row and to who listens, as soon as it is on the board. */
  #tell(): void {
    const { planner } = this;
    for (const { by, appointment, resources } of this.#untold.splice(0)) {
      if (appointment !== null) this.#movers.show(appointment, by);
      for (const id of resources) this.#names.show(id, by);
      const names = resources.flatMap((id) => planner.calendar(id)?.name ?? []).join(', ');
      planner.announce(planner.say.text('said_changed', { person: by, resources: names }));
    }
  }

  /** A resource's calendar has changed: its row is read again soon. */
  calendarChanged(resourceId: number): void {
    this.#touched.add(resourceId);
    if (!this.#reading) this.#live ??= setTimeout(() => void this.#readTouched(), LIVE_AFTER);
  }

  /** Lists of many boards are not all read at the same moment. */
  #waitingChanged(): void {
    this.#waiting ??= setTimeout(
      () => {
        this.#waiting = undefined;
        void this.planner.unplanned.refresh(true);
      },
      LIST_AFTER * (0.5 + Math.random()),
    );
  }

  async #readTouched(): Promise<void> {
    const ids = [...this.#touched].slice(0, MOST_ROWS);
    for (const id of ids) this.#touched.delete(id);
    this.#live = undefined;
    this.#reading = true;
    await this.#readRows(ids);
    this.#reading = false;
    this.#tell();
    this.#catchUp();
    if (this.#touched.size > 0) this.#live = setTimeout(() => void this.#readTouched(), LIVE_AFTER);
  }

  async #readRows(ids: readonly number[]): Promise<void> {
    const { planner } = this;
    const { start, view } = planner.shown;
    const writes = this.#writes;
    if (this.#busy || view === 'month') {
      this.#missed = true;
      return;
    }
    try {
      const board = await planner.alone.board(start, daysOf(view), planner.team, ids);
      const same = planner.shown.start === start && planner.shown.view === view;
      if (same && !this.#busy && writes === this.#writes) await this.#draw(() => planner.takeRows(board));
      else this.#missed = true;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.unheard(error);
    }
  }

  get #busy(): boolean {
    return this.#held || this.#writing > 0;
  }

  #catchUp(): void {
    if (!this.#missed || this.#busy) return;
    this.#missed = false;
    void this.load(true);
  }

  /** While something is dragged, nothing under the pointer may change. */
  hold(held: boolean): void {
    this.#held = held;
    this.#catchUp();
  }

  /** A write begins or has ended: what was asked for before it does not count. */
  writing(begins: boolean): void {
    this.#writing += begins ? 1 : -1;
    this.#writes += 1;
    if (this.planner.shown.view === 'month') this.#missed = true;
    this.#catchUp();
  }

  /** A refresh that failed is no event in itself: the bar says since when the board may be out of date. */
  unheard(refusal: Refusal): void {
    this.trouble = refusal.message;
    if (!this.planner.loaded) this.planner.toasts.show(refusal.message, refusal.remedy);
  }
}
