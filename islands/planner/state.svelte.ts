import { Api, Refusal } from '../shared/api/client.ts';
import { Formats } from '../shared/formats.ts';
import type { IconName } from '../shared/icons.ts';
import { Translator } from '../shared/i18n/index.ts';
import { Toasts } from '../shared/toasts.svelte.ts';
import type { ActivityType, Board, Team, UnplannedItem } from '../shared/types.ts';
import { addDays, mondayOf, Zone } from '../shared/time.ts';
import { Axis, shownHours, type Hours } from './axis.ts';
import { keepHabits, readHabits, type Config, type Habits } from './config.ts';
import {
  groupCards,
  hoursNeeded,
  overlaps,
  replaceCard,
  rowTops,
  stack,
  toCalendar,
  toCard,
  type Calendar,
  type Card,
  type CardMap,
  type Span,
  type Stack,
} from './lib.ts';
import { Unplanned } from './unplanned.svelte.ts';

/** What a dialog is about. */
export type Panel = { anchor: DOMRect | null } & (
  | { kind: 'card'; id: number }
  | { kind: 'item'; item: UnplannedItem }
  | { kind: 'new'; resourceId: number; slot: Span }
);

export interface MenuItem {
  label: string;
  icon: IconName;
  href?: string;
  run?: () => void;
}

export interface Menu {
  x: number;
  y: number;
  items: MenuItem[];
}

export const ZOOMS = [1, 1.5, 2, 3, 4, 6] as const;
const OFFICE_HOURS: Hours = [6, 22];
const NARROWEST = { 1: 44, 7: 7 } as const;
const LANE = { 1: 38, 7: 26 } as const;
const ROW_PADDING = 4;
const NO_CARDS: readonly Card[] = [];

/** All that the board shows, and where it comes from. Writes are in `commands.svelte.ts`. */
export class Planner {
  readonly say: Translator;
  readonly formats: Formats;
  readonly toasts = new Toasts();
  readonly api: Api;
  readonly unplanned: Unplanned;

  /** Asked for; what is on screen follows when the server has answered. */
  start = $state('');
  days = $state<1 | 7>(1);
  team = $state<number | null>(null);

  shown = $state.raw<{ start: string; days: 1 | 7 }>({ start: '', days: 1 });
  zone = $state.raw<Zone>(new Zone('UTC'));
  calendars = $state.raw<readonly Calendar[]>([]);
  cards = $state.raw<CardMap>(new Map());
  types = $state.raw<ReadonlyMap<number, ActivityType>>(new Map());
  teams = $state.raw<readonly Team[]>([]);
  hours = $state.raw<Hours>(OFFICE_HOURS);

  loading = $state(false);
  loaded = $state(false);
  /** Why the newest data could not be had; empty while all is well. */
  trouble = $state('');
  now = $state(Date.now());

  habits = $state.raw<Habits>(readHabits());
  zoom = $state(0);
  dark = $state(false);
  room = $state(0);
  panel = $state.raw<Panel | null>(null);
  menu = $state.raw<Menu | null>(null);
  news = $state('');

  readonly shownHours = $derived<Hours>(this.habits.wholeDay ? [0, 24] : this.hours);
  readonly axis = $derived.by(() => this.#axis());
  readonly laneHeight = $derived(LANE[this.shown.days]);
  readonly heights = $derived(this.calendars.map((calendar) => this.rowHeight(calendar.id)));
  readonly tops = $derived(rowTops(this.heights));
  readonly indexes = $derived(new Map(this.calendars.map((calendar, index) => [calendar.id, index])));
  readonly range = $derived<Span>({ from: this.axis.from, to: this.axis.to });

  #skew = 0;
  #run = 0;
  #writing = 0;
  #writes = 0;
  #held = false;
  #missed = false;
  #stacks = new WeakMap<readonly Card[], Stack>();
  #texts = new Map<number, string>();
  #zones = new Map<string, Zone>();

  constructor(readonly config: Config) {
    this.say = new Translator(config.locale);
    this.formats = new Formats(config.locale);
    const { text } = this.say;
    this.api = new Api(config.api, config.csrf, {
      unreachable: { message: text('unreachable'), remedy: text('unreachable_remedy') },
      failed: { message: text('failed'), remedy: text('failed_remedy') },
      signedOut: { message: text('signed_out'), remedy: text('signed_out_remedy') },
    });
    this.unplanned = new Unplanned(this.api, (refusal) => this.unheard(refusal));
    this.zone = new Zone(config.timeZone);
    this.days = config.days;
    this.start = config.days === 7 ? mondayOf(config.day) : config.day;
    this.team = config.team;
    this.shown = { start: this.start, days: this.days };
  }

  #axis(): Axis {
    const { start, days } = this.shown;
    const room = this.room / shownHours(this.zone, start, days, this.shownHours);
    const scale = Math.max(room, NARROWEST[days]) * ZOOMS[this.zoom]!;
    return new Axis(this.zone, start, days, this.shownHours, scale);
  }

  cardsOf(resourceId: number): readonly Card[] {
    return this.cards.get(resourceId) ?? NO_CARDS;
  }

  stackOf(cards: readonly Card[]): Stack {
    let known = this.#stacks.get(cards);
    if (!known) {
      known = stack(cards);
      this.#stacks.set(cards, known);
    }
    return known;
  }

  rowHeight(resourceId: number): number {
    return this.stackOf(this.cardsOf(resourceId)).count * this.laneHeight + ROW_PADDING;
  }

  calendar(resourceId: number): Calendar | undefined {
    const index = this.indexes.get(resourceId);
    return index === undefined ? undefined : this.calendars[index];
  }

  card(id: number): Card | undefined {
    for (const cards of this.cards.values()) {
      const found = cards.find((card) => card.id === id);
      if (found) return found;
    }
    return undefined;
  }

  /** A zone other than the board's, to say how far its clock is from the board's. */
  zoneOf(name: string): Zone {
    let zone = this.#zones.get(name);
    if (!zone) {
      zone = new Zone(name);
      this.#zones.set(name, zone);
    }
    return zone;
  }

  today(): string {
    return this.zone.wall(this.now).date;
  }

  ticketUrl(ticket: number): string {
    return this.config.ticketUrl.replace('{id}', String(ticket));
  }

  // Where the board looks.

  async show(start: string, days: 1 | 7 = this.days, team: number | null = this.team): Promise<void> {
    this.start = days === 7 ? mondayOf(start) : start;
    this.days = days;
    this.team = team;
    this.#writeAddress();
    await Promise.all([this.load(), this.unplanned.load()]);
  }

  step(direction: 1 | -1): Promise<void> {
    return this.show(addDays(this.start, direction * this.days));
  }

  /** Day or week around what is looked at: from a week that holds today, the day is today. */
  span(days: 1 | 7): Promise<void> {
    const today = this.today();
    const holdsToday = this.days === 7 && mondayOf(today) === this.start;
    return this.show(days === 1 && holdsToday ? today : this.start, days);
  }

  arrange(habits: Partial<Habits>): void {
    this.habits = { ...this.habits, ...habits };
    keepHabits(this.habits);
  }

  #writeAddress(): void {
    const url = new URL(window.location.href);
    url.searchParams.set('start', this.start);
    url.searchParams.set('days', String(this.days));
    if (this.team === null) url.searchParams.delete('team');
    else url.searchParams.set('team', String(this.team));
    window.history.replaceState(window.history.state, '', url);
  }

  // Where the data comes from.

  /** Asks for what should be on screen. An answer that a write has overtaken is thrown away and asked for again. */
  async load(): Promise<void> {
    const run = ++this.#run;
    const writes = this.#writes;
    const { start, days, team } = this;
    this.loading = true;
    try {
      const board = await this.api.board(start, days, team);
      if (run !== this.#run) return;
      if (this.#busy || writes !== this.#writes) this.#missed = true;
      else this.#take(board, start, days);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (run === this.#run) this.unheard(error);
    } finally {
      if (run === this.#run) this.loading = false;
      this.#catchUp();
    }
  }

  get #busy(): boolean {
    return this.#held || this.#writing > 0;
  }

  #catchUp(): void {
    if (!this.#missed || this.#busy) return;
    this.#missed = false;
    void this.load();
  }

  async refresh(): Promise<void> {
    if (this.#busy) return;
    await Promise.all([this.load(), this.unplanned.refresh()]);
  }

  /** While something is dragged, nothing under the pointer may change. */
  hold(held: boolean): void {
    this.#held = held;
    this.#catchUp();
  }

  #take(board: Board, start: string, days: 1 | 7): void {
    if (board.time_zone !== this.zone.name) this.zone = new Zone(board.time_zone);
    const moved = this.shown.start !== start || this.shown.days !== days;
    if (moved) this.shown = { start, days };
    this.types = new Map(board.activity_types.map((type) => [type.id, type]));
    this.teams = board.teams;
    this.calendars = this.#calendars(board);
    this.cards = groupCards(board.appointments.map(toCard), this.cards);
    this.hours = this.#hoursFor(moved || !this.loaded ? OFFICE_HOURS : this.hours);
    this.#skew = Date.parse(board.now) - Date.now();
    this.tick();
    this.trouble = '';
    this.loaded = true;
  }

  /** A resource whose text did not change keeps its object, so that its row is not drawn again. */
  #calendars(board: Board): readonly Calendar[] {
    const before = new Map(this.calendars.map((calendar) => [calendar.id, calendar]));
    const texts = new Map<number, string>();
    const calendars = board.resources.map((resource) => {
      const text = JSON.stringify(resource);
      texts.set(resource.id, text);
      const old = before.get(resource.id);
      return old && this.#texts.get(resource.id) === text ? old : toCalendar(resource);
    });
    this.#texts = texts;
    return calendars;
  }

  #hoursFor(base: Hours): Hours {
    const spans: Span[] = [];
    for (const cards of this.cards.values()) spans.push(...cards);
    for (const calendar of this.calendars) spans.push(...calendar.presence);
    return hoursNeeded(this.zone, base, spans);
  }

  tick(): void {
    this.now = Date.now() + this.#skew;
  }

  // What commands change, before and after the server has answered.

  writing(begins: boolean): void {
    this.#writing += begins ? 1 : -1;
    this.#writes += 1;
    this.#catchUp();
  }

  swap(out: Card | null, into: Card | null): void {
    const shown = into && overlaps(into, this.range) ? into : null;
    this.cards = replaceCard(this.cards, out, shown);
  }

  // What the user is told.

  announce(text: string): void {
    this.news = text;
  }

  /** A refusal of something the user did. */
  refuse(refusal: Refusal): void {
    this.toasts.show(refusal.message, refusal.remedy);
    if (refusal.code !== 'stale_version') return;
    this.toasts.show(this.say.text('reloaded'));
    void this.refresh();
  }

  /** A refresh that failed is no event in itself: the bar says since when the board may be out of date. */
  unheard(refusal: Refusal): void {
    this.trouble = refusal.message;
    if (!this.loaded) this.toasts.show(refusal.message, refusal.remedy);
  }
}
