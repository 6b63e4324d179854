"""The table of elements keeps the promises that every other module builds on."""

from weather_assets.elements import ELEMENTS, PROVIDERS, RAW_HOURLY_COLUMNS, TEXT_ELEMENTS

# CONTRACT: the columns of clean.asos_hourly, in words.
CONTRACT_NAMES = [
    "air_temperature_c",
    "precipitation_mm",
    "wind_speed_ms",
    "wind_direction_deg",
    "relative_humidity_pct",
    "vapor_pressure_hpa",
    "dew_point_c",
    "station_pressure_hpa",
    "sea_level_pressure_hpa",
    "sunshine_h",
    "solar_radiation_mj_m2",
    "snow_depth_cm",
    "new_snow_3h_cm",
    "cloud_cover_tenths",
    "cloud_cover_low_mid_tenths",
    "cloud_base_m",
    "visibility_m",
    "ground_temperature_c",
    "soil_temperature_5cm_c",
    "soil_temperature_10cm_c",
    "soil_temperature_20cm_c",
    "soil_temperature_30cm_c",
    "cloud_form",
    "ground_state_code",
    "phenomenon_codes",
]


def test_every_element_of_the_contract_is_there_and_no_other():
    assert {e.name for e in (*ELEMENTS, *TEXT_ELEMENTS)} == set(CONTRACT_NAMES)


def test_names_codes_and_headers_are_unique():
    for attribute in ("name", "code", "portal_header", "hub_code"):
        values = [getattr(element, attribute) for element in (*ELEMENTS, *TEXT_ELEMENTS)]
        assert len(values) == len(set(values)), attribute
    assert len(RAW_HOURLY_COLUMNS) == len(set(RAW_HOURLY_COLUMNS))


def test_limits_enclose_the_records_of_korea():
    # KMA records: Hongcheon 41.0 C (2018-08-01), Yangpyeong -32.6 C (1981-01-05); Seoul ground temperature 65.1 C.
    limits = {element.name: element.limits for element in ELEMENTS}
    low, high = limits["air_temperature_c"]
    assert low < -32.6
    assert high > 41.0
    # Gosan, typhoon Maemi 2003: 60.0 m/s gust; Ulleungdo 1962: 293.6 cm of snow; Suncheon 1998: 145 mm in an hour.
    assert limits["wind_speed_ms"][1] > 60.0
    assert limits["snow_depth_cm"][1] > 293.6
    assert limits["precipitation_mm"][1] > 145.0


def test_providers_of_scales_and_sentinels_are_known():
    for element in ELEMENTS:
        assert set(element.scale) <= set(PROVIDERS)
        assert set(element.sentinels) <= set(PROVIDERS)


def test_minus_nine_is_a_temperature():
    for element in ELEMENTS:
        if element.unit == "°C":
            assert -9.0 not in element.sentinels.get("kma_api_hub", ())
