import { Refusal } from '../shared/api/client.ts';
import type { Appointment, CopyItem, ExactSlot, UnplannedItem, WorkOrder } from '../shared/types.ts';
import { MINUTE } from '../shared/time.ts';
import { Crew, others, settle } from './crew.svelte.ts';
import { History, type Back, type Outcome } from './history.svelte.ts';
import { toCard, type Card, type Span } from './lib.ts';
import type { MailAnswer } from './panels.ts';
import type { Planner } from './state.svelte.ts';
import {
  movedChanges,
  together,
  undoCancel,
  undoCreate,
  undoMove,
  undoPlan,
  undoUnplan,
  type Change,
  type SingleStep,
} from './undo.ts';

interface Write<A> {
  /** Shows the outcome at once and returns what takes it back. */
  apply: () => () => void;
  /** Answers once the outcome is seen: whether to go on, and whether the customer is told. */
  ask?: () => Promise<MailAnswer>;
  call: (tell: boolean) => Promise<A>;
  done: (answer: A) => void;
}

export interface Place extends Span {
  resourceId: number;
}

export interface Shift {
  card: Card;
  place: Place;
}

/**
 * What the user does to the plan. Each shows its outcome at once, and takes it back when the server refuses; it resolves
 * to the refusal, or to null when it was done.
 */
export class Commands {
  readonly history: History;
  readonly crew: Crew;
  /** Steps of a change of several, until all of it is done. */
  #collected: SingleStep[] | null = null;
  #last = 0;

  constructor(private readonly planner: Planner) {
    const back: Back = (call, done) => this.#write({ apply: () => () => undefined, call, done });
    this.history = new History(planner, back, (outcome) => this.told(outcome));
    this.crew = new Crew(planner, (change) => this.history.follow(change));
  }

  plan(item: UnplannedItem, place: Place, exactEnd: boolean): Promise<Refusal | null> {
    const { planner } = this;
    const slot = this.#slot(place);
    const draft = this.#draft(item, place);
    return this.#write({
      apply: () => {
        planner.unplanned.leave(item, true);
        planner.swap(null, draft);
        return () => {
          planner.swap(draft, null);
          planner.unplanned.leave(item, false);
        };
      },
      ask: () => this.#askMails(item.work_order_id, slot),
      call: (tell) => planner.api.plan(item.work_order_id, exactEnd ? slot : { ...slot, ends: null }, item.version, tell),
      done: ({ appointment, others: rest, work_order }) => {
        settle(planner, rest);
        planner.unplanned.left(item.work_order_id);
        planner.swap(draft, toCard(appointment));
        this.#remember(undoPlan(appointment, work_order), [
          { record: 'work order', id: work_order.id, from: item.version, now: work_order },
        ]);
        this.#planned(appointment);
        void planner.unplanned.refresh();
      },
    });
  }

  move(card: Card, place: Place): Promise<Refusal | null> {
    return this.#write(this.#moving(card, place, () => this.#askMove(card, place)));
  }

  #moving(card: Card, place: Place, ask?: () => Promise<MailAnswer>) {
    const { planner } = this;
    const slot = this.#slot(place);
    const moved: Card = { ...card, ...place, ...slot, pending: true };
    const by = place.to - place.from === card.to - card.from ? place.from - card.from : 0;
    const along = by === 0 ? [] : others(planner, card).map((one) => ({ one, to: this.#later(one, by) }));
    return {
      apply: () => {
        planner.swap(card, moved);
        for (const { one, to } of along) planner.swap(one, to);
        return () => {
          planner.swap(moved, card);
          for (const { one, to } of along) planner.swap(to, one);
        };
      },
      ask,
      call: (tell: boolean) => planner.api.move(card.id, slot, card.version, tell),
      done: ({ appointment, others: rest }: { appointment: Appointment; others: readonly Appointment[] }) => {
        planner.swap(moved, toCard(appointment));
        for (const change of settle(planner, rest)) this.history.follow(change);
        this.#remember(undoMove(card, appointment), movedChanges(card, appointment));
        this.#planned(appointment);
      },
    };
  }

  #later(card: Card, by: number): Card {
    return { ...card, from: card.from + by, to: card.to + by, pending: true };
  }

  /** Who goes along instead changes no mail, another time does; the mail names who leads. */
  async #askMove(card: Card, place: Place): Promise<MailAnswer> {
    if (!card.helps) return this.#askMails(card.work_order_id, this.#slot(place));
    const by = place.from - card.from;
    const lead = others(this.planner, card).find((one) => !one.helps);
    if (by === 0 || !lead || place.to - card.to !== by) return 'send';
    return this.#askMails(card.work_order_id, this.#slot({ ...this.#later(lead, by), resourceId: lead.resource_id }));
  }

  /**
   * Moves several at once, those first that make room for the others. Each that is refused goes back while the others
   * stay; all that were moved are undone as one.
   */
  async moveAll(shifts: readonly Shift[]): Promise<Outcome> {
    const ordered = onceEach(shifts).sort(this.#roomFirst(shifts));
    const writes = ordered.map(({ card, place }) => this.#moving(card, place));
    const reverts = writes.map((write) => write.apply());
    const answer = await this.#askAll(ordered);
    if (answer === 'back') {
      for (const revert of reverts) revert();
      return { done: 0, refused: [] };
    }
    const refused: Refusal[] = [];
    const steps = await this.#collecting(async () => {
      for (const [index, write] of writes.entries()) {
        const refusal = await this.#write({ ...write, ask: async () => answer, apply: () => reverts[index]! });
        if (refusal) refused.push(refusal);
      }
    });
    if (steps.length > 0) this.history.push(together(steps));
    return { done: steps.length, refused };
  }

  /** The same way for all: whoever stands furthest in that direction moves first. */
  #roomFirst(shifts: readonly Shift[]): (a: Shift, b: Shift) => number {
    const row = (resourceId: number) => this.planner.indexes.get(resourceId) ?? 0;
    const first = shifts[0]!;
    const down = Math.sign(row(first.place.resourceId) - row(first.card.resource_id));
    const later = Math.sign(first.place.from - first.card.from);
    return (a, b) =>
      down * (row(b.card.resource_id) - row(a.card.resource_id)) || later * (b.card.from - a.card.from);
  }

  /** The steps that a change of several leaves; they are not remembered one by one. */
  async #collecting(run: () => Promise<void>): Promise<SingleStep[]> {
    const steps: SingleStep[] = [];
    this.#collected = steps;
    this.planner.source.writing(true);
    try {
      await run();
    } finally {
      this.#collected = null;
      this.planner.source.writing(false);
    }
    return steps;
  }

  /** What copying to the next week would make, or made. What was made is undone as one. */
  async copy(ids: readonly number[], dryRun: boolean): Promise<readonly CopyItem[] | Refusal> {
    const { planner } = this;
    try {
      const { items } = await planner.api.copy(ids, dryRun);
      const made = items.flatMap((item) => (item.appointment ? [item.appointment] : []));
      for (const appointment of made) planner.swap(null, toCard(appointment));
      if (made.length > 0) this.history.push(together(made.map(undoCreate)));
      return items;
    } catch (error) {
      if (error instanceof Refusal) return error;
      throw error;
    }
  }

  async #askMails(workOrder: number | null, slot: ExactSlot): Promise<MailAnswer> {
    const { planner } = this;
    if (!planner.look.ask_before_mail || workOrder === null) return 'send';
    const mails = await planner.api.mails(workOrder, slot);
    return mails.length === 0 ? 'send' : planner.ask(mails);
  }

  async #askAll(shifts: readonly Shift[]): Promise<MailAnswer> {
    const { planner } = this;
    if (!planner.look.ask_before_mail) return 'send';
    planner.source.writing(true);
    try {
      const asked = shifts.flatMap(({ card, place }) =>
        card.work_order_id === null ? [] : [planner.api.mails(card.work_order_id, this.#slot(place))],
      );
      const mails = (await Promise.all(asked)).flat();
      return mails.length === 0 ? 'send' : await planner.ask(mails);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      planner.refuse(error);
      return 'back';
    } finally {
      planner.source.writing(false);
    }
  }

  /** Takes a work order off the board, with everybody on it; it waits below again. Whoever helps is taken off alone. */
  unplan(card: Card): Promise<Refusal | null> {
    const { planner } = this;
    const workOrder = card.work_order_id;
    if (workOrder === null) return Promise.resolve(null);
    if (card.helps) return this.crew.takeOff(card);
    const along = others(planner, card);
    const version = card.work_order_version ?? card.version;
    return this.#write({
      apply: () => {
        for (const one of [card, ...along]) planner.swap(one, null);
        return () => {
          for (const one of [card, ...along]) planner.swap(null, one);
        };
      },
      call: () => planner.api.unplan(workOrder, version),
      done: ({ work_order }) => {
        this.#waitsAgain(card, work_order);
        this.#remember(undoUnplan(card, work_order), [
          { record: 'work order', id: work_order.id, from: version, now: work_order },
        ]);
        planner.announce(planner.say.text('said_unplanned', { title: card.title }));
      },
    });
  }

  create(place: Place, activityType: number, title: string): Promise<Refusal | null> {
    const { planner } = this;
    const { starts, ends } = this.#slot(place);
    return this.#write({
      apply: () => () => undefined,
      call: () =>
        planner.api.create({
          resource_id: place.resourceId,
          activity_type_id: activityType,
          starts,
          ends,
          title,
        }),
      done: ({ appointment }) => {
        planner.swap(null, toCard(appointment));
        this.#remember(undoCreate(appointment), []);
        this.#planned(appointment);
      },
    });
  }

  cancel(card: Card): Promise<Refusal | null> {
    const { planner } = this;
    return this.#write({
      apply: () => {
        planner.swap(card, null);
        return () => planner.swap(null, card);
      },
      call: () => planner.api.cancel(card.id, card.version),
      done: () => {
        this.#remember(undoCancel(card), []);
        planner.announce(planner.say.text('said_cancelled', { title: card.title }));
      },
    });
  }

  /** What is said of blocks that have no row to go to, or one whose technician does not do their work. */
  noRow(count: number): Refusal[] {
    const message = this.planner.say.text('no_row');
    const body = { code: 'no_row', message, remedy: '', fields: {}, facts: {} };
    return Array.from({ length: count }, () => new Refusal(0, body));
  }

  /** One message for what became of several: the reason of a single one, or how many and why. */
  told({ done, refused }: Outcome): void {
    const { planner } = this;
    const [first] = refused;
    if (!first) return;
    if (done === 0 && refused.length === 1) {
      planner.refuse(first);
      return;
    }
    const reasons = [...new Set(refused.map((refusal) => refusal.message))].join(' ');
    const { plural, text } = planner.say;
    const counts = { moved: plural('moved_count', done), refused: plural('refused_count', refused.length) };
    planner.toasts.show(text('moved_refused', { ...counts, reasons }), first.remedy);
    if (refused.some((refusal) => refusal.code === 'stale_version')) void planner.source.refresh();
  }

  async #write<A>({ apply, ask, call, done }: Write<A>): Promise<Refusal | null> {
    const revert = apply();
    this.planner.source.writing(true);
    try {
      const answer = ask ? await ask() : 'send';
      if (answer === 'back') revert();
      else done(await call(answer === 'send'));
      return null;
    } catch (error) {
      revert();
      if (error instanceof Refusal) return error;
      throw error;
    } finally {
      this.planner.source.writing(false);
    }
  }

  #slot(place: Place): ExactSlot {
    const { zone } = this.planner;
    return { resource_id: place.resourceId, starts: zone.iso(place.from), ends: zone.iso(place.to) };
  }

  /** How a dropped work order looks until the server has made its appointment. */
  #draft(item: UnplannedItem, place: Place): Card {
    const { planner } = this;
    const colour = planner.types.get(item.activity_type_id)?.colour ?? '';
    return {
      ...item,
      ...this.#slot(place),
      id: --this.#last,
      from: place.from,
      to: place.to,
      version: 0,
      title: item.subject,
      site: item.place,
      state: { name: planner.say.text('saving'), colour, category: 'planned' },
      work_order_code: item.code,
      work_order_version: item.version,
      status: '',
      movable: false,
      helps: false,
      crew: [],
      pending: true,
    };
  }

  /** Until the list is read again, the row is made of what the block knew. */
  #waitsAgain(card: Card, workOrder: WorkOrder): void {
    const { unplanned } = this.planner;
    if (card.ticket_id !== null) {
      unplanned.add({
        work_order_id: workOrder.id,
        ticket_id: card.ticket_id,
        version: workOrder.version,
        code: workOrder.code,
        customer: card.customer,
        place: card.site,
        activity_type_id: card.activity_type_id,
        minutes: Math.round((card.to - card.from) / MINUTE),
        priority: card.priority,
        received_at: this.planner.zone.iso(this.planner.now),
        subject: card.title,
        position: card.position,
      });
    }
    void unplanned.refresh();
  }

  #planned(appointment: Appointment): void {
    const { planner } = this;
    const card = toCard(appointment);
    planner.announce(
      planner.say.text('said_planned', {
        title: card.title,
        resource: planner.calendar(card.resource_id)?.name ?? '',
        date: planner.formats.longDate(planner.zone.wall(card.from).date),
        time: planner.formats.range(card.from, card.to, planner.zone),
      }),
    );
  }

  #remember(step: SingleStep, changes: Change[]): void {
    for (const change of changes) this.history.follow(change);
    if (this.#collected) this.#collected.push(step);
    else this.history.push(step);
  }
}

/** People who go together move with one of their blocks when the time is another one: with that of who leads. */
function onceEach(shifts: readonly Shift[]): Shift[] {
  const leading = new Set(shifts.flatMap(({ card }) => (card.helps ? [] : [card.work_order_id])));
  const taken = new Set<number | null>();
  return shifts.filter(({ card, place }) => {
    const sameTime = card.from === place.from;
    if (card.crew.length === 0 || sameTime || !card.helps) return true;
    const again = leading.has(card.work_order_id) || taken.has(card.work_order_id);
    taken.add(card.work_order_id);
    return !again;
  });
}
