"""Charts of a season as SVG: pure functions, light enough for a phone. Colours come from the page's style sheet."""
