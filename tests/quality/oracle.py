"""Cleaning one hour, written a second time from the contract and the reference: plain, slow, and sharing no code.

Limits: reference/METEOROLOGY ("Quality control limits") where it names them, else what the instrument can show.
"""

import math
import re
from collections.abc import Mapping
from datetime import datetime, timedelta

# name: (KMA's code, lowest, highest, what missing is at the hub)
NUMBERS: dict[str, tuple[str, float, float, float]] = {
    "air_temperature_c": ("ta", -40, 60, -99),
    "precipitation_mm": ("rn", 0, 500, -9),
    "wind_speed_ms": ("ws", 0, 75, -9),
    "wind_direction_deg": ("wd", 0, 360, -9),
    "relative_humidity_pct": ("hm", 1, 100, -9),
    "vapor_pressure_hpa": ("pv", 0, 70, -9),
    "dew_point_c": ("td", -65, 40, -99),
    "station_pressure_hpa": ("pa", 500, 1080, -9),
    "sea_level_pressure_hpa": ("ps", 870, 1090, -9),
    "sunshine_h": ("ss", 0, 1, -9),
    "solar_radiation_mj_m2": ("icsr", 0, 4.9, -9),
    "snow_depth_cm": ("dsnw", 0, 500, -9),
    "new_snow_3h_cm": ("hr3_fhsc", 0, 150, -9),
    "cloud_cover_tenths": ("dc10_tca", 0, 10, -9),
    "cloud_cover_low_mid_tenths": ("dc10_lmcs_ca", 0, 10, -9),
    "cloud_base_m": ("lcs_ch", 0, 30000, -9),
    "visibility_m": ("vs", 0, 100000, -9),
    "ground_temperature_c": ("ts", -50, 85, -99),
    "soil_temperature_5cm_c": ("m005_te", -40, 60, -99),
    "soil_temperature_10cm_c": ("m01_te", -40, 60, -99),
    "soil_temperature_20cm_c": ("m02_te", -40, 60, -99),
    "soil_temperature_30cm_c": ("m03_te", -40, 60, -99),
}
FLAGGED_BY_KMA = ("ta", "rn", "ws", "wd", "hm", "pa", "ps", "ss", "icsr", "ts")


def clean_hour(raw: Mapping[str, object]) -> dict[str, object]:
    """The clean row of one raw row."""
    observed_at = raw["observed_at"]
    assert isinstance(observed_at, datetime)
    stamp = observed_at.replace(tzinfo=None) - (observed_at.utcoffset() or timedelta()) + timedelta(hours=9)
    winter = stamp.month in (11, 12, 1, 2, 3)
    blank = {name: is_blank(name, raw) for name in NUMBERS}
    outage = all(blank[name] for name in NUMBERS if name != "precipitation_mm")
    result: dict[str, object] = {"precipitation_period_h": 3 if winter else 1, **codes(raw)}
    for name in NUMBERS:
        if name == "precipitation_mm" and blank[name] and not outage and (not winter or stamp.hour % 3 == 0):
            result[name], result[f"{name}_flag"] = judged(name, 0.0, raw, blank=True)
        elif blank[name]:
            result[name], result[f"{name}_flag"] = None, "missing"
        else:
            result[name], result[f"{name}_flag"] = judged(name, number(raw[NUMBERS[name][0]]), raw, blank=False)
    for name in doubtful(result):
        result[name], result[f"{name}_flag"] = None, "inconsistent"
    return result


def number(text: object) -> float | None:
    try:
        return float(str(text))
    except ValueError:
        return None


def is_blank(name: str, raw: Mapping[str, object]) -> bool:
    code, _, _, missing_at_hub = NUMBERS[name]
    return raw[code] is None or (raw["source"] == "kma_api_hub" and number(raw[code]) == missing_at_hub)


def judged(name: str, value: float | None, raw: Mapping[str, object], *, blank: bool) -> tuple[float | None, str]:
    code, lowest, highest, _ = NUMBERS[name]
    said = number(raw[f"{code}_qc"]) if code in FLAGGED_BY_KMA and raw[f"{code}_qc"] is not None else None
    if said == 1 or (said == 9 and not blank):
        return None, "provider"
    if value is None:
        return None, "range"
    if name == "cloud_base_m":
        value *= 100
    if name == "visibility_m" or (name == "wind_direction_deg" and raw["source"] == "kma_api_hub"):
        value *= 10
    return (value, "ok") if lowest <= value <= highest else (None, "range")


def doubtful(row: Mapping[str, object]) -> tuple[str, ...]:
    """Which of temperature, humidity and dew point do not go together."""
    temperature, humidity, dew_point = row["air_temperature_c"], row["relative_humidity_pct"], row["dew_point_c"]
    if not (isinstance(temperature, float) and isinstance(humidity, float) and isinstance(dew_point, float)):
        return ()
    rebuilt = 100 * saturation(dew_point) / saturation(temperature)
    if abs(humidity - rebuilt) <= 2 and dew_point <= temperature + 0.05:
        return ()
    vapor = row["vapor_pressure_hpa"]
    if isinstance(vapor, float) and abs(vapor - saturation(dew_point)) <= 0.3:
        return ("air_temperature_c", "relative_humidity_pct")
    return ("relative_humidity_pct", "dew_point_c")


def saturation(temperature_c: float) -> float:
    return 6.1094 * math.exp(17.625 * temperature_c / (temperature_c + 243.04))


def codes(raw: Mapping[str, object]) -> dict[str, object]:
    ground = re.fullmatch(r"(\d+)(\.0)?", str(raw["gnd_stt_cd"]))
    phenomena = re.fullmatch(r"(\d+)(\.0)?", str(raw["dmst_mtph_no"]))
    form = raw["clfm_abbr_cd"]
    digits = phenomena[1] if phenomena else ""
    return {
        "cloud_form": form if form is not None and str(form).isalpha() else None,
        "ground_state_code": str(int(ground[1])) if ground else None,
        "phenomenon_codes": digits.zfill(len(digits) + len(digits) % 2) if phenomena else None,
    }
