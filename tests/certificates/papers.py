"""Documents to set in the shipped designs, ordinary and awkward ones."""

from dataclasses import replace
from typing import Any

from retrain.certificates import check_code
from retrain.certificates.frozen import Frozen, ModuleLine, Signatory

KEY = b"a key for tests, 32 bytes long .."
LANGUAGES = ("uz", "uz-Cyrl", "ru", "en")

CERTIFICATE = Frozen(
    language="uz",
    series="MO",
    number=831,
    registration_number="2026/831",
    check_code=check_code.check_code(KEY, "MO000831"),
    check_url="https://retrain.example.uz/verify/AbCdEfGhIjKlMnOpQrStUv",
    provider="Toshkent davlat texnika universiteti",
    authority="O‘zbekiston Respublikasi Oliy ta’lim, fan va innovatsiyalar vazirligi",
    name="To‘xtayeva Dilnoza Baxtiyorovna",
    workplace="Farg‘ona neft va gaz sanoati texnikumi",
    post="maxsus fan o‘qituvchisi",
    course="Payvandlash ishlari texnologiyasi",
    course_second="Welding technology",
    starts_on="2026-01-05",
    ends_on="2026-01-30",
    hours=144,
    issued_on="2026-02-02",
    signatories=(Signatory("Rektor", "A. A. Yo‘ldoshev"), Signatory("Markaz direktori", "G. G. Qo‘chqorova")),
    form_of_study="ishdan ajralgan holda",
    result="82 ball (yaxshi)",
    protocol_number="7",
    protocol_on="2026-01-30",
    order_number="14-T",
    order_on="2026-01-31",
    place="Toshkent shahri",
    legal_basis="Vazirlar Mahkamasining qaroriga muvofiq berildi.",
)

DIPLOMA = replace(
    CERTIFICATE,
    series="QT",
    hours=576,
    ends_on="2026-05-08",
    speciality="Texnologik mashinalar va jihozlar",
    modules=tuple(
        ModuleLine(f"Modul {number}: amaliy mashg‘ulotlar", 48, "86 (a’lo)") for number in range(1, 13)
    ),
)

PARTICIPATION = replace(CERTIFICATE, series="IS", hours=36, result="", protocol_number="", protocol_on="")

DUPLICATE = replace(DIPLOMA, duplicate_of="QT № 000112, 2024-yil 12-may")

OF = {
    "advanced_training": CERTIFICATE,
    "retraining_diploma": DIPLOMA,
    "participation": PARTICIPATION,
    "duplicate": DUPLICATE,
}

AWKWARD_NAMES = (
    "O‘",
    "Ў",
    "To‘xtayeva-G‘ulomova Dilnoza Ma’mur qizi",
    "Ғуломов Ўткир Ҳасан Қодир ўғли",
    "Щербаков-Цой Александр Владимирович",
    "Abdurahmonova-To‘xtasheva Shahnozaxon G‘iyosiddin qizi Muhammadyusufxon Qudratillayevna O‘ktamjonovna-Hojimurodova Gu",
    "Ш" * 120,
)


def awkward(design: str, **changes: Any) -> Frozen:
    """The design's document with *changes*."""
    return replace(OF[design], **changes)
