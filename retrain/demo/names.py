"""Names for people who don't exist: parts of common names put together by lot, in both scripts."""

from dataclasses import dataclass
from functools import cache
from random import Random

from retrain.language.transliteration import to_cyrillic
from retrain.people.states import Sex

_FAMILIES = """
Abdullayev Ahmedov Azimov Berdiyev Boymurodov Bozorov Choriyev Davronov Egamberdiyev Ergashev Eshonqulov
Fayziyev G‘aniyev G‘ulomov Hakimov Hamidov Haydarov Islomov Ismoilov Jabborov Jo‘rayev Karimov Komilov Latipov
Mamatov Ma’murov Mirzayev Murodov Nazarov Normatov Norov Nurmatov Ochilov Oripov O‘rinov Po‘latov Primov Qodirov
Qosimov Rahimov Ro‘ziyev Rustamov Sa’dullayev Saidov Salimov Sattorov Sharipov Shodiyev Sobirov To‘xtayev
Toshmatov Turdiyev Tursunov Umarov Usmonov Uzoqov Valiyev Xolmatov Xoliqov Xudoyberdiyev Yo‘ldoshev Yoqubov
Yusupov Zaripov Zokirov
""".split()
_MEN = """
Abdulla Akmal Alisher Anvar Asror Azamat Bahodir Baxtiyor Bekzod Botir Davron Dilmurod Doniyor Eldor Elyor
Farhod Farrux Fozil G‘ayrat Hamid Hasan Husan Ibrohim Ilhom Islom Jahongir Jamshid Jasur Javlon Kamol Komil
Laziz Mansur Ma’ruf Muzaffar Nodir Normurod Odil Olim Otabek O‘ktam O‘tkir Po‘lat Qahramon Ravshan Rustam
Sanjar Sardor Sherzod Shuhrat Sobir Temur To‘lqin Ulug‘bek Umid Xurshid Yusuf Zafar Ziyod
""".split()
_WOMEN = """
Adolat Aziza Barno Charos Dildora Dilfuza Dilnoza Dilorom Farida Feruza Fotima Gavhar Go‘zal Gulbahor Gulchehra
Gulnora Hilola Iroda Kamola Lobar Lola Madina Maftuna Mahliyo Malika Manzura Mavluda Mohinur Mohira Muhabbat
Munira Nafisa Nargiza Nasiba Nigora Nilufar Nodira O‘g‘iloy Oydin Ozoda Parvina Qunduz Ra’no Robiya Rohat Saida
Saodat Sevara Shahlo Shahnoza Shoira Surayyo Tamara Umida Vazira Xurshida Yulduz Zebo Zilola Zulfiya
""".split()
# Families of neighbours, who write a patronymic in the Russian way: male and female form.
_NEIGHBOURS = [("Kim", "Kim"), ("Pak", "Pak"), ("Li", "Li"), ("Petrov", "Petrova"), ("Smirnov", "Smirnova")]
_NEIGHBOUR_MEN = "Aleksandr Andrey Dmitriy Igor Sergey Viktor".split()
_NEIGHBOUR_WOMEN = "Anna Irina Natalya Olga Svetlana Yelena".split()
_RUSSIAN = {"Aleksandr": "Александр", "Natalya": "Наталья", "Yelena": "Елена"}


@dataclass(frozen=True)
class Name:
    """Family, given name and patronymic in one script."""

    family: str
    given: str
    patronymic: str = ""

    @property
    def full(self) -> str:
        """As official lists have it."""
        return " ".join(part for part in (self.family, self.given, self.patronymic) if part)

    def cyrillic(self) -> "Name":
        """The same in the other script."""
        return Name(_cyrillic(self.family), _cyrillic(self.given), _cyrillic(self.patronymic))


@cache
def _cyrillic(text: str) -> str:
    return " ".join(_RUSSIAN.get(word) or to_cyrillic(word) for word in text.split())


def invented(chance: Random, sex: Sex) -> Name:
    """A name for somebody of that sex."""
    woman = sex is Sex.FEMALE
    if chance.random() < 0.03:
        family = chance.choice(_NEIGHBOURS)[woman]
        given = chance.choice(_NEIGHBOUR_WOMEN if woman else _NEIGHBOUR_MEN)
        return Name(family, given, _russian_patronymic(chance.choice(_NEIGHBOUR_MEN), woman))
    family = chance.choice(_FAMILIES) + ("a" if woman else "")
    father = chance.choice(_MEN)
    if father[-1] not in "aeiou" and chance.random() < 0.2:
        return Name(family, chance.choice(_WOMEN if woman else _MEN), _russian_patronymic(father, woman))
    return Name(family, chance.choice(_WOMEN if woman else _MEN), f"{father} {'qizi' if woman else 'o‘g‘li'}")


def _russian_patronymic(father: str, woman: bool) -> str:
    if father.endswith("y"):
        return father[:-1] + ("yevna" if woman else "yevich")
    return father + ("ovna" if woman else "ovich")
