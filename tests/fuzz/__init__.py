"""Broken and hostile files, read as the product reads them."""
