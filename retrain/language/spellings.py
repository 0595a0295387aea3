"""Words whose other script no rule can tell: Russian soft signs, ц, and names that stay Latin."""

# Names and abbreviations that Uzbek Cyrillic leaves in Latin letters.
KEPT_LATIN = frozenset({
    "Retrain", "PDF", "QR", "CSV", "XLSX", "XLS", "DOCX", "ICS", "SMS", "SMTP", "HTTP", "HTTPS", "URL",
    "API", "JSON", "XML", "UTC", "TOTP", "SVG", "PNG", "JPG", "JPEG", "ZIP", "ISO", "ID", "IP", "UTF",
    "PIN", "USB", "SQLite", "PostgreSQL", "Telegram", "Excel", "Word", "Chrome", "Firefox", "Safari",
    "Android", "iPhone", "iOS", "Windows", "Linux", "Google", "Microsoft", "LibreOffice", "Zoom", "YouTube",
    "GitHub", "HEMIS", "IT", "KZ", "HTML", "CSS", "SQL", "Enter", "Escape", "Ctrl", "PEM", "PKCS", "RSA",
})  # fmt: skip

# Beginnings of words, Latin to Cyrillic; the longest that fits is taken and the rest goes by the rules.
CYRILLIC_STEMS = {
    # months
    "yanvar": "январь", "fevral": "февраль", "aprel": "апрель", "iyun": "июнь", "iyul": "июль",
    "sentabr": "сентябрь", "sentyabr": "сентябрь", "oktabr": "октябрь", "oktyabr": "октябрь",
    "noyabr": "ноябрь", "dekabr": "декабрь",
    # a soft sign that Latin does not write
    "modul": "модуль", "parol": "пароль", "rol": "роль", "kalendar": "календарь", "fakultet": "факультет",
    "albom": "альбом", "asfalt": "асфальт", "multi": "мульти", "kultur": "культур", "konsult": "консульт",
    "rezult": "результ", "detal": "деталь", "medal": "медаль", "sikl": "цикл", "kompyuter": "компьютер",
    "intervyu": "интервью", "kuryer": "курьер", "karyera": "карьера", "premyer": "премьер",
    "atelye": "ателье", "alyans": "альянс", "budjet": "бюджет", "apellyatsiya": "апелляция",
    "kollej": "колледж", "vedomost": "ведомость", "kontrol": "контроль", "filtr": "фильтр", "palto": "пальто",
    "litsenziya": "лицензия", "slesar": "слесарь", "byulleten": "бюллетень", "broshyura": "брошюра",
    "jyuri": "жюри", "spektakl": "спектакль", "ansambl": "ансамбль", "tekstil": "текстиль",
    "profil": "профиль", "panel": "панель", "gospital": "госпиталь", "ultra": "ультра", "feldsher": "фельдшер",
    "dirijyor": "дирижёр", "rejissyor": "режиссёр", "aktyor": "актёр", "obyekt": "объект",
    "subyekt": "субъект", "syezd": "съезд",
    # ц written s after a consonant or at a word's start
    "sirk": "цирк", "sex": "цех", "sement": "цемент", "sitata": "цитата", "sifr": "цифр",
    "silindr": "цилиндр", "senzura": "цензура", "sellyuloza": "целлюлоза", "senz": "ценз",
    "sistern": "цистерн", "sentner": "центнер", "aksiz": "акциз", "konsert": "концерт", "konsern": "концерн",
    "vaksina": "вакцина", "dotsent": "доцент", "porsiya": "порция", "proporsiya": "пропорция",
    "kommersiya": "коммерция", "inersiya": "инерция", "abzats": "абзац", "medisina": "медицина",
    "meditsina": "медицина", "pritsep": "прицеп", "kvars": "кварц", "shprits": "шприц",
    "platskart": "плацкарт", "penitsillin": "пенициллин", "intsident": "инцидент", "insident": "инцидент",
    "prinsip": "принцип",
    # -nsiya that is нсия, against the rule that reads it нция
    "pensiya": "пенсия", "ekspansiya": "экспансия", "versiya": "версия",
    # a hard sign after ў that today's Latin leaves out
    "mo'jiza": "мўъжиза", "mo'tabar": "мўътабар", "mo'tadil": "мўътадил",
}  # fmt: skip

# Beginnings of words, Cyrillic to Latin, where the rules go wrong; the current (2021) spellings.
LATIN_STEMS = {"сентябр": "sentabr", "октябр": "oktabr", "бюджет": "budjet", "колледж": "kollej"}
