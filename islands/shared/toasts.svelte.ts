export interface Toast {
  id: number;
  message: string;
  remedy: string;
}

const STAYS = 10_000;

/** Messages in the corner: each stays until it is closed, or for ten seconds that do not run while it is read. */
export class Toasts {
  items = $state.raw<readonly Toast[]>([]);
  #last = 0;
  readonly #timers = new Map<number, ReturnType<typeof setTimeout>>();

  show(message: string, remedy = ''): void {
    const same = this.items.find((toast) => toast.message === message && toast.remedy === remedy);
    if (same) this.close(same.id);
    const toast = { id: ++this.#last, message, remedy };
    this.items = [...this.items, toast].slice(-4);
    this.release(toast.id);
  }

  close(id: number): void {
    this.hold(id);
    this.items = this.items.filter((toast) => toast.id !== id);
  }

  hold(id: number): void {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
  }

  release(id: number): void {
    this.hold(id);
    this.#timers.set(
      id,
      setTimeout(() => this.close(id), STAYS),
    );
  }
}
