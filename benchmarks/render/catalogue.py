"""Every layout by its name."""

from benchmarks.render.blind_layouts import BLIND
from benchmarks.render.fresh_layouts import FRESH
from benchmarks.render.layout import Layout
from benchmarks.render.open_layouts import OPEN
from benchmarks.render.sealed_layouts import SEALED
from benchmarks.render.unseen_layouts import UNSEEN

LAYOUTS: dict[str, Layout] = {
    layout.name: layout for layout in (*OPEN, *SEALED, *FRESH, *UNSEEN, *BLIND)
}
