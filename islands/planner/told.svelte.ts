import type { ActivityType, Board, Branch, Month, Team, View } from '../shared/types.ts';
import { Zone } from '../shared/time.ts';
import type { Hours } from './axis.ts';
import { keptCalendars, withSome, type Kept, type Texts } from './fresh.ts';
import { groupCards, hoursNeeded, toCard, type Calendar, type Card, type CardMap, type Span } from './lib.ts';
import type { Roads } from './travel.ts';

const OFFICE_HOURS: Hours = [6, 22];
const NO_CARDS: readonly Card[] = [];

/** What the server has told of the days that are shown, and what time it is there. */
export class Told {
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
  loaded = $state(false);
  now = $state(Date.now());

  /** When the server read what is shown, in milliseconds of its clock. */
  readAt = 0;

  readonly #byId = $derived(new Map(this.calendars.map((calendar) => [calendar.id, calendar])));
  #skew = 0;
  #texts: Texts = new Map();
  #zones = new Map<string, Zone>();

  cardsOf(resourceId: number): readonly Card[] {
    return this.cards.get(resourceId) ?? NO_CARDS;
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

  tick(): void {
    this.now = Date.now() + this.#skew;
  }

  /** The answer for days, a week or a list. */
  take(board: Board, start: string, view: View): void {
    const moved = this.shown.start !== start || this.shown.view !== view;
    this.#arrived(board, start, view);
    this.types = new Map(board.activity_types.map((type) => [type.id, type]));
    if (board.roads.factor !== this.roads.factor || board.roads.speed !== this.roads.speed) this.roads = board.roads;
    this.#keep(keptCalendars(board.resources, this.#kept));
    this.cards = groupCards(board.appointments.map(toCard), this.cards);
    this.hours = this.#hoursFor(moved || !this.loaded ? OFFICE_HOURS : this.hours);
    this.loaded = true;
  }

  takeMonth(month: Month, start: string): void {
    this.#arrived(month, start, 'month');
    this.month = month;
    this.cards = new Map();
    const resources = month.resources.map((resource) => ({ ...resource, presence: [], closed: [] }));
    this.#keep(keptCalendars(resources, this.#kept));
    this.types = new Map(month.activity_types.map((type) => [type.id, type]));
    this.loaded = true;
  }

  /** The answer for some rows, put between those that are there. */
  takeRows(board: Board): void {
    this.#keep(withSome(board.resources, this.#kept));
    const groups = groupCards(board.appointments.map(toCard), this.cards);
    const cards = new Map(this.cards);
    for (const { id } of board.resources) cards.set(id, groups.get(id) ?? NO_CARDS);
    this.cards = cards;
  }

  #arrived(answer: Board | Month, start: string, view: View): void {
    if (answer.time_zone !== this.zone.name) this.zone = new Zone(answer.time_zone);
    if (this.shown.start !== start || this.shown.view !== view) this.shown = { start, view };
    this.teams = answer.teams;
    this.branches = answer.branches;
    this.readAt = Date.parse(answer.now);
    this.#skew = this.readAt - Date.now();
    this.tick();
  }

  get #kept(): Kept {
    return { calendars: this.calendars, texts: this.#texts };
  }

  #keep({ calendars, texts }: Kept): void {
    this.calendars = calendars;
    this.#texts = texts;
  }

  #hoursFor(base: Hours): Hours {
    const spans: Span[] = [];
    for (const cards of this.cards.values()) spans.push(...cards);
    for (const calendar of this.calendars) spans.push(...calendar.presence);
    return hoursNeeded(this.zone, base, spans);
  }
}
