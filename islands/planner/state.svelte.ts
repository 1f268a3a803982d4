import { tick } from 'svelte';
import { Api, Refusal } from '../shared/api/client.ts';
import { Formats } from '../shared/formats.ts';
import type { IconName } from '../shared/icons.ts';
import { Translator } from '../shared/i18n/index.ts';
import { Toasts } from '../shared/toasts.svelte.ts';
import type { ActivityType, Board, Branch, Look, Mail, Month, Resource, Team, UnplannedItem, View } from '../shared/types.ts';
import { addDays, addMonths, mondayOf, monthOf, Zone } from '../shared/time.ts';
import { Axis, shownHours, weekDates, type Hours } from './axis.ts';
import type { Config } from './config.ts';
import { arranged, type Line } from './groups.ts';
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
import { ways, type Roads, type Way } from './travel.ts';
import { Unplanned } from './unplanned.svelte.ts';

/** What a dialog is about. */
export type Panel = { anchor: DOMRect | null } & (
  | { kind: 'card'; id: number }
  | { kind: 'item'; item: UnplannedItem }
  | { kind: 'new'; resourceId: number; slot: Span }
  | { kind: 'look' }
  | { kind: 'copy'; cards: readonly Card[] }
);

/** A question that keeps a change from being sent until it is answered. */
export interface Question {
  mails: readonly Mail[];
  answer: (goOn: boolean) => void;
}

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
const NARROWEST = { wide: 44, slim: 7 } as const;
const LANE = { wide: 38, slim: 26 } as const;
const ROW_PADDING = 4;
const GROUP_HEIGHT = 24;
const KEEP_AFTER = 700;
const NEWS_STAYS = 8_000;
const LIVE_AFTER = 60;
const NO_CARDS: readonly Card[] = [];

/** How many days the board asks for. */
function daysOf(view: View): number {
  return view === 'day' ? 1 : 7;
}

/** Where the view that shows a date begins. */
export function beginning(date: string, view: View): string {
  if (view === 'month') return monthOf(date);
  return view === 'day' ? date : mondayOf(date);
}

/** All that the board shows, and where it comes from. Writes are in `commands.svelte.ts`. */
export class Planner {
  readonly say: Translator;
  readonly formats: Formats;
  readonly toasts = new Toasts();
  readonly api: Api;
  readonly unplanned: Unplanned;

  /** Asked for; what is on screen follows when the server has answered. */
  start = $state('');
  view = $state<View>('day');
  team = $state<number | null>(null);

  shown = $state.raw<{ start: string; view: View }>({ start: '', view: 'day' });
  zone = $state.raw<Zone>(new Zone('UTC'));
  calendars = $state.raw<readonly Calendar[]>([]);
  cards = $state.raw<CardMap>(new Map());
  types = $state.raw<ReadonlyMap<number, ActivityType>>(new Map());
  teams = $state.raw<readonly Team[]>([]);
  branches = $state.raw<readonly Branch[]>([]);
  roads = $state.raw<Roads>({ factor: 1, speed: 1 });
  month = $state.raw<Month | null>(null);
  hours = $state.raw<Hours>(OFFICE_HOURS);

  loading = $state(false);
  loaded = $state(false);
  /** Why the newest data could not be had; empty while all is well. */
  trouble = $state('');
  now = $state(Date.now());

  look = $state.raw<Look>() as Look;
  /** Part of the name of those whose rows are shown. */
  wanted = $state('');
  /** Blocks that are moved together. */
  selected = $state.raw<ReadonlySet<number>>(new Set());
  /** Who has just changed a calendar, by resource; each stays for some seconds. */
  others = $state.raw<ReadonlyMap<number, string>>(new Map());
  question = $state.raw<Question | null>(null);
  dark = $state(false);
  room = $state(0);
  panel = $state.raw<Panel | null>(null);
  menu = $state.raw<Menu | null>(null);
  news = $state('');

  readonly wide = $derived(this.shown.view === 'day');
  readonly dates = $derived<readonly string[]>(
    this.wide ? [this.shown.start] : weekDates(mondayOf(this.shown.start), this.look.weekdays),
  );
  readonly shownHours = $derived<Hours>(this.look.hours ?? this.hours);
  readonly axis = $derived.by(() => this.#axis());
  readonly laneHeight = $derived(LANE[this.wide ? 'wide' : 'slim']);
  readonly lines = $derived.by(() => this.#lines());
  readonly heights = $derived(
    this.lines.map((line) => (line.kind === 'row' ? this.rowHeight(line.calendar.id) : GROUP_HEIGHT)),
  );
  readonly tops = $derived(rowTops(this.heights));
  /** Which line a resource is on; those in closed groups are on none. */
  readonly indexes = $derived(
    new Map(this.lines.flatMap((line, index) => (line.kind === 'row' ? [[line.calendar.id, index] as const] : []))),
  );
  /** The resources on the board from top to bottom. */
  readonly rows = $derived(this.lines.flatMap((line) => (line.kind === 'row' ? [line.calendar] : [])));
  readonly #byId = $derived(new Map(this.calendars.map((calendar) => [calendar.id, calendar])));
  readonly range = $derived<Span>({ from: this.axis.from, to: this.axis.to });

  #skew = 0;
  #run = 0;
  #writing = 0;
  #writes = 0;
  #held = false;
  #missed = false;
  #stacks = new WeakMap<readonly Card[], Stack>();
  #ways = new WeakMap<readonly Card[], ReadonlyMap<number, Way>>();
  #keep: ReturnType<typeof setTimeout> | undefined;
  #live: ReturnType<typeof setTimeout> | undefined;
  readonly #touched = new Set<number>();
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
    this.unplanned.by = config.look.waiting_order;
    this.zone = new Zone(config.timeZone);
    this.look = config.look;
    this.view = config.view;
    this.start = beginning(config.day, config.view);
    this.team = config.team;
    this.shown = { start: this.start, view: this.view };
  }

  #axis(): Axis {
    const { dates, zone } = this;
    const room = this.room / shownHours(zone, dates, this.shownHours);
    const scale = Math.max(room, NARROWEST[this.wide ? 'wide' : 'slim']) * ZOOMS[this.look.zoom]!;
    return new Axis(zone, dates, this.shownHours, scale);
  }

  #lines(): readonly Line[] {
    const { look, teams, branches } = this;
    return arranged(this.calendars, {
      groups: look.groups,
      favourites: look.favourites,
      collapsed: look.collapsed,
      search: this.wanted,
      teams,
      branches,
      words: { favourites: this.say.text('favourites'), without: this.say.text('without_team') },
    });
  }

  /** The ways to the stops of a row, by card; none when they are not to be shown. */
  waysOf(cards: readonly Card[]): ReadonlyMap<number, Way> {
    let known = this.#ways.get(cards);
    if (!known) {
      known = ways(cards, this.roads, this.zone);
      this.#ways.set(cards, known);
    }
    return known;
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
    return this.#byId.get(resourceId);
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

  async show(start: string, view: View = this.view, team: number | null = this.team): Promise<void> {
    this.start = beginning(start, view);
    this.view = view;
    this.team = team;
    this.selected = new Set();
    this.#writeAddress();
    await this.load();
  }

  step(direction: 1 | -1): Promise<void> {
    if (this.view === 'month') return this.show(addMonths(this.start, direction));
    return this.show(addDays(this.start, direction * daysOf(this.view)));
  }

  /** Another view around what is looked at: from a week or month that holds today, the day or week is today's. */
  turn(view: View): Promise<void> {
    const today = this.today();
    this.arrange({ view });
    return this.show(beginning(today, this.view) === this.start ? today : this.start, view);
  }

  /** Arranges the board for this person, here at once and soon on every machine. */
  arrange(changes: Partial<Look>): void {
    this.look = { ...this.look, ...changes };
    clearTimeout(this.#keep);
    this.#keep = setTimeout(() => void this.keepLook(), KEEP_AFTER);
  }

  /** Sends how the board is arranged, when that has changed and was not sent yet. */
  async keepLook(): Promise<void> {
    if (this.#keep === undefined) return;
    clearTimeout(this.#keep);
    this.#keep = undefined;
    try {
      await this.api.saveLook(this.look);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.toasts.show(error.message, error.remedy);
    }
  }

  #writeAddress(): void {
    const url = new URL(window.location.href);
    url.searchParams.set('start', this.start);
    url.searchParams.set('view', this.view);
    url.searchParams.delete('days');
    if (this.team === null) url.searchParams.delete('team');
    else url.searchParams.set('team', String(this.team));
    window.history.replaceState(window.history.state, '', url);
  }

  // Where the data comes from.

  /** Asks for what should be on screen. An answer that a write has overtaken is thrown away and asked for again. */
  async load(): Promise<void> {
    const run = ++this.#run;
    const writes = this.#writes;
    const { start, view, team } = this;
    this.loading = true;
    try {
      const take = await this.#asked(start, view, team);
      if (run !== this.#run) return;
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

  async #asked(start: string, view: View, team: number | null): Promise<() => void> {
    if (view === 'month') {
      const month = await this.api.month(start, team);
      return () => this.#takeMonth(month, start);
    }
    const board = await this.api.board(start, daysOf(view), team);
    return () => this.#take(board, start, view);
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
    if (this.shown.view !== 'month' && !this.#byId.has(resourceId)) return;
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
    const ids = [...this.#touched];
    this.#touched.clear();
    const { start, view } = this.shown;
    const writes = this.#writes;
    if (this.#busy || view === 'month') {
      this.#missed = true;
      this.#catchUp();
      return;
    }
    try {
      const board = await this.api.board(start, daysOf(view), this.team, ids);
      const same = this.shown.start === start && this.shown.view === view;
      if (same && !this.#busy && writes === this.#writes) await this.#draw(() => this.#takeRows(board));
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

  async refresh(): Promise<void> {
    if (this.#busy) return;
    await Promise.all([this.load(), this.unplanned.refresh()]);
  }

  /** While something is dragged, nothing under the pointer may change. */
  hold(held: boolean): void {
    this.#held = held;
    this.#catchUp();
  }

  #take(board: Board, start: string, view: View): void {
    const moved = this.shown.start !== start || this.shown.view !== view;
    this.#arrived(board, start, view);
    this.types = new Map(board.activity_types.map((type) => [type.id, type]));
    if (board.roads.factor !== this.roads.factor || board.roads.speed !== this.roads.speed) this.roads = board.roads;
    this.calendars = this.#calendars(board.resources);
    this.cards = groupCards(board.appointments.map(toCard), this.cards);
    this.hours = this.#hoursFor(moved || !this.loaded ? OFFICE_HOURS : this.hours);
    this.loaded = true;
  }

  #takeMonth(month: Month, start: string): void {
    this.#arrived(month, start, 'month');
    this.month = month;
    this.cards = new Map();
    this.calendars = this.#calendars(month.resources.map((resource) => ({ ...resource, presence: [], closed: [] })));
    this.types = new Map(month.activity_types.map((type) => [type.id, type]));
    this.loaded = true;
  }

  #arrived(answer: Board | Month, start: string, view: View): void {
    if (answer.time_zone !== this.zone.name) this.zone = new Zone(answer.time_zone);
    if (this.shown.start !== start || this.shown.view !== view) this.shown = { start, view };
    this.teams = answer.teams;
    this.branches = answer.branches;
    this.#skew = Date.parse(answer.now) - Date.now();
    this.tick();
    this.trouble = '';
  }

  /** The answer for some rows, put between those that are there. */
  #takeRows(board: Board): void {
    const fresh = new Map(board.resources.map((resource) => [resource.id, toCalendar(resource)]));
    for (const resource of board.resources) this.#texts.set(resource.id, JSON.stringify(resource));
    this.calendars = this.calendars.map((calendar) => fresh.get(calendar.id) ?? calendar);
    const groups = groupCards(board.appointments.map(toCard), this.cards);
    const cards = new Map(this.cards);
    for (const id of fresh.keys()) cards.set(id, groups.get(id) ?? NO_CARDS);
    this.cards = cards;
  }

  /** A resource whose text did not change keeps its object, so that its row is not drawn again. */
  #calendars(resources: readonly Resource[]): readonly Calendar[] {
    const before = new Map(this.calendars.map((calendar) => [calendar.id, calendar]));
    const texts = new Map<number, string>();
    const calendars = resources.map((resource) => {
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
    if (this.shown.view === 'month') this.#missed = true;
    this.#catchUp();
  }

  swap(out: Card | null, into: Card | null): void {
    const shown = into && overlaps(into, this.range) ? into : null;
    this.cards = replaceCard(this.cards, out, shown);
  }

  // What is selected.

  select(ids: Iterable<number>): void {
    this.selected = new Set(ids);
  }

  toggle(id: number): void {
    const selected = new Set(this.selected);
    if (!selected.delete(id)) selected.add(id);
    this.selected = selected;
  }

  /** The selected blocks that are on the board, row by row from the top. */
  chosen(): Card[] {
    if (this.selected.size === 0) return [];
    return this.rows.flatMap((row) => this.cardsOf(row.id).filter((card) => this.selected.has(card.id)));
  }

  /** Asks whether these mails may go out; the answer to whoever waits for it. */
  ask(mails: readonly Mail[]): Promise<boolean> {
    return new Promise((resolve) => {
      this.question = {
        mails,
        answer: (goOn) => {
          this.question = null;
          resolve(goOn);
        },
      };
    });
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
