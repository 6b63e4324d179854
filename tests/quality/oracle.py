"""Cleaning one hour, written a second time from the contract and the reference: plain, slow, and sharing no code.

Limits: reference/METEOROLOGY ("Quality control limits") where it names them, else what the instrument can show.
"""

import math
import re
from collections.abc import Iterator, Mapping
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
    received = {name: result[name] for name in NUMBERS}
    for name in (*doubtful(received), *impossible(received, stamp, raw["station_id"])):
        result[name], result[f"{name}_flag"] = None, "inconsistent"
    for name, value in rebuilt(result).items():
        result[name], result[f"{name}_flag"] = value, "filled"
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


Numbers = Mapping[str, object]


def known(row: Numbers, *names: str) -> list[float] | None:
    """The values, where all of them are there."""
    values = [row[name] for name in names]
    return [float(str(value)) for value in values] if None not in values else None


def doubtful(row: Numbers) -> tuple[str, ...]:
    """Which of temperature, humidity, dew point and vapour pressure do not go together, as one hour alone tells."""
    vapor, two = row["vapor_pressure_hpa"], known(row, "air_temperature_c", "dew_point_c")
    if two is None:
        return ()
    temperature, dew_point = two
    if row["relative_humidity_pct"] is None:
        if dew_point <= temperature + 0.05:
            return ()
        clears = isinstance(vapor, float) and abs(vapor - saturation(dew_point)) <= 0.15
        return ("air_temperature_c",) if clears else ("air_temperature_c", "dew_point_c")
    humidity = float(str(row["relative_humidity_pct"]))
    by_dew_point = isinstance(vapor, float) and abs(vapor - saturation(dew_point)) <= 0.15
    room = 0.1 + 0.006 * saturation(temperature)
    by_humidity = isinstance(vapor, float) and abs(vapor - humidity / 100 * saturation(temperature)) <= room
    rebuilt_pct = 100 * saturation(dew_point) / saturation(temperature)
    if abs(humidity - rebuilt_pct) <= 2 and dew_point <= temperature + 0.05:
        off = isinstance(vapor, float) and abs(vapor - saturation(dew_point)) > 0.5
        return ("vapor_pressure_hpa",) if off else ()
    if by_dew_point != by_humidity:
        return ("air_temperature_c", "relative_humidity_pct") if by_dew_point else ("dew_point_c",)
    return ("air_temperature_c", "relative_humidity_pct", "dew_point_c")


def impossible(row: Numbers, stamp: datetime, station_id: object) -> Iterator[str]:
    """What cannot be in one hour: for Seoul, 85.8 m high, and at deep night and noon, whatever the day of the year."""
    wind = known(row, "wind_speed_ms", "wind_direction_deg")
    if wind and ((wind[0] == 0 and wind[1] > 0) or (wind[0] >= 1 and wind[1] == 0)):
        yield "wind_direction_deg"
    snow = known(row, "snow_depth_cm", "air_temperature_c")
    if snow and snow[0] > 0 and snow[1] > 18:
        yield "snow_depth_cm"
    pressures = known(row, "station_pressure_hpa", "sea_level_pressure_hpa")
    if station_id == 108 and pressures:
        kelvin = (known(row, "air_temperature_c") or [15.0])[0] + 273.15 + 0.0065 * 85.8 / 2
        at_sea = pressures[0] * math.exp(9.80665 * 85.8 / (287.05 * kelvin))
        if abs(pressures[1] - at_sea) > 5.858:
            yield from ("station_pressure_hpa", "sea_level_pressure_hpa")
    sunshine, radiation = row["sunshine_h"], row["solar_radiation_mj_m2"]
    if stamp.hour in {22, 23, 0, 1, 2, 3}:
        if isinstance(sunshine, float) and sunshine > 0:
            yield "sunshine_h"
        if isinstance(radiation, float) and radiation > 0.15:
            yield "solar_radiation_mj_m2"
    clouds = row["cloud_cover_tenths"]
    is_open = (isinstance(sunshine, float) and sunshine > 0) or (isinstance(clouds, float) and clouds <= 7)
    if stamp.hour == 12 and radiation == 0 and is_open:
        yield "solar_radiation_mj_m2"


def rebuilt(row: Numbers) -> dict[str, float]:
    """Humidity and dew point from each other, where one is not there."""
    if row["air_temperature_c_flag"] != "ok":
        return {}
    temperature = float(str(row["air_temperature_c"]))
    if row["relative_humidity_pct"] is None and row["dew_point_c_flag"] == "ok":
        humidity = 100 * saturation(float(str(row["dew_point_c"]))) / saturation(temperature)
        return {"relative_humidity_pct": float(round(humidity))} if 1 <= round(humidity) <= 100 else {}
    if row["dew_point_c"] is None and row["relative_humidity_pct_flag"] == "ok":
        ratio = math.log(float(str(row["relative_humidity_pct"])) / 100 * saturation(temperature) / 6.1094)
        return {"dew_point_c": round(243.04 * ratio / (17.625 - ratio), 1)}
    return {}


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
