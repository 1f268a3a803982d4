import type {
  ActivityType,
  Appointment,
  Board,
  RefusalBody,
  UnplannedPage,
  WorkOrder,
} from './types.ts';

/** What a request that did not succeed says to the user, in the user's language. */
export class Refusal extends Error {
  readonly code: string;
  readonly remedy: string;
  readonly fields: Record<string, string[]>;
  readonly facts: Record<string, unknown>;

  constructor(
    readonly status: number,
    body: RefusalBody,
  ) {
    super(body.message);
    this.name = 'Refusal';
    this.code = body.code;
    this.remedy = body.remedy;
    this.fields = body.fields;
    this.facts = body.facts;
  }
}

/** Texts for what the server could not say itself, because no answer of its own arrived. */
export interface ClientTexts {
  unreachable: { message: string; remedy: string };
  failed: { message: string; remedy: string };
  signedOut: { message: string; remedy: string };
}

export interface Slot {
  resource_id: number;
  starts: string;
  ends: string | null;
}

export interface NewAppointment {
  resource_id: number;
  activity_type_id: ActivityType['id'];
  starts: string;
  ends: string;
  /** Empty: the name of the type. */
  title: string;
}

type Query = Record<string, string | number | null | undefined>;

const RETRY_AFTER = 800;

/** A key that lets the server recognise a repeated write. `randomUUID` is missing on plain HTTP outside localhost. */
export function uuid(): string {
  if (typeof crypto.randomUUID === 'function') return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

function queryText(query: Query): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== null && value !== undefined && value !== '') params.set(name, String(value));
  }
  const text = params.toString();
  return text ? `?${text}` : '';
}

function isRefusal(body: unknown): body is Partial<RefusalBody> & { message: string } {
  return typeof body === 'object' && body !== null && typeof (body as RefusalBody).message === 'string';
}

/**
 * The planner's calls. Each raises `Refusal`, for an answer that says no as well as for no answer at all. A request that
 * did not reach the server is sent once more with the same idempotency key, so that no write happens twice.
 */
export class Api {
  constructor(
    private readonly base: string,
    private readonly csrf: string,
    private readonly texts: ClientTexts,
  ) {}

  board(start: string, days: number, team: number | null): Promise<Board> {
    return this.#get('/board', { start, days, team });
  }

  unplanned(query: { search: string; cursor: string | null; start: string }): Promise<UnplannedPage> {
    return this.#get('/board/unplanned', query);
  }

  plan(workOrder: number, slot: Slot, version: number): Promise<{ appointment: Appointment; work_order: WorkOrder }> {
    return this.#post(`/work-orders/${workOrder}/plan`, { ...slot, version });
  }

  unplan(workOrder: number, version: number): Promise<{ work_order: WorkOrder }> {
    return this.#post(`/work-orders/${workOrder}/unplan`, { version });
  }

  move(appointment: number, slot: Slot, version: number): Promise<{ appointment: Appointment }> {
    return this.#post(`/appointments/${appointment}/move`, { ...slot, version });
  }

  create(appointment: NewAppointment): Promise<{ appointment: Appointment }> {
    return this.#post('/appointments', appointment);
  }

  cancel(appointment: number, version: number): Promise<{ appointment: Appointment }> {
    return this.#post(`/appointments/${appointment}/cancel`, { version });
  }

  #get<A>(path: string, query: Query): Promise<A> {
    return this.#send<A>(path + queryText(query), { method: 'GET', headers: { Accept: 'application/json' } });
  }

  #post<A>(path: string, body: object): Promise<A> {
    const headers = {
      Accept: 'application/json',
      'Content-Type': 'application/json',
      'Idempotency-Key': uuid(),
      'X-CSRFToken': this.csrf,
    };
    return this.#send<A>(path, { method: 'POST', headers, body: JSON.stringify(body) });
  }

  async #send<A>(path: string, init: RequestInit): Promise<A> {
    const answer = await this.#fetchTwice(this.base + path, { ...init, credentials: 'same-origin' });
    const body: unknown = await answer.json().catch(() => null);
    if (answer.ok && body !== null) return body as A;
    // Signed out, some middleware answers with the sign-in page instead of a status.
    if (answer.redirected) throw this.#local(answer.status, 'signed_out', this.texts.signedOut);
    throw this.#refusal(answer.status, body);
  }

  async #fetchTwice(url: string, init: RequestInit): Promise<Response> {
    try {
      return await fetch(url, init);
    } catch {
      await new Promise((resolve) => setTimeout(resolve, RETRY_AFTER));
    }
    try {
      return await fetch(url, init);
    } catch {
      throw this.#local(0, 'unreachable', this.texts.unreachable);
    }
  }

  #refusal(status: number, body: unknown): Refusal {
    if (isRefusal(body)) {
      return new Refusal(status, {
        code: body.code ?? 'refused',
        message: body.message,
        remedy: body.remedy ?? '',
        fields: body.fields ?? {},
        facts: body.facts ?? {},
      });
    }
    if (status === 401 || status === 403) return this.#local(status, 'signed_out', this.texts.signedOut);
    return this.#local(status, 'failed', this.texts.failed);
  }

  #local(status: number, code: string, text: { message: string; remedy: string }): Refusal {
    return new Refusal(status, { code, ...text, fields: {}, facts: {} });
  }
}
