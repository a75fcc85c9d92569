"""The one page that shows a dossier; it needs no server and nothing from elsewhere."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from consumers.cli.dossier.drawing import colour_of
from consumers.cli.dossier.texts import checks_txt, doubtful_readings
from pipeline.errors import OcrError
from pipeline.ocr.words import Page, Word
from pipeline.reading import Reading, StageTime

_DOUBTFUL_BELOW = 0.9
_STYLE = """
:root { color-scheme: light dark; font: 14px/1.45 system-ui, sans-serif; }
body { margin: 1.2rem; max-width: 110rem; }
h1 { font-size: 1.25rem; margin: 0 0 .2rem; }
h2 { font-size: 1rem; margin: 1.2rem 0 .4rem; }
nav a { margin-right: 1rem; }
pre { white-space: pre-wrap; margin: 0; font-size: 12px; }
.two { display: grid; grid-template-columns: minmax(24rem, 2fr) 3fr; gap: 1.2rem; }
.strip { display: grid; grid-template-columns: repeat(auto-fill, minmax(15rem, 1fr)); gap: .8rem; }
figure { margin: 0; }
figure img { width: 100%; border: 1px solid #8886; }
figcaption { font-size: 12px; opacity: .8; }
svg { width: 100%; height: auto; border: 1px solid #8886; background: #fff; }
svg rect { fill: transparent; stroke-width: 1; }
svg rect:hover { fill: #ffd54a66; }
table { border-collapse: collapse; font-size: 12px; }
td, th { padding: .1rem .6rem .1rem 0; text-align: right; }
td:first-child, th:first-child { text-align: left; }
@media (max-width: 60rem) { .two { grid-template-columns: 1fr; } }
"""
_PICTURES = {
    "1-page.png": "page: found on the picture, flat",
    "2-level.png": "deskew: black on white, level",
    "3-ink.png": "binarise: ink or none",
    "4-runs.png": "grid: rules out; runs, each read on its own",
    "5-words.png": "ocr: words, as sure as green, amber, red",
    "6-columns.png": "parse: columns by what they were taken for",
}


@dataclass(frozen=True, slots=True)
class PageShown:
    """A page and the pictures of it that were written, by kind."""

    page: Page
    files: Mapping[str, str]


def document_html(title: str, reading: Reading, pages: Sequence[PageShown]) -> str:
    """The page of a file that was read."""
    verified = "verified" if reading.verified else "to be reviewed"
    summary = (
        f"{verified}; confidence {reading.confidence:.2f}; {reading.cpu_seconds:.2f} s CPU; "
        f"{reading.engine}"
    )
    return _page(
        title,
        f"<p>{escape(summary)}</p>",
        '<nav><a href="document.json">document.json</a><a href="words.tsv">words.tsv</a>'
        '<a href="checks.txt">checks.txt</a></nav>',
        '<div class="two"><div>',
        "<h2>Checks</h2>",
        _pre(checks_txt(reading.document, also_holding=False)),
        "<details><summary>also what holds</summary>",
        _pre(checks_txt(reading.document)),
        "</details>",
        f"<h2>Read with doubt (under {_DOUBTFUL_BELOW:g})</h2>",
        _pre("\n".join(doubtful_readings(reading.document, _DOUBTFUL_BELOW)) or "nothing"),
        "<h2>Stages</h2>",
        _times(reading.stages),
        "<h2>Text</h2>",
        _pre(reading.raw_text),
        "</div><div>",
        *(_words(shown) for shown in pages),
        "</div></div>",
        *(_strip(shown) for shown in pages),
    )


def error_html(title: str, error: OcrError, files: Iterable[str]) -> str:
    """The page of a file that could not be read."""
    return _page(
        title,
        f"<p><strong>{escape(error.code)}</strong>: {escape(str(error))}</p>",
        _times(error.stages),
        '<div class="strip">',
        *(_figure(name, name) for name in files),
        "</div>",
    )


def _page(title: str, *parts: str) -> str:
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(title)}</title>'
        f"<style>{_STYLE}</style><h1>{escape(title)}</h1>" + "\n".join(parts) + "</html>\n"
    )


def _pre(text: str) -> str:
    return f"<pre>{escape(text)}</pre>"


def _times(stages: Sequence[StageTime]) -> str:
    rows = "".join(
        f"<tr><td>{escape(stage.name)}<td>{stage.page or ''}"
        f"<td>{1000 * (stage.ended_at - stage.started_at):,.0f}"
        for stage in stages
    )
    return f"<table><tr><th>stage<th>page<th>ms{rows}</table>"


def _words(shown: PageShown) -> str:
    """The level page; a word's text, confidence and alternatives under the pointer."""
    page = shown.page
    level = shown.files.get("2-level.png")
    image = f'<image href="{escape(level or "")}" width="{page.width}" height="{page.height}"/>'
    return (
        f"<h2>Page {page.number}: what was read, under the pointer</h2>"
        f'<svg viewBox="0 0 {page.width} {page.height}">{image if level else ""}'
        + "".join(_word(word, text=level is None) for word in page.words)
        + "</svg>"
    )


def _word(word: Word, *, text: bool) -> str:
    box = word.box
    red, green, blue = colour_of(word.confidence)
    others = f" (also {', '.join(word.alternatives)})" if word.alternatives else ""
    printed = (
        f'<text x="{box.left}" y="{box.bottom}" font-size="{box.height}" '
        f'textLength="{max(1, box.width)}" lengthAdjust="spacingAndGlyphs">'
        f"{escape(word.text)}</text>"
    )
    return (
        f'<rect x="{box.left}" y="{box.top}" width="{max(1, box.width)}" '
        f'height="{max(1, box.height)}" stroke="rgb({red} {green} {blue})">'
        f"<title>{escape(word.text)} {word.confidence:.2f}{escape(others)}</title></rect>"
        + (printed if text else "")
    )


def _strip(shown: PageShown) -> str:
    figures = "".join(
        _figure(shown.files[kind], caption)
        for kind, caption in _PICTURES.items()
        if kind in shown.files
    )
    return f'<h2>Page {shown.page.number}, stage by stage</h2><div class="strip">{figures}</div>'


def _figure(name: str, caption: str) -> str:
    source = escape(name)
    return (
        f'<figure><a href="{source}"><img src="{source}" alt=""></a>'
        f"<figcaption>{escape(caption)}</figcaption></figure>"
    )
