"""What came of a replayed span, in Markdown."""

from datetime import date

from life import Life

from weather_assets.clock import DAY, kst_midnight
from weather_assets.lake.open import open_lake


def tell(life: Life, first: date, last: date) -> None:
    """What came of the span."""
    start, end = kst_midnight(first), kst_midnight(last + DAY)
    with open_lake(life.settings, read_only=True) as lake:
        missed = lake.query(
            "SELECT count(*) FROM generate_series(?::DATE, ?::DATE, INTERVAL 1 DAY) AS t(day) WHERE day::DATE NOT IN "
            "(SELECT CAST(issued_at AS DATE) FROM lake.forecast.hourly WHERE kind = 'live')",
            [first, last],
        ).fetchall()[0][0]
        due = lake.query(
            "SELECT count(*) FROM lake.forecast.hourly AS f JOIN lake.clean.asos_hourly AS c "
            "ON c.station_id = f.station_id AND c.observed_at = f.valid_at WHERE kind = 'live' AND valid_at < ? AND "
            "if(target = 'air_temperature_c', air_temperature_c_flag, relative_humidity_pct_flag) = 'ok'",
            [end],
        ).fetchall()[0][0]
        verified = lake.query(
            "SELECT count(*) FROM lake.monitor.verification WHERE kind = 'live' AND valid_at < ?", [end]
        ).fetchall()[0][0]
        promotions = lake.query(
            "SELECT decision, count(*) FROM lake.monitor.promotion WHERE decided_at >= ? GROUP BY 1 ORDER BY 1", [start]
        ).fetchall()
        changes = lake.query(
            "SELECT strftime(decided_at, '%Y-%m-%d'), target, decision, reason FROM lake.monitor.promotion "
            "WHERE decided_at >= ? AND decision NOT IN ('wait', 'none') ORDER BY ALL",
            [start],
        ).fetchall()
    total = life.succeeded.total() + life.failed.total()
    size = sum(f.stat().st_size for f in (life.settings.home / "data").rglob("*") if f.is_file()) / (1 << 20)
    print(f"| {first} .. {last} | |\n|---|---|")
    print(f"| days without a live forecast | {missed} |")
    print(f"| runs | {total}, {life.succeeded.total() / total:.2%} succeeded |")
    print(f"| succeeded | {', '.join(f'{name} {n}' for name, n in sorted(life.succeeded.items()))} |")
    print(f"| failed | {', '.join(f'{name} {n}' for name, n in sorted(life.failed.items())) or 'none'} |")
    print(f"| hourly forecasts verified | {verified} of {due} due |\n| reviews | {dict(promotions)} |")
    print(f"| wall time | {life.seconds:.0f} s |\n| lake | {size:.0f} MiB |")
    print(f"| peak memory | {life.peak_gib:.1f} GiB, and {life.peak_beside_gib:.1f} GiB of evaluations beside |")
    print("\nChanges of champions and challengers:\n" + "\n".join(f"* {' '.join(change)}" for change in changes))
    print("\nTold:\n" + "\n".join(f"* {line}" for line in life.told))
