import type { Board, DispatchChoices, DispatchQuestion, ExactSlot, Look, Mail, Month, NewAppointment, Proposal, RefusalBody, Slot, UnplannedPage } from '../types.ts';
import type { Answer, Body, Gaps, PathOf, Query, Values } from './operation.ts';

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

/** What the list of waiting work is narrowed to, and its order. */
export interface Waiting {
  search: string;
  by: 'priority' | 'age';
  sector: number | null;
  team: number | null;
}

/** What of a proposal is planned, and whether the customers are written to. */
export interface Accepted {
  work_order_ids: number[];
  tell: boolean;
  version: number;
}

type OneAppointment = Answer<'/appointments', 'post'>;
type OneCrew = Answer<'/work-orders/{work_order_id}/helpers', 'post'>;

const RETRY_AFTER = 800;
const REMEMBERED = 200;

/** A key that lets the server recognise a repeated write. `randomUUID` is missing on plain HTTP outside localhost. */
export function uuid(): string {
  if (typeof crypto.randomUUID === 'function') return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** The path with its gaps filled. */
function filled(path: string, values: Values = {}): string {
  return path.replace(/\{(\w+)\}/g, (_gap, name: string) => encodeURIComponent(String(values[name])));
}

function queryText(query: Values = {}): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== null && one !== undefined && one !== '') params.append(name, String(one));
    }
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
  /** The ids of the writes sent last: live updates tell of them too. */
  readonly #sent = new Set<string>();

  constructor(
    private readonly base: string,
    private readonly csrf: string,
    private readonly texts: ClientTexts,
    private readonly unattended = false,
  ) {}

  /** The same calls for what the page asks by itself: they do not keep a session alive that nobody uses. */
  alone(): Api {
    return new Api(this.base, this.csrf, this.texts, true);
  }

  /** Whether a write with this id was sent from here. */
  sent(id: string): boolean {
    return this.#sent.has(id);
  }

  /** `resources` narrows the answer to these calendars; everybody's when there are none. */
  board(start: string, days: number, team: number | null, resources: readonly number[] = []): Promise<Board> {
    return this.#get('/board', { query: { start, days, team, resource: [...resources] } });
  }

  month(start: string, team: number | null): Promise<Month> {
    return this.#get('/board/month', { query: { start, team } });
  }

  async saveLook(look: Look): Promise<void> {
    await this.#post('/board/look', { body: look });
  }

  unplanned(asked: Waiting & { cursor: string | null }): Promise<UnplannedPage> {
    return this.#get('/board/unplanned', { query: { ...asked, cursor: asked.cursor ?? '' } });
  }

  /** The mails that planning or moving a work order there would send. */
  async mails(workOrder: number, slot: ExactSlot): Promise<readonly Mail[]> {
    const { mails } = await this.#get('/board/mails', { query: { work_order_id: workOrder, ...slot } });
    return mails;
  }

  copy(appointments: readonly number[], dryRun: boolean): Promise<Answer<'/board/copy', 'post'>> {
    return this.#post('/board/copy', { body: { appointment_ids: [...appointments], weeks: 1, dry_run: dryRun } });
  }

  /** Without `tell`, here and below, no mail goes to the customer. */
  plan(
    workOrder: number,
    slot: Slot,
    version: number,
    tell = true,
  ): Promise<Answer<'/work-orders/{work_order_id}/plan', 'post'>> {
    return this.#post('/work-orders/{work_order_id}/plan', {
      path: { work_order_id: workOrder },
      body: { ...slot, version, tell },
    });
  }

  unplan(workOrder: number, version: number): Promise<Answer<'/work-orders/{work_order_id}/unplan', 'post'>> {
    return this.#post('/work-orders/{work_order_id}/unplan', {
      path: { work_order_id: workOrder },
      body: { version, tell: true },
    });
  }

  move(appointment: number, slot: ExactSlot, version: number, tell = true): Promise<OneAppointment> {
    return this.#post('/appointments/{appointment_id}/move', {
      path: { appointment_id: appointment },
      body: { ...slot, version, tell },
    });
  }

  addHelper(workOrder: number, resource: number, version: number): Promise<OneCrew> {
    return this.#post('/work-orders/{work_order_id}/helpers', {
      path: { work_order_id: workOrder },
      body: { resource_id: resource, version },
    });
  }

  removeHelper(workOrder: number, resource: number, version: number): Promise<OneCrew> {
    return this.#post('/work-orders/{work_order_id}/helpers/{resource_id}/remove', {
      path: { work_order_id: workOrder, resource_id: resource },
      body: { version },
    });
  }

  makeLead(workOrder: number, resource: number, version: number): Promise<OneCrew> {
    return this.#post('/work-orders/{work_order_id}/helpers/{resource_id}/lead', {
      path: { work_order_id: workOrder, resource_id: resource },
      body: { version },
    });
  }

  create(appointment: NewAppointment): Promise<OneAppointment> {
    return this.#post('/appointments', { body: appointment });
  }

  cancel(appointment: number, version: number): Promise<OneAppointment> {
    return this.#post('/appointments/{appointment_id}/cancel', {
      path: { appointment_id: appointment },
      body: { version },
    });
  }

  dispatchChoices(): Promise<DispatchChoices> {
    return this.#get('/dispatch/choices', { query: {} });
  }

  dispatch(question: DispatchQuestion): Promise<Proposal> {
    return this.#post('/dispatch', { body: question });
  }

  proposals(): Promise<Answer<'/dispatch/proposals', 'get'>> {
    return this.#get('/dispatch/proposals', { query: {} });
  }

  proposal(id: number): Promise<Proposal> {
    return this.#get('/dispatch/proposals/{proposal_id}', { path: { proposal_id: id }, query: {} });
  }

  stopProposal(id: number): Promise<Proposal> {
    return this.#post('/dispatch/proposals/{proposal_id}/stop', { path: { proposal_id: id } });
  }

  acceptProposal(id: number, body: Accepted): Promise<Proposal> {
    return this.#post('/dispatch/proposals/{proposal_id}/accept', { path: { proposal_id: id }, body });
  }

  dismissProposal(id: number, version: number): Promise<Proposal> {
    return this.#post('/dispatch/proposals/{proposal_id}/dismiss', { path: { proposal_id: id }, body: { version } });
  }

  undoProposal(id: number, body: { tell: boolean }): Promise<Proposal> {
    return this.#post('/dispatch/proposals/{proposal_id}/undo', { path: { proposal_id: id }, body });
  }

  #get<P extends PathOf<'get'>>(path: P, asked: Gaps<P, 'get'> & Query<P>): Promise<Answer<P, 'get'>> {
    const address = filled(path, asked.path) + queryText(asked.query);
    return this.#send<Answer<P, 'get'>>(address, { method: 'GET', headers: this.#asking() });
  }

  #asking(): Record<string, string> {
    const accept = { Accept: 'application/json' };
    return this.unattended ? { ...accept, 'X-Callout-Unattended': '1' } : accept;
  }

  #post<P extends PathOf<'post'>>(path: P, sent: Gaps<P, 'post'> & Body<P>): Promise<Answer<P, 'post'>> {
    const id = uuid();
    this.#sent.add(id);
    if (this.#sent.size > REMEMBERED) this.#sent.delete(this.#sent.values().next().value!);
    const headers = {
      Accept: 'application/json',
      'Content-Type': 'application/json',
      'X-Request-Id': id,
      'Idempotency-Key': uuid(),
      'X-CSRFToken': this.csrf,
    };
    const init = { method: 'POST', headers, body: JSON.stringify(sent.body) };
    return this.#send<Answer<P, 'post'>>(filled(path, sent.path), init);
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
