import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Appointment, Mail, UnplannedItem } from '../shared/types.ts';
import { Commands } from './commands.svelte.ts';
import { USUAL } from './config.ts';
import type { Card } from './lib.ts';
import { Planner } from './state.svelte.ts';
import { anAppointment, anItem } from './samples.ts';

/** A server with one appointment and one work order that waits; it counts versions and refuses the wrong ones. */
class Office {
  appointments = new Map<number, Appointment>();
  waiting = new Map<number, UnplannedItem>();
  orderVersion = 1;
  full = false;
  calls: string[] = [];
  asked: string[] = [];
  told: unknown[] = [];
  mails: Mail[] = [];
  #next = 100;

  constructor() {
    this.appointments.set(1, anAppointment({ work_order_id: null, ticket_id: null, work_order_code: '' }));
    this.waiting.set(7, anItem());
  }

  answer(method: string, path: string, body: Record<string, unknown>): [number, unknown] {
    if (method === 'GET') return [200, this.#read(path)];
    this.calls.push(path);
    if ('tell' in body) this.told.push(body['tell']);
    const id = Number(/\d+/.exec(path)?.[0]);
    if (this.full) return this.#no('slot_taken', 409);
    if (path.endsWith('/move')) return this.#move(id, body);
    if (path.endsWith('/plan')) return this.#plan(id, body);
    if (path.endsWith('/unplan')) return this.#unplan(id, body);
    if (path.endsWith('/cancel')) return this.#cancel(id, body);
    if (path.includes('/helpers')) return this.#helper(path, id);
    return this.#create(body);
  }

  /** Technician 1 leads the work order 7, technician 2 helps, both from nine to ten. */
  together(): void {
    const lead = { appointment_id: 1, resource_id: 1, name: 'Technician 1', leads: true };
    const helper = { appointment_id: 2, resource_id: 2, name: 'Technician 2', leads: false };
    const both = { work_order_id: 7, work_order_version: 1 };
    this.appointments.set(1, anAppointment({ ...both, crew: [helper] }));
    this.appointments.set(2, anAppointment({ ...both, id: 2, resource_id: 2, helps: true, crew: [lead] }));
    this.waiting.clear();
  }

  #read(path: string): unknown {
    this.asked.push(path);
    if (path.includes('/mails')) return { mails: this.mails };
    return path.includes('unplanned') ? this.#list() : this.#board();
  }

  #no(code: string, status: number): [number, unknown] {
    return [status, { code, message: code, remedy: 'remedy', fields: {}, facts: {} }];
  }

  #board() {
    return {
      time_zone: 'Europe/Rome',
      start: '2026-11-23T00:00:00+01:00',
      end: '2026-11-24T00:00:00+01:00',
      now: '2026-11-23T08:00:00+01:00',
      resources: [1, 2].map((id) => ({
        id,
        name: `Technician ${id}`,
        colour: '#123456',
        teams: [],
        branch_id: 1,
        time_zone: 'Europe/Rome',
        performs: [1],
        presence: [['2026-11-23T08:00:00+01:00', '2026-11-23T17:00:00+01:00']],
        closed: [],
      })),
      appointments: [...this.appointments.values()],
      activity_types: [{ id: 1, name: 'Repair', colour: '#abcdef', minutes: 60, sector_id: 1, sector: 'Technical' }],
      teams: [],
      branches: [{ id: 1, name: 'Milano' }],
      roads: { factor: 1.3, speed: 45 },
    };
  }

  #list() {
    return { items: [...this.waiting.values()], next: null, count: String(this.waiting.size) };
  }

  #made(changes: Partial<Appointment>): Appointment {
    const appointment = anAppointment({ id: this.#next++, version: 1, ...changes });
    this.appointments.set(appointment.id, appointment);
    return appointment;
  }

  #move(id: number, body: Record<string, unknown>): [number, unknown] {
    const before = this.appointments.get(id);
    if (!before || before.version !== body['version']) return this.#no('stale_version', 409);
    const { resource_id, starts, ends } = body as unknown as Appointment;
    const after = { ...before, resource_id, starts, ends, version: before.version + 1 };
    if (before.work_order_id) after.work_order_version = ++this.orderVersion;
    this.appointments.set(id, after);
    return [200, { appointment: after, others: this.#along(after) }];
  }

  /** Whoever belongs to the same work order goes to the same time. */
  #along({ id, crew, starts, ends }: Appointment): Appointment[] {
    return crew.map((one) => {
      const other = this.appointments.get(one.appointment_id)!;
      const now = { ...other, starts, ends, version: other.version + 1, work_order_version: this.orderVersion };
      this.appointments.set(now.id, now);
      return { ...now, crew: now.crew.filter((each) => each.appointment_id === id) };
    });
  }

  #helper(path: string, id: number): [number, unknown] {
    const mine = [...this.appointments.values()].filter((one) => one.work_order_id === id);
    this.orderVersion += 1;
    const left = path.endsWith('/remove') ? mine.filter((one) => !one.helps) : mine;
    for (const one of mine.filter((each) => !left.includes(each))) this.appointments.delete(one.id);
    const alone = left.map((one) => ({ ...one, crew: left.length > 1 ? one.crew : [] }));
    return [200, { work_order: this.#order(id), appointments: alone }];
  }

  #plan(id: number, body: Record<string, unknown>): [number, unknown] {
    if (body['version'] !== this.orderVersion) return this.#no('stale_version', 409);
    this.waiting.delete(id);
    const { resource_id, starts, ends } = body as unknown as Appointment;
    this.orderVersion += 1;
    const appointment = this.#made({
      resource_id,
      starts,
      ends: ends ?? '2026-11-23T12:00:00+01:00',
      work_order_version: this.orderVersion,
    });
    return [200, { appointment, others: [], work_order: this.#order(id) }];
  }

  #unplan(id: number, body: Record<string, unknown>): [number, unknown] {
    if (body['version'] !== this.orderVersion) return this.#no('stale_version', 409);
    for (const [key, appointment] of this.appointments) {
      if (appointment.work_order_id === id) this.appointments.delete(key);
    }
    this.orderVersion += 1;
    this.waiting.set(id, anItem({ version: this.orderVersion }));
    return [200, { work_order: this.#order(id) }];
  }

  #cancel(id: number, body: Record<string, unknown>): [number, unknown] {
    const before = this.appointments.get(id);
    if (!before || before.version !== body['version']) return this.#no('stale_version', 409);
    this.appointments.delete(id);
    return [200, { appointment: before, others: [] }];
  }

  #create(body: Record<string, unknown>): [number, unknown] {
    return [200, { appointment: this.#made({ ...(body as Partial<Appointment>), work_order_id: null }), others: [] }];
  }

  #order(id: number) {
    return { id, version: this.orderVersion, status: 'planned', code: 'WO-7' };
  }
}

let office: Office;
let server: Server;
let planner: Planner;
let commands: Commands;

function reply(response: ServerResponse, [status, body]: [number, unknown]): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
}

beforeEach(async () => {
  office = new Office();
  server = createServer((request, response) => {
    let text = '';
    request.on('data', (part: Buffer) => (text += part.toString()));
    request.on('end', () => {
      const body = JSON.parse(text || '{}') as Record<string, unknown>;
      reply(response, office.answer(request.method ?? '', request.url ?? '', body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  planner = new Planner({
    locale: 'en',
    csrf: 'token',
    canPlan: true,
    api: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api`,
    day: '2026-11-23',
    view: 'day',
    team: null,
    timeZone: 'Europe/Rome',
    events: '',
    ticketUrl: '/tickets/{id}/',
    look: USUAL,
  });
  planner.room = 1000;
  commands = new Commands(planner);
  await planner.source.load();
  await planner.unplanned.load();
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const at = (clock: string) => Date.parse(`2026-11-23T${clock}:00+01:00`);
const place = (resourceId: number, from: string, to: string) => ({ resourceId, from: at(from), to: at(to) });
const shown = () =>
  [...planner.cards.values()].flat().map((card) => `${card.resource_id} ${planner.zone.iso(card.from).slice(11, 16)}`);

describe('planning', () => {
  it('shows the block at once and the server’s when it has answered', async () => {
    const item = planner.unplanned.items[0]!;
    const done = commands.plan(item, place(2, '11:00', '12:00'), false);
    expect(shown()).toEqual(['1 09:00', '2 11:00']);
    expect(planner.cardsOf(2)[0]).toMatchObject({ pending: true, movable: false });
    expect(planner.unplanned.items).toEqual([]);
    expect(await done).toBeNull();
    expect(planner.cardsOf(2)[0]).toMatchObject({ id: 100, movable: true });
    expect(office.waiting.size).toBe(0);
  });

  it('goes back with the reason when it is refused', async () => {
    office.full = true;
    const item = planner.unplanned.items[0]!;
    const refusal = await commands.plan(item, place(2, '11:00', '12:00'), false);
    expect(refusal).toMatchObject({ code: 'slot_taken', remedy: 'remedy' });
    expect(shown()).toEqual(['1 09:00']);
    expect(planner.unplanned.items).toEqual([item]);
    expect(commands.history.steps).toEqual([]);
  });
});

describe('moving', () => {
  it('is refused with an old version and leaves the block where it was', async () => {
    office.appointments.get(1)!.version = 9;
    const refusal = await commands.move(planner.card(1)!, place(2, '11:00', '12:00'));
    expect(refusal?.code).toBe('stale_version');
    expect(shown()).toEqual(['1 09:00']);
  });

  it('does not keep the board from showing another day that was asked for meanwhile', async () => {
    const done = commands.move(planner.card(1)!, place(2, '11:00', '12:00'));
    const navigation = planner.source.load();
    planner.start = '2026-11-24';
    await Promise.all([navigation, planner.source.load(), done]);
    await expect.poll(() => planner.shown.start).toBe('2026-11-24');
  });

  it('does not let an answer that was asked for before overwrite it', async () => {
    const refresh = planner.source.load();
    await commands.move(planner.card(1)!, place(2, '11:00', '12:00'));
    await refresh;
    expect(shown()).toEqual(['2 11:00']);
  });
});

describe('moving several', () => {
  const both = async () => {
    expect(await commands.create(place(1, '10:00', '11:00'), 1, 'Meeting')).toBeNull();
    return [planner.card(1)!, planner.card(100)!];
  };
  const hour = 3_600_000;
  const later = (cards: Card[]) =>
    cards.map((card) => ({ card, place: { resourceId: card.resource_id, from: card.from + hour, to: card.to + hour } }));

  it('moves those first that make room, and undoes and redoes them as one', async () => {
    const cards = await both();
    office.calls.length = 0;
    expect(await commands.moveAll(later(cards))).toEqual({ done: 2, refused: [] });
    expect(office.calls).toEqual(['/api/appointments/100/move', '/api/appointments/1/move']);
    expect(shown()).toEqual(['1 10:00', '1 11:00']);
    await commands.history.undo();
    expect(shown()).toEqual(['1 09:00', '1 10:00']);
    await commands.history.redo();
    expect(shown()).toEqual(['1 10:00', '1 11:00']);
    await commands.history.undo();
    await commands.history.undo();
    expect(shown()).toEqual(['1 09:00']);
  });

  it('takes one back that is refused while the others stay, and says both in one message', async () => {
    const cards = await both();
    office.appointments.set(1, { ...office.appointments.get(1)!, version: 8 });
    const outcome = await commands.moveAll(later(cards));
    expect(outcome).toMatchObject({ done: 1, refused: [{ code: 'stale_version' }] });
    expect(shown()).toEqual(['1 09:00', '1 11:00']);
    commands.told({ done: 3, refused: outcome.refused });
    expect(planner.toasts.items[0]?.message).toBe('3 moved, 1 refused: stale_version');
  });
});

describe('mails', () => {
  const mail = { to: ['info@hotel.example'], language: 'it', subject: 'Spostato', body: 'Buongiorno' };

  it('are shown before the change goes out, which the user may still take back', async () => {
    planner.look = { ...USUAL, ask_before_mail: true };
    office.mails = [mail];
    const item = planner.unplanned.items[0]!;
    const first = commands.plan(item, place(2, '11:00', '12:00'), true);
    await expect.poll(() => planner.question).not.toBeNull();
    expect(shown()).toEqual(['1 09:00', '2 11:00']);
    planner.question!.answer('back');
    expect(await first).toBeNull();
    expect(shown()).toEqual(['1 09:00']);
    expect(office.calls).toEqual([]);

    const second = commands.plan(item, place(2, '11:00', '12:00'), true);
    await expect.poll(() => planner.question?.mails).toEqual([mail]);
    planner.question!.answer('send');
    expect(await second).toBeNull();
    expect(office.calls).toEqual(['/api/work-orders/7/plan']);
    expect(office.told).toEqual([true]);
  });

  it('can be left out, for one or several', async () => {
    planner.look = { ...USUAL, ask_before_mail: true };
    office.mails = [mail];
    const done = commands.plan(planner.unplanned.items[0]!, place(2, '11:00', '12:00'), true);
    await expect.poll(() => planner.question).not.toBeNull();
    planner.question!.answer('silent');
    expect(await done).toBeNull();
    const moved = commands.moveAll([{ card: planner.card(100)!, place: place(2, '13:00', '14:00') }]);
    await expect.poll(() => planner.question).not.toBeNull();
    planner.question!.answer('silent');
    expect(await moved).toMatchObject({ done: 1 });
    expect(office.told).toEqual([false, false]);
  });
});

describe('what others do', () => {
  it('is read again for their rows alone, with their name', async () => {
    office.appointments.set(1, { ...office.appointments.get(1)!, version: 2, starts: '2026-11-23T15:00:00+01:00', ends: '2026-11-23T16:00:00+01:00' });
    const moved = { what: 'moved', resources: [1], appointment: 1, by: 'Clara', own: false, waiting: false, via: '' };
    planner.source.heard({ ...moved, starts: '2026-11-23T09:00:00+01:00', ends: '2026-11-23T16:00:00+01:00' });
    await expect.poll(shown).toEqual(['1 15:00']);
    await expect.poll(() => planner.source.movers.get(1)).toBe('Clara');
    expect(planner.source.others.get(1)).toBe('Clara');
    expect(planner.news).toBe('Clara has changed the plan of Technician 1');
    expect(office.asked).toContain('/api/board?start=2026-11-23&days=1&resource=1');
  });

  it('is read again without a name when it was done on another screen of the same person', async () => {
    office.appointments.set(1, { ...office.appointments.get(1)!, version: 2, starts: '2026-11-23T15:00:00+01:00', ends: '2026-11-23T16:00:00+01:00' });
    const moved = { what: 'moved', resources: [1], appointment: 1, by: 'Marta', own: true, waiting: true, via: '' };
    planner.source.heard({ ...moved, starts: '', ends: '' });
    await expect.poll(shown).toEqual(['1 15:00']);
    expect([planner.source.movers.size, planner.source.others.size, planner.news]).toEqual([0, 0, '']);
    await expect.poll(() => office.asked.filter((path) => path.includes('unplanned')).length, { timeout: 5_000 }).toBe(2);
  });

  it('is left alone when it touches nothing that is shown', async () => {
    const before = office.asked.length;
    const moved = { what: 'moved', appointment: 1, by: 'Clara', own: false, waiting: false, via: '' };
    planner.source.heard({ ...moved, resources: [1], starts: '2026-11-25T09:00:00+01:00', ends: '2026-11-25T16:00:00+01:00' });
    planner.source.heard({ ...moved, resources: [77], starts: '', ends: '' });
    await new Promise((resolve) => setTimeout(resolve, 120));
    expect(office.asked.length).toBe(before);
  });
});

describe('undoing', () => {
  it('takes everything back, one after the other', async () => {
    expect(await commands.plan(planner.unplanned.items[0]!, place(2, '11:00', '12:00'), true)).toBeNull();
    expect(await commands.move(planner.card(100)!, place(1, '14:00', '15:00'))).toBeNull();
    expect(await commands.move(planner.card(1)!, place(2, '08:00', '09:00'))).toBeNull();
    expect(await commands.unplan(planner.card(100)!)).toBeNull();
    expect(shown()).toEqual(['2 08:00']);

    await commands.history.undo();
    expect(shown().sort()).toEqual(['1 14:00', '2 08:00']);
    await commands.history.undo();
    expect(shown().sort()).toEqual(['1 09:00', '1 14:00']);
    await commands.history.undo();
    expect(shown().sort()).toEqual(['1 09:00', '2 11:00']);
    await commands.history.undo();
    expect(shown()).toEqual(['1 09:00']);
    expect(commands.history.steps).toEqual([]);
    expect(planner.toasts.items).toEqual([]);
    expect(office.waiting.has(7)).toBe(true);
  });

  it('is itself taken back by redoing, step by step, under new numbers', async () => {
    expect(await commands.plan(planner.unplanned.items[0]!, place(2, '11:00', '12:00'), true)).toBeNull();
    expect(await commands.move(planner.card(100)!, place(1, '14:00', '15:00'))).toBeNull();
    await commands.history.undo();
    await commands.history.undo();
    expect(shown()).toEqual(['1 09:00']);
    await commands.history.redo();
    expect(shown()).toEqual(['1 09:00', '2 11:00']);
    await commands.history.redo();
    expect(shown()).toEqual(['1 09:00', '1 14:00']);
    expect(commands.history.redos).toEqual([]);
    await commands.history.undo();
    await commands.history.undo();
    expect(shown()).toEqual(['1 09:00']);
    expect(planner.toasts.items).toEqual([]);
  });

  it('creates again and moves again what was created and moved', async () => {
    expect(await commands.create(place(1, '10:00', '11:00'), 1, 'Meeting')).toBeNull();
    expect(await commands.move(planner.card(100)!, place(2, '10:00', '11:00'))).toBeNull();
    await commands.history.undo();
    await commands.history.undo();
    await commands.history.redo();
    await commands.history.redo();
    expect(shown()).toEqual(['1 09:00', '2 10:00']);
    expect(planner.toasts.items).toEqual([]);
  });

  it('forgets what could be done again once something else is done', async () => {
    expect(await commands.move(planner.card(1)!, place(2, '11:00', '12:00'))).toBeNull();
    await commands.history.undo();
    expect(commands.history.redos).toHaveLength(1);
    expect(await commands.move(planner.card(1)!, place(1, '16:00', '17:00'))).toBeNull();
    expect(commands.history.redos).toEqual([]);
  });

  it('cancels what was created and creates what was cancelled', async () => {
    expect(await commands.create(place(1, '10:00', '11:00'), 1, 'Meeting')).toBeNull();
    expect(await commands.cancel(planner.card(100)!)).toBeNull();
    expect(shown()).toEqual(['1 09:00']);
    await commands.history.undo();
    expect(shown()).toEqual(['1 09:00', '1 10:00']);
    await commands.history.undo();
    expect(shown()).toEqual(['1 09:00']);
  });

  it('says why it cannot when somebody else wrote in between', async () => {
    expect(await commands.move(planner.card(1)!, place(2, '11:00', '12:00'))).toBeNull();
    office.appointments.set(1, { ...office.appointments.get(1)!, version: 8 });
    await commands.history.undo();
    expect(planner.toasts.items[0]).toMatchObject({ message: 'stale_version', remedy: 'remedy' });
    expect(shown()).toEqual(['2 11:00']);
  });
});

describe('several on one work order', () => {
  beforeEach(async () => {
    office.together();
    await planner.source.load();
  });

  it('moves everybody with one of them, and back', async () => {
    expect(await commands.move(planner.card(1)!, place(1, '14:00', '15:00'))).toBeNull();
    expect(shown().sort()).toEqual(['1 14:00', '2 14:00']);
    await commands.history.undo();
    expect(shown().sort()).toEqual(['1 09:00', '2 09:00']);
    expect(planner.toasts.items).toEqual([]);
  });

  it('takes off whoever helps, and the whole of it with who leads', async () => {
    expect(await commands.unplan(planner.card(2)!)).toBeNull();
    expect(shown()).toEqual(['1 09:00']);
    expect(planner.card(1)!.crew).toEqual([]);
    office.together();
    await planner.source.load();
    office.orderVersion = 1;
    expect(await commands.unplan(planner.card(1)!)).toBeNull();
    expect(shown()).toEqual([]);
  });

  it('marks the blocks that belong together', () => {
    planner.select([2]);
    expect([...planner.kin]).toEqual([7]);
  });
});
