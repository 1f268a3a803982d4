// The page of an activity type: fields of the layout in their order, with a preview, and room for further chains.
(() => {
  const list = document.querySelector('[data-layout]');
  const preview = document.querySelector('[data-preview]');

  function show() {
    for (const row of list.children) {
      const shown = preview.querySelector(`[data-field="${CSS.escape(row.dataset.field)}"]`);
      shown.hidden = !row.querySelector('input').checked;
      preview.append(shown);
    }
  }

  function move(row, step) {
    const other = step < 0 ? row.previousElementSibling : row.nextElementSibling;
    if (!other) return;
    if (step < 0) other.before(row);
    else other.after(row);
    show();
  }

  if (list && preview) {
    let dragged = null;
    list.addEventListener('click', (event) => {
      const button = event.target.closest('[data-move]');
      if (!button) return;
      move(button.closest('li'), Number(button.dataset.move));
      button.focus();
    });
    list.addEventListener('change', show);
    list.addEventListener('dragstart', (event) => {
      dragged = event.target.closest('li');
      dragged?.classList.add('is-dragged');
    });
    list.addEventListener('dragover', (event) => {
      const over = event.target.closest('li');
      if (!dragged || !over || over === dragged) return;
      event.preventDefault();
      const box = over.getBoundingClientRect();
      if (event.clientY < box.top + box.height / 2) over.before(dragged);
      else over.after(dragged);
    });
    list.addEventListener('dragend', () => {
      dragged?.classList.remove('is-dragged');
      dragged = null;
      show();
    });
    show();
  }

  const add = document.querySelector('[data-add-chain]');
  const empty = document.querySelector('#chain-empty');
  const total = document.querySelector('[name="chains-TOTAL_FORMS"]');
  const most = document.querySelector('[name="chains-MAX_NUM_FORMS"]');
  if (add && empty && total) {
    add.hidden = false;
    add.addEventListener('click', () => {
      const place = Number(total.value);
      if (place >= Number(most?.value ?? 20)) return;
      const box = document.createElement('template');
      box.innerHTML = empty.innerHTML.replaceAll('__prefix__', String(place));
      const added = box.content.firstElementChild;
      [...document.querySelectorAll('.chains > .chain')].at(-1).after(added);
      total.value = String(place + 1);
      added.querySelector('select, input:not([type=hidden])')?.focus();
    });
  }
})();
