"""One comparison a module: `compare(place)` gives a `Section`. Alternatives are written as a competent user would."""
