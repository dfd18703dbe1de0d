"""Ways to write a listed name, for the tests of the name guard.

The list has Maria Lopez with the spellings Maria and ML, and José Müller with José and O'Brien.
"""

from __future__ import annotations

from typing import Final

from tldash.model.name_search import ListedName, NameFinder

NAMES: Final = (
    *(ListedName(one, "Fox") for one in ("Maria Lopez", "Maria", "ML")),
    *(ListedName(one, "Red Elk") for one in ("José Müller", "José", "O'Brien")),
)
FINDER: Final = NameFinder(NAMES)
LIST: Final = """\
names:
  Maria Lopez: {nickname: Fox, spellings: [Maria, ML]}
  José Müller:
    nickname: Red Elk
    spellings: [José, O'Brien]
"""

SPELLINGS: Final = (
    # Case, and what follows or joins.
    "Maria", "maria", "MARIA", "mArIa", "Maria Lopez", "maria lopez", "Maria's", "Maria’s",
    "Marias", "Maria-led", "pro-Maria", "Maria/Ben", "@maria", "#maria", "(Maria)", "“Maria”",
    "maria.lopez", "maria_lopez", "maria-lopez", "MariaLopez", "notesOnMaria", "maria2",
    "x_maria_y", "ML", "M.L.", "M. L.", "ML's",
    # Markup.
    "M**ar**ia", "**Maria**", "_Maria_", "*Maria* Lopez", "[[Maria]]", "[Maria](x.md)", "`Maria`",
    "~~Maria~~", "==Mar==ia", "M<b>ar</b>ia", "<!-- Maria -->", "Mar\\ia",
    # Accents and forms of Unicode.
    "José", "Jose", "Jose\u0301", "JOSÉ", "José Mueller", "jose muller", "Jos&eacute;",
    "Jos%C3%A9.md", "Jos\\u00e9", "Ｍａｒｉａ", "𝐌𝐚𝐫𝐢𝐚", "Mаria", "M\u00adaria", "Mar\u200bia",
    "OBrien", "O’Brien",
    # Line ends.
    "Maria\nLopez", "Ma-\nria", "Maria\r\nLopez",
)  # fmt: skip
"""Each is found once, as a whole."""

NOT_COVERED: Final = (
    "M a r i a", "Mar1a", "Mar!a", "Maira", "Mari", "Mariae", "Mariasitzung", "exmaria", "Мариа",
    "Lopez", "airaM", "Znevn",
)  # fmt: skip
"""Spaced, with digits for letters, mistyped, shortened, declined, in compounds, in another script
throughout, a part that is not listed, turned round, enciphered."""

_TEXT: Final = (
    "the team reviews every plan on Monday marina marble mario mariachi married Lopezia amarinade "
    "joseph Josefine jos broken brien mullet html xml mlops mlops2 plan will mark grace hope "
    "delivery 2026-11-03 due:2026-12-01 16:30 v1.2.3 #vision @coach 42 % done — “quoted” *soon* "
    "[link](notes/plan.md) `code` naïve café façade Größe résumé über 10.000 12:00-13:00 a/b "
    "0.5 3/4 2026-W47 +2w -1 (see below) and then again we ask why, because it matters"
)
WORDS: Final = _TEXT.split()
"""Words without a listed name, many of which look like one."""
