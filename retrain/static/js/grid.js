// The week grid by hand: drag a class with mouse, finger or pen, or pick it up with M and move it by arrow keys.
// Every place is free or says why not before anything is dropped; the server decides again when it is.
import { ask } from "./ask.js";

const STARTS_AFTER = 6; // pixels: less is a click
const EDGE = 48; // pixels from the edge of the window where a drag scrolls
const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

class Grid {
  constructor(root) {
    this.root = root;
    this.moving = null; // what is picked up
    this.answered = null; // what stands in its way, by cell
    this.over = null; // the cell it is over
    root.addEventListener("pointerdown", (event) => this.press(event));
    root.addEventListener("keydown", (event) => this.key(event));
    root.addEventListener("click", (event) => this.click(event));
    root.addEventListener("dragstart", (event) => event.preventDefault());
    this.dress();
  }

  dress() {
    for (const hidden of this.root.querySelectorAll("[data-grip], [data-grid-help]")) hidden.hidden = false;
    this.words = this.root.querySelector("[data-grid-words]").dataset;
    this.days();
  }

  get cells() {
    return [...this.root.querySelectorAll("td[data-day]")];
  }

  say(sentence) {
    this.root.querySelector("[data-grid-says]").textContent = sentence;
  }

  // ---- one day at a time, where the window is narrow
  days() {
    const row = this.root.querySelector("[data-grid-days]");
    if (!row) return;
    row.hidden = false;
    const buttons = [...row.querySelectorAll("button")];
    const chosen = buttons.find((button) => button.value === this.day) ?? buttons.find((button) => button.hasAttribute("data-today")) ?? buttons[0];
    this.show(chosen.value);
    for (const button of buttons) button.addEventListener("click", () => this.show(button.value));
  }

  show(day) {
    this.day = day;
    this.root.classList.add("one-day");
    for (const button of this.root.querySelectorAll("[data-grid-days] button")) button.setAttribute("aria-pressed", button.value === day);
    for (const cell of this.cells) cell.classList.toggle("other-day", cell.dataset.day !== day);
  }

  // ---- picking up
  async pick(item, cell) {
    this.drop_nothing();
    this.moving = item;
    item.classList.add("picked");
    this.root.classList.add("is-moving");
    this.root.querySelector("table").classList.add("week-open");
    this.start = cell ?? this.cells.find((each) => !each.closest("tr").hidden);
    this.say(this.words.picked.replace("{what}", item.dataset.name));
    const asked = new URL(item.dataset.places, location.href);
    asked.searchParams.set("week", this.cells[0].dataset.day);
    if (item.dataset.topic) for (const [name, value] of Object.entries(this.chosen(item))) asked.searchParams.set(name, value);
    try {
      const response = await fetch(asked, { headers: { accept: "application/json" } });
      if (!response.ok) throw new Error(response.status);
      const answer = await response.json();
      if (this.moving === item) this.mark(answer);
    } catch {
      if (this.moving === item) this.give_up(this.words.offline);
    }
  }

  chosen(item) {
    const value = (name) => document.querySelector(`[data-grid-${name}]`)?.value ?? "";
    return { topic: item.dataset.topic, hours: item.dataset.hours, room: value("room"), lecturer: value("lecturer"), part: value("part") };
  }

  mark({ cells }) {
    this.answered = cells;
    for (const cell of this.cells) {
      const why = cells[`${cell.dataset.day} ${cell.dataset.pair}`];
      cell.classList.toggle("place-free", why?.length === 0);
      cell.classList.toggle("place-taken", why === undefined || why.length > 0);
    }
    if (this.over) this.aim(this.over, true);
  }

  // ---- over a place
  aim(cell, again = false) {
    if (cell === this.over && !again) return;
    this.leave();
    this.over = cell;
    if (!cell) return;
    cell.classList.add("place-aimed");
    if (!this.answered) return;
    const why = this.why(cell);
    const own = cell.contains(this.moving);
    const sentence = own ? this.words.here : why.length ? why.join(" ") : this.words.free;
    this.note(cell, sentence, !own && why.length > 0);
    this.say(`${cell.dataset.label}: ${why.length && !own ? `${this.words.taken}. ` : ""}${sentence}`);
  }

  why(cell) {
    return this.answered[`${cell.dataset.day} ${cell.dataset.pair}`] ?? [this.words.taken];
  }

  note(cell, sentence, wrong) {
    const told = document.createElement("p");
    told.className = wrong ? "place-why place-wrong" : "place-why";
    told.textContent = sentence;
    told.setAttribute("aria-hidden", "true"); // the line above says it aloud
    cell.append(told);
  }

  leave() {
    for (const told of this.root.querySelectorAll(".place-why")) told.remove();
    this.over?.classList.remove("place-aimed");
    this.over = null;
  }

  // ---- with a pointer
  press(event) {
    const item = event.target.closest("[data-session], [data-topic]");
    if (!item || event.button !== 0) return;
    const grip = event.target.closest("[data-grip]");
    if (event.pointerType !== "mouse" && !grip) return; // a finger on the card scrolls
    const from = { x: event.clientX, y: event.clientY };
    const carrier = grip ?? item;
    let dragging = false;
    const move = (now) => {
      if (!dragging && Math.hypot(now.clientX - from.x, now.clientY - from.y) > STARTS_AFTER) {
        dragging = true;
        this.dragged = true;
        carrier.setPointerCapture(event.pointerId);
        this.carry(item, now);
        this.pick(item, item.closest("td"));
      }
      if (dragging) this.follow(now);
    };
    const end = (now) => {
      carrier.removeEventListener("pointermove", move);
      carrier.removeEventListener("pointerup", end);
      carrier.removeEventListener("pointercancel", end);
      this.ghost?.remove();
      this.ghost = null;
      if (!dragging) return;
      setTimeout(() => (this.dragged = false));
      if (this.moving !== item) return;
      const cell = now.type === "pointerup" ? this.under(now) : null;
      if (cell && !cell.contains(item)) this.drop(cell);
      else this.give_up(this.words.givenUp);
    };
    carrier.addEventListener("pointermove", move);
    carrier.addEventListener("pointerup", end);
    carrier.addEventListener("pointercancel", end);
  }

  carry(item, now) {
    this.ghost = document.createElement("div");
    this.ghost.className = "ghost";
    this.ghost.textContent = item.dataset.name;
    document.body.append(this.ghost);
    this.follow(now);
  }

  follow(now) {
    if (this.ghost) this.ghost.style.translate = `${now.clientX + 12}px ${now.clientY + 12}px`;
    if (now.clientY < EDGE) scrollBy(0, -EDGE / 3);
    if (now.clientY > innerHeight - EDGE) scrollBy(0, EDGE / 3);
    const button = document.elementFromPoint(now.clientX, now.clientY)?.closest("[data-grid-days] button");
    if (button && button.value !== this.day) this.show(button.value);
    this.aim(this.under(now));
  }

  under(now) {
    const cell = document.elementFromPoint(now.clientX, now.clientY)?.closest("td[data-day]");
    return cell && this.root.contains(cell) ? cell : null;
  }

  click(event) {
    if (this.dragged) return event.preventDefault();
    const grip = event.target.closest("[data-grip]");
    const item = grip?.closest("[data-session], [data-topic]");
    if (item && item !== this.moving) return this.pick_by_key(item);
    if (!this.moving) return undefined;
    const cell = event.target.closest("td[data-day]");
    if (!cell) return undefined;
    event.preventDefault();
    return cell.contains(this.moving) ? this.give_up(this.words.givenUp) : this.drop(cell);
  }

  // ---- with the keyboard
  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, select, textarea")) return;
    if (this.moving && event.key === "Escape") this.give_up(this.words.givenUp);
    else if (this.moving && ARROWS[event.key]) this.step(...ARROWS[event.key]);
    else if (this.moving && event.key === "Enter" && this.over) this.drop(this.over);
    else if (!this.moving && event.key.toLowerCase() === "m") {
      const item = event.target.closest("[data-session], [data-topic]");
      if (!item) return;
      this.pick_by_key(item);
    } else return;
    event.preventDefault();
  }

  async pick_by_key(item) {
    const grip = item.querySelector("[data-grip]");
    grip.focus();
    await this.pick(item, item.closest("td"));
    if (this.moving === item) this.aim(this.start);
  }

  step(down, across) {
    const rows = [...this.root.querySelectorAll("tbody tr")].map((row) => [...row.querySelectorAll("td[data-day]")]);
    const at = this.over ?? this.start;
    const row = rows.findIndex((cells) => cells.includes(at));
    const column = rows[row].indexOf(at);
    const cell = rows[row + down]?.[column + across];
    if (!cell) return;
    if (cell.dataset.day !== this.day && this.root.querySelector("[data-grid-days]")) this.show(cell.dataset.day);
    this.aim(cell);
    cell.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  // ---- putting down
  async drop(cell, agreed = null) {
    const item = this.moving;
    if (!this.answered) return this.give_up(this.words.givenUp);
    const why = this.why(cell);
    if (why.length && !agreed) return this.aim(cell, true); // said beside the cell; something else may be chosen
    const body = new URLSearchParams({ day: cell.dataset.day, pair: cell.dataset.pair, csrf_token: document.querySelector("[name=csrf_token]").value });
    if (item.dataset.topic) for (const [name, value] of Object.entries(this.chosen(item))) body.set(name, value);
    else for (const name of ["session", "lock"]) body.set(name, item.dataset[name]);
    if (agreed) body.set("agreed", agreed);
    let answer;
    try {
      answer = await (await fetch(item.dataset.drop, { method: "POST", body, headers: { accept: "application/json" } })).json();
    } catch {
      return this.give_up(this.words.offline);
    }
    if (answer.ask) return (await ask(answer.ask, this.words.yes, this.words.no)) ? this.drop(cell, answer.agreed) : this.give_up(this.words.givenUp);
    if (answer.refused) return this.refused(answer, cell, item);
    return this.renew(answer.done ?? answer.detail, answer.session);
  }

  async refused(answer, cell, item) {
    const place = `td[data-day="${cell.dataset.day}"][data-pair="${cell.dataset.pair}"]`;
    await this.renew(answer.refused.join(" "), item.dataset.session);
    const again = this.root.querySelector(place);
    if (again) this.note(again, answer.refused.join(" "), true);
  }

  give_up(sentence) {
    const item = this.moving;
    this.drop_nothing();
    this.say(sentence);
    item?.querySelector("[data-grip]")?.focus();
  }

  drop_nothing() {
    this.leave();
    this.moving?.classList.remove("picked");
    this.root.classList.remove("is-moving");
    this.root.querySelector("table").classList.remove("week-open");
    for (const cell of this.cells) cell.classList.remove("place-free", "place-taken");
    this.moving = this.answered = null;
  }

  // The week as the server has it now: somebody else may have changed it too.
  async renew(sentence, session) {
    this.drop_nothing();
    try {
      const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
      for (const part of ["[data-grid]", "[data-grid-undo]", ".page-header"]) {
        const [now, then] = [document.querySelector(part), page.querySelector(part)];
        if (now && then) now.replaceChildren(...then.childNodes);
      }
    } catch {
      return location.reload();
    }
    this.dress();
    this.say(sentence);
    const grip = session && this.root.querySelector(`[data-session="${session}"] [data-grip]`);
    if (grip) {
      const day = grip.closest("td").dataset.day;
      if (this.day && day !== this.day) this.show(day);
      grip.focus();
    }
    return undefined;
  }
}

export function start(roots) {
  for (const root of roots) new Grid(root);
}
