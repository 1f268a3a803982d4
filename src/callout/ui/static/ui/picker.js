// Comboboxes: a field that searches while one types. The server sends the options as a fragment; arrows, Enter and Esc
// work as in a native list. Used by the pickers of forms (data-picker) and by the search for anything (data-combo).
(() => {
  const DELAY = 150; // milliseconds after the last key
  let serial = 0;

  class Combo {
    constructor(box) {
      this.box = box;
      this.input = box.querySelector('[role="combobox"]');
      this.list = box.querySelector('[role="listbox"]');
      this.value = box.querySelector('input[type="hidden"]');
      this.clear = box.querySelector('.picker-clear');
      this.min = Number(box.dataset.min);
      this.isPicker = this.value !== null;
      this.timer = 0;
      this.request = null;
      this.listen();
    }

    listen() {
      this.input.addEventListener('input', () => this.typed());
      this.input.addEventListener('keydown', (event) => this.pressed(event));
      this.list.addEventListener('mousedown', (event) => event.preventDefault()); // the focus stays in the field
      this.list.addEventListener('click', (event) => this.clicked(event));
      if (!this.isPicker) return;
      this.input.addEventListener('blur', () => this.left());
      this.clear?.addEventListener('click', () => (this.choose('', ''), this.input.focus()));
      this.value.addEventListener('callout:restored', () => (this.input.value = this.value.dataset.label || ''));
      for (const other of this.masters()) {
        other.addEventListener('change', () => this.choose('', ''));
      }
    }

    /** The fields whose value narrows this one: the customer of a site. */
    masters() {
      const names = (this.box.dataset.depends || '').split(' ').filter(Boolean);
      return names.flatMap((name) => [...(this.input.form?.elements ?? [])].filter((field) => field.name === name));
    }

    typed() {
      clearTimeout(this.timer);
      this.request?.abort();
      const term = this.input.value.trim();
      if (term.length < this.min) {
        this.close();
        return;
      }
      this.timer = setTimeout(() => this.search(term), this.isPicker || term ? DELAY : 0);
    }

    async search(term) {
      const url = new URL(this.box.dataset.url, location.href);
      url.searchParams.set('q', term);
      for (const field of this.masters()) {
        if (field.value) url.searchParams.set(field.name, field.value);
      }
      this.request = new AbortController();
      try {
        const answer = await fetch(url, { headers: { 'HX-Request': 'true' }, signal: this.request.signal });
        if (answer.headers.get('HX-Redirect')) location.assign(answer.headers.get('HX-Redirect'));
        if (answer.ok) this.show(await answer.text());
      } catch (error) {
        if (error.name !== 'AbortError') window.callout.toast(document.querySelector('#offline-toast'));
      }
    }

    show(html) {
      this.list.innerHTML = html;
      for (const option of this.options()) option.id = `option-${++serial}`;
      this.list.hidden = false;
      this.input.setAttribute('aria-expanded', 'true');
      this.mark(0);
    }

    close() {
      this.list.replaceChildren();
      this.input.removeAttribute('aria-activedescendant');
      if (!this.isPicker) return;
      this.list.hidden = true;
      this.input.setAttribute('aria-expanded', 'false');
    }

    options() {
      return [...this.list.querySelectorAll('[role="option"]:not([aria-disabled])')];
    }

    mark(place) {
      const options = this.options();
      options.forEach((option, index) => option.setAttribute('aria-selected', String(index === place)));
      const chosen = options[place];
      if (!chosen) {
        this.input.removeAttribute('aria-activedescendant');
        return;
      }
      this.input.setAttribute('aria-activedescendant', chosen.id);
      chosen.scrollIntoView({ block: 'nearest' });
    }

    marked() {
      return this.options().findIndex((option) => option.getAttribute('aria-selected') === 'true');
    }

    pressed(event) {
      const options = this.options();
      const moves = { ArrowDown: 1, ArrowUp: -1 };
      if (event.key in moves) {
        event.preventDefault();
        if (!options.length) this.search(this.input.value.trim());
        else this.mark((this.marked() + moves[event.key] + options.length) % options.length);
      } else if (event.key === 'Enter' && options.length) {
        event.preventDefault();
        this.take(options[this.marked()], event);
      } else if (event.key === 'Escape' && this.isPicker && !this.list.hidden) {
        event.preventDefault();
        event.stopPropagation();
        this.close();
        this.input.value = this.value.dataset.label || '';
      }
    }

    clicked(event) {
      const option = event.target.closest('[role="option"]');
      if (option && this.isPicker) this.take(option, event);
    }

    take(option, event) {
      if (!option) return;
      if (this.isPicker) this.choose(option.dataset.value, option.dataset.label);
      else if (event.ctrlKey || event.metaKey) window.open(option.href, '_blank', 'noopener');
      else location.assign(option.href);
    }

    choose(value, label) {
      this.value.value = value;
      this.value.dataset.label = label;
      this.input.value = label;
      if (this.clear) this.clear.hidden = !value;
      this.close();
      this.value.dispatchEvent(new Event('input', { bubbles: true }));
      this.value.dispatchEvent(new Event('change', { bubbles: true }));
    }

    /** What was typed but not chosen is no choice: an emptied field is cleared, anything else goes back. */
    left() {
      clearTimeout(this.timer);
      this.request?.abort();
      if (!this.input.value.trim() && this.value.value) this.choose('', '');
      else this.input.value = this.value.dataset.label || '';
      this.close();
    }
  }

  function settle(from) {
    for (const box of from.querySelectorAll('[data-picker]:not([data-ready]), [data-combo]:not([data-ready])')) {
      box.dataset.ready = '';
      new Combo(box);
    }
  }

  settle(document);
  document.body.addEventListener('htmx:load', (event) => settle(event.target.parentElement || document));
})();
