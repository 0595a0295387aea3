"""A composed document as HTML, from the design's own page in a closed room.

The page of a design may come from outside. It sees sheets and nothing else: no document, no file, no
program. It can call nothing, loop only over what it is given, and not deeper than four loops, so that it ends.
"""

import base64
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from jinja2 import StrictUndefined, Template, nodes
from jinja2.exceptions import TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape

from retrain.certificates.designs import square
from retrain.certificates.designs.composing import Composed, FixedSheet, Line
from retrain.certificates.designs.places import FACES, Drawn, Rule

DEEPEST = 4
FILTERS = ("e", "escape", "length", "lower", "upper", "trim")
_FORBIDDEN = (
    nodes.Call, nodes.CallBlock, nodes.FilterBlock, nodes.Import, nodes.FromImport, nodes.Include,
    nodes.Extends, nodes.Macro, nodes.Mul, nodes.Pow, nodes.Mod, nodes.NSRef,
)  # fmt: skip


class NotADesign(ValueError):
    """A design's page does what no design may; the text says what and where."""


class _Room(ImmutableSandboxedEnvironment):
    """A sandbox in which nothing can be called."""

    def __init__(self) -> None:
        super().__init__(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
        self.globals.clear()
        self.tests = {name: self.tests[name] for name in ("defined", "none")}
        self.filters = {name: self.filters[name] for name in FILTERS}

    def is_safe_callable(self, obj: Any) -> bool:
        return False


_room = _Room()


@lru_cache(maxsize=64)
def checked(source: str) -> Template:
    """The page as a template. Raises NotADesign for anything but showing what is given."""
    try:
        tree = _room.parse(source)
        if found := next(tree.find_all(_FORBIDDEN), None):
            raise NotADesign(f"line {found.lineno}: {type(found).__name__.lower()}")
        _depth(tree, 0)
        return _room.from_string(source)
    except TemplateError as wrong:
        raise NotADesign(str(wrong)) from wrong


def _depth(node: nodes.Node, deep: int) -> None:
    if isinstance(node, nodes.For):
        deep += 1
        if deep > DEEPEST or node.recursive:
            raise NotADesign(f"line {node.lineno}: loops too deep")
    for child in node.iter_child_nodes():
        _depth(child, deep)


def html(composed: Sequence[Composed], drawn: Drawn, *, shift: tuple[float, float] = (0.0, 0.0)) -> str:
    """The whole page of the documents, as WeasyPrint prints it."""
    sheets = [
        _shown(fixed, drawn, lines, one.square if at == 0 else "", shift)
        for one in composed
        for at, (fixed, lines) in enumerate(zip(one.fixed, one.lines, strict=True))
    ]
    return whole(sheets, drawn, composed[0].lang)


def skeleton(fixed: Sequence[FixedSheet], drawn: Drawn) -> list[dict[str, Any]]:
    """The sheets with nothing on them but what is the same on every document."""
    return [_shown(sheet, drawn, (), "", (0.0, 0.0)) for sheet in fixed]


def whole(sheets: Sequence[dict[str, Any]], drawn: Drawn, lang: str, more: str = "") -> str:
    """The document of *sheets*, and *more* pages after them."""
    width, height = drawn.paper
    try:
        body = checked(drawn.page).render(sheets=sheets)
    except TemplateError as wrong:
        raise NotADesign(str(wrong)) from wrong
    return (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8">'
        f"<style>{drawn.style}{plain(width, height)}</style></head><body>{body}{more}</body></html>"
    )


def plain(width: float, height: float) -> str:
    """What no design may change: one sheet a page, each line where the rule put it and unbroken."""
    return (
        f"@page{{size:{width}mm {height}mm;margin:0}}body{{margin:0}}"
        f".sheet{{position:relative;width:{width}mm;height:{height}mm;overflow:hidden;break-after:page}}"
        ".sheet:last-child{break-after:auto}.sheet>*{position:absolute}"
        ".line{margin:0;padding:0;white-space:pre;overflow-wrap:normal;letter-spacing:0;word-spacing:0;"
        "text-indent:0;text-transform:none;font-kerning:auto;hyphens:manual}"
    )


def _shown(
    fixed: FixedSheet, drawn: Drawn, lines: Sequence[Line], address: str, shift: tuple[float, float]
) -> dict[str, Any]:
    told = [line_html(one) for one in fixed.lines]
    told += [line_html(one, shift) for one in lines]
    if address:
        left, top, size = drawn.square
        at = f"left:{left + shift[0]}mm;top:{top + shift[1]}mm;width:{size}mm;height:{size}mm"
        told.append(f'<div class="square" style="{at}">{square.svg(address)}</div>')
    face = fixed.ground == "ground-face"
    return {
        "ground": fixed.ground,
        "face": face,
        "rules": _drawn_as("".join(_rule(rule) for rule in fixed.rules)),
        "lines": _drawn_as("".join(told)),
        "emblem": _emblem(drawn) if face and fixed.lines else Markup(""),
    }


def _drawn_as(html: str) -> Markup:
    return Markup(html)  # noqa: S704 - made in this room, every text in it escaped


def line_html(one: Line, shift: tuple[float, float] = (0.0, 0.0)) -> str:
    """One line as its own paragraph, exactly where it stands."""
    family, weight, style = FACES[one.face]
    css = (
        f"left:{one.left + shift[0]}mm;top:{one.top + shift[1]}mm;width:{one.width}mm;text-align:{one.side};"
        f"font:{style} {weight} {one.size}pt '{family}';line-height:{one.size * one.leading}pt;color:{one.ink}"
    )
    if one.tabular:
        css += ";font-variant-numeric:tabular-nums"
    if one.tracking:
        # A centred word is pushed by half the space that would follow its last letter.
        css += f";letter-spacing:{one.tracking}em;text-indent:{one.tracking}em"
    text = escape(one.text)
    if one.after:
        text += Markup(' <i class="after">· {}</i>').format(one.after)
    return f'<p class="line" lang="{one.lang}" style="{css}">{text}</p>'


def _rule(rule: Rule) -> str:
    place = f"left:{rule.left}mm;top:{rule.top}mm;width:{rule.width}mm;height:{rule.height}mm"
    if rule.round:
        ring = f'<circle cx="50" cy="50" r="49.5" fill="none" stroke="{rule.ink}" stroke-dasharray="3 2.18"/>'
        return (
            f'<div style="{place}"><svg viewBox="0 0 100 100" width="100%" height="100%">{ring}</svg></div>'
        )
    return f'<div style="{place};background:{rule.ink}"></div>'


@lru_cache(maxsize=16)
def _emblem(drawn: Drawn) -> Markup:
    """The provider's own sign, or the one that the design is shipped with."""
    if drawn.emblem is None:
        return Markup("")
    left, top, size = drawn.emblem
    place = f"left:{left}mm;top:{top}mm;width:{size}mm;height:{size}mm"
    if drawn.logo is None:
        shown = drawn.grounds.get("emblem", b"").decode()
        return _drawn_as(f'<div class="emblem" style="{place}">{shown}</div>')
    kind = "png" if drawn.logo.startswith(b"\x89PNG") else "jpeg"
    data = base64.b64encode(drawn.logo).decode()
    picture = f'<img alt="" src="data:image/{kind};base64,{data}" style="width:100%;height:100%;object-fit:contain">'
    return _drawn_as(f'<div class="emblem" style="{place}">{picture}</div>')
