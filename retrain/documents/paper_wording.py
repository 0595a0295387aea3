"""What the papers of one person and the group's list say, in the document's language (see ``wording``)."""

PAPER: dict[str, dict[str, str]] = {
    "uz": {
        "reference": "Ma’lumotnoma",
        "trip": "Xizmat safari guvohnomasi",
        "group_list": "Guruh tinglovchilari ro‘yxati",
        "number": "№ ________",
        "advanced_training": "malaka oshirish",
        "retraining": "qayta tayyorlash",
        "says_ahead": (
            "Ushbu ma’lumotnoma quyida ko‘rsatilgan shaxs {training} kursi tinglovchilari ro‘yxatiga "
            "kiritilganini tasdiqlaydi."
        ),
        "says_now": (
            "Ushbu ma’lumotnoma quyida ko‘rsatilgan shaxs haqiqatan ham {training} kursi tinglovchisi ekanini "
            "tasdiqlaydi."
        ),
        "says_completed": (
            "Ushbu ma’lumotnoma quyida ko‘rsatilgan shaxs {training} kursini tamomlaganini tasdiqlaydi."
        ),
        "says_past": (
            "Ushbu ma’lumotnoma quyida ko‘rsatilgan shaxs ko‘rsatilgan muddatda {training} kursi tinglovchisi "
            "bo‘lganini tasdiqlaydi."
        ),
        "purpose_reference": "Ma’lumotnoma talab qilingan joyga taqdim etish uchun berildi.",
        "listener": "Tinglovchi",
        "given_to": "Kimga berildi",
        "workplace": "Ish joyi",
        "post": "Lavozimi",
        "course": "Kurs",
        "group": "Guruh",
        "period": "O‘qish muddati",
        "was_there": "Guruhda bo‘lgan muddati",
        "volume": "Hajmi",
        "hours": "{n} akademik soat",
        "basis": "Asos",
        "order_of": "{day} kungi {number}-sonli buyruq",
        "goes_to": "Xizmat safari joyi",
        "purpose": "Safar maqsadi",
        "learns": "{training} kursida o‘qish: {course}",
        "term": "Safar muddati",
        "days": "{n} kun (yo‘lni hisobga olmaganda)",
        "valid": "Pasport yoki shaxsni tasdiqlovchi boshqa hujjat ko‘rsatilganda haqiqiy.",
        "head": "Rahbar",
        "seal": "M.O‘.",
        "marks": "Jo‘nab ketish va yetib kelish qaydlari",
        "left": "Jo‘nab ketdi",
        "arrived": "Yetib keldi",
        "signed": "Imzo",
        "curator": "Guruh rahbari",
        "row": "T/r",
        "name": "Familiyasi, ismi, otasining ismi",
        "signature": "Imzosi",
        "people": "{n} nafar tinglovchi",
    },
    "uz-Cyrl": {
        "reference": "Маълумотнома",
        "trip": "Хизмат сафари гувоҳномаси",
        "group_list": "Гуруҳ тингловчилари рўйхати",
        "number": "№ ________",
        "advanced_training": "малака ошириш",
        "retraining": "қайта тайёрлаш",
        "says_ahead": (
            "Ушбу маълумотнома қуйида кўрсатилган шахс {training} курси тингловчилари рўйхатига "
            "киритилганини тасдиқлайди."
        ),
        "says_now": (
            "Ушбу маълумотнома қуйида кўрсатилган шахс ҳақиқатан ҳам {training} курси тингловчиси эканини "
            "тасдиқлайди."
        ),
        "says_completed": (
            "Ушбу маълумотнома қуйида кўрсатилган шахс {training} курсини тамомлаганини тасдиқлайди."
        ),
        "says_past": (
            "Ушбу маълумотнома қуйида кўрсатилган шахс кўрсатилган муддатда {training} курси тингловчиси "
            "бўлганини тасдиқлайди."
        ),
        "purpose_reference": "Маълумотнома талаб қилинган жойга тақдим этиш учун берилди.",
        "listener": "Тингловчи",
        "given_to": "Кимга берилди",
        "workplace": "Иш жойи",
        "post": "Лавозими",
        "course": "Курс",
        "group": "Гуруҳ",
        "period": "Ўқиш муддати",
        "was_there": "Гуруҳда бўлган муддати",
        "volume": "Ҳажми",
        "hours": "{n} академик соат",
        "basis": "Асос",
        "order_of": "{day} кунги {number}-сонли буйруқ",
        "goes_to": "Хизмат сафари жойи",
        "purpose": "Сафар мақсади",
        "learns": "{training} курсида ўқиш: {course}",
        "term": "Сафар муддати",
        "days": "{n} кун (йўлни ҳисобга олмаганда)",
        "valid": "Паспорт ёки шахсни тасдиқловчи бошқа ҳужжат кўрсатилганда ҳақиқий.",
        "head": "Раҳбар",
        "seal": "М.Ў.",
        "marks": "Жўнаб кетиш ва етиб келиш қайдлари",
        "left": "Жўнаб кетди",
        "arrived": "Етиб келди",
        "signed": "Имзо",
        "curator": "Гуруҳ раҳбари",
        "row": "Т/р",
        "name": "Фамилияси, исми, отасининг исми",
        "signature": "Имзоси",
        "people": "{n} нафар тингловчи",
    },
    "ru": {
        "reference": "Справка",
        "trip": "Командировочное удостоверение",
        "group_list": "Список слушателей группы",
        "number": "№ ________",
        "advanced_training": "повышения квалификации",
        "retraining": "переподготовки",
        "says_ahead": (
            "Настоящая справка подтверждает, что указанное ниже лицо включено в список слушателей курса {training}."
        ),
        "says_now": (
            "Настоящая справка подтверждает, что указанное ниже лицо действительно является слушателем курса "
            "{training}."
        ),
        "says_completed": (
            "Настоящая справка подтверждает, что указанное ниже лицо завершило курс {training}."
        ),
        "says_past": (
            "Настоящая справка подтверждает, что указанное ниже лицо в указанный срок было слушателем курса "
            "{training}."
        ),
        "purpose_reference": "Справка выдана для предъявления по месту требования.",
        "listener": "Слушатель",
        "given_to": "Выдано",
        "workplace": "Место работы",
        "post": "Должность",
        "course": "Курс",
        "group": "Группа",
        "period": "Срок обучения",
        "was_there": "Дни в группе",
        "volume": "Объём",
        "hours": "{n} акад. ч.",
        "basis": "Основание",
        "order_of": "приказ № {number} от {day}",
        "goes_to": "Командируется в",
        "purpose": "Цель командировки",
        "learns": "обучение на курсе {training}: {course}",
        "term": "Срок командировки",
        "days": "{n} дн. (без учёта дороги)",
        "valid": "Действительно по предъявлении паспорта или иного документа, удостоверяющего личность.",
        "head": "Руководитель",
        "seal": "М.П.",
        "marks": "Отметки о выбытии и прибытии",
        "left": "Выбытие",
        "arrived": "Прибытие",
        "signed": "Подпись",
        "curator": "Куратор группы",
        "row": "№",
        "name": "Фамилия, имя, отчество",
        "signature": "Подпись",
        "people": "Слушателей: {n}",
    },
    "en": {
        "reference": "Reference",
        "trip": "Business-trip certificate",
        "group_list": "List of the group",
        "number": "No. ________",
        "advanced_training": "advanced training",
        "retraining": "retraining",
        "says_ahead": "The person named below is on the list of listeners of a course of {training}.",
        "says_now": "The person named below is a listener of a course of {training}.",
        "says_completed": "The person named below has completed a course of {training}.",
        "says_past": "The person named below was a listener of a course of {training} in the period shown.",
        "purpose_reference": "Given to be shown wherever it is asked for.",
        "listener": "Listener",
        "given_to": "Given to",
        "workplace": "Workplace",
        "post": "Post",
        "course": "Course",
        "group": "Group",
        "period": "Period",
        "was_there": "In the group",
        "volume": "Volume",
        "hours": "{n} academic hours",
        "basis": "Basis",
        "order_of": "order No. {number} of {day}",
        "goes_to": "Goes to",
        "purpose": "Purpose",
        "learns": "a course of {training}: {course}",
        "term": "Length",
        "days": "{n} days (without the journey)",
        "valid": "Valid with a passport or another proof of identity.",
        "head": "Head",
        "seal": "Seal",
        "marks": "Leaving and arriving",
        "left": "Left",
        "arrived": "Arrived",
        "signed": "Signed",
        "curator": "Curator",
        "row": "No.",
        "name": "Surname, name, patronymic",
        "signature": "Signature",
        "people": "{n} listeners",
    },
}
