"""Hundreds of awkward names and titles in four languages, always the same."""

import itertools
import random

PARTS = {
    "uz": (
        [
            "To‘xtayeva-G‘ulomova",
            "Yo‘ldosheva",
            "Abdurahmonov",
            "Affandiyev",
            "Oʻrinov",
            "G'aniyev",
            "LTA-Vaqqosov",
        ],
        ["Dilnoza", "O‘tkir", "Gʻayrat", "Ma’mura", "Ulug`bek", "Fifti", "J.", "AVAZ", "Shʼarofat"],
        ["Baxtiyorovna", "Tolibjon o‘g‘li", "Rustam qizi", "O’ktam oʻgʻli", "", "K.V."],
    ),
    "uz-Cyrl": (
        ["Тўхтаева", "Ғуломова", "Йўлдошев-Ғаниев", "Қодиров", "Ҳ.", "АБДУРАҲМОНОВ"],
        ["Ўткир", "Ҳасан", "Шаҳноза", "Маъмура", "Ғ.", "Улуғбек"],
        ["Қодир ўғли", "Бахтиёровна", "Ҳамид қизи", "", "Ў. Ғ."],
    ),
    "ru": (
        ["Щербакова-Емельянова", "Цой", "Ёлкина", "Д’Артаньян", "Ы", "ИВАНОВ"],
        ["Екатерина", "Юлия", "Эдуард", "Фёдор", "А."],
        ["Владимировна", "оглы", "Александрович", "", "В."],
    ),
    "en": (
        ["Fairfax-O’Connor", "McAffee", "Wolff", "Tavares", "Øster", "VATAVA"],
        ["William", "Ava", "Zoë", "Müller", "J. R. R.", "Toby “Ted”"],
        ["Jr.", "", "fjord", "offflint", "III"],
    ),
}

TITLES = {
    "uz": ["«Payvandlash» ishlari № 5 — AutoCAD", "Ta’lim: 2+2 (asos)", "O‘qitish metodikasi"],
    "uz-Cyrl": ["«AutoCAD» дастурида лойиҳалаш (CNC)", "Web-дизайн асослари № 7", "Пайвандлаш"],
    "ru": ["Программирование в «1С: Предприятие»", "Сварка TIG (аргон) — курс", "Python для “всех” (SQL)"],
    "en": ["C++ & Python, 100% online", "IT – ‘basics’ <html>", "Office affairs, fifth flight"],
}


def people(lang: str, count: int) -> list[tuple[str, str]]:
    """So many names with titles of courses."""
    chosen = random.Random(7)
    names = [" ".join(part for part in parts if part) for parts in itertools.product(*PARTS[lang])]
    chosen.shuffle(names)
    return [(name, chosen.choice(TITLES[lang])) for name in itertools.islice(itertools.cycle(names), count)]
