// One person's line in a register: what is marked there, what it lacks, and what was kept of it last.
export const IN_PART = ["late", "left_early"];

export class Line {
  constructor(fieldset, hour, minutes) {
    Object.assign(this, { fieldset, hour, minutes });
    this.enrolment = Number(fieldset.dataset.enrolment);
    this.radios = [...fieldset.querySelectorAll("input[type=radio]")];
    this.missed = fieldset.querySelector("[name^=missed-]");
    this.reason = fieldset.querySelector("[name^=reason-]");
    this.base = Number(fieldset.querySelector("[name^=base-]").value);
    this.last = this.value;
  }

  get value() {
    const kind = this.radios.find((radio) => radio.checked)?.value ?? null;
    return {
      kind,
      missed: IN_PART.includes(kind) ? this.typed_minutes : 0,
      said: IN_PART.includes(kind) || kind === "excused" ? this.reason.value.trim() : "",
    };
  }

  get typed_minutes() {
    const hours = Number(this.missed.value.trim().replace(",", "."));
    return Number.isFinite(hours) ? Math.floor(hours * this.hour + 0.5) : 0;
  }

  // Whether somebody has begun to change it: what is not kept yet is not written over.
  get is_in_hand() {
    return JSON.stringify(this.value) !== JSON.stringify(this.last);
  }

  // Why what stands here is no mark yet: nothing, or the name of a sentence.
  get lacks() {
    const { kind, missed, said } = this.value;
    if (IN_PART.includes(kind) && !(missed > 0 && missed < this.minutes)) return "hours";
    return kind === "excused" && !said ? "reason" : null;
  }

  choose(kind) {
    for (const radio of this.radios) radio.checked = radio.value === kind;
    if (IN_PART.includes(kind) && !this.missed.value) this.missed.value = this.minutes > this.hour ? "1" : "0.5";
  }

  show({ kind, missed, said }) {
    this.choose(kind);
    this.missed.value = IN_PART.includes(kind) ? String(Math.round((missed / this.hour) * 10) / 10) : "";
    this.reason.value = said ?? "";
    this.last = this.value;
  }

  focus() {
    (this.radios.find((radio) => radio.checked) ?? this.radios[0]).focus();
    this.fieldset.scrollIntoView({ block: "nearest" });
  }
}
