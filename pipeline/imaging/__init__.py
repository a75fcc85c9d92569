"""Pictures: bytes to pages, pages to level print, print to runs of ink; arrays in, arrays out."""
