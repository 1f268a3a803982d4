// The monitor reads itself again, but only while somebody looks at it.
(() => {
  const EVERY = 30_000; // milliseconds
  const box = document.querySelector('#monitor');
  let read = Date.now();

  function readAgain() {
    if (document.hidden || Date.now() - read < EVERY) return;
    read = Date.now();
    window.htmx.trigger(box, 'monitor:read');
  }

  function selects() {
    const chosen = getSelection();
    return !chosen.isCollapsed && box.contains(chosen.anchorNode);
  }

  // Old numbers say that they are old; a toast every half minute would say no more.
  function stale(event) {
    if (event.detail.elt !== box) return;
    event.stopPropagation();
    box.querySelector('.monitor-stale').hidden = false;
  }

  box.addEventListener('htmx:sendError', stale);
  box.addEventListener('htmx:responseError', stale);
  box.addEventListener('htmx:beforeSwap', (event) => {
    if (event.detail.elt === box && selects()) event.detail.shouldSwap = false; // what is being copied stays
  });
  document.addEventListener('visibilitychange', readAgain);
  setInterval(readAgain, 1_000);
})();
