// Follows long work: asks, shows, waits a little longer each time, and loads the result when it is there.
const ended = new Set(["done", "failed", "cancelled"]);
const longest = 5000;

function show(section, answer) {
  const sentence = section.querySelector("[data-job-sentence]");
  if (sentence.textContent !== answer.sentence) sentence.textContent = answer.sentence;
  section.querySelector("[data-job-count]").textContent = `${answer.done} / ${answer.total || "…"}`;
  const bar = section.querySelector("[data-job-bar]");
  if (answer.total) {
    bar.max = answer.total;
    bar.value = answer.done;
  }
}

async function follow(section, wait) {
  try {
    const response = await fetch(section.dataset.job, { headers: { accept: "application/json" } });
    if (response.ok) {
      const answer = await response.json();
      show(section, answer);
      if (ended.has(answer.state)) return section.dataset.after ? location.assign(section.dataset.after) : location.reload();
    }
  } catch {
    // The connection is away for a moment; the work is not. Ask again.
  }
  setTimeout(follow, wait, section, Math.min(wait * 1.3, longest));
}

export function start(sections) {
  for (const section of sections) if (!ended.has(section.dataset.state)) follow(section, 800);
}
