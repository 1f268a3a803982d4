import { Refusal } from '../shared/api/client.ts';
import type { DispatchChoices, DispatchQuestion, Proposal } from '../shared/types.ts';
import { ghosts, hopeful, toggled } from './dispatch.ts';
import type { Planner } from './state.svelte.ts';

const EVERY = 1_000;

/** The proposal that is looked at on the board: asked for, watched while it is worked out, decided, taken back. */
export class Dispatch {
  proposal = $state.raw<Proposal | null>(null);
  choices = $state.raw<DispatchChoices | null>(null);
  chosen = $state.raw<ReadonlySet<number>>(new Set());
  /** Whether the customers of what is planned or taken back are written to. */
  tell = $state(true);
  busy = $state(false);
  refusal = $state.raw<Refusal | null>(null);

  readonly ghosts = $derived(ghosts(this.proposal));
  readonly working = $derived(this.proposal?.status === 'working');
  /** Whether there is a result to look at. */
  readonly shown = $derived(this.proposal !== null && !this.working && this.proposal.status !== 'failed');
  readonly planned = $derived(this.proposal?.suggestions.filter((one) => one.outcome === 'accepted').length ?? 0);

  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(readonly planner: Planner) {}

  /** What the dialog offers, and the reader's own open proposal where there is one. */
  async open(): Promise<void> {
    await this.#try(async () => {
      this.choices ??= await this.planner.api.dispatchChoices();
      if (this.proposal !== null) return;
      const mine = (await this.planner.api.proposals()).find((one) => one.mine);
      if (mine) this.#take(await this.planner.api.proposal(mine.id));
    });
  }

  async ask(question: DispatchQuestion): Promise<boolean> {
    return this.#try(async () => this.#take(await this.planner.api.dispatch(question)));
  }

  async stop(): Promise<void> {
    const { proposal } = this;
    if (proposal) await this.#try(async () => this.#take(await this.planner.api.stopProposal(proposal.id)));
  }

  /** Plans what is ticked. */
  async accept(): Promise<void> {
    const { proposal, planner } = this;
    if (!proposal || this.chosen.size === 0) return;
    const before = this.planned;
    const sent = { work_order_ids: [...this.chosen], tell: this.tell, version: proposal.version };
    const done = await this.#try(async () => this.#take(await planner.api.acceptProposal(proposal.id, sent)));
    if (done) planner.announce(planner.say.plural('dispatch_planned', this.planned - before));
    await planner.source.refresh();
  }

  async undo(): Promise<void> {
    const { proposal, planner } = this;
    if (!proposal) return;
    const done = await this.#try(async () => this.#take(await planner.api.undoProposal(proposal.id, { tell: this.tell })));
    const undone = this.proposal?.suggestions.filter((one) => one.outcome === 'undone').length ?? 0;
    if (done) planner.announce(planner.say.plural('dispatch_undone', undone));
    await planner.source.refresh();
  }

  /** Discards what is undecided, and leaves the board to itself. */
  async close(): Promise<void> {
    const { proposal } = this;
    if (proposal?.status === 'open' && proposal.mine) {
      const { id, version } = proposal;
      if (!(await this.#try(async () => void (await this.planner.api.dismissProposal(id, version))))) return;
    }
    this.leave();
  }

  leave(): void {
    clearTimeout(this.#timer);
    this.proposal = null;
    this.refusal = null;
  }

  toggle(ids: readonly number[]): void {
    this.chosen = toggled(this.chosen, ids);
  }

  #take(proposal: Proposal): void {
    const before = this.proposal;
    this.proposal = proposal;
    const same = before?.id === proposal.id && before.status === 'open';
    const open = hopeful(proposal);
    this.chosen = same ? new Set([...this.chosen].filter((id) => open.has(id))) : open;
    clearTimeout(this.#timer);
    if (proposal.status === 'working') this.#timer = setTimeout(() => void this.#look(), EVERY);
    else if (before?.status === 'working') this.#ready(proposal);
  }

  #ready(proposal: Proposal): void {
    const { planner } = this;
    const said = proposal.status === 'open' ? proposal.suggestions.length : 0;
    planner.announce(planner.say.plural('dispatch_proposed', said));
    const first = proposal.days[0];
    const seen = planner.view === 'day' || planner.view === 'week';
    if (said > 0 && first) void planner.show(first, seen ? planner.view : 'day');
  }

  async #look(): Promise<void> {
    const { proposal } = this;
    if (!proposal) return;
    try {
      this.#take(await this.planner.api.proposal(proposal.id));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.#timer = setTimeout(() => void this.#look(), 4 * EVERY);
    }
  }

  async #try(act: () => Promise<void>): Promise<boolean> {
    this.busy = true;
    this.refusal = null;
    try {
      await act();
      return true;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.refusal = error;
      return false;
    } finally {
      this.busy = false;
    }
  }
}
