// What makes lists handier with a script: a click anywhere in a row, columns moved and sized, focus after loading more.
(() => {
  const STEP = 16; // pixels that an arrow key widens a column by

  function followRow(event) {
    if (event.defaultPrevented || event.target.closest('a, button, input, label, select')) return;
    const link = event.target.closest('.list-table tbody tr')?.querySelector('td:first-child > a');
    if (!link || String(getSelection())) return;
    if (event.ctrlKey || event.metaKey) window.open(link.href, '_blank', 'noopener');
    else link.click();
  }

  function moveColumn(event) {
    const button = event.target.closest('[data-move]');
    if (!button) return;
    event.preventDefault();
    const item = button.closest('li');
    const other = button.dataset.move < 0 ? item.previousElementSibling : item.nextElementSibling;
    if (!other) return;
    if (button.dataset.move < 0) other.before(item);
    else other.after(item);
    button.focus();
  }

  // Widths: a grip at the edge of each head, for the pointer and for arrow keys. The address keeps them.
  function widthsOf(table) {
    return [...table.querySelectorAll('th[data-column]')].map((head) => {
      const width = head.dataset.width;
      return width ? `${head.dataset.column}:${width}` : head.dataset.column;
    });
  }

  function applyWidths(table) {
    const url = new URL(location.href);
    url.searchParams.delete('after');
    url.searchParams.set('cols', widthsOf(table).join(','));
    window.htmx.ajax('GET', url.pathname + url.search, { source: '#list-region', target: '#list-region', swap: 'innerHTML' });
  }

  function widen(head, width) {
    const col = head.closest('table').querySelectorAll('col')[head.cellIndex];
    const bounded = Math.round(Math.min(Math.max(width, 40), 900));
    head.dataset.width = String(bounded);
    col.width = String(bounded);
    head.classList.add('sized');
    for (const row of head.closest('table').tBodies[0].rows) row.cells[head.cellIndex].classList.add('sized');
  }

  function grip(head) {
    const handle = document.createElement('span');
    const label = head.textContent.trim();
    handle.className = 'grip';
    handle.tabIndex = 0;
    handle.setAttribute('role', 'separator');
    handle.setAttribute('aria-orientation', 'vertical');
    handle.setAttribute('aria-label', label);
    handle.setAttribute('aria-valuemin', '40');
    handle.setAttribute('aria-valuemax', '900');
    handle.setAttribute('aria-valuenow', String(Math.round(head.offsetWidth)));
    handle.addEventListener('click', (event) => event.stopPropagation());
    handle.addEventListener('pointerdown', (event) => drag(handle, head, event));
    handle.addEventListener('keydown', (event) => {
      const step = { ArrowLeft: -STEP, ArrowRight: STEP }[event.key];
      if (!step) return;
      event.preventDefault();
      widen(head, head.offsetWidth + step);
      handle.setAttribute('aria-valuenow', head.dataset.width);
    });
    handle.addEventListener('blur', () => head.dataset.width !== head.dataset.given && applyWidths(head.closest('table')));
    head.append(handle);
  }

  function drag(handle, head, event) {
    event.preventDefault();
    const from = event.clientX - head.offsetWidth;
    handle.setPointerCapture(event.pointerId);
    const move = (moved) => widen(head, moved.clientX - from);
    handle.addEventListener('pointermove', move);
    handle.addEventListener('pointerup', () => {
      handle.removeEventListener('pointermove', move);
      if (head.dataset.width !== head.dataset.given) applyWidths(head.closest('table'));
    }, { once: true });
  }

  function settle() {
    for (const head of document.querySelectorAll('.list-table th[data-column]:not(:has(.grip))')) grip(head);
  }

  function focusNewRows(event) {
    if (event.detail.target?.id !== 'list-more') return;
    event.detail.elt.previousElementSibling?.querySelector('a')?.focus();
  }

  document.addEventListener('click', (event) => {
    moveColumn(event);
    followRow(event);
  });
  document.body.addEventListener('htmx:load', settle);
  document.body.addEventListener('htmx:afterSwap', focusNewRows);
  settle();
})();
