/** What lies over the board: a dialog, a question, a menu. */

import type { IconName } from '../shared/icons.ts';
import type { Mail, UnplannedItem } from '../shared/types.ts';
import type { Card, Span } from './lib.ts';

/** What a dialog is about. */
export type Panel = { anchor: DOMRect | null } & (
  | { kind: 'card'; id: number }
  | { kind: 'item'; item: UnplannedItem }
  | { kind: 'new'; resourceId: number; slot: Span }
  | { kind: 'crew'; card: Card }
  | { kind: 'look' }
  | { kind: 'dispatch' }
  | { kind: 'copy'; cards: readonly Card[] }
);

/** What happens to the mails of a change: they go out, or the change is made without them, or not at all. */
export type MailAnswer = 'send' | 'silent' | 'back';

/** A question that keeps a change from being sent until it is answered. */
export interface Question {
  mails: readonly Mail[];
  answer: (answer: MailAnswer) => void;
}

export interface MenuItem {
  label: string;
  icon: IconName;
  href?: string;
  run?: () => void;
}

export interface Menu {
  x: number;
  y: number;
  items: MenuItem[];
}
