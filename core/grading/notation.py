r"""Plain characters out of marked-up ones: LaTeX, Markdown, other scripts' digits and minus signs.

Works on the few thousand characters of one marked answer, never on a whole completion. Drops what only looks
(`\,`, `\mathrm`, `$`, `**`) and keeps what means something (`\sqrt`, `^`, a fraction), so that the readers can refuse
what they do not understand. NFKC is not used on purpose: it would turn 10² into 102.
"""

from __future__ import annotations

import re
import unicodedata

_SAME = str.maketrans(
    {
        **dict.fromkeys("\u2212\u2012\u2013\u2010\u2011\ufe63\uff0d", "-"),
        **dict.fromkeys("\u00a0\u2007\u2009\u200a\u202f\u205f\u3000\t", " "),
        **dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff"),
        "\u2014": " ; ",
        "\uff0c": ",",
        "\uff0e": ".",
        "\u3002": ".",
        "\uff1a": ":",
        "\uff1d": "=",
        "\uff08": "(",
        "\uff09": ")",
        "\uff05": "%",
        "\u2044": "/",
        "\u00d7": "*",
        "\u22c5": "*",
        "\u00b7": "*",
        "\u2261": "=",
        "\u21d2": "=",
        "\u2192": "=",
        "\u27f9": "=",
        "\u2018": "'",
        "\u2019": "'",
        **dict.fromkeys("\u20ac\u00a3\u00a5", " "),
        **dict.fromkeys("\u2705\u2714\u2713\u25a0\u25a1\u220e\ufe0f"),
    }
)

_WORDS = r"\\(?:text(?:bf|rm|it|sf|tt|normal)?|math(?:rm|bf|it|sf|tt)|mbox|hbox|operatorname\*?|boldsymbol|bm|emph)"

_REWRITES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"\\(?:!|displaystyle|textstyle|bf|large|Large|huge|Huge|limits)(?![A-Za-z])|\\[Bb]igg?[lr]?(?![A-Za-z])", ""),
        (r"\\(?:left|right)(?![A-Za-z])\.?", ""),
        (r"\{,\}", ","),
        (r"\\(?:[,;:> \n]|q?quad(?![A-Za-z]))|~", " "),
        (r"\\(?:\$|euro|pounds|checkmark|blacksquare|square|qed|Box)(?![A-Za-z])|\\[()\[\]]|\$", " "),
        (r"\\(?:hspace|vspace|phantom|color|textcolor)\*?\s*\{[^{}]*\}", " "),
        (r"\\p?mod\s*\{[^{}]*\}|\(\s*\\?(?:b?mod)\s*\w+\s*\)|\\pmod\s*\d", " "),
        (r"_\s*(?:\{\s*10\s*\}|10(?!\d))|_\s*\{\s*(?:\\text\s*\{\s*)?ten\s*\}?\s*\}", " "),
        (r"\^\s*\{?\s*\\circ\s*\}?|\\(?:degree|circ)s?(?![A-Za-z])|\u00b0", " degrees "),
        (r"\\%", "%"),
        (r"\\(?:cdot|times|ast)(?![A-Za-z])", "*"),
        (r"\\div(?![A-Za-z])", "/"),
        (r"\\(?:equiv|implies|Rightarrow|rightarrow|Longrightarrow|longrightarrow|to)(?![A-Za-z])", "="),
        (r"\\(?:or|lor|vee)(?![A-Za-z])", " or "),
        (r"\\(?:ge|geq|geqslant|le|leq|leqslant|ne|neq|approx|sim|simeq)(?![A-Za-z])", "<"),
        (_WORDS + r"\s*(?=\{)", " "),
        (r"\\[dtc]?frac\s*\{\s*([-+]?[\d, ]{1,400}?)\s*\}\s*\{\s*([-+]?[\d, ]{1,400}?)\s*\}", r"(\1/\2)"),
        (r"\\[dtc]?frac\s*(\d)\s*(\d)", r"(\1/\2)"),
        (r"(?<![\\])[{}]", " "),
        # Markdown: emphasis opens before a character and closes after one; 2**10 is left alone.
        (r"(?<!\S)\*{2,3}(?=\S)|(?<=\S)\*{2,3}(?![\w(])", ""),
        (r"\s+", " "),
    )
)

_EMPHASIS = ' \t\n*_`#>|"\u201c\u201d'


def ascii_digits(text: str) -> str:
    """The text with every decimal digit of any script as 0-9; other number-like characters (½, ², ④) stay."""
    if text.isascii():
        return text
    return "".join(
        character if character.isascii() or not character.isdecimal() else str(unicodedata.decimal(character))
        for character in text
    )


def plain(content: str) -> str:
    r"""What a marked answer says without its mark-up: `$1{,}024\text{ ways}$` gives `1,024 ways`.

    A fraction of two plain integers becomes `(a/b)`; a LaTeX command that is not known stays, with its backslash.
    """
    text = ascii_digits(content).translate(_SAME)
    for pattern, replacement in _REWRITES:
        text = pattern.sub(replacement, text)
    return text.strip(_EMPHASIS)
