import { Api, Refusal } from '../shared/api/client.ts';
import { Formats } from '../shared/formats.ts';
import { Translator } from '../shared/i18n/index.ts';
import { Toasts } from '../shared/toasts.svelte.ts';
import type { Look, Mail, View } from '../shared/types.ts';
import { mondayOf, Zone } from '../shared/time.ts';
import { Axis, shownHours, weekDates, type Hours } from './axis.ts';
import type { Config } from './config.ts';
import { Told } from './told.svelte.ts';
import { arranged, type Line } from './groups.ts';
import { overlaps, replaceCard, stack, type Card, type Span, type Stack } from './lib.ts';
import { Live } from './live.svelte.ts';
import type { MailAnswer, Menu, Panel, Question } from './panels.ts';
import { rowTops } from './scroll.ts';
import { Source } from './source.svelte.ts';
import { beginning, stepped } from './span.ts';
import { ways, type Way } from './travel.ts';
import { Unplanned } from './unplanned.svelte.ts';

export const ZOOMS = [1, 1.5, 2, 3, 4, 6] as const;
const NARROWEST = { wide: 44, slim: 7 } as const;
const LANE = { wide: 38, slim: 26 } as const;
const ROW_PADDING = 4;
const GROUP_HEIGHT = 24;
const KEEP_AFTER = 700;

/** All that the board shows, and how. Its data comes through `source`; writes are in `commands.svelte.ts`. */
export class Planner extends Told {
  readonly say: Translator;
  readonly formats: Formats;
  readonly toasts = new Toasts();
  readonly api: Api;
  /** For what nobody asked for. */
  readonly alone: Api;
  readonly source: Source;
  readonly live: Live;
  readonly unplanned: Unplanned;

  /** Asked for; what is on screen follows when the server has answered. */
  start = $state('');
  view = $state<View>('day');
  team = $state<number | null>(null);

  look = $state.raw<Look>() as Look;
  /** Part of the name of those whose rows are shown. */
  wanted = $state('');
  /** Blocks that are moved together. */
  selected = $state.raw<ReadonlySet<number>>(new Set());
  /** The work order of the block under the pointer or with the focus, when several people go there. */
  pointed = $state<number | null>(null);
  /** Work orders whose blocks are marked as belonging together. */
  readonly kin = $derived.by(() => {
    const chosen = this.chosen().flatMap((card) => (card.crew.length > 0 ? [card.work_order_id] : []));
    return new Set(this.pointed === null ? chosen : [...chosen, this.pointed]);
  });
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
  readonly range = $derived<Span>({ from: this.axis.from, to: this.axis.to });

  #stacks = new WeakMap<readonly Card[], Stack>();
  #ways = new WeakMap<readonly Card[], ReadonlyMap<number, Way>>();
  #keep: ReturnType<typeof setTimeout> | undefined;

  constructor(readonly config: Config) {
    super();
    this.say = new Translator(config.locale);
    this.formats = new Formats(config.locale);
    const { text } = this.say;
    this.api = new Api(config.api, config.csrf, {
      unreachable: { message: text('unreachable'), remedy: text('unreachable_remedy') },
      failed: { message: text('failed'), remedy: text('failed_remedy') },
      signedOut: { message: text('signed_out'), remedy: text('signed_out_remedy') },
    });
    this.source = new Source(this);
    this.alone = this.api.alone();
    this.live = new Live(this);
    this.unplanned = new Unplanned(this.api, this.alone, (refusal) => this.source.unheard(refusal));
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
    await this.source.load();
  }

  step(direction: 1 | -1): Promise<void> {
    return this.show(stepped(this.start, this.view, direction));
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

  /** What a command changes, before and after the server has answered. */
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
  ask(mails: readonly Mail[]): Promise<MailAnswer> {
    return new Promise((resolve) => {
      this.question = {
        mails,
        answer: (answer) => {
          this.question = null;
          resolve(answer);
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
    void this.source.refresh();
  }
}
