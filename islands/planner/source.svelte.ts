import { tick } from 'svelte';
import { Refusal } from '../shared/api/client.ts';
import type { View } from '../shared/types.ts';
import { daysOf } from './span.ts';
import type { Planner } from './state.svelte.ts';

const NEWS_STAYS = 8_000;
const LIVE_AFTER = 60;

/** Where the board's data comes from: asks when something should be shown, and never lets an answer undo a write. */
export class Source {
  loading = $state(false);
  /** Why the newest data could not be had; empty while all is well. */
  trouble = $state('');
  /** Who has just changed a calendar, by resource; each stays for some seconds. */
  others = $state.raw<ReadonlyMap<number, string>>(new Map());

  #run = 0;
  #writing = 0;
  #writes = 0;
  #held = false;
  #missed = false;
  #live: ReturnType<typeof setTimeout> | undefined;
  readonly #touched = new Set<number>();

  constructor(private readonly planner: Planner) {}

  /** Asks for what should be on screen. An answer that a write has overtaken is thrown away and asked for again. */
  async load(): Promise<void> {
    const run = ++this.#run;
    const writes = this.#writes;
    const { start, view, team } = this.planner;
    this.loading = true;
    try {
      const take = await this.#asked(start, view, team);
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

  async refresh(): Promise<void> {
    if (this.#busy) return;
    await Promise.all([this.load(), this.planner.unplanned.refresh()]);
  }

  async #asked(start: string, view: View, team: number | null): Promise<() => void> {
    const { planner } = this;
    if (view === 'month') {
      const month = await planner.api.month(start, team);
      return () => planner.takeMonth(month, start);
    }
    const board = await planner.api.board(start, daysOf(view), team);
    return () => planner.take(board, start, view);
  }

  /** Shows what has arrived, and leaves on the browser's timeline how long that took. */
  async #draw(take: () => void): Promise<void> {
    const from = performance.now();
    take();
    await tick();
    performance.measure('planner:draw', { start: from, end: performance.now() });
  }

  /**
   * Somebody else has changed a resource's calendar: its row is read again soon, and for some seconds it says who that
   * was. Several at once are read together.
   */
  calendarChanged(resourceId: number, who: string): void {
    if (who) this.#name(resourceId, who);
    if (this.planner.shown.view !== 'month' && !this.planner.calendar(resourceId)) return;
    this.#touched.add(resourceId);
    clearTimeout(this.#live);
    this.#live = setTimeout(() => void this.#readTouched(), LIVE_AFTER);
  }

  #name(resourceId: number, who: string): void {
    this.others = new Map(this.others).set(resourceId, who);
    setTimeout(() => {
      if (this.others.get(resourceId) !== who) return;
      const left = new Map(this.others);
      left.delete(resourceId);
      this.others = left;
    }, NEWS_STAYS);
  }

  async #readTouched(): Promise<void> {
    const { planner } = this;
    const ids = [...this.#touched];
    this.#touched.clear();
    const { start, view } = planner.shown;
    const writes = this.#writes;
    if (this.#busy || view === 'month') {
      this.#missed = true;
      this.#catchUp();
      return;
    }
    try {
      const board = await planner.api.board(start, daysOf(view), planner.team, ids);
      const same = planner.shown.start === start && planner.shown.view === view;
      if (same && !this.#busy && writes === this.#writes) await this.#draw(() => planner.takeRows(board));
      else this.#missed = true;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.unheard(error);
    }
    this.#catchUp();
  }

  get #busy(): boolean {
    return this.#held || this.#writing > 0;
  }

  #catchUp(): void {
    if (!this.#missed || this.#busy) return;
    this.#missed = false;
    void this.load();
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
