// What every page does: menu, theme, toasts, keys, the search for anything, and keeping what is typed.
(() => {
  const $ = (selector, from = document) => from.querySelector(selector);
  const $$ = (selector, from = document) => [...from.querySelectorAll(selector)];
  const body = document.body;
  const root = document.documentElement;
  const typing = (node) => node.matches?.('input, textarea, select, [contenteditable=""], [contenteditable="true"]');

  function keep(storage, key, value) {
    try {
      if (value === null) storage.removeItem(key);
      else storage.setItem(key, value);
    } catch {
      // Storage may be full or forbidden: then nothing is remembered, and the page works all the same.
    }
  }

  function kept(storage, key) {
    try {
      return storage.getItem(key);
    } catch {
      return null;
    }
  }

  // Theme and menu -------------------------------------------------------------------------------------------------
  function showTheme() {
    for (const button of $$('[data-theme-choice] button')) {
      button.setAttribute('aria-pressed', String(button.value === root.dataset.themeNow));
    }
  }

  function toggleMenu(open) {
    const button = $('[data-menu]');
    if (!button) return;
    root.toggleAttribute('data-menu-open', open);
    button.setAttribute('aria-expanded', String(open));
    if (open) $('#side a')?.focus();
  }

  // Toasts ---------------------------------------------------------------------------------------------------------
  const LIFE = 6000; // milliseconds; what went wrong stays until it is closed

  function settleToast(toast) {
    if (toast.dataset.settled !== undefined || toast.getAttribute('role') === 'alert') return;
    toast.dataset.settled = '';
    let timer = setTimeout(() => toast.remove(), LIFE);
    toast.addEventListener('pointerenter', () => clearTimeout(timer));
    toast.addEventListener('pointerleave', () => (timer = setTimeout(() => toast.remove(), LIFE)));
    toast.addEventListener('focusin', () => clearTimeout(timer));
  }

  function toast(content) {
    const box = $('#toasts');
    if (typeof content === 'string') {
      const template = $('#fault-toast').content.firstElementChild.cloneNode(true);
      template.querySelector('div').textContent = content;
      box.append(template);
    } else {
      box.append(content.content.cloneNode(true));
    }
  }

  function watchToasts() {
    const box = $('#toasts');
    $$('.toast-item', box).forEach(settleToast);
    new MutationObserver(() => $$('.toast-item', box).forEach(settleToast)).observe(box, { childList: true });
  }

  // Keeping what is typed ------------------------------------------------------------------------------------------
  // A form with data-keep="name" is saved in this tab while it is typed in, per person. It comes back after a reload, a
  // refusal or an expired session, and is forgotten once the server has accepted it.
  const draftKey = (form) => `callout.draft.${body.dataset.user || ''}.${form.dataset.keep}`;
  const SENT = 'callout.sent';
  const isKept = (field) =>
    field.name && !['password', 'file', 'submit', 'button'].includes(field.type) && field.name !== 'csrfmiddlewaretoken' && field.name !== 'version';

  function readForm(form) {
    const values = [];
    for (const field of form.elements) {
      if (!isKept(field)) continue;
      if (field.type === 'checkbox' || field.type === 'radio') values.push([field.name, field.value, field.checked]);
      else if (field.multiple) values.push([field.name, [...field.selectedOptions].map((o) => o.value), null]);
      else values.push([field.name, field.value, field.dataset.label ?? null]);
    }
    return JSON.stringify(values);
  }

  function fillForm(form, text) {
    const seen = {};
    for (const [name, value, extra] of JSON.parse(text)) {
      const fields = [...form.elements].filter((field) => field.name === name && isKept(field));
      const field = fields.length > 1 && !/checkbox|radio/.test(fields[0].type) ? fields[(seen[name] = (seen[name] ?? -1) + 1)] : fields.find((f) => f.value === value) || fields[0];
      if (!field) continue;
      if (field.type === 'checkbox' || field.type === 'radio') {
        if (field.value === value) field.checked = extra;
      } else if (field.multiple) {
        for (const option of field.options) option.selected = value.includes(option.value);
      } else {
        field.value = value;
        if (extra !== null) field.dataset.label = extra;
      }
      field.dispatchEvent(new Event('callout:restored', { bubbles: true }));
    }
  }

  function keepForm(form) {
    const key = draftKey(form);
    const fresh = readForm(form);
    const draft = kept(sessionStorage, key);
    const answered = $('.is-invalid, .alert-danger, .stored', form) !== null;
    if (draft && draft !== fresh && !answered) {
      fillForm(form, draft);
      const note = $('#draft-note').content.firstElementChild.cloneNode(true);
      $('[data-discard]', note).addEventListener('click', () => {
        keep(sessionStorage, key, null);
        form.dataset.clean = '';
        location.reload();
      });
      form.prepend(note);
    }
    let timer = 0;
    const save = () => keep(sessionStorage, key, readForm(form) === fresh ? null : readForm(form));
    form.addEventListener('input', () => {
      clearTimeout(timer);
      timer = setTimeout(save, 200);
    });
    form.addEventListener('change', save);
    form.addEventListener('submit', () => {
      clearTimeout(timer);
      save();
      keep(sessionStorage, SENT, key);
    });
  }

  function settleDrafts() {
    const sent = kept(sessionStorage, SENT);
    if (!sent) return;
    keep(sessionStorage, SENT, null);
    if (!body.dataset.user || body.dataset.refused !== undefined) return; // signed out or refused meanwhile
    const again = $$('form[data-keep]').find((form) => draftKey(form) === sent);
    if (again && $('.is-invalid, .alert-danger, .stored', again)) return;
    keep(sessionStorage, sent, null);
  }

  function forgetDrafts() {
    const keys = Object.keys(sessionStorage).filter((key) => key.startsWith('callout.'));
    keys.forEach((key) => keep(sessionStorage, key, null));
  }

  // A form with data-guard asks before it is left with changes that were not sent.
  const guarded = new Map();

  function guardForm(form) {
    if (guarded.has(form)) return;
    guarded.set(form, readForm(form));
    form.addEventListener('submit', () => guarded.delete(form));
  }

  function isDirty([form, fresh]) {
    return form.isConnected && form.dataset.clean === undefined && readForm(form) !== fresh;
  }

  // A second click while the first is on its way sends nothing twice.
  function holdButtons(form, event) {
    if (form.method !== 'post' || event.defaultPrevented) return;
    if (form.dataset.sending !== undefined) {
      event.preventDefault();
      return;
    }
    form.dataset.sending = '';
    setTimeout(() => delete form.dataset.sending, 8000);
  }

  function settleForms(from) {
    $$('form[data-keep]', from).filter((form) => form.dataset.kept === undefined).forEach((form) => {
      form.dataset.kept = '';
      keepForm(form);
    });
    $$('form[data-guard]', from).forEach(guardForm);
  }

  // Keys -----------------------------------------------------------------------------------------------------------
  function openFinder() {
    const dialog = $('#finder');
    if (!dialog || dialog.open) return;
    dialog.showModal();
    const input = $('input', dialog);
    input.select();
    input.dispatchEvent(new Event('input', { bubbles: true }));
  }

  const press = (selector) => {
    const target = $$(selector).find((node) => node.checkVisibility());
    if (target) target.click();
    return Boolean(target);
  };

  const SINGLE = {
    '/': () => {
      const field = $('[data-search]');
      field?.focus();
      field?.select?.();
      return Boolean(field);
    },
    n: () => press('[data-key="n"]'),
    e: () => press('[data-key="e"]'),
    '?': () => Boolean($('#keys')) && ($('#keys').showModal(), true),
  };

  function escape(event) {
    const open = $('details.drop[open]');
    if (open) {
      open.open = false;
      $('summary', open)?.focus();
    } else if (root.dataset.menuOpen !== undefined) {
      toggleMenu(false);
      $('[data-menu]')?.focus();
    } else if (typing(event.target)) {
      event.target.blur();
    } else {
      press('a[data-back]');
    }
  }

  function onKey(event) {
    if (event.defaultPrevented || event.isComposing) return;
    const command = event.ctrlKey || event.metaKey;
    if (command && !event.altKey && event.key.toLowerCase() === 'k') {
      event.preventDefault();
      openFinder();
    } else if (command && event.key === 'Enter') {
      event.target.form?.requestSubmit?.();
    } else if (event.key === 'Escape' && !$('dialog[open]')) {
      escape(event);
    } else if (!command && !event.altKey && !typing(event.target) && !$('dialog[open]') && body.dataset.noKeys === undefined) {
      if (SINGLE[event.key]?.()) event.preventDefault();
    }
  }

  // Clicks ---------------------------------------------------------------------------------------------------------
  const CLICKS = {
    '[data-close]': (node) => node.closest('.toast-item, .alert')?.remove(),
    '[data-find]': openFinder,
    '[data-keys-help]': () => $('#keys').showModal(),
    '[data-menu]': () => toggleMenu(root.dataset.menuOpen === undefined),
    '[data-open]': (node) => $(node.dataset.open)?.showModal(),
    '[data-print]': () => print(),
    'button[data-rail]': () => {
      root.toggleAttribute('data-rail');
      keep(localStorage, 'callout.rail', root.dataset.rail === undefined ? null : '1');
      $('button[data-rail]').setAttribute('aria-pressed', String(root.dataset.rail !== undefined));
    },
    '[data-theme-choice] button': (node) => {
      keep(localStorage, 'callout.theme', node.value);
      dispatchEvent(new Event('callout:theme'));
      showTheme();
    },
  };

  function onClick(event) {
    for (const [selector, act] of Object.entries(CLICKS)) {
      const node = event.target.closest?.(selector);
      if (node) act(node);
    }
    if (event.target.matches('a[data-back][href="#"]')) {
      event.preventDefault();
      history.back();
    }
    for (const open of $$('details.drop[open]')) {
      if (!open.contains(event.target)) open.open = false;
    }
    if (event.target.matches('dialog')) event.target.close(); // the backdrop
  }

  // Fragments ------------------------------------------------------------------------------------------------------
  function listenToFragments() {
    body.addEventListener('htmx:configRequest', (event) => {
      if (event.detail.verb !== 'get') return;
      const values = event.detail.formData;
      for (const name of new Set(values.keys())) {
        if (values.getAll(name).every((value) => value === '')) values.delete(name); // nothing chosen, nothing said
      }
    });
    body.addEventListener('htmx:sendError', () => toast($('#offline-toast')));
    body.addEventListener('htmx:responseError', (event) => {
      if (event.detail.xhr.status >= 500) toast($('#fault-toast'));
    });
    body.addEventListener('htmx:load', (event) => settleForms(event.target.parentElement || document));
  }

  showTheme();
  watchToasts();
  settleDrafts();
  settleForms(document);
  listenToFragments();
  for (const back of $$('a[data-back][href="#"]')) back.hidden = history.length < 2;
  $('button[data-rail]')?.setAttribute('aria-pressed', String(root.dataset.rail !== undefined));
  document.addEventListener('keydown', onKey);
  document.addEventListener('click', onClick);
  document.addEventListener('submit', (event) => {
    if (event.target.matches('[data-forget]')) forgetDrafts();
    holdButtons(event.target, event);
  });
  addEventListener('pageshow', () => $$('form[data-sending]').forEach((form) => delete form.dataset.sending));
  addEventListener('beforeunload', (event) => {
    if ([...guarded].some(isDirty)) event.preventDefault();
  });
  window.callout = { toast };
})();
