import { Refusal, type Api } from '../shared/api/client.ts';
import type { UnplannedItem, UnplannedPage } from '../shared/types.ts';
import { byAge, byUrgency } from './lib.ts';

/** The list of work orders that nobody has planned, loaded page by page. */
export class Unplanned {
  items = $state.raw<readonly UnplannedItem[]>([]);
  /** As the server wrote it; empty until the first answer. */
  count = $state('');
  search = $state('');
  by = $state<'priority' | 'age'>('priority');
  sector = $state<number | null>(null);
  /** One whose people may do the work. */
  team = $state<number | null>(null);
  loading = $state(false);

  #next: string | null = null;
  #pages = 0;
  #run = 0;
  /** Dragged onto the board, while the server has not answered. */
  readonly #leaving = new Set<number>();

  constructor(
    private readonly api: Api,
    private readonly alone: Api,
    private readonly failed: (refusal: Refusal) => void,
  ) {}

  get #order() {
    return this.by === 'age' ? byAge : byUrgency;
  }

  get complete(): boolean {
    return this.#next === null;
  }

  find(workOrder: number): UnplannedItem | undefined {
    return this.items.find((item) => item.work_order_id === workOrder);
  }

  /** From the first page on, as after a new search. */
  async load(): Promise<void> {
    await this.#read(1);
  }

  /** The pages that were loaded, once more; `alone` when nobody asked for it. */
  async refresh(alone = false): Promise<void> {
    await this.#read(Math.max(1, this.#pages), alone ? this.alone : this.api);
  }

  async more(): Promise<void> {
    if (this.loading || this.#next === null) return;
    const run = ++this.#run;
    this.loading = true;
    try {
      const page = await this.#page(this.#next);
      if (run === this.#run) this.#show([...this.items, ...page.items], page, this.#pages + 1);
    } catch (error) {
      this.#report(error, run);
    } finally {
      if (run === this.#run) this.loading = false;
    }
  }

  /** Takes an item off the list while it is being planned; `false` puts it back. */
  leave(item: UnplannedItem, leaves: boolean): void {
    if (leaves) {
      this.#leaving.add(item.work_order_id);
      this.items = this.items.filter((other) => other.work_order_id !== item.work_order_id);
    } else {
      this.#leaving.delete(item.work_order_id);
      this.add(item);
    }
  }

  /** The item is planned: a later answer of the server may list it again. */
  left(workOrder: number): void {
    this.#leaving.delete(workOrder);
    this.items = this.items.filter((item) => item.work_order_id !== workOrder);
  }

  add(item: UnplannedItem): void {
    const others = this.items.filter((other) => other.work_order_id !== item.work_order_id);
    this.items = [...others, item].sort(this.#order);
  }

  async #read(pages: number, api = this.api): Promise<void> {
    const run = ++this.#run;
    this.loading = true;
    try {
      const items: UnplannedItem[] = [];
      let page: UnplannedPage = { items: [], next: null, count: '' };
      let read = 0;
      do {
        page = await this.#page(page.next, api);
        if (run !== this.#run) return;
        items.push(...page.items);
        read += 1;
      } while (read < pages && page.next !== null);
      this.#show(items, page, read);
    } catch (error) {
      this.#report(error, run);
    } finally {
      if (run === this.#run) this.loading = false;
    }
  }

  #report(error: unknown, run: number): void {
    if (!(error instanceof Refusal)) throw error;
    if (run === this.#run) this.failed(error);
  }

  #page(cursor: string | null, api = this.api): Promise<UnplannedPage> {
    const { by, sector, team } = this;
    return api.unplanned({ search: this.search.trim(), by, sector, team, cursor });
  }

  #show(items: UnplannedItem[], page: UnplannedPage, pages: number): void {
    const unique = new Map(items.map((item) => [item.work_order_id, item]));
    for (const id of this.#leaving) unique.delete(id);
    this.items = [...unique.values()].sort(this.#order);
    this.count = page.count;
    this.#next = page.next;
    this.#pages = pages;
  }
}
