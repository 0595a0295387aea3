// Reads name cards with the camera, where the browser knows how to: what a square says is typed into the field and sent.
const every = 300;

export function start([form]) {
  const button = form.querySelector("[data-scan-start]");
  if (!("BarcodeDetector" in window) || !navigator.mediaDevices) return;
  button.hidden = false;
  button.addEventListener("click", () => watch(form, button));
}

async function watch(form, button) {
  const view = form.querySelector("[data-scan-view]");
  try {
    view.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  } catch {
    button.hidden = true; // no camera, or it was not allowed: the field is there
    return;
  }
  view.hidden = false;
  await view.play();
  look(form, view, new BarcodeDetector({ formats: ["qr_code"] }));
}

async function look(form, view, detector) {
  const found = await detector.detect(view).catch(() => []);
  const text = found[0]?.rawValue ?? "";
  if (/\/\d{4}$/.test(text)) {
    form.querySelector("[name=number]").value = text;
    form.requestSubmit();
    return;
  }
  setTimeout(look, every, form, view, detector);
}
