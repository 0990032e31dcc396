"""The page *Catalogue*: which faults are looked for by which limits, and a club's own changes to them."""
