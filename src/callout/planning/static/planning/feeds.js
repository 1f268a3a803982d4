// Copies the address of a new feed.
(() => {
  const field = document.querySelector('[data-select]');
  const button = document.querySelector('[data-copy]');
  if (!field || !button || !navigator.clipboard) return;
  button.hidden = false;
  field.addEventListener('focus', () => field.select());
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(field.value);
    document.querySelector('[data-copied]').hidden = false;
  });
})();
