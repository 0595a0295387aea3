// Shows a masked value in its place; asking for it is a POST, because it is recorded.
async function show(event) {
  const form = event.target;
  event.preventDefault();
  const response = await fetch(form.action, {
    method: "POST",
    body: new FormData(form),
    headers: { accept: "application/json" },
  }).catch(() => null);
  if (!response?.ok || !response.headers.get("content-type")?.includes("json")) return form.submit();
  const { value } = await response.json();
  form.parentElement.querySelector("[data-masked-value]").textContent = value;
  form.remove();
}

export function start(places) {
  for (const place of places) place.querySelector("form")?.addEventListener("submit", show);
}
