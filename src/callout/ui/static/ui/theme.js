// Runs before the first paint, so that nobody in a dark room is blinded by a white page.
(() => {
  const root = document.documentElement;
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const kept = (key) => {
    try {
      return localStorage.getItem(key);
    } catch {
      return null;
    }
  };
  const apply = () => {
    const choice = kept('callout.theme') || 'auto';
    root.dataset.bsTheme = choice === 'auto' ? (dark.matches ? 'dark' : 'light') : choice;
    root.dataset.themeNow = choice;
  };
  apply();
  dark.addEventListener('change', apply);
  addEventListener('storage', apply);
  addEventListener('callout:theme', apply);
  if (kept('callout.rail') === '1') root.dataset.rail = '';
})();
