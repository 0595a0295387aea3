"""A teacher's record as facts for paper, every word in the language it is printed in."""

from retrain import clock
from retrain.documents import record as printed
from retrain.language import pick
from retrain.people import queries as people
from retrain.record import external, wording
from retrain.record.sheet import Sheet
from retrain.record.states import ExternalState
from retrain.web.language import written_in


def of(found: Sheet, language: str) -> printed.RecordPaper:
    """The paper of a record; of certificates from elsewhere it names those that were answered."""
    teacher = found.teacher
    today = clock.today()
    college = people.employer_on(teacher)
    names = people.organisation_names(
        {line.provider_id for line in found.runs} | ({college.id} if college else set()), today
    )
    whole = people.whole_names([teacher.person], people.script_of(language), today)
    with written_in(language):
        return printed.RecordPaper(
            name=whole.get(teacher.person_id, teacher.person.full_name),
            college=pick(names[college.id], language) if college else "",
            post=people.posts_on([teacher.id], today).get(teacher.id, ""),
            born=teacher.birth_date,
            day=clock.today(people.zone_of(college.id if college else None)),
            due=found.due.by,
            last=found.due.last,
            kinds=tuple(str(wording.KINDS[kind]) for kind in found.kinds),
            years=tuple(
                printed.YearLine(str(year.year), tuple(year.of_kind(kind) for kind in found.kinds), year.hours)
                for year in reversed(found.years)
            ),
            totals=tuple(found.of_kinds[kind] for kind in found.kinds),
            total=found.total,
            runs=tuple(
                printed.RunRow(
                    title=pick(line.titles, language), code=line.code,
                    provider=pick(names[line.provider_id], language), starts=line.starts_on, ends=line.ends_on,
                    ended=str(line.ended), hours=_hours(line.hours, line.run_hours),
                    mark=" ".join(filter(None, (str(line.mark or ""), line.word))),
                    results="; ".join(
                        f"{pick(titles, language)}: {'—' if points is None else points}"
                        for titles, points in line.results
                    ),
                )
                for line in reversed(found.runs)
            ),
            documents=tuple(
                printed.DocumentRow(
                    f"{line.kind} {line.number}", pick(line.titles, language), line.hours, line.issued_on,
                    str(line.stands),
                )
                for line in reversed(found.documents)
            ),
            external=tuple(
                printed.ExternalRow(
                    row.title, external.document_of(row), row.issued_on, row.hours,
                    row.recognised_hours, str(wording.EXTERNAL[row.state][0]), row.why,
                )
                for row in reversed(found.external)
                if row.state in (ExternalState.RECOGNISED, ExternalState.REFUSED)
            ),
            specialities=tuple(
                (pick(row.titles, language) or row.speciality, row.on, row.document)
                for row in reversed(found.qualifications)
            ),
        )  # fmt: skip


def _hours(hours: int | None, run_hours: int | None) -> str:
    if hours is None:
        return ""
    return f"{hours} / {run_hours}" if run_hours not in (None, hours) else str(hours)
