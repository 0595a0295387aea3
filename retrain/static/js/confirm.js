// Asks once more, in a native dialog, before a button that cannot be taken back.
import { ask } from "./ask.js";

export function start(forms) {
  for (const form of forms) {
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const yes = event.submitter?.textContent.trim();
      if (await ask(form.dataset.confirm, yes, form.dataset.confirmNo)) form.submit();
    });
  }
}
