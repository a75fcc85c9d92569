"""How the command writes numbers of things."""


def some(number: int, noun: str) -> str:
    """`1 upload`, `2,000 uploads`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
