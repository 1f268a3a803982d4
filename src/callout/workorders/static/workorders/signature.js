// A signature drawn with finger, pen or mouse. Who cannot draw leaves the field empty: the typed name is enough.
(() => {
  const WIDTH = 3; // of the stroke, in the picture's own pixels

  function begin(pad) {
    const form = pad.closest('form');
    const field = form.elements.signature;
    const brush = pad.getContext('2d');
    let last = null;

    function size() {
      const scale = Math.min(2, window.devicePixelRatio || 1);
      pad.width = Math.round(pad.clientWidth * scale);
      pad.height = Math.round(pad.clientHeight * scale);
      field.value = '';
    }

    function place(event) {
      const box = pad.getBoundingClientRect();
      return [((event.clientX - box.left) * pad.width) / box.width, ((event.clientY - box.top) * pad.height) / box.height];
    }

    function draw(event) {
      if (!last) return;
      const next = place(event);
      brush.lineWidth = WIDTH;
      brush.lineCap = 'round';
      brush.strokeStyle = '#12263f';
      brush.beginPath();
      brush.moveTo(...last);
      brush.lineTo(...next);
      brush.stroke();
      last = next;
    }

    function stop() {
      if (!last) return;
      last = null;
      field.value = pad.toDataURL('image/png');
    }

    pad.addEventListener('pointerdown', (event) => {
      event.preventDefault();
      if (!field.value) size();
      pad.setPointerCapture(event.pointerId);
      last = place(event);
      draw(event);
    });
    // Else the browser may take the stroke for a fling, and the tap on the button after it for what stops the fling.
    pad.addEventListener('touchstart', (event) => event.preventDefault(), { passive: false });
    pad.addEventListener('pointermove', draw);
    pad.addEventListener('pointerup', stop);
    pad.addEventListener('pointercancel', stop);
    form.querySelector('[data-wipe]')?.addEventListener('click', size);
  }

  function settle() {
    for (const pad of document.querySelectorAll('canvas[data-signature]:not([data-ready])')) {
      pad.dataset.ready = '';
      begin(pad);
    }
  }

  settle();
  document.body.addEventListener('htmx:load', settle);
})();
