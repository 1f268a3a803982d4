// Keys of the to-do list: up and down (or k and j) go from one thing to the next, d is done, p postpones, h hands over.
(() => {
  const items = () => [...document.querySelectorAll('[data-item]')];
  const paint = (from) => {
    for (const node of from.querySelectorAll?.('[data-colour]') ?? []) node.style.setProperty('--state', node.dataset.colour);
  };
  const typing = (node) => node.matches?.('input, textarea, select, [contenteditable]');
  const STEPS = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 };

  function go(step) {
    const all = items();
    if (!all.length) return false;
    const here = all.indexOf(document.activeElement?.closest?.('[data-item]'));
    const next = all[Math.min(Math.max(here + step, 0), all.length - 1)];
    next.querySelector('.to-do-title')?.focus();
    return true;
  }

  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || document.querySelector('dialog[open]')) return;
    const isArrow = event.key.startsWith('Arrow');
    if (!isArrow && document.body.dataset.noKeys !== undefined) return;
    if (isArrow && !event.target.closest('[data-item]')) return;
    if (event.key in STEPS) {
      if (go(STEPS[event.key])) event.preventDefault();
      return;
    }
    const act = event.target.closest?.('[data-item]')?.querySelector(`[data-act="${CSS.escape(event.key)}"]`);
    if (act) {
      event.preventDefault();
      act.click();
    }
  });
  document.addEventListener('htmx:load', (event) => paint(event.target.parentElement ?? document));
  paint(document);
})();
