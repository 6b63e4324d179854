"""How much of each member's correction to use at each lead, learnt where the members had not been fitted."""

import numpy as np

from weather_assets.forecasting.hours import Floats

# A lead's weights are learnt with those of the leads beside it, which see nearly the same weather.
_LEADS_BESIDE = 2
# Members say much the same: a little of the ridge keeps their weights from running against each other.
_RIDGE = 0.02


def fit_blend(corrections: Floats, missed: Floats, lead_scale: Floats) -> Floats:
    """Return the weights (M, L), none negative, with the least squared error of what was missed.

    `corrections` (M, N, L) are what each member would add, `missed` (N, L) what should have been added, NaN where there
    is no truth; `lead_scale` (L,) is the usual error of a lead. A member without any correction gets no weight.
    """
    known = np.isfinite(missed)
    scaled = np.where(known, corrections / lead_scale, 0.0)
    wanted = np.where(known, missed / lead_scale, 0.0)
    gram = _with_beside(np.einsum("mnl,knl->lmk", scaled, scaled))
    cross = _with_beside(np.einsum("mnl,nl->lm", scaled, wanted))
    return np.stack([_not_negative(*equations) for equations in zip(gram, cross, strict=True)], axis=1)


def _with_beside(sums: Floats) -> Floats:
    places = np.arange(len(sums))
    return np.stack([sums[np.abs(places - place) <= _LEADS_BESIDE].sum(axis=0) for place in places])


def _not_negative(gram: Floats, cross: Floats) -> Floats:
    """Solve for weights; while one is negative, leave the most negative member out and solve again."""
    weights = np.zeros(len(cross))
    used = np.flatnonzero(np.diag(gram) > 0)
    while used.size:
        part = gram[np.ix_(used, used)]
        solved = np.linalg.solve(part + _RIDGE * np.diag(np.diag(part)), cross[used])
        if solved.min() >= 0:
            weights[used] = solved
            break
        used = np.delete(used, solved.argmin())
    return weights
