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
