"""A roster of 12,000 rows: read, previewed, imported. Limits: preview under 10 s, memory under 300 MB."""

import sys
from datetime import date, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.benchmarks.measure import houses, milliseconds, peak_megabytes, report, report_sample  # isort: skip

from retrain.audit import SYSTEM
from retrain.people import pinfl, rosters, service
from retrain.people.organisations import import_colleges
from retrain.tabular.write import write_xlsx

ROWS = 12_000
COLLEGES = 40
HEADER = ("JSHSHIR", "F.I.Sh.", "Tug‘ilgan sana", "Kollej", "Lavozimi", "Fani", "E-mail", "Telefon")


def college(number: int) -> dict[str, str]:
    return {"code": f"X-{number:02d}", "name_uz": f"{number}-son texnikum", "region": "UZ-BU"}


def roster() -> bytes:
    """As a ministry would send it: every college's teachers in one sheet."""
    rows = []
    for number in range(ROWS):
        born = date(1960, 1, 1) + timedelta(days=number)
        rows.append(
            [
                pinfl.make(born, "female", 1 + number // 999, number % 999 + 1),
                f"Egamberdiyeva{number % 700} Umida Kamol qizi",
                born.strftime("%d.%m.%Y"),
                f"{number % COLLEGES}-son texnikum",
                "o‘qituvchi",
                "Fizika",
                f"t{number}@example.uz",
                f"+998 90 {number // 10_000:03d}-{number // 100 % 100:02d}-{number % 100:02d}",
            ]
        )
    return write_xlsx(HEADER, rows, "Ro‘yxat")


def main() -> None:
    content = roster()
    with houses() as each:
        for app, database in each:
            with app.app_context():
                import_colleges(SYSTEM, [college(number) for number in range(COLLEGES)])

                def look() -> None:
                    found = rosters.preview(SYSTEM, rosters.open_table(content, "a.xlsx"))
                    assert found.accepted == ROWS, found.refused[:3]

                sample = milliseconds(look, runs=3, warm=0)
                report_sample("import", "preview_12000_rows", sample, database=database.kind)
                applied = milliseconds(
                    lambda: service.apply_roster(SYSTEM, content, "a.xlsx"), runs=1, warm=0
                )
                report_sample("import", "apply_12000_rows", applied, database=database.kind)
                again = milliseconds(
                    lambda: rosters.preview(SYSTEM, rosters.open_table(content, "a.xlsx")), runs=1, warm=0
                )
                report_sample("import", "preview_12000_known_rows", again, database=database.kind)
                report("import", "peak_memory", peak_megabytes(), "MB", database=database.kind)


if __name__ == "__main__":
    main()
