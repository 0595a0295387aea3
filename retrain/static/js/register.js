// The register of one class on a phone without a network: every tap is kept on the device first and sent when it can
// be. The page works without this script, by its buttons; where the browser keeps nothing, it says so.
import { is_possible, keep, send_when_possible } from "./register-keeper.js";
import { IN_PART, Line } from "./register-line.js";

const AGAIN = 15000; // milliseconds until it is tried again while there is no network
const typing = () => document.activeElement?.matches("input:not([type=radio]), textarea, select");

class Sheet {
  constructor(form) {
    this.form = form;
    this.facts = form.dataset;
    this.session = Number(form.dataset.session);
    this.words = form.querySelector("[data-words]").dataset;
    this.says = form.querySelector("[data-says]");
    this.notice = form.querySelector("[data-notice]");
    this.topic = form.elements.topic;
    this.topic_base = Number(this.topic.dataset.version);
    this.lines = [...form.querySelectorAll("[data-enrolment]")].map((each) => new Line(each, Number(form.dataset.hour), Number(form.dataset.minutes)));
    this.done = []; // what can be taken back, latest last
    this.writes = 0; // how much is being written to the device now
  }

  line(enrolment) {
    return this.lines.find((line) => line.enrolment === enrolment);
  }

  // ---- the beginning
  async begin() {
    if (!is_possible()) return this.tell(this.words.insecure);
    // Who taps while the page is still being laid over is heard as well.
    const listening = new AbortController();
    this.ready = this.overlay();
    this.listen(listening.signal);
    try {
      await this.ready;
    } catch {
      listening.abort();
      return this.tell(this.words.noStore);
    }
    for (const each of this.form.querySelectorAll("[data-save]")) each.hidden = true;
    await this.count();
    this.send();
    const kept = await keep(this.facts, [location.pathname]).catch(() => false);
    if (kept) this.form.dataset.kept = "";
    if (kept && !this.says.textContent) this.says.textContent = this.words.ready;
    return undefined;
  }

  // Over what the page was made with goes what is known to be newer, and over that what is not sent yet.
  async overlay() {
    const state = await RegisterQueue.recall(`state ${this.facts.owner} ${this.session}`);
    if (state) this.show_newer(state, new Set());
    const refused = await RegisterQueue.recall(`refused ${this.facts.owner} ${this.session}`);
    if (refused?.length) this.tell(`${this.words.refused} ${refused.join(" ")}`);
    for (const one of await this.waiting()) {
      if (one.what === "mark") this.line(one.enrolment)?.show(one);
      if (one.what === "topic") this.topic.value = one.said;
      if (one.what === "guest") this.list_guest(one.said, one.workplace);
      if (one.what === "sign") this.close(true);
    }
  }

  show_newer(state, pending) {
    for (const [enrolment, mark] of Object.entries(state.marks)) {
      const line = this.line(Number(enrolment));
      if (!line || mark.version < line.base || pending.has(line.enrolment) || line.is_in_hand) continue;
      if (mark.version > line.base) line.show({ ...mark, kind: mark.kind || null, said: mark.reason });
      line.base = mark.version;
      line.fieldset.querySelector("[name^=base-]").value = mark.version;
    }
    if (state.topic.version > this.topic_base && !pending.has("topic")) {
      this.topic.value = state.topic.value;
      this.topic_base = state.topic.version;
    }
  }

  listen(signal) {
    const hear = (where, what, work) => where?.addEventListener(what, work, { signal });
    hear(this.form, "change", (event) => this.change(event));
    hear(this.form, "submit", (event) => this.submit(event));
    hear(document, "keydown", (event) => this.key(event));
    hear(document.querySelector("[data-guest-form]"), "submit", (event) => this.guest(event));
    hear(window, "online", () => this.send());
    hear(document, "visibilitychange", () => document.hidden || this.send());
    hear(navigator.serviceWorker, "message", (event) => event.data.type === "sent" && this.send());
    const shown = this.form.querySelector("[data-keys-shown]");
    shown.textContent = this.words.keys;
    shown.hidden = !matchMedia("(pointer: fine)").matches;
  }

  // ---- marking
  change(event) {
    const { target } = event;
    if (target === this.topic) return this.keep([{ what: "topic", said: this.topic.value.trim(), base: this.topic_base }]);
    const line = this.line(Number(target.closest("[data-enrolment]")?.dataset.enrolment));
    if (!line) return undefined;
    if (target.type === "radio") line.choose(target.value);
    return this.mark([line]);
  }

  // The lines as they stand now are kept on the device, those that lack something left out.
  mark(lines, can_undo = true) {
    const changed = lines.filter((line) => !line.lacks && line.is_in_hand);
    const lacking = lines.find((line) => line.lacks);
    if (lacking) {
      (lacking.lacks === "reason" ? lacking.reason : lacking.missed).focus();
      this.says.textContent = this.words[lacking.lacks];
    }
    if (!changed.length) return undefined;
    if (can_undo) this.done.push(changed.map((line) => [line, line.last]));
    for (const line of changed) line.last = line.value;
    this.form.querySelector("[data-undo]").hidden = !this.done.length;
    return this.keep(changed.map((line) => ({ what: "mark", enrolment: line.enrolment, ...line.value, base: line.base })));
  }

  all_present() {
    for (const line of this.lines) {
      line.choose("present");
      line.reason.value = "";
    }
    return this.mark(this.lines);
  }

  undo() {
    const last = this.done.pop();
    if (!last) return undefined;
    for (const [line, before] of last) line.show(before);
    for (const [line] of last) line.last = {};
    this.mark(last.map(([line]) => line), false);
    this.says.textContent = this.words.undone;
    return undefined;
  }

  async sign() {
    const lacking = this.lines.filter((line) => line.lacks || !line.value.kind);
    if (lacking.length) {
      lacking[0].focus();
      this.says.textContent = this.words.unmarked.replace("{count}", lacking.length);
      return;
    }
    const topic = this.topic.value.trim();
    const operations = this.topic_base === 0 && topic ? [{ what: "topic", said: topic, base: 0 }] : [];
    this.close(true);
    await this.writing(async () => {
      await RegisterQueue.remember(`refused ${this.facts.owner} ${this.session}`, []);
      await this.keep([...operations, { what: "sign" }]);
    });
  }

  close(is_closed) {
    this.form.classList.toggle("register-closed", is_closed);
    for (const each of this.form.querySelectorAll("input:not([type=hidden]), button")) each.disabled = is_closed;
  }

  guest(event) {
    event.preventDefault();
    const { name, workplace } = event.target.elements;
    this.list_guest(name.value, workplace.value);
    this.keep([{ what: "guest", kind: "present", said: name.value.trim(), workplace: workplace.value.trim() }]);
    event.target.reset();
  }

  list_guest(name, workplace) {
    const item = document.createElement("li");
    item.textContent = workplace ? `${name}, ${workplace}` : name;
    document.querySelector("[data-guests]")?.append(item);
  }

  submit(event) {
    const name = event.submitter?.name;
    const own = { all_present: () => this.all_present(), sign: () => this.sign(), save: () => this.mark(this.lines), undo: () => this.undo() };
    // Who signs for another says for whom, and what was done before this page was opened is taken back by the server.
    if (this.full || !own[name] || (name === "sign" && this.form.elements.taught_by) || (name === "undo" && !this.done.length)) return;
    event.preventDefault();
    this.ready.then(own[name], () => this.form.requestSubmit(event.submitter));
  }

  // ---- without a mouse
  key(event) {
    if (event.altKey) return;
    if (event.ctrlKey || event.metaKey) {
      if (event.key === "z" && !typing() && this.done.length) this.undo();
      else if (event.key === "Enter" && this.form.querySelector("[data-sign]")) this.form.requestSubmit(this.form.querySelector("[data-sign]"));
      else return;
    } else if (this.form.classList.contains("register-closed")) return;
    else {
      const here = this.line(Number(document.activeElement?.closest("[data-enrolment]")?.dataset.enrolment));
      const at = this.lines.indexOf(here);
      const radio = !typing() && here?.radios[Number(event.key) - 1];
      if (radio) this.press(here, radio, at);
      else if (event.key === "ArrowDown" && at >= 0) this.lines[Math.min(at + 1, this.lines.length - 1)].focus();
      else if (event.key === "ArrowUp" && at >= 0) this.lines[Math.max(at - 1, 0)].focus();
      else if (event.key === "Enter" && here && typing()) this.lines[Math.min(at + 1, this.lines.length - 1)].focus();
      else if (!here && !typing() && /^[1-5]$/.test(event.key)) this.press(this.lines[0], this.lines[0].radios[Number(event.key) - 1], 0);
      else return;
    }
    event.preventDefault();
  }

  press(line, radio, at) {
    line.choose(radio.value);
    this.mark([line]);
    if (radio.value === "excused" && line.lacks) return;
    if (IN_PART.includes(radio.value)) line.missed.select();
    else this.lines[Math.min(at + 1, this.lines.length - 1)].focus();
  }

  // ---- keeping and sending
  waiting() {
    return RegisterQueue.of(this.facts.owner, this.session);
  }

  async keep(operations) {
    const about = { owner: this.facts.owner, session: this.session, starts: this.facts.starts, send: this.facts.send, token: this.facts.token };
    const whole = operations.map((each) => ({ enrolment: 0, kind: null, missed: 0, said: "", workplace: "", base: 0, ...each, ...about }));
    if (!(await this.writing(() => RegisterQueue.keep(whole)))) return;
    await this.count();
    send_when_possible();
    this.send();
  }

  // Meanwhile nothing is called saved and the page is not shown anew: a tap that is not on the disk yet would be
  // gone. Where the device takes nothing more, both stay so, and the marks are sent by the button.
  async writing(work) {
    this.writes += 1;
    this.form.dataset.sent = "kept";
    try {
      await work();
    } catch {
      this.full = true;
      this.close(false);
      this.tell(this.words.noStore);
      for (const each of this.form.querySelectorAll("[data-save]")) each.hidden = false;
      return false;
    }
    this.writes -= 1;
    return true;
  }

  async count(blocked) {
    const waiting = await this.waiting();
    const all = blocked ? await RegisterQueue.of(this.facts.owner) : waiting;
    const tone = blocked ? "blocked" : waiting.length || this.writes ? "kept" : "saved";
    this.form.dataset.sent = tone;
    if (blocked) this.says.textContent = (blocked === "other" ? this.words.other : this.words.signIn).replace("{count}", all.length);
    else if (waiting.some((one) => one.what === "sign")) this.says.textContent = this.words.signed;
    else if (waiting.length) this.says.textContent = this.words.kept.replace("{count}", waiting.length);
    else if (!this.writes && (this.done.length || this.sent)) this.says.textContent = this.words.saved;
    this.refusals(waiting);
    return waiting;
  }

  // One sending at a time; what was marked meanwhile goes with the next.
  async send() {
    clearTimeout(this.later);
    if (this.sending) return void (this.again = true);
    this.sending = true;
    let blocked;
    try {
      do {
        this.again = false;
        const answer = await RegisterQueue.send(this.facts.owner);
        blocked = answer.blocked;
        for (const result of answer.results) await this.took(result);
        this.again ||= answer.results.some((result) => result.more);
        // What is marked while one looks is sent after it.
        if (!blocked && !this.again) await this.look();
      } while (this.again && !blocked);
    } catch {
      this.later = setTimeout(() => this.send(), AGAIN);
    }
    this.sending = false;
    await this.count(blocked);
  }

  async took(result) {
    if (result.session !== this.session) return;
    this.sent = true;
    if (result.disputed) this.tell(this.words.disputed);
    const waiting = await this.waiting();
    if (result.register) this.show_newer(result.register, this.pending(waiting));
    const refused = await RegisterQueue.recall(`refused ${this.facts.owner} ${this.session}`);
    if (refused?.length) {
      this.close(false);
      this.tell(`${this.words.refused} ${refused.join(" ")}`);
    }
    keep(this.facts, [location.pathname]).catch(() => {});
  }

  pending(waiting) {
    return new Set(waiting.map((one) => (one.what === "topic" ? "topic" : one.enrolment)));
  }

  // What stands at the server now; a page that would be made of other parts is shown anew, unless somebody is at it.
  async look() {
    const response = await fetch(this.facts.state, { credentials: "same-origin", cache: "no-store", headers: { accept: "application/json" } });
    if (!response.ok || response.redirected) return;
    const state = await response.json();
    const waiting = await this.waiting();
    await RegisterQueue.remember(`state ${this.facts.owner} ${this.session}`, state);
    this.show_newer(state, this.pending(waiting));
    if (state.digest === this.facts.digest) return;
    if (waiting.length || this.writes || this.again || typing() || sessionStorage.getItem("register-shown") === state.digest) return this.offer_newer();
    sessionStorage.setItem("register-shown", state.digest);
    location.reload();
  }

  // ---- what is said
  tell(sentence, ...buttons) {
    this.notice.replaceChildren(sentence, ...buttons);
    this.notice.hidden = !sentence;
  }

  button(words, work) {
    const made = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-secondary", textContent: words });
    made.addEventListener("click", work);
    return made;
  }

  offer_newer() {
    this.tell(this.words.newer, this.button(this.words.show, () => location.reload()));
  }

  refusals(waiting) {
    const refused = waiting.filter((one) => one.why.length);
    if (!refused.length) return;
    const sentences = [...new Set(refused.flatMap((one) => one.why))];
    const buttons = [this.button(this.words.discard, () => this.discard(refused))];
    if (refused.some((one) => one.codes?.includes("session-moved"))) {
      buttons.unshift(this.button(this.words.sendAllTheSame, () => this.send_all_the_same(refused)));
    }
    this.tell(`${this.words.refused} ${sentences.join(" ")}`, ...buttons);
  }

  async discard(operations) {
    const { ask } = await import("./ask.js");
    if (!(await ask(this.words.discardSure, this.words.yes, this.words.no))) return;
    await RegisterQueue.drop(operations.map((one) => one.id));
    location.reload();
  }

  // The class was moved and the marks are of it all the same: they go with the time it has now.
  async send_all_the_same(operations) {
    const page = new DOMParser().parseFromString(await (await fetch(location.pathname, { cache: "no-store" })).text(), "text/html");
    const { starts } = page.querySelector("[data-register]").dataset;
    await RegisterQueue.note(operations, { starts, why: [], codes: [] });
    this.tell("");
    await this.send();
  }
}

export async function start([form]) {
  await new Sheet(form).begin();
}
