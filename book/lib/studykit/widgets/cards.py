"""`cards`: reference entries as cards that read without a script; on the site a filter and a search join them."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any
from urllib.parse import urlsplit

from studykit.widgets.show import Html

REQUIRED = ("id", "title", "lead", "facts")


def _facts(facts: Mapping[str, str]) -> str:
    rows = (f"<div><dt>{escape(name)}</dt><dd>{escape(text)}</dd></div>" for name, text in facts.items() if text)
    return f"<dl>{''.join(rows)}</dl>"


def _codes(card: str, codes: Mapping[str, str]) -> str:
    """The same thing in several languages: native radio buttons choose which one shows."""
    if not codes:
        return ""
    choices = "".join(
        f'<input type="radio" name="{card}-code" id="{card}-{n}"{" checked" if n == 0 else ""}>'
        f'<label for="{card}-{n}">{escape(language)}</label>'
        for n, language in enumerate(codes)
    )
    shown = "".join(f"<pre><code>{escape(code)}</code></pre>" for code in codes.values())
    return (
        f'<details><summary>{escape(_join_names(list(codes)))}</summary><fieldset class="sk-tabs">'
        f"<legend>Show</legend>{choices}{shown}</fieldset></details>"
    )


def _join_names(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _level(level: Mapping[str, Any]) -> str:
    host = urlsplit(level["source_url"]).netloc.removeprefix("www.")
    notes = "".join(f"; {escape(level[name].removesuffix('.'))}" for name in ("note", "conflict") if level.get(name))
    return (
        f"<li>{escape(level['level'][0].upper() + level['level'][1:])}: <strong>{escape(level['show'])}</strong> "
        f'(<a href="{escape(level["source_url"])}">{escape(host)}</a>, {level["year"]}, {escape(level["trust"])}{notes})</li>'
    )


def _card(item: Mapping[str, Any]) -> str:
    card = escape(item["id"])
    also = f' <span class="sk-also">{escape(", ".join(item["also"]))}</span>' if item.get("also") else ""
    note = f"<p>{escape(item['note'])}</p>" if item.get("note") else ""
    levels = item.get("levels", ())
    published = f"<ul>{''.join(map(_level, levels))}</ul>" if levels else f"<p>{escape(item.get('no_levels', ''))}</p>"
    points = "".join(f"<li>{escape(point)}</li>" for point in item.get("points", ()))
    more = (
        f"<details><summary>{escape(item['more'])}</summary>{published}<h4>{escape(item['points_title'])}</h4>"
        f"<ul>{points}</ul></details>"
        if points
        else ""
    )
    return (
        f'<article class="sk-card" id="{card}"><h3>{escape(item["title"])}{also}</h3>'
        f'<p class="sk-lead">{escape(item["lead"])}</p>{_facts(item["facts"])}{note}'
        f"{_codes(card, item.get('codes', {}))}{more}</article>"
    )


def cards(items: Sequence[Mapping[str, Any]], group: str) -> Html:
    """Cards of one group of a reference, in the order given.

    Parameters
    ----------
    items : mappings with ``id`` (becomes the card's address on the page), ``title``, ``lead`` (one sentence) and
        ``facts`` (name -> text); optional ``also`` (other names), ``note``, ``codes`` (language -> code), ``levels``
        (mappings with ``show``, ``level``, ``source_url``, ``year``, ``trust``, and ``note`` or ``conflict``),
        ``no_levels`` (said in their place), ``points`` under ``points_title``, folded under ``more``.
    group : what a reader may filter by.

    Raises
    ------
    ValueError naming the item and what it lacks, or an id used twice.

    >>> cards([{"id": "a", "title": "A", "lead": "Why?", "facts": {"Unit": "days"}}], "time")
    time: A
    """
    for item in items:
        if missing := [name for name in REQUIRED if name not in item]:
            raise ValueError(f"cards {group!r}: {item.get('id', item)!r} lacks {', '.join(missing)}")
    ids = [item["id"] for item in items]
    if twice := {id for id in ids if ids.count(id) > 1}:
        raise ValueError(f"cards {group!r}: id {', '.join(sorted(twice))} is used twice")
    html = f'<div class="sk-cards" data-group="{escape(group)}">\n' + "\n".join(map(_card, items)) + "\n</div>"
    return Html(html, f"{group}: {', '.join(item['title'] for item in items)}")
