"""The words of a page as a person would type them off."""

from pipeline.ocr.words import Page, Word

_SAME_LINE = 0.5
"""Of a word's height: how far its middle may be off its line's."""


def plain_text(page: Page) -> str:
    """Line by line, from left to right."""
    lines: list[list[Word]] = []
    for word in sorted(page.words, key=lambda word: word.box.middle):
        if lines and _goes_with(lines[-1], word):
            lines[-1].append(word)
        else:
            lines.append([word])
    return "\n".join(
        " ".join(word.text for word in sorted(line, key=lambda word: word.box.left))
        for line in lines
    )


def _goes_with(line: list[Word], word: Word) -> bool:
    middle = sum(other.box.middle for other in line) / len(line)
    return word.box.middle - middle < _SAME_LINE * max(word.box.height, line[0].box.height)
