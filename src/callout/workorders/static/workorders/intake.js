// A call that comes back after a reload: the fields that depend on the customer are there only on the customer's own
// page, so go there first; what was typed is filled in afterwards.
document.addEventListener('callout:restored', (event) => {
  const field = event.target;
  if (field.name !== 'customer' || !field.value) return;
  const here = new URL(location.href);
  if (here.searchParams.get('customer') === field.value) return;
  here.searchParams.set('customer', field.value);
  location.replace(here);
});

// Fields stand where the layout of the chosen type of work has them; those that it leaves out are hidden and keep what
// they begin with. Without a layout every field is in its own place.
document.addEventListener('DOMContentLoaded', () => {
  const form = document.querySelector('form[data-layouts]');
  const box = form?.querySelector('#laid-out');
  if (!box) return;
  const layouts = JSON.parse(form.dataset.layouts || '{}');
  const places = new Map(); // a field that was moved, and the mark where it came from

  function putBack() {
    for (const [field, mark] of places) {
      if (mark.isConnected) mark.replaceWith(field);
      else field.remove(); // its place was read anew from the server, with a field of the same name
    }
    places.clear();
  }

  function layOut() {
    const here = document.activeElement;
    putBack();
    const names = layouts[form.elements.activity_type?.value];
    const fields = [...form.querySelectorAll('[data-field]')];
    for (const field of fields) field.hidden = Boolean(names) && !names.includes(field.dataset.field);
    for (const name of names ?? []) {
      const field = fields.find((each) => each.dataset.field === name);
      if (!field) continue;
      const mark = document.createComment(name);
      field.replaceWith(mark);
      places.set(field, mark);
      box.append(field);
    }
    if (here?.isConnected && here !== document.activeElement) here.focus();
  }

  form.addEventListener('change', (event) => event.target.name === 'activity_type' && layOut());
  form.addEventListener('callout:restored', (event) => event.target.name === 'activity_type' && layOut());
  document.addEventListener('htmx:oobAfterSwap', (event) => event.detail.target.id === 'for-customer' && layOut());
  if (Object.keys(layouts).length) layOut();
});
