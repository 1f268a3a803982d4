import { readNews, type News } from './live.ts';
import type { Planner } from './state.svelte.ts';

/** What a stream of events looks like from here; a browser's EventSource does. */
export interface Stream {
  readonly readyState: number;
  addEventListener(kind: string, hear: (event: { data: string; lastEventId: string }) => void): void;
  close(): void;
}

const KINDS = ['hello', 'beat', 'change', 'gap', 'over'] as const;
const CLOSED = 2;
const PATIENCE = 4_000;
const SILENCE = 40_000;
const AGAIN = 15_000;

/**
 * Listens to what others do while the page is in sight. A stream that ends is opened again where it ended, and one that
 * says nothing is taken for dead. Hidden pages give their connection back: a browser has few to one server.
 */
export class Live {
  /** Nothing is heard at the moment, and has not been for some seconds. */
  interrupted = $state(false);
  /** Changes are heard. */
  hears = $state(false);

  #stream: Stream | null = null;
  #last = 0;
  #over = false;
  #doubt: ReturnType<typeof setTimeout> | undefined;
  #silence: ReturnType<typeof setTimeout> | undefined;
  #again: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly planner: Planner,
    private readonly open: (url: string) => Stream = (url) => new EventSource(url),
  ) {}

  start(): void {
    const { events } = this.planner.config;
    if (!events || this.#stream || this.#over) return;
    clearTimeout(this.#again);
    const stream = this.open(`${events}?since=${this.#last || this.planner.readAt}`);
    this.#stream = stream;
    for (const kind of KINDS) stream.addEventListener(kind, (event) => this.#heard(kind, event));
    stream.addEventListener('error', () => this.#failed());
    this.#listenForSilence();
  }

  stop(): void {
    this.#stream?.close();
    this.#stream = null;
    this.hears = false;
    for (const timer of [this.#silence, this.#doubt, this.#again]) clearTimeout(timer);
    this.#doubt = undefined;
  }

  #heard(kind: string, event: { data: string; lastEventId: string }): void {
    this.#last = Number(event.lastEventId) || this.#last;
    clearTimeout(this.#doubt);
    this.#doubt = undefined;
    this.hears = true;
    this.interrupted = false;
    this.#listenForSilence();
    const news = readNews(kind, event.data);
    if (news) this.#act(news);
  }

  #act(news: News): void {
    const { source, api } = this.planner;
    if (news.kind === 'gap') void source.refresh(true);
    else if (news.kind === 'change' && !api.sent(news.change.via)) source.heard(news.change);
    else if (news.kind === 'over') {
      this.#over = true;
      this.stop();
      this.interrupted = true;
      void source.refresh(true);
    }
  }

  /** The browser opens the stream again by itself, unless the server has refused it. */
  #failed(): void {
    this.hears = false;
    this.#doubt ??= setTimeout(() => (this.interrupted = true), PATIENCE);
    if (this.#stream?.readyState === CLOSED) this.#later();
  }

  #later(): void {
    this.#stream?.close();
    this.#stream = null;
    clearTimeout(this.#silence);
    clearTimeout(this.#again);
    this.#again = setTimeout(() => this.start(), AGAIN * (0.5 + Math.random()));
  }

  #listenForSilence(): void {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => {
      this.#failed();
      this.#stream?.close();
      this.#stream = null;
      this.start();
    }, SILENCE);
  }
}
