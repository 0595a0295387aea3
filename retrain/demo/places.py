"""Regions, universities, centres, colleges and employers. The universities and the newer colleges are invented."""

import json
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

from retrain.demo.country import Country, moment
from retrain.language.keys import fold_key, search_key, sort_key
from retrain.language.transliteration import to_cyrillic
from retrain.people.models import Organisation, OrganisationName
from retrain.people.states import OrganisationKind

LONG_AGO = date(1991, 9, 1)
MINISTRY = "VAZIRLIK"

# code, region, Uzbek, Russian, English, address
_PROVIDERS = [
    ("U-TK", "UZ-TK", "Toshkent kasb ta’limi universiteti", "Ташкентский университет профессионального образования",
     "Tashkent University of Vocational Education", "Toshkent, Namuna ko‘chasi, 1"),
    ("U-SA", "UZ-SA", "Samarqand pedagogika va texnika universiteti",
     "Самаркандский педагогико-технический университет", "Samarkand University of Teaching and Technology",
     "Samarqand, Namuna ko‘chasi, 2"),
    ("U-BU", "UZ-BU", "Buxoro amaliy muhandislik universiteti", "Бухарский университет прикладной инженерии",
     "Bukhara University of Applied Engineering", "Buxoro, Namuna ko‘chasi, 3"),
    ("U-FA", "UZ-FA", "Farg‘ona amaliy texnologiyalar universiteti", "Ферганский университет прикладных технологий",
     "Fergana University of Applied Technology", "Farg‘ona, Namuna ko‘chasi, 4"),
    ("U-NG", "UZ-NG", "Namangan dizayn va to‘qimachilik universiteti", "Наманганский университет дизайна и текстиля",
     "Namangan University of Design and Textiles", "Namangan, Namuna ko‘chasi, 5"),
    ("U-XO", "UZ-XO", "Xorazm suv va agrotexnika universiteti", "Хорезмский университет воды и агротехники",
     "Khorezm University of Water and Farming", "Urganch, Namuna ko‘chasi, 6"),
    ("C-SU", "UZ-SU", "Surxondaryo kasbiy rivojlanish markazi", "Сурхандарьинский центр профессионального развития",
     "Surkhandarya Centre of Professional Development", "Termiz, Namuna ko‘chasi, 7"),
    ("C-QA", "UZ-QA", "Qashqadaryo kasbiy rivojlanish markazi",
     "Кашкадарьинский центр профессионального развития", "Kashkadarya Centre of Professional Development",
     "Qarshi, Namuna ko‘chasi, 8"),
]  # fmt: skip
_EMPLOYERS = [
    (
        "E-01",
        "UZ-TK",
        "«Namuna avto» mas’uliyati cheklangan jamiyati",
        "ООО «Намуна авто»",
        "Namuna Auto Ltd",
    ),
    ("E-02", "UZ-NG", "«Namuna to‘qima» korxonasi", "Предприятие «Намуна тукима»", "Namuna Textile Works"),
    ("E-03", "UZ-TO", "«Namuna energo» korxonasi", "Предприятие «Намуна энерго»", "Namuna Energo Works"),
    (
        "E-04",
        "UZ-XO",
        "«Namuna agro» fermer xo‘jaligi",
        "Фермерское хозяйство «Намуна агро»",
        "Namuna Agro Farm",
    ),
]
_KNOWN = {  # Russian and English names of the colleges in colleges.json
    "BU-01": ("Бухарский техникум автомобилей и дорог", "Bukhara College of Cars and Roads"),
    "BU-02": (
        "Гиждуванский техникум строительства и народных ремёсел",
        "Gijduvan College of Building and Crafts",
    ),
    "SA-03": ("Самаркандский агропромышленный техникум", "Samarkand College of Agroindustry"),
    "TK-04": ("Ташкентский химико-технологический техникум", "Tashkent College of Chemical Technology"),
    "TO-05": ("Чирчикский энергетический техникум", "Chirchik College of Energy"),
    "AN-06": ("Андижанский машиностроительный техникум", "Andijan College of Machine Building"),
    "FA-07": ("Ферганский техникум нефтегазовой промышленности", "Fergana College of Oil and Gas"),
    "NG-08": ("Наманганский текстильный техникум", "Namangan College of Textiles"),
    "QA-09": ("Каршинский экономический техникум", "Karshi College of Economics"),
    "SU-10": ("Термезский транспортный техникум", "Termez College of Transport"),
    "XO-11": ("Ургенчский техникум информационных технологий", "Urgench College of Information Technology"),
    "QR-12": ("Нукусский техникум водного хозяйства", "Nukus College of Water Management"),
    "NW-13": ("Навоийский горный техникум", "Navoi College of Mining"),
    "JI-14": ("Джизакский педагогический техникум", "Jizzakh College of Teaching"),
    "SI-15": ("Гулистанский сельскохозяйственный техникум", "Guliston College of Agriculture"),
}
_TOWNS = [  # region, Uzbek, Russian, English, whether its college stands in the country
    ("TK", "Chilonzor", "Чиланзар", "Chilonzor", 0), ("TK", "Yunusobod", "Юнусабад", "Yunusobod", 0),
    ("TK", "Sergeli", "Сергели", "Sergeli", 0), ("TO", "Angren", "Ангрен", "Angren", 0),
    ("TO", "Olmaliq", "Алмалык", "Olmaliq", 0), ("TO", "Bekobod", "Бекабад", "Bekobod", 0),
    ("AN", "Asaka", "Асака", "Asaka", 0), ("AN", "Xonobod", "Ханабад", "Khonobod", 0),
    ("AN", "Shahrixon", "Шахрихан", "Shahrikhon", 1), ("FA", "Qo‘qon", "Коканд", "Kokand", 0),
    ("FA", "Marg‘ilon", "Маргилан", "Margilan", 0), ("FA", "Rishton", "Риштан", "Rishton", 1),
    ("FA", "Quvasoy", "Кувасай", "Quvasoy", 0), ("NG", "Chust", "Чуст", "Chust", 1),
    ("NG", "Kosonsoy", "Касансай", "Kosonsoy", 1), ("NG", "Pop", "Пап", "Pop", 1),
    ("SA", "Kattaqo‘rg‘on", "Каттакурган", "Kattakurgan", 0), ("SA", "Urgut", "Ургут", "Urgut", 1),
    ("SA", "Bulung‘ur", "Булунгур", "Bulungur", 1), ("SA", "Juma", "Джума", "Juma", 1),
    ("BU", "Kogon", "Каган", "Kogon", 0), ("BU", "Vobkent", "Вабкент", "Vobkent", 1),
    ("BU", "Qorako‘l", "Каракуль", "Karakul", 1), ("NW", "Zarafshon", "Зарафшан", "Zarafshan", 0),
    ("NW", "Nurota", "Нурата", "Nurota", 1), ("NW", "Karmana", "Кармана", "Karmana", 1),
    ("QA", "Shahrisabz", "Шахрисабз", "Shahrisabz", 0), ("QA", "Kitob", "Китаб", "Kitob", 1),
    ("QA", "G‘uzor", "Гузар", "Guzar", 1), ("SU", "Denov", "Денау", "Denov", 1),
    ("SU", "Boysun", "Байсун", "Boysun", 1), ("SU", "Sherobod", "Шерабад", "Sherobod", 1),
    ("XO", "Xiva", "Хива", "Khiva", 0), ("XO", "Xonqa", "Ханка", "Khonqa", 1),
    ("XO", "Shovot", "Шават", "Shovot", 1), ("JI", "G‘allaorol", "Галляарал", "Gallaorol", 1),
    ("JI", "Zomin", "Заамин", "Zomin", 1), ("JI", "Paxtakor", "Пахтакор", "Pakhtakor", 1),
    ("SI", "Yangiyer", "Янгиер", "Yangiyer", 0), ("SI", "Sirdaryo", "Сырдарья", "Sirdaryo", 0),
    ("SI", "Sardoba", "Сардоба", "Sardoba", 1), ("QR", "Qo‘ng‘irot", "Кунград", "Kungrad", 1),
    ("QR", "To‘rtko‘l", "Турткуль", "Turtkul", 1), ("QR", "Beruniy", "Беруни", "Beruniy", 1),
    ("QR", "Chimboy", "Чимбай", "Chimbay", 1),
]  # fmt: skip
_TRADES = [  # Uzbek, Russian genitive, English
    ("axborot texnologiyalari", "информационных технологий", "Information Technology"),
    ("energetika", "энергетики", "Energy"),
    ("qurilish va payvandlash", "строительства и сварки", "Building and Welding"),
    ("yengil sanoat", "лёгкой промышленности", "Light Industry"),
    ("agrosanoat", "агропромышленности", "Agroindustry"),
    ("avtotransport", "автотранспорта", "Road Transport"),
    ("servis va turizm", "сервиса и туризма", "Services and Tourism"),
]


def four(uz: str, ru: str, en: str, cyrl: str | None = None) -> dict[str, str]:
    """A text in four languages; the Cyrillic written from the Latin."""
    return {"uz": uz, "uz-Cyrl": cyrl or to_cyrillic(uz), "ru": ru, "en": en}


def make(country: Country) -> None:
    """Every organisation with its names."""
    _organisation(
        country, MINISTRY, OrganisationKind.MINISTRY, "UZ-TK",
        four("Ta’lim vazirligi (namuna)", "Министерство образования (пример)", "Ministry of Education (example)"),
    )  # fmt: skip
    for code, region, uz, ru, en, address in _PROVIDERS:
        kind = OrganisationKind.UNIVERSITY if code.startswith("U") else OrganisationKind.REGIONAL_CENTRE
        _organisation(country, code, kind, region, four(uz, ru, en), address=address, is_provider=True)
    for known in json.loads(Path(__file__).with_name("colleges.json").read_text(encoding="utf-8")):
        names = four(known["name_uz"], *_KNOWN[known["code"]], cyrl=known["name_uz_cyrl"])
        _organisation(country, known["code"], OrganisationKind.COLLEGE, known["region"], names)
    for number, (region, uz, ru, en, rural) in enumerate(_TOWNS):
        trade, trade_ru, trade_en = _TRADES[number % len(_TRADES)]
        names = four(f"{uz} {trade} texnikumi", f"{ru}: техникум {trade_ru}", f"{en} College of {trade_en}")
        code = f"{region}-{number + 16}"
        _organisation(country, code, OrganisationKind.COLLEGE, f"UZ-{region}", names, rural=bool(rural))
    for code, region, uz, ru, en in _EMPLOYERS:
        _organisation(country, code, OrganisationKind.EMPLOYER, region, four(uz, ru, en))


def _organisation(
    country: Country,
    code: str,
    kind: OrganisationKind,
    region: str,
    names: Mapping[str, str],
    **more: object,
) -> None:
    born = moment(country.today - timedelta(days=420), 9)
    parent = country.organisations.get(MINISTRY)
    row = country.rows.add(
        Organisation, code=code, kind=kind, region=region, created_at=born,
        parent_id=parent["id"] if parent else None, **more,
    )  # fmt: skip
    country.organisations[code] = row
    name(country, code, LONG_AGO, names)
    country.happened(
        born, "organisation.created", ("organisation", row["id"]), after={"code": code, "kind": kind}
    )


def name(country: Country, code: str, valid_from: date, names: Mapping[str, str]) -> None:
    """What the organisation is called from a day on."""
    number = country.organisations[code]["id"]
    texts = list(names.values())
    country.rows.add(
        OrganisationName, organisation_id=number, valid_from=valid_from, names=dict(names),
        search_key=_keys(search_key, texts), fold_key=_keys(fold_key, texts), sort_key=sort_key(names["uz"]),
    )  # fmt: skip
    if valid_from <= country.today:
        country.names[number] = dict(names)


def _keys(make_key: object, texts: list[str]) -> str:
    assert callable(make_key)
    return "|" + "|".join(sorted({make_key(text) for text in texts})) + "|"
